"""`digestbot doctor`: whether everything is in place."""

import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import typer
from jinja2 import TemplateError

from adapters.wecom import WecomDialect
from bot import config
from bot.app import TEMPLATES, taxonomy_of, wall_clock
from bot.cli import terminal
from bot.cli.waiting import finish
from bot.config import PREFIX, Settings
from bot.contract import Adapter
from bot.errors import BadAddress, ConfigError, DeliveryError, NoAnswer, NoDatabase, StoreError
from bot.judge import judge_of
from bot.models import Edition, Item, SubscriptionState, Workdays
from bot.platforms import TOKENS, adapters_of, dialects, platforms
from bot.render import Renderer
from bot.store import Entry, Store
from bot.workdays import is_announced

_NO_ROOM = ("disk I/O error", "disk is full")
"""What SQLite says where it can't write any more."""
_ELSEWHERE = "set DIGESTBOT_DATABASE_URL to a file in a folder that you may write to"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What was looked at and found; `mend` says what to do about it, None when it is well."""

    what: str
    found: str
    mend: str | None = None


def doctor() -> None:
    """Check settings, database, zone, templates, categories, model, folder, token and WeCom, and say how to mend them.

    Secrets are never shown. Exits with 1 when something is wrong.
    """
    if not finish(_examine()):
        raise typer.Exit(1)


async def _examine() -> bool:
    """Print each finding as it comes, and tell whether all is well."""
    try:
        settings = config.read()
    except ConfigError as error:
        for fault in str(error).splitlines():
            _print(Finding(what="settings", found=fault, mend="mend it in .env or the environment"))
        return False
    well = True
    async for finding in _findings(settings):
        _print(finding)
        well = well and finding.mend is None
    return well


def _print(finding: Finding) -> None:
    if finding.mend is None:
        terminal.say(f"✓ {finding.what}: {finding.found}", style="green")
    else:
        terminal.say(f"✗ {finding.what}: {finding.found}", style="red")
        terminal.say(f"  → {finding.mend}")


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    yield Finding(what="settings", found="all are readable")
    yield await _database(settings)
    yield _zone(settings)
    if calendar := await _calendar(settings):
        yield calendar
    yield _templates()
    yield _taxonomy(settings)
    yield await _model(settings)
    yield _folder(settings)
    robots = await _robots(settings)
    for adapter in adapters_of(settings):
        if adapter.dialect.platform == WecomDialect.platform:
            yield await _wecom(adapter, robots)
        else:
            yield await _account(adapter)
    if not platforms(settings) and not robots:
        tokens = ", ".join(f"{PREFIX}{name.upper()}" for name in TOKENS.values())
        yield Finding(what="platforms", found=f"none is set up; digestbot run shows the demo ({tokens})")


async def _robots(settings: Settings) -> tuple[Entry, ...]:
    """Return the subscriptions of WeCom's robots; none where the store can't be opened, which was said before."""
    try:
        store = await Store.open(settings.database_url, create=False)
    except StoreError:
        return ()
    try:
        return await store.roster.all(platform=WecomDialect.platform)
    finally:
        await store.close()


async def _wecom(adapter: Adapter, robots: Sequence[Entry]) -> Finding:
    """Ask WeCom only where there is a robot: the others need no way there."""
    if not robots:
        await adapter.close()
        return Finding(what="wecom", found="no robot yet (digestbot subs add wecom --key -)")
    found = await _account(adapter)
    if found.mend:
        return found
    paused = [entry for entry in robots if entry.subscription.state is SubscriptionState.PAUSED]
    said = f"WeCom can be reached; robots: {len(robots)}, of them paused: {len(paused)}"
    if not paused:
        return replace(found, found=said)
    mend = f"see digestbot status; once it is mended, digestbot subs resume {paused[0].number}"
    return replace(found, found=said, mend=mend)


async def _database(settings: Settings) -> Finding:
    """Open it, bring it up to date, and write; one that is not there is not made, for the place may be mistyped."""
    try:
        store = await Store.open(settings.database_url, create=False)
        try:
            await store.categories.follow(taxonomy_of(settings).categories)
            held = [await store.leases.holder(platform, wall_clock()) for platform in dialects()]
        finally:
            await store.close()
    except NoDatabase as error:
        mend = None if os.access(error.place.absolute().parent, os.W_OK | os.X_OK) else _ELSEWHERE
        return Finding(what="database", found=str(error), mend=mend)
    except StoreError as error:
        return Finding(what="database", found=str(error), mend=_mended(settings.database_url, error))
    except ConfigError:
        return Finding(what="database", found="opened; not written to, for want of a taxonomy")
    processes = dict.fromkeys(holder.rsplit(":", 2)[1] for holder in held if holder)
    running = "".join(f"; process {process} is sending" for process in processes)
    return Finding(what="database", found=f"open, up to date and writable{running}")


def _mended(url: str, error: StoreError) -> str:
    """Return what to do about a database that can't be used."""
    if isinstance(error, BadAddress):
        return "mend DIGESTBOT_DATABASE_URL"
    if url.startswith("postgresql"):
        return "see that PostgreSQL runs, and that DIGESTBOT_DATABASE_URL has its host, user, password and database"
    if any(sign in str(error) for sign in _NO_ROOM):
        return "make room on the disk that it lies on, and see that the disk is sound"
    return _ELSEWHERE


def _zone(settings: Settings) -> Finding:
    now = wall_clock().astimezone(ZoneInfo(settings.zone))
    return Finding(
        what="zone", found=f"{settings.zone}, where it is {now:%H:%M}; new chats get {settings.send_at:%H:%M}"
    )


async def _calendar(settings: Settings) -> Finding | None:
    """Look how far the working days are known where somebody lives by them; nothing to say where nobody does."""
    try:
        store = await Store.open(settings.database_url, create=False)
    except StoreError:
        return None
    try:
        countries = {slot.days for _, slot in await store.deliveries.slots() if isinstance(slot.days, Workdays)}
    finally:
        await store.close()
    year = wall_clock().astimezone(ZoneInfo(settings.zone)).year
    found = [f"{country}: {_known(year, country)}" for country in sorted(countries)]
    well = all(is_announced(year, country) for country in countries)
    mend = None if well else "update the library: uv lock --upgrade-package holidays, then make run"
    return Finding(what="working days", found=", ".join(found), mend=mend) if found else None


def _known(year: int, country: Workdays) -> str:
    if not is_announced(year, country):
        return f"which weekends of {year} are worked is not known; its holidays are free"
    return f"known for {year}" + (f" and {year + 1}" if is_announced(year + 1, country) else "")


def _templates() -> Finding:
    sample = Edition(day=date(2025, 1, 1), title="✓", items=(Item(number=1, title="✓"),), total=1)
    faults = []
    for dialect in dialects().values():
        try:
            Renderer(TEMPLATES).edition(sample, dialect, "zh-CN", categories=())
        except (TemplateError, OSError) as error:
            faults.append(f"{dialect.platform}: {error}")
    if faults:
        return Finding(
            what="templates", found="; ".join(faults), mend="install digestbot anew, or undo what you changed"
        )
    return Finding(what="templates", found=f"{', '.join(dialects())}")


def _taxonomy(settings: Settings) -> Finding:
    try:
        taxonomy = taxonomy_of(settings)
    except ConfigError as error:
        return Finding(what="categories", found=str(error), mend="mend the file, or unset DIGESTBOT_TAXONOMY")
    whose = settings.taxonomy or "the taxonomy that comes with it"
    return Finding(what="categories", found=f"{len(taxonomy.categories)} of {whose}")


async def _model(settings: Settings) -> Finding:
    """Ask the model about a made-up item: that shows key, model and schema at once."""
    if settings.ai_model is None:
        return Finding(what="model", found="none is asked: the rules sort (DIGESTBOT_AI_URL)")
    try:
        await _probe(settings)
    except ConfigError as error:
        return Finding(what="model", found=f"not asked: {error}", mend="mend that first")
    except NoAnswer as error:
        mend = "check DIGESTBOT_AI_URL, DIGESTBOT_AI_KEY, and that DIGESTBOT_AI_MODEL knows strict JSON schemas"
        return Finding(what="model", found=f"{settings.ai_model}: {error}; the rules sort meanwhile", mend=mend)
    return Finding(what="model", found=f"{settings.ai_model} answers")


async def _probe(settings: Settings) -> None:
    """Ask, and keep nothing. Raises ConfigError and NoAnswer."""
    taxonomy, renderer = taxonomy_of(settings), Renderer(TEMPLATES)
    with TemporaryDirectory() as folder:
        store = await Store.open(f"sqlite+aiosqlite:///{folder}/probe.db")
        try:
            judge = judge_of(settings, store=store, renderer=renderer, taxonomy=taxonomy, clock=wall_clock)
            if judge:
                await judge.probe()
        finally:
            await store.close()


def _folder(settings: Settings) -> Finding:
    folder = settings.digest_dir
    if folder is None:
        return Finding(what="digest folder", found="none is watched (DIGESTBOT_DIGEST_DIR); use digestbot load")
    if folder.exists() and not folder.is_dir():
        mend = "name the folder that it lies in, or load the file: digestbot load"
        return Finding(what="digest folder", found=f"{folder} is a file, not a folder", mend=mend)
    if not folder.is_dir():
        mend = f"make it: mkdir -p {folder}, or set DIGESTBOT_DIGEST_DIR to a folder that is there"
        return Finding(what="digest folder", found=f"{folder} is not there", mend=mend)
    if not os.access(folder, os.R_OK | os.X_OK):
        return Finding(what="digest folder", found=f"{folder} can't be read", mend=f"chmod u+rx {folder}")
    return Finding(what="digest folder", found=f"{folder} is watched")


async def _account(adapter: Adapter) -> Finding:
    platform = adapter.dialect.platform
    try:
        name = await adapter.identify()
    except ConfigError as error:
        variable, _, fault = str(error).partition(": ")
        return Finding(what=platform, found=variable, mend=fault)
    except DeliveryError as error:
        mend = f"check the network, the proxy, and DIGESTBOT_{platform.upper()}_API_URL"
        return Finding(what=platform, found=f"can't be reached: {error}", mend=mend)
    finally:
        await adapter.close()
    return Finding(what=platform, found=f"the token is good: {name}")
