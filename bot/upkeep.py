"""What is done beside the broadcast: the watch that raises alarms, thinning by night, metrics and health over HTTP."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.config import Settings
from bot.delivery import Outlet, Rules, Watch
from bot.render import Renderer
from bot.schedule import ONE_DAY
from bot.store import Store
from bot.web import Site

log = structlog.get_logger()


def watch(settings: Settings, store: Store, renderer: Renderer, outlets: Mapping[str, Outlet]) -> Watch:
    """Return the watch that tells the operators of alarms through `outlets`, by platform."""
    for platform, address in settings.admins:
        if platform not in outlets:
            log.warning("an operator's platform is not running here", platform=platform, address=address)
    return Watch(
        store=store,
        renderer=renderer,
        rules=rules_of(settings),
        admins=settings.admins,
        outlets=outlets,
        language=settings.language,
    )


def rules_of(settings: Settings) -> Rules:
    """Return from when on it is an alarm."""
    return Rules(
        zone=ZoneInfo(settings.zone),
        at=settings.alarm_at,
        silent_days=settings.alarm_silent_days,
        failure_share=settings.alarm_failure_share,
    )


async def thin(settings: Settings, store: Store, now: datetime) -> None:
    """Keep no delivery longer than is set, but every one that a correction may still reach."""
    keep = max(timedelta(days=settings.keep_days), settings.correct_for + ONE_DAY)
    if thinned := await store.thinning.thin(now, keep):
        log.info("ledger thinned", deliveries=thinned)


async def serve(site: Site) -> None:
    """Serve the pages until cancelled. Raises Occupied when the port is taken."""
    async with site.listening() as port:
        log.info("pages served", host=site.settings.web_host, port=port)
        await asyncio.Event().wait()
