"""The demo: the whole job in the browser and in a terminal, with samples, a scratch database and a clock of its own."""

import asyncio
import socket
import sys
from zoneinfo import ZoneInfo

from rich.panel import Panel
from rich.text import Text
from yarl import URL

from adapters.console import ConsoleAdapter, fold
from bot import app, playground, runtime
from bot.cli import chat, terminal
from bot.config import Settings
from bot.errors import ConfigError, Occupied
from bot.playground import Playground
from bot.web import unheard

_PORT = 8321
"""Where the pages are unless DIGESTBOT_WEB_PORT says otherwise."""
_SCRIPT = ("/start", "/subscribe")
_PATIENCE = 30.0
"""How long a demo without a keyboard waits for the push, in seconds."""
_PAUSE = 0.3
"""How long after the first part of the push the reader is invited to go on, in seconds."""
_WIDTH = 100
_FRAME = 4
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - nothing listens by it
"""Who listens on all addresses is found on this machine's own."""


async def rehearse(settings: Settings) -> None:
    """Show the whole job, in the browser and in this terminal; nothing of it is left behind."""
    chat.quieten(settings)
    samples = playground.samples()
    if not samples:
        raise ConfigError("DIGESTBOT_TELEGRAM_TOKEN: not set, and without the sample digests there is no demo")
    pages = {
        "web_host": settings.web_host,
        "web_port": _port(settings),
        "web_token": settings.web_token,
        "web_public_archive": settings.web_public_archive,
    }
    async with playground.opened(settings, samples, **pages) as stage:
        await _rehearse(stage, settings)


async def _rehearse(stage: Playground, settings: Settings) -> None:
    """Where nobody can type and a port is set, the pages alone, until told to stop."""
    stop = asyncio.Event()
    runtime.stop_on_signals(stop)
    pages_alone = settings.web_port is not None and not chat.at_terminal()
    _explain(stage, pages_alone=pages_alone)
    if pages_alone:
        await app.run(stage.at, [stage.rooms], stop, stage=stage)
        return
    console = chat.adapter(script=_SCRIPT, linger=0 if chat.at_terminal() else _PATIENCE)
    inviting = asyncio.create_task(_invite(console, stage))
    try:
        await app.run(stage.at, [console, stage.rooms], stop, stage=stage)
    finally:
        inviting.cancel()


def _port(settings: Settings) -> int:
    """Return the port of the settings, else the one the pages usually have, or any other while somebody has that one.

    Raises ConfigError when it can't be had, and Occupied while somebody has it.
    """
    if settings.web_port:
        return _free(settings.web_host, settings.web_port)
    try:
        return _free(settings.web_host, _PORT)
    except Occupied:
        return _free(settings.web_host, 0)


def _free(host: str, port: int) -> int:
    """Return the port, found free just now; for 0 any that is. Raises as `_port` does."""
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as found:
            return int(found.getsockname()[1])
    except OSError as error:
        raise unheard(host, port, error) from error


def address_of(host: str, port: int) -> str:
    """Return where a browser of this machine finds the pages."""
    return str(URL.build(scheme="http", host=_ANYWHERE.get(host, host), port=port))


def _explain(stage: Playground, *, pages_alone: bool) -> None:
    settings = stage.at.settings
    address = address_of(settings.web_host, settings.web_port or 0)
    now = f"{stage.now().astimezone(ZoneInfo(settings.zone)):%Y-%m-%d %H:%M:%S}"
    said = [_phrase(stage, "page", address=address), _phrase(stage, "real")]
    if not pages_alone:
        said.insert(1, _phrase(stage, "terminal", now=now, zone=settings.zone, hour=f"{settings.send_at:%H:%M}"))
    console = terminal.console(sys.stdout)
    width = min(console.width, _WIDTH)
    inside = Text("\n").join(fold(Text("\n".join(said)), width - _FRAME))
    console.print(Panel(inside, title="digestbot · demo", border_style="cyan", width=width))


def _phrase(stage: Playground, macro: str, **values: object) -> str:
    return stage.at.renderer.phrase("demo", macro, stage.at.settings.language, values=values)


async def _invite(console: ConsoleAdapter, stage: Playground) -> None:
    """Once the push is there, say what to do next."""
    await console.pushed.wait()
    await asyncio.sleep(_PAUSE)
    console.hint(_phrase(stage, "invitation"))
