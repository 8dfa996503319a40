"""`digestbot chat`: a chat with the bot in this terminal."""

import asyncio
import os
import sys
from collections.abc import Iterable

from adapters.console import ConsoleAdapter, Screen, keyboard_at
from bot import app, config, logs, runtime
from bot.cli import terminal
from bot.cli.waiting import finish
from bot.config import Settings

_HINT = "A chat with the bot, as on any platform. /help says what to ask; a number presses a button; /quit leaves."


def chat() -> None:
    """Chat with the bot in this terminal: type commands, see the push arrive.

    It is a chat like any other, in the configured database: it can subscribe, and has its digest when it is due, as
    long as this runs. Commands can be piped in too: **echo /today | digestbot chat**
    """
    finish(_chat(config.read()))


async def _chat(settings: Settings) -> None:
    quieten(settings)
    async with app.house(settings.model_copy(update={"web_port": None})) as at:
        if at_terminal():
            terminal.note(_HINT, style="dim")
        await converse(at, adapter())


def at_terminal() -> bool:
    """Tell whether somebody can type; standard input may be closed altogether."""
    return bool(sys.stdin and sys.stdin.isatty())


def adapter(*, script: Iterable[str] = (), linger: float = 0) -> ConsoleAdapter:
    """Return the console of this process; `script` is typed for the reader, see ConsoleAdapter."""
    stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123  # it was closed for us
    keyboard = keyboard_at(stdin, sys.stdout)
    return ConsoleAdapter(keyboard, Screen(sys.stdout, keyboard), script=script, linger=linger)


async def converse(at: app.House, console: ConsoleAdapter) -> None:
    """Run the bot for the console alone, until it is left or told to stop."""
    stop = asyncio.Event()
    runtime.stop_on_signals(stop)
    await app.run(at, [console], stop)


def quieten(settings: Settings) -> None:
    """Let only warnings stand between the messages."""
    level = settings.log_level if settings.log_level == "error" else "warning"
    logs.set_up(settings.model_copy(update={"log_level": level}))
