"""Work that waits on the store, run from a command."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import typer

from bot.app import House, platforms
from bot.cli import terminal

T = TypeVar("T")
_INTERRUPTED = 130
"""The exit code of a shell's Ctrl-C."""


def finish(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` to its end; Ctrl-C ends it without a traceback."""
    try:
        return asyncio.run(work)
    except KeyboardInterrupt:
        raise typer.Exit(_INTERRUPTED) from None


async def unattended(at: House) -> tuple[str, ...]:
    """Return the platforms that are set up and for which no running process sends."""
    now = at.clock()
    return tuple([name for name in platforms(at.settings) if not await at.store.leases.holder(name, now)])


async def warn_unattended(at: House) -> None:
    """Say when what was published now stays where it is."""
    if names := await unattended(at):
        where = " and ".join(name.capitalize() for name in names)
        terminal.note(f"Nobody is sending to {where} now: start `digestbot run`.", style="yellow")
