"""The playground as `make run` opens it, with a browser in front."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.browser.site import Site, opened


@pytest.fixture
async def playground(tmp_path: Path) -> AsyncIterator[Site]:
    async with opened(tmp_path) as site:
        yield site
