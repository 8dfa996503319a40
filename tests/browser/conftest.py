"""One browser and one site of each kind for all tests here, since starting them is what takes time."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.newsroom import Newsroom, at_eight
from tests.browser.site import Site, browsing, serving


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with browsing() as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def served(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    async with serving(tmp_path_factory.mktemp("playground")) as url:
        yield Site(url=url, browser=browser)


@pytest_asyncio.fixture(loop_scope="session")
async def playground(served: Site) -> AsyncIterator[Site]:
    """The playground as `make run` opens it."""
    yield served
    await served.leave()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def staffed(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Newsroom]:
    async with at_eight(tmp_path_factory.mktemp("newsroom"), browser) as newsroom:
        yield newsroom


@pytest_asyncio.fixture(loop_scope="session")
async def newsroom(staffed: Newsroom) -> AsyncIterator[Newsroom]:
    """A real bot whose digest has just gone out, after a month of others."""
    yield staffed
    await staffed.site.leave()
