"""People who have the page of this morning open: browsers without eyes, in a process of their own."""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from benchmarks.child import ROOT
from benchmarks.household import Household
from bot.app import site_of
from bot.web import Health

_STREAM = "/morning/lines"
_OPEN_WITHIN = 20.0
"""Seconds until all of them have the page open."""


@asynccontextmanager
async def looking_on(home: Household, pages: int) -> AsyncIterator[None]:
    """Serve the pages of `home`, and have so many of them open, until the end."""
    if not pages:
        yield
        return
    health = Health(home.at.store, ["telegram"], home.at.clock())
    async with site_of(home.at, health).listening() as port:
        command = (sys.executable, "-m", "benchmarks.viewers", str(port), str(pages))
        viewers = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
        assert viewers.stdout is not None
        await asyncio.wait_for(viewers.stdout.readline(), _OPEN_WITHIN)
        yield
        viewers.terminate()
        await viewers.wait()


async def _look(session: aiohttp.ClientSession, opened: asyncio.Semaphore) -> None:
    async with session.get(_STREAM) as response:
        response.raise_for_status()
        await response.content.readline()
        opened.release()
        async for _ in response.content:
            pass


async def _open(port: int, pages: int) -> None:
    opened = asyncio.Semaphore(0)
    connector, timeout = aiohttp.TCPConnector(limit=pages), aiohttp.ClientTimeout(total=None)
    url = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession(url, connector=connector, timeout=timeout) as session:
        viewers = [asyncio.create_task(_look(session, opened)) for _ in range(pages)]
        for _ in range(pages):
            await opened.acquire()
        print("open", flush=True)
        await asyncio.gather(*viewers)


def main() -> None:
    """Open pages of the site on a port."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("pages", type=int)
    given = parser.parse_args()
    asyncio.run(_open(given.port, given.pages))


if __name__ == "__main__":
    main()
