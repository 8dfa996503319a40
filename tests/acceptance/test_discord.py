"""Discord beside Telegram in one process: asked, pushed, corrected; killed, removed and refused."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.discord import DiscordDialect
from bot import categories, editions, markdown
from bot.categories import default_taxonomy
from bot.commands import menu
from bot.models import Chat, Part, SubscriptionState, Week
from bot.render import Renderer
from bot.store import Store
from tests.acceptance import ledger
from tests.acceptance.application import DISCORD_TOKEN, READY, Application
from tests.acceptance.documents import Here, document, here, slug
from tests.emulators.discord import Answer, DiscordEmulator, Permission
from tests.emulators.telegram import TelegramEmulator

GUILD, ROOM, FORUM, THREAD, OPERATOR, MANAGER, READER = 1, 10, 30, 31, 9, 8, 7
_RENDERER = Renderer(Path(__file__).parents[2] / "templates")


@pytest.fixture
async def discord() -> AsyncIterator[DiscordEmulator]:
    async with DiscordEmulator(DISCORD_TOKEN) as running:
        running.guild(GUILD, locale="zh-CN")
        running.member(GUILD, MANAGER, permissions=Permission.MANAGE_CHANNELS, locale="zh-CN")
        running.member(GUILD, READER, locale="zh-CN")
        running.text(ROOM, GUILD)
        running.forum(FORUM, GUILD, tags=["芯片技术", "Other"], require_tag=True)
        running.thread(THREAD, FORUM)
        running.enforce()
        yield running
    assert not running.violations


@asynccontextmanager
async def at_work(
    folder: Path, emulator: TelegramEmulator, discord: DiscordEmulator, place: Here, **settings: str
) -> AsyncIterator[Application]:
    settings = {"discord_token": DISCORD_TOKEN, "discord_api_url": discord.url, "send_at": "00:00", **settings}
    application = Application(folder, emulator, zone=place.zone, **settings)
    async with application:
        await discord.wait_for_bot(timeout=READY)
        yield application


def edition(source: bytes, *subjects: str) -> tuple[Part, ...]:
    """Return what a chat should be told, rendered apart from the application."""
    taxonomy = default_taxonomy()
    digest = categories.sort(markdown.parse(source).digest, taxonomy).digest
    cut = editions.cut(digest, categories=frozenset(slug(name) for name in subjects))
    return _RENDERER.edition(cut, DiscordDialect(), "zh-CN", categories=taxonomy.categories)


def said(discord: DiscordEmulator, channel: int) -> list[str]:
    """Return what was pushed to a channel; answers stand between."""
    messages = [message for message in discord.channels[channel].standing if message.method == "send_message"]
    return [message.embeds[0]["description"] for message in messages]


async def test_discord__subscribes_is_pushed_and_follows_a_correction(
    tmp_path: Path, emulator: TelegramEmulator, discord: DiscordEmulator
) -> None:
    place = here()
    async with at_work(tmp_path, emulator, discord, place) as application:
        offered = await discord.autocompletes(MANAGER, "subscribe", option="categories", typed="芯", channel=ROOM)
        assert offered[0] == ("芯片技术", "chips")
        asked = await discord.runs(MANAGER, "订阅", channel=ROOM, options={"分类": "chips"})
        assert "订阅好了" in asked.text
        assert "芯片技术" in asked.text
        await discord.runs(MANAGER, "subscribe", channel=THREAD)
        refused = await discord.runs(READER, "unsubscribe", channel=ROOM, uninvited=True)
        assert refused.ephemeral

        source = document(place.today, sentences=15)
        await application.load("first.md", source)
        await application.until(lambda: ledger.deliveries(application.database).get("sent") == 2, 20)
        assert said(discord, ROOM) == [part.markup for part in edition(source, "芯片技术")]
        (post,) = [
            one for one in discord.channels.values() if one.parent is discord.channels[FORUM] and one.id != THREAD
        ]
        assert [message.embeds[0]["description"] for message in post.standing] == [
            part.markup for part in edition(source)
        ]
        assert len(post.standing) > 1
        assert post.tag_names == ["芯片技术"]

        await application.load("second.md", document(place.today, sentences=15, note="更正。"))
        await application.until(lambda: ledger.deliveries(application.database).get("sent") == 4, 20)
        assert "更正。" in post.standing[0].text
        assert "已更正" in post.standing[0].text
        assert said(discord, ROOM) == [part.markup for part in edition(source, "芯片技术")]  # it had none of the lead
        assert discord.sent == len(edition(source, "芯片技术")) + len(edition(source))
    assert discord.syncs == 1


async def test_discord__buttons_menus_and_forms_outlive_a_restart(
    tmp_path: Path, emulator: TelegramEmulator, discord: DiscordEmulator
) -> None:
    place = here()
    async with at_work(tmp_path, emulator, discord, place) as application:
        yesterday = place.today - timedelta(days=1)
        await application.load("yesterday.md", document(yesterday))
        await application.load("today.md", document(place.today))
        shown = await discord.runs(READER, "today", channel=ROOM)
        settings = await discord.runs(MANAGER, "settings", channel=ROOM)
        assert settings.ephemeral
        chooser = await discord.runs(MANAGER, "categories", channel=ROOM)
        await application.kill()
        await application.start()
        await discord.wait_for_bot(timeout=READY)

        assert shown.message is not None
        await discord.presses(READER, shown.message, shown.message.buttons[0][0], timeout=10)
        assert f"{yesterday:%Y.%m.%d}" in shown.message.text

        assert settings.message is not None
        form = await discord.presses(MANAGER, settings.message, "🕗 00:00")
        assert form.type is Answer.MODAL
        field = form.data["components"][0]["label"]
        wrong = await discord.submits(MANAGER, form, {field: "25:00"})
        assert wrong.ephemeral
        assert "没有“25:00”这个时间" in wrong.text
        form = await discord.presses(MANAGER, settings.message, "🕗 00:00")  # the screen still stands
        await discord.submits(MANAGER, form, {field: "晚上8点半"})
        assert "20:30" in settings.message.text

        assert chooser.message is not None
        await discord.chooses(MANAGER, chooser.message, "", ["chips", "products"])
        store = await Store.open(application.database_url)
        wish = await store.subscriptions.get(Chat(platform="discord", address=str(ROOM)))
        await store.close()
        assert wish is not None
        assert (sorted(wish.categories), f"{wish.slot.at:%H:%M}") == (["chips", "products"], "20:30")
        days = await discord.autocompletes(READER, "day", option="day", channel=ROOM)
        assert [choice.value for choice in days] == [str(place.today), str(yesterday)]
    assert max(discord.latencies) < 3
    assert discord.syncs == 1


async def test_discord__answers_every_command(
    tmp_path: Path, emulator: TelegramEmulator, discord: DiscordEmulator
) -> None:
    place = here()
    yesterday = place.today - timedelta(days=1)
    discord.member(GUILD, OPERATOR, permissions=Permission.MANAGE_CHANNELS, locale="en-US")
    today, before = (f"{day:%Y.%m.%d} 每日速递" for day in (place.today, yesterday))
    said: dict[str, tuple[dict[str, str], str]] = {
        "today": ({}, today),
        "yesterday": ({}, before),
        "day": ({"day": "yesterday"}, before),
        "category": ({"category": "chips", "day": str(yesterday)}, before),
        "days": ({}, "All digests, newest first"),
        "search": ({"words": "第1条", "category": "chips"}, "#Chips"),
        "week": ({"week": str(place.today)}, "The week, "),
        "subscribe": ({"categories": "chips", "time": "07:30", "zone": "Tokyo"}, "**07:30**, Tokyo time"),
        "categories": ({}, "Which categories?"),
        "settings": ({"wish": "headlines"}, "saved"),
        "unsubscribe": ({}, "Nothing more comes by itself"),
        "forget": ({}, "What I know of this chat"),
        "help": ({}, "What you can ask"),
    }
    ordered = {"status": today, "preview": today, "push": "Nobody", "resend": "Nothing of", "retract": "Retract it all"}
    ordered["categorise"] = "belongs elsewhere?"
    assert {entry.name for entry in menu(operators=True)} == set(said) | set(ordered)
    async with at_work(tmp_path, emulator, discord, place, admins=f"discord:{OPERATOR}") as application:
        for day in (place.today, yesterday):
            await application.load(f"{day}.md", document(day))
        for name, (options, answer) in said.items():
            asked = await discord.runs(OPERATOR, name, channel=ROOM, options=options)
            assert answer in asked.text, name
        for name, answer in ordered.items():
            assert answer in (await discord.runs(OPERATOR, name)).text, name
        quiet = {entry.name for entry in menu() if entry.quiet}
        assert {one.name for one in discord.interactions if one.ephemeral} == {f"/{name}" for name in quiet}
    assert max(discord.latencies) < 3


async def test_discord__removed_and_denied_are_paused_with_the_reason(
    tmp_path: Path, emulator: TelegramEmulator, discord: DiscordEmulator
) -> None:
    place = here()
    discord.guild(2)
    discord.text(20, 2)
    discord.member(2, MANAGER, permissions=Permission.MANAGE_CHANNELS, locale="zh-CN")
    discord.text(11, GUILD)
    async with at_work(tmp_path, emulator, discord, place) as application:
        for channel in (ROOM, 11, 20):
            await discord.runs(MANAGER, "subscribe", channel=channel)
        await discord.kicks_bot(2)
        await discord.denies(ROOM, Permission.EMBED_LINKS)
        await application.load("today.md", document(place.today))
        await application.until(lambda: ledger.deliveries(application.database).get("sent") == 1, 20)
        store = await Store.open(application.database_url)
        states = {
            channel: await store.subscriptions.get(Chat(platform="discord", address=str(channel)))
            for channel in (ROOM, 11, 20)
        }
        await store.close()
        assert {channel: wish and wish.state for channel, wish in states.items()} == {
            ROOM: SubscriptionState.PAUSED,
            11: SubscriptionState.ON,
            20: SubscriptionState.PAUSED,
        }
        status = await application.command("status")
        assert "Embed Links" in status.out
        assert discord.invalid_requests <= 1


async def test_discord__doctor_knows_the_account(
    tmp_path: Path, emulator: TelegramEmulator, discord: DiscordEmulator
) -> None:
    good = Application(tmp_path, emulator, discord_token=DISCORD_TOKEN, discord_api_url=discord.url)
    assert "✓ discord: the token is good: digest" in (await good.command("doctor")).out
    bad = Application(tmp_path, emulator, discord_token="SECRET-of-discord-wrong", discord_api_url=discord.url)
    ended = await bad.command("doctor")
    assert ended.code == 1
    assert "✗ discord: DIGESTBOT_DISCORD_TOKEN" in ended.out


async def test_discord__shows_a_week_by_slash_command_and_buttons(
    tmp_path: Path, emulator: TelegramEmulator, discord: DiscordEmulator
) -> None:
    place = here()
    async with at_work(tmp_path, emulator, discord, place) as application:
        for back in (0, 7):
            day = place.today - timedelta(days=back)
            await application.load(f"{day}.md", document(day))
        this = Week.of(place.today)
        offered = await discord.autocompletes(READER, "week", option="week", typed=this.name, channel=ROOM)
        assert [value for _, value in offered] == [this.name]
        shown = await discord.runs(READER, "一周", channel=ROOM, options={"周": "上周", "分类": "chips"})
        assert "一周回顾" in shown.text
        assert shown.text.count("•") == 2
        assert shown.message is not None
        assert any("›" in label for row in shown.message.buttons for label in row)
