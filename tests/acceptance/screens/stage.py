"""The real application in this process, all its platforms emulated, and a note of each reply it phrases."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from bot import app, config
from bot.app import House
from bot.config import Settings
from bot.contract import Dialect
from bot.models import Category, Part, Reply
from bot.platforms import adapters_of
from bot.render import Renderer
from tests.acceptance.application import DISCORD_TOKEN, READY, TOKEN
from tests.acceptance.documents import here
from tests.acceptance.screens.paper import Paper
from tests.emulators.discord import DiscordEmulator
from tests.emulators.telegram import TelegramEmulator
from tests.emulators.wecom import WecomEmulator

OPERATOR = 9
"""The id of the operator, on Telegram and on Discord."""


@dataclass(frozen=True, kw_only=True)
class Note:
    """A reply as it was phrased."""

    template: str
    platform: str
    language: str
    parts: tuple[Part, ...]


class Noting(Renderer):
    """The renderer itself, which keeps a note of every reply."""

    def __init__(self, templates: Path) -> None:
        super().__init__(templates)
        self.notes: list[Note] = []

    def reply(
        self, reply: Reply, dialect: Dialect, language: str, *, categories: Sequence[Category]
    ) -> tuple[Part, ...]:
        parts = super().reply(reply, dialect, language, categories=categories)
        note = Note(template=reply.template, platform=dialect.platform, language=language, parts=parts)
        self.notes.append(note)
        return parts


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The bot at work. All that is said here, the digests too, is in one `language`."""

    house: House
    renderer: Noting
    telegram: TelegramEmulator
    discord: DiscordEmulator
    wecom: WecomEmulator
    paper: Paper
    today: date

    @property
    def language(self) -> str:
        return self.paper.language

    @property
    def settings(self) -> Settings:
        return self.house.settings

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    async def publish(self, day: date, *, rarity: bool = False, sentences: int = 2, note: str = "") -> None:
        """Load the digest of `day`, as Paper has it."""
        source = self.paper.document(day, rarity=rarity, sentences=sentences, note=note)
        loaded = await self.house.intake.take(source, origin=f"{day}.md")
        assert loaded.saved, loaded.problems


@asynccontextmanager
async def stage(folder: Path, language: str) -> AsyncIterator[Stage]:
    """Run the bot until the end; nothing that any platform would spoil was sent then."""
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(TelegramEmulator(TOKEN))
        discord = await stack.enter_async_context(DiscordEmulator(DISCORD_TOKEN))
        wecom = await stack.enter_async_context(WecomEmulator())
        zone, today = here().zone, here().today
        settings = config.read(
            {
                "DIGESTBOT_TELEGRAM_TOKEN": TOKEN,
                "DIGESTBOT_TELEGRAM_API_URL": telegram.url,
                "DIGESTBOT_DISCORD_TOKEN": DISCORD_TOKEN,
                "DIGESTBOT_DISCORD_API_URL": discord.url,
                "DIGESTBOT_WECOM_API_URL": wecom.url,
                "DIGESTBOT_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'screens.db'}",
                "DIGESTBOT_ADMINS": f"telegram:{OPERATOR},discord:{OPERATOR}",
                "DIGESTBOT_LANGUAGE": language,
                "DIGESTBOT_ZONE": zone,
                "DIGESTBOT_ALARM_AT": "00:00",
            },
            env_file=folder / "none",
        )
        renderer = Noting(app.TEMPLATES)
        house = replace(await stack.enter_async_context(app.house(settings)), renderer=renderer)
        at = Stage(
            house=house,
            renderer=renderer,
            telegram=telegram,
            discord=discord,
            wecom=wecom,
            paper=Paper(language=language),
            today=today,
        )
        async with _at_work(at):
            yield at
        assert (telegram.violations, discord.violations, wecom.violations) == ([], [], [])


@asynccontextmanager
async def _at_work(at: Stage) -> AsyncIterator[None]:
    stop = asyncio.Event()
    running = asyncio.create_task(app.run(at.house, adapters_of(at.settings), stop))
    try:
        await at.discord.wait_for_bot(timeout=READY)
        await at.telegram.wait_for(lambda: at.telegram.counts["getUpdates"], READY)
        yield
    finally:
        stop.set()
        await running
