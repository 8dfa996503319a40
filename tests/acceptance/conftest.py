"""An emulator, and a folder that the bot may call its own."""

from collections.abc import AsyncIterator

import pytest

from tests.acceptance.application import TOKEN
from tests.emulators.telegram import TelegramEmulator


@pytest.fixture
async def emulator() -> AsyncIterator[TelegramEmulator]:
    """A Bot API that is not spoilt by anything the bot sent when the test is over."""
    async with TelegramEmulator(TOKEN) as running:
        yield running
    assert not running.violations
