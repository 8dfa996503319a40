"""The site: which pages there are, and what they stand on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.config import Settings
from bot.contract import Dialect
from bot.render import Pages, Renderer
from bot.sources import Intake
from bot.store import Store
from bot.web.access import Access
from bot.web.archive import Archive
from bot.web.chat import Chat, Stage
from bot.web.chats import Chats
from bot.web.desk import Desk
from bot.web.doorkeeper import Doorkeeper
from bot.web.entrance import Entrance
from bot.web.exhibits import Exhibits
from bot.web.feed import Feed
from bot.web.frame import Door, Frame
from bot.web.health import Health
from bot.web.look import Look
from bot.web.machines import Machines
from bot.web.metrics import Metrics
from bot.web.morning import Morning
from bot.web.preview import Preview
from bot.web.prose import Prose
from bot.web.regrets import Regrets
from bot.web.server import Room, Server
from bot.web.windows import Window


@dataclass(frozen=True, kw_only=True)
class Site:
    """Everything that is answered over HTTP. Without a `stage` there is no chat.

    `windows` are the platforms that the preview shows; `dialects` those that any chat may be on.
    `clock` is that of the digests, which a playground moves; browsers and their sessions live by the `wall_clock`.
    """

    settings: Settings
    store: Store
    intake: Intake
    renderer: Renderer
    dialects: Mapping[str, Dialect]
    windows: Sequence[Window]
    pages: Pages
    health: Health
    clock: Callable[[], datetime]
    wall_clock: Callable[[], datetime]
    stage: Stage | None = None

    def listening(self) -> AbstractAsyncContextManager[int]:
        """Answer where the settings say; gives the port. Raises Occupied when it is taken."""
        access = Access(password=self.settings.web_token)
        doorkeeper = Doorkeeper(access=access, clock=self.wall_clock, is_open=self._is_open)
        frame = Frame(pages=self.pages, access=access, doors=tuple(self._doors()), language=self.settings.language)
        rooms = (Entrance(frame=frame, doorkeeper=doorkeeper), *self._rooms(frame))
        server = Server(doorkeeper=doorkeeper, regrets=Regrets(frame=frame), rooms=rooms, static=self.pages.static)
        return server.listening(self.settings.web_host, self.settings.web_port or 0)

    def _doors(self) -> Iterator[Door]:
        if self.stage:
            yield Door(name="chat", path="/chat")
        yield Door(name="preview", path="/preview")
        yield Door(name="morning", path="/morning")
        yield Door(name="archive", path="/archive", open=self.settings.web_public_archive)

    def _rooms(self, frame: Frame) -> Iterator[Room]:
        metrics = Metrics(self.store, self.health, self.health.platforms, ZoneInfo(self.settings.zone))
        yield Machines(health=self.health, metrics=metrics, clock=self.clock)
        if self.stage:
            yield Chat(frame=frame, stage=self.stage)
        desk = Desk(intake=self.intake, dialects=self.dialects, correct_for=self.settings.correct_for, clock=self.clock)
        yield desk
        yield self._preview(frame, desk)
        look = Look(self.store, self.settings, self.clock)
        yield Morning(frame=frame, store=self.store, look=look, clock=self.clock)
        yield Chats(frame=frame, store=self.store, settings=self.settings, clock=self.clock)
        prose = Prose(self.store, self.pages)
        yield Feed(frame=frame, store=self.store, prose=prose)
        zone = ZoneInfo(self.settings.zone)
        yield Archive(frame=frame, store=self.store, prose=prose, zone=zone, clock=self.clock)

    def _preview(self, frame: Frame, desk: Desk) -> Preview:
        return Preview(
            frame=frame,
            renderer=self.renderer,
            exhibits=Exhibits(store=self.store, intake=self.intake, desk=desk),
            desk=desk,
            windows=self.windows,
            sent_at=self.settings.send_at,
        )

    def _is_open(self, path: str) -> bool:
        if self.settings.web_public_archive and (path in ("/", "/archive") or path.startswith("/archive/")):
            return True
        return path == "/healthz" or path.startswith("/static/")
