"""Every reply there is, shown by the real application on every platform that can, in Chinese and in English."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import TEMPLATES
from bot.models import Chat, ChatKind
from tests.acceptance.screens import operating, reading
from tests.acceptance.screens.paper import CHINESE
from tests.acceptance.screens.seen import every_screen, foreign, shown
from tests.acceptance.screens.stage import OPERATOR, Stage, stage
from tests.acceptance.screens.visitors import OnDiscord, OnTelegram, Visitor
from tests.emulators.discord import Permission
from tests.emulators.telegram import Fault

TEMPLATES_OF_REPLIES = frozenset(path.stem for path in (TEMPLATES / "replies").glob("*.j2"))
ELSEWHERE = {
    "telegram": {
        "silence": "nothing is said",
        "unread_setting": "there are forms for that elsewhere",
        "correction": "messages are edited",
        "mention": "nobody is called",
    },
    "discord": {
        "silence": "nothing is said",
        "correction": "messages are edited",
        "mention": "nobody is called",
        "choose_hour": "a form",
        "choose_zone": "a form",
        "hint": "there are slash commands alone",
        "offer": "there are slash commands alone",
        "item_how": "there are slash commands alone",
        "only_categories": "there are slash commands alone",
        "only_today": "a push has no field for a day",
        "start": "there are slash commands alone",
        "unsure": "there are slash commands alone",
        "in_channel": "announcement channels are read and managed like others",
    },
}
"""What a platform has no need of, and why."""
AGED = timedelta(days=3)
"""So long after it was sent, Telegram deletes nothing any more."""
GUILD, ROOM, CHANNEL, GROUP = 1, 10, -1001234567890, -1001
MANAGER, MEMBER = 7, 8
UNLUCKY, LATER = 50, 51


@pytest.mark.timeout(240)
@pytest.mark.parametrize("language", [CHINESE, "en"])
async def test_screens__all_are_shown_on_every_platform(tmp_path: Path, language: str) -> None:
    async with stage(tmp_path, language) as at:
        _people(at)
        for back in (1, 3, 4, 5, *range(8, 12)):
            await at.publish(at.ago(back))
        await asyncio.gather(*_reading(at), _managing(at), operating.alarms(at))
        await _day(at)
        async with operating.no_store(at):
            await _telegram(at, 104).asks("/today")
            await OnDiscord(emulator=at.discord, user=MEMBER, channel=ROOM).asks("/today")
        _judge(at)


# ------------------------------------------------------------------ the places


def _people(at: Stage) -> None:
    said = at.paper.speech
    for number in (*range(100, 106), OPERATOR, MANAGER, MEMBER, UNLUCKY, LATER):
        at.telegram.private(number, language_code=said.client.casefold(), first_name=said.person)
    members = {MANAGER: "creator", OPERATOR: "member", MEMBER: "member"}
    at.telegram.group(GROUP, title=said.room, members=members)  # type: ignore[arg-type]
    at.telegram.channel(CHANNEL, username="daily", title=said.room, members={MANAGER: "creator"})
    at.discord.guild(GUILD, name=said.room, locale=said.client)
    at.discord.member(GUILD, MANAGER, permissions=Permission.MANAGE_CHANNELS, name=said.person, locale=said.client)
    for number in (OPERATOR, MEMBER):
        at.discord.member(GUILD, number, name=said.person, locale=said.client)
    for number in (ROOM, ROOM + 1, ROOM + 2, UNLUCKY, LATER):
        at.discord.text(number, GUILD, name=said.room)
    at.discord.enforce()


def _telegram(at: Stage, user: int, place: int = 0) -> OnTelegram:
    return OnTelegram(emulator=at.telegram, user=user, place=at.telegram.chats[place or user])


def _discord(at: Stage, channel: int | None = ROOM, user: int = MANAGER, *, bold: bool = False) -> OnDiscord:
    return OnDiscord(emulator=at.discord, user=user, channel=channel, bold=bold)


# ------------------------------------------------------------------ the walks


def _reading(at: Stage) -> tuple[Coroutine[object, object, None], ...]:
    return (
        reading.reads(at, _telegram(at, 100)),
        reading.searches(at, _telegram(at, 101), 4),
        reading.sets(at, _telegram(at, 102)),
        reading.on_telegram_alone(at, _telegram(at, 103)),
        reading.reads(at, _discord(at)),
        reading.searches(at, _discord(at), 5),
        reading.sets(at, _discord(at, ROOM + 1)),
        reading.on_discord_alone(at, _discord(at, ROOM + 2)),
    )


async def _managing(at: Stage) -> None:
    """Ask for what is not one's to change, or not to be answered here."""
    await _telegram(at, MEMBER, GROUP).asks("/subscribe")
    await _telegram(at, MEMBER, GROUP).asks("/subscribe @daily")
    await _telegram(at, OPERATOR, GROUP).asks("/status")
    await _telegram(at, MEMBER).asks("/subscribe @nowhere")
    await _telegram(at, MANAGER).asks("/subscribe @daily 00:00")
    await _discord(at, user=MEMBER, bold=True).asks("/subscribe")
    await _discord(at).asks("/subscribe @daily")
    await _discord(at, user=OPERATOR, bold=True).asks("/status")
    await _discord(at, None).asks("/subscribe @nowhere")


async def _day(at: Stage) -> None:
    """Let the day's digest go out, be corrected and taken back, with operators who look on."""
    there = {name: _chat(name, number) for name, number in (("telegram", UNLUCKY), ("discord", UNLUCKY))}
    subscriptions = [await operating.subscribe(at, chat) for chat in there.values()]
    await operating.tries(at, *subscriptions)
    readers = [_chat("telegram", 105), _chat("discord", ROOM)]
    for reader in readers:
        await operating.subscribe(at, reader)
    await operating.subscribe(at, _chat("telegram", 104), categories=frozenset({"safety"}), tells_empty=True)
    await operating.subscribe(at, _chat("discord", ROOM + 1), categories=frozenset({"safety"}), tells_empty=True)
    await operating.subscribe_robot(at)
    at.telegram.inject(Fault.BAD_MARKUP, chat=UNLUCKY, times=None)
    at.discord.inject(Fault.BAD_MARKUP, chat=UNLUCKY, times=None)
    await at.publish(at.today, sentences=120)
    await operating.settled(at)
    channel = _telegram(at, MEMBER, CHANNEL)
    post = channel.place.messages[-1]
    post.reply_markup = {
        "inline_keyboard": [[{"text": "‹", "callback_data": f"+day {at.ago(1)}"}]]
    }  # as we once sent it
    await channel.presses(post)

    operators: tuple[Visitor, Visitor] = _telegram(at, OPERATOR), _discord(at, None, OPERATOR)
    await operators[0].asks(f"/push {at.ago(1)}")
    await asyncio.gather(*(operating.looks(at, operator) for operator in operators))
    for operator, platform in zip(operators, ("telegram", "discord"), strict=True):
        await operating.orders(at, operator, _chat(platform, LATER))

    for message in at.telegram.messages:
        message.date -= int(AGED.total_seconds())
    at.discord.inject(Fault.BAD_MARKUP, methods=("delete_message",), times=None)
    await at.publish(at.today)
    await operating.stands(at, telegram=["surplus"], discord=["surplus"], wecom=["correction"])
    await operating.retracts(operators[0], at.today)
    await operating.retracts(operators[1], at.ago(3))
    await operating.stands(at, telegram=["withdrawn"], discord=["withdrawn"], wecom=["withdrawn"])


def _chat(platform: str, number: int) -> Chat:
    private = platform == "telegram" and number > 0
    return Chat(platform=platform, address=str(number), kind=ChatKind.PRIVATE if private else ChatKind.GROUP)


# ------------------------------------------------------------------ the judgement


def _judge(at: Stage) -> None:
    screens = every_screen(at)
    wrong = {(one.platform, word): one.markup[:300] for one in screens for word in one.foreign(at.language)}
    assert not wrong, wrong
    seen = shown(at)
    for platform, excused in ELSEWHERE.items():
        assert TEMPLATES_OF_REPLIES - seen[platform] == set(excused), platform
    assert {"correction", "mention", "withdrawn"} <= seen["wecom"]
    assert {note.language.casefold()[:2] for note in at.renderer.notes} == {at.language[:2]}
    print(
        f"\n{at.language}: {len(screens)} screens; { ({name: len(replies) for name, replies in seen.items()}) } replies"
    )


async def test_menus__are_in_both_languages(tmp_path: Path) -> None:
    async with stage(tmp_path, "en") as at:
        menus = at.telegram.commands
        commands = list(at.discord.registry.known.values())
    by_language: dict[str, list[str]] = {CHINESE: [], "en": []}
    for (_, code), menu in menus.items():
        by_language[CHINESE if code == "zh" else "en"] += [entry["description"] for entry in menu]
    for one in [*commands, *(option for command in commands for option in command["options"])]:
        by_language["en"] += [one["name"], one["description"]]
        by_language[CHINESE] += [one[f"{what}_localizations"]["zh-CN"] for what in ("name", "description")]
    for language, texts in by_language.items():
        assert len(texts) > 100
        assert not [text for text in texts if foreign(text, language)], language


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "Settings of 读书会", ["读书会"]),
        ("en", "简体中文 · chips、tools", ["、"]),
        ("en", "“chips” – see /day 10-12", []),
        (CHINESE, "下一期：today at 08:00。", ["today", "at"]),
        (CHINESE, "<b>AI产业</b>：<code>digestbot status</code>，发 /settings pause", []),
        (CHINESE, "过期 failed", ["failed"]),
    ],
)
def test_foreign__finds_another_language_in_what_people_read(language: str, text: str, words: list[str]) -> None:
    assert foreign(text, language) == words
