"""Work that waits on the store, run from a command."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import typer

from adapters.wecom import WecomDialect
from bot import runtime
from bot.app import House
from bot.cli import terminal
from bot.cli.entry import INTERRUPTED
from bot.errors import StoreError
from bot.platforms import platforms

T = TypeVar("T")
_NAMES = {"wecom": "WeCom"}
_AFTERMATH = 0.05
"""How long a store that could not be opened may still have something to say, in seconds."""


def finish(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` to its end; Ctrl-C ends it without a traceback."""
    try:
        return runtime.run(_calmly(work))
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


async def _calmly(work: Coroutine[Any, Any, T]) -> T:
    try:
        return await work
    except StoreError:
        # aiosqlite leaves the thread of a connection that failed behind: it tells the loop of its end, and prints a
        # traceback when the loop is no more.
        await asyncio.sleep(_AFTERMATH)
        raise


async def unattended(at: House) -> tuple[str, ...]:
    """Return the platforms that are set up, or have robots, and for which no running process sends."""
    now = at.clock()
    robots = (WecomDialect.platform,) if await at.store.roster.count(WecomDialect.platform) else ()
    names = (*platforms(at.settings), *robots)
    return tuple([name for name in names if not await at.store.leases.holder(name, now)])


async def warn_unattended(at: House) -> None:
    """Say when what was published now stays where it is."""
    if names := await unattended(at):
        where = " and ".join(_NAMES.get(name, name.capitalize()) for name in names)
        terminal.note(f"Nobody is sending to {where} now: start `digestbot run`.", style="yellow")
