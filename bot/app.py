"""The composition root: builds everything, runs the listeners, the broadcasts, the watched folder and the tick."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import structlog

from bot import runtime, upkeep
from bot.categories import Taxonomy, default_taxonomy, read_taxonomy
from bot.clockwork import Clockwork
from bot.commands import Commands, Conversation, menu, words
from bot.config import Settings
from bot.contract import Adapter, ChatEvent, Suggest, Suggestion
from bot.delivery import Broadcast, Outlet, Planner, Printer, Sending
from bot.errors import ConfigError, DeliveryError, StoreError
from bot.judge import judge_of
from bot.models import Command
from bot.pacing import Pacer
from bot.platforms import dialects, windows
from bot.render import Pages, Renderer
from bot.sorting import Sorter
from bot.sources import Folder, Intake
from bot.store import Store
from bot.web import Health, Site, Stage

log = structlog.get_logger()

Clock = Callable[[], datetime]

TICK = 1.0
"""How often the ledger is compared with the clock, in seconds."""
LOOK_ROUND = 60.0
"""How often it is asked whether something is an alarm, in seconds."""
NIGHT = time(3, 40)
"""When the ledger is thinned, where new subscriptions live."""
LAST_CALL = 5.5
"""How long what is in flight may still be answered when we are told to stop, in seconds."""
LAST_WAIT = 0.9
"""How long what is written from then on may wait for another process's transaction, in seconds."""
LAST_ROUND = 3.0
"""How long a tick may still take then, in seconds."""
TEMPLATES = Path(__file__).parent.parent / "templates"


def wall_clock() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class House:
    """What every way of using the bot needs, the command line included."""

    settings: Settings
    store: Store
    taxonomy: Taxonomy
    renderer: Renderer
    sorter: Sorter
    intake: Intake
    clock: Clock


@asynccontextmanager
async def house(settings: Settings, clock: Clock = wall_clock, *, create: bool = True) -> AsyncIterator[House]:
    """Open the store, or `create` it, and build what stands on it. Raises ConfigError and StoreError."""
    taxonomy = taxonomy_of(settings)
    store = await Store.open(settings.database_url, create=create)
    try:
        await store.categories.follow(taxonomy.categories)
        renderer = Renderer(TEMPLATES)
        model = judge_of(settings, store=store, renderer=renderer, taxonomy=taxonomy, clock=clock)
        sorter = Sorter(store=store, taxonomy=taxonomy, clock=clock, model=model)
        yield House(
            settings=settings,
            store=store,
            taxonomy=taxonomy,
            renderer=renderer,
            sorter=sorter,
            intake=Intake(store=store, sorter=sorter, clock=clock),
            clock=clock,
        )
    finally:
        await store.close()


def taxonomy_of(settings: Settings) -> Taxonomy:
    """Return the taxonomy of the settings. Raises ConfigError."""
    if settings.taxonomy is None:
        return default_taxonomy()
    try:
        text = settings.taxonomy.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"DIGESTBOT_TAXONOMY: {settings.taxonomy} can't be read: {error}") from error
    today = wall_clock().date()
    return read_taxonomy(text, name=str(settings.taxonomy), is_free=lambda slug: words.is_free(slug, today))


class _Guarded:
    """A listener behind the task guard: a fault of ours costs one answer, never the listening."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    async def on_command(self, command: Command) -> None:
        await guarded(self._conversation.on_command(command), "command", name=command.name)

    async def on_suggest(self, suggest: Suggest) -> tuple[Suggestion, ...]:
        try:
            return await self._conversation.on_suggest(suggest)
        except Exception:
            log.exception("failed", what="suggest", option=suggest.option)
            return ()

    async def on_chat_event(self, event: ChatEvent) -> None:
        await guarded(self._conversation.on_chat_event(event), "chat event", kind=event.kind)


async def guarded(work: Awaitable[object], what: str, **fields: object) -> None:
    """Await `work`; what it raises is logged, with its traceback where nobody expects it, and goes no further."""
    try:
        await work
    except StoreError as error:
        log.error("store unavailable", what=what, reason=str(error), **fields)
    except Exception:
        log.exception("failed", what=what, **fields)


class Account:
    """One bot account at work: listening, pacing and sending."""

    def __init__(self, at: House, adapter: Adapter) -> None:
        self.adapter = adapter
        platform = adapter.dialect.platform
        self._renderer = at.renderer
        self._menu = menu(operators=any(name == platform for name, _ in at.settings.admins))
        pacer = Pacer(adapter.pace)
        self.outlet = Outlet(adapter=adapter, pacer=pacer)
        commands = Commands(at.store, at.settings, at.clock, at.sorter)
        self._conversation = Conversation(
            store=at.store,
            commands=commands,
            renderer=at.renderer,
            adapter=adapter,
            pacer=pacer,
            clock=at.clock,
        )
        printer = Printer(at.store, at.renderer, adapter.dialect, at.clock)
        sending = Sending(store=at.store, printer=printer, adapter=adapter, pacer=pacer, clock=at.clock)
        self.broadcast = Broadcast(at.store, sending, at.clock)

    async def listen(self) -> None:
        """Show the menu and listen until cancelled. Raises ConfigError when the platform refuses us."""
        try:
            await self.adapter.publish_commands(self._menu)
        except DeliveryError as error:
            log.warning("menu not published", platform=self.adapter.dialect.platform, reason=str(error))
        prepare = asyncio.to_thread(self._renderer.prepare, self.adapter.dialect)
        preparing = asyncio.create_task(guarded(prepare, "prepare"), name="prepare")
        try:
            await self.adapter.listen(_Guarded(self._conversation))
        finally:
            await _ended([preparing])

    async def stop(self) -> None:
        """Finish what is in flight, and push no more."""
        await self.broadcast.stop(LAST_CALL)

    async def close(self) -> None:
        """Let go, once nobody listens: who still did would open the connections anew."""
        await self.adapter.close()


async def run(at: House, adapters: Sequence[Adapter], stop: asyncio.Event, *, stage: Stage | None = None) -> None:
    """Run the bot until `stop` is set; a `stage` is shown in the browser.

    Raises ConfigError when a platform refuses us for good.
    """
    accounts = [Account(at, adapter) for adapter in adapters]
    planner = Planner(at.store, catch_up=at.settings.catch_up, correct_for=at.settings.correct_for)
    health = Health(at.store, [adapter.dialect.platform for adapter in adapters], at.clock())
    clockwork = _clockwork(at, planner, accounts, health)
    stopping = asyncio.create_task(stop.wait(), name="stop")
    listening = [asyncio.create_task(account.listen(), name="listen") for account in accounts]
    works = [asyncio.create_task(account.broadcast.run(), name="broadcast") for account in accounts]
    works.append(asyncio.create_task(clockwork.follow(), name="clock"))
    if at.settings.digest_dir:
        works.append(asyncio.create_task(_watch(at, at.settings.digest_dir, planner, accounts), name="watch"))
    if at.settings.web_port is not None:
        works.append(asyncio.create_task(upkeep.serve(site_of(at, health, stage)), name="web"))
    clockwork.start()
    runtime.spare_the_collector()
    try:
        await _first_end([stopping, *listening, *works])
    finally:
        at.store.hurry(LAST_WAIT)
        await asyncio.gather(_ended(listening), clockwork.stop(LAST_ROUND), *(account.stop() for account in accounts))
        await _ended([stopping, *works])
        await asyncio.gather(*(account.close() for account in accounts))


def site_of(at: House, health: Health, stage: Stage | None = None) -> Site:
    """Return the pages of the house; a `stage` adds the chat."""
    return Site(
        settings=at.settings,
        store=at.store,
        intake=at.intake,
        renderer=at.renderer,
        dialects=dialects(),
        windows=windows(at.settings),
        pages=Pages(TEMPLATES),
        health=health,
        clock=at.clock,
        wall_clock=wall_clock,
        stage=stage,
    )


async def _ended(tasks: Sequence["asyncio.Task[Any]"]) -> None:
    """Cancel them, and wait until they are over."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _first_end(tasks: Sequence["asyncio.Task[object]"]) -> None:
    """Wait until one ends, and raise what it raised."""
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()


def _clockwork(at: House, planner: Planner, accounts: Sequence[Account], health: Health) -> Clockwork:
    """Return the clockwork. It only ever asks what is due; the ledger has the truth."""

    async def plan() -> None:
        await _plan(at, planner, accounts)
        health.beat(at.clock())

    async def tick() -> None:
        await guarded(plan(), "tick")

    outlets = {account.adapter.dialect.platform: account.outlet for account in accounts}
    watch = upkeep.watch(at.settings, at.store, at.renderer, outlets)

    async def look_round() -> None:
        await guarded(watch.look(at.clock()), "look round")

    async def thin() -> None:
        await guarded(upkeep.thin(at.settings, at.store, at.clock()), "thin")

    clockwork = Clockwork()
    clockwork.every(TICK, tick)
    clockwork.every(LOOK_ROUND, look_round)
    clockwork.daily(NIGHT, at.settings.zone, thin)
    return clockwork


async def _plan(at: House, planner: Planner, accounts: Sequence[Account]) -> None:
    if planned := await planner.plan(at.clock()):
        log.info("planned", deliveries=planned)
        for account in accounts:
            account.broadcast.wake()


async def _watch(at: House, folder: Path, planner: Planner, accounts: Sequence[Account]) -> None:
    async for loaded in Folder(folder, at.intake).watch():
        loaded.report()
        if loaded.saved:
            await guarded(_plan(at, planner, accounts), "plan")
