"""What is done beside the broadcast: the watch that raises alarms, thinning by night, metrics and health over HTTP."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.config import Settings
from bot.delivery import Outlet, Rules, Watch
from bot.render import Pages, Renderer
from bot.schedule import ONE_DAY
from bot.store import Store
from bot.web import Access, Doorkeeper, Entrance, Frame, Health, Machines, Metrics, Server

log = structlog.get_logger()

Clock = Callable[[], datetime]


def watch(settings: Settings, store: Store, renderer: Renderer, outlets: Mapping[str, Outlet]) -> Watch:
    """Return the watch that tells the operators of alarms through `outlets`, by platform."""
    for platform, address in settings.admins:
        if platform not in outlets:
            log.warning("an operator's platform is not running here", platform=platform, address=address)
    rules = Rules(
        zone=ZoneInfo(settings.zone),
        at=settings.alarm_at,
        silent_days=settings.alarm_silent_days,
        failure_share=settings.alarm_failure_share,
    )
    return Watch(
        store=store,
        renderer=renderer,
        rules=rules,
        admins=settings.admins,
        outlets=outlets,
        language=settings.language,
    )


async def thin(settings: Settings, store: Store, now: datetime) -> None:
    """Keep no delivery longer than is set, but every one that a correction may still reach."""
    keep = max(timedelta(days=settings.keep_days), settings.correct_for + ONE_DAY)
    if thinned := await store.thinning.thin(now, keep):
        log.info("ledger thinned", deliveries=thinned)


async def serve(settings: Settings, store: Store, health: Health, clock: Clock, pages: Pages) -> None:
    """Serve the pages until cancelled. Raises ConfigError when the port is taken."""
    access = Access(password=settings.web_token)
    doorkeeper = Doorkeeper(access=access, clock=clock, is_open=_is_open)
    frame = Frame(pages=pages, access=access, doors=(), language=settings.language)
    metrics = Metrics(store, health, health.platforms, ZoneInfo(settings.zone))
    rooms = (Entrance(frame=frame, doorkeeper=doorkeeper), Machines(health=health, metrics=metrics, clock=clock))
    server = Server(doorkeeper=doorkeeper, rooms=rooms, static=pages.static)
    async with server.listening(settings.web_host, settings.web_port or 0) as port:
        log.info("pages served", host=settings.web_host, port=port)
        await asyncio.Event().wait()


def _is_open(path: str) -> bool:
    return path == "/healthz" or path.startswith("/static/")
