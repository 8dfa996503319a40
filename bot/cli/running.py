"""`digestbot run`: the bot itself, or without a platform the demo."""

import asyncio
from collections.abc import Sequence

import structlog
import typer

from adapters.wecom import WecomDialect
from bot import app, config, logs, playground, runtime
from bot.cli import demo, endings
from bot.cli.waiting import finish
from bot.config import Settings
from bot.contract import Adapter
from bot.errors import DigestbotError
from bot.platforms import adapters_of, platforms
from bot.store import Store

log = structlog.get_logger()


def run() -> None:
    """Run the bot: listen, watch the folder, and send every digest when it is due.

    Logs go to standard error; SIGTERM or Ctrl-C stop it once what is in flight has been answered. With no token and
    no WeCom robot it serves the playground, and shows the whole job in this terminal too, with sample digests and a
    clock of its own. Exits with 2 when a setting is wrong, and with 3 when starting again later may mend it: the
    database is away or full, another instance listens with the token, or a port is taken.
    """
    settings = config.read()
    try:
        _set_out(settings)
    except (DigestbotError, OSError) as error:
        if not endings.may_pass(error):
            raise
        endings.explain(error)
        raise typer.Exit(endings.LATER) from error


def _set_out(settings: Settings) -> None:
    is_set_up = bool(platforms(settings))
    if is_set_up or finish(_has_robots(settings)):
        finish(_run(settings, adapters_of(settings)))
    else:
        finish(demo.rehearse(settings))


async def _has_robots(settings: Settings) -> bool:
    if not Store.exists(settings.database_url):
        return False
    async with app.house(settings, create=False) as at:
        return await at.store.roster.count(WecomDialect.platform) > 0


async def _run(settings: Settings, adapters: Sequence[Adapter]) -> None:
    logs.set_up(settings)
    stop = asyncio.Event()
    runtime.stop_on_signals(stop)
    async with app.house(settings) as at, playground.beside(settings) as stage:
        names = [adapter.dialect.platform for adapter in adapters]
        log.info("running", platforms=names, digest_dir=str(settings.digest_dir or "none"), zone=settings.zone)
        await app.run(at, adapters, stop, stage=stage)
    log.info("stopped")
