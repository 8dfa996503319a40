"""What holds for every command: languages, names nobody knows, words in templates."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands import menu
from bot.commands.handle import HANDLERS
from bot.contract import MenuScope
from bot.errors import Unknown
from bot.models import Actor, Command, SubscriptionState
from tests.unit.commanding import ANN, BOB, CHANNEL, GROUP, RENDERER, Room, open_room


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    ("locale", "language"),
    [("zh-hans", "zh-CN"), ("zh-TW", "zh-CN"), ("en-US", "en"), ("de", "en"), ("", "zh-CN")],
)
async def test_language__follows_the_client_until_the_chat_has_its_own(room: Room, locale: str, language: str) -> None:
    assert await room.language(locale=locale) == language
    await room.ask("/subscribe", locale=locale)
    subscription = await room.subscription()
    assert subscription is not None
    assert subscription.language == language
    assert await room.language(locale="fr") == language


async def test_handle__unknown_command_gets_help(room: Room) -> None:
    reply = await room.ask("/frobnicate now")
    assert reply.template == "help"
    assert "/frobnicate" in room.said(reply)


@pytest.mark.parametrize(
    "press", ["set at 25:00", "set zone utc+15", "set away until 2025-10-01", "item 2025-10-12 x", "day 10-32", "gone"]
)
async def test_handle__what_goes_wrong_with_a_press_leaves_its_screen(room: Room, press: str) -> None:
    assert (await room.ask(press)).private
    assert not (await room.ask(f"/{press}")).private


async def test_handle__a_platform_that_does_not_answer_leaves_the_screen_of_a_press(room: Room) -> None:
    room.platform.trouble = Unknown("no answer in time")
    reply = await room.ask("pick policy", chat=GROUP)
    assert (reply.template, reply.private) == ("try_again", True)


async def test_handle__what_may_be_another_bots_command_is_not_answered(room: Room) -> None:
    typed = Command(name="ban", words="@spammer", actor=BOB, chat=GROUP, addressed=False)
    for name, answered in (("ban", False), ("status", False), ("today", True)):
        reply = await room.commands.handle(replace(typed, name=name, words=""), room.platform)
        parts = RENDERER.reply(reply, room.platform.dialect, "en", categories=())
        assert bool(parts) is answered
    assert (await room.commands.handle(replace(typed, addressed=True), room.platform)).template == "help"


async def test_handle__names_in_any_case(room: Room) -> None:
    assert (await room.ask("/TODAY")).template == "digest"


@pytest.mark.parametrize("actor", [ANN, BOB])
@pytest.mark.parametrize("press", ["+category chips 2025-10-12", "+day 2025-10-11", "unsubscribe", "help"])
async def test_handle__nothing_is_answered_in_a_channel(room: Room, actor: Actor, press: str) -> None:
    await room.ask("/subscribe @daily")
    reply = await room.ask(press, chat=CHANNEL, actor=actor)
    assert (reply.template, reply.private, reply.edition) == ("in_channel", True, None)
    assert len(room.said(reply, "en")) <= 200  # an alert of Telegram's
    subscription = await room.subscription(CHANNEL)
    assert subscription is not None
    assert subscription.state is SubscriptionState.ON


async def test_help__names_every_command_of_the_menu(room: Room) -> None:
    text = room.said(await room.ask("/help"))
    assert [entry.name for entry in menu() if entry.name != "help" and f"/{entry.name}" not in text] == []


def test_menu__every_command_is_known_and_fits() -> None:
    for entry in menu():
        assert entry.name in HANDLERS
        assert set(entry.descriptions) == {"zh-CN", "en"}
        assert all(0 < len(words) <= 100 for words in entry.descriptions.values())


def test_menu__what_changes_things_is_for_managers() -> None:
    changing = {entry.name for entry in menu() if entry.scope is MenuScope.MANAGERS}
    assert changing == {"subscribe", "unsubscribe", "categories", "settings", "forget"}


def test_templates__chinese_buttons_are_chinese() -> None:
    for macro in ("subscribe", "settings", "today", "read_today", "older", "mine", "every_day"):
        label = RENDERER.phrase("buttons", macro, "zh-CN")
        assert not any("a" <= letter <= "z" for letter in label)
        assert any("a" <= letter <= "z" for letter in RENDERER.phrase("buttons", macro, "en"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(name=st.sampled_from([*HANDLERS, "foo"]), words=st.text(max_size=40) | st.from_regex(r"[@#0-9a-z:+ -]{0,20}"))
def test_handle__never_raises_for_what_a_reader_types(
    tmp_path_factory: pytest.TempPathFactory, name: str, words: str
) -> None:
    async def once() -> None:
        async with open_room(tmp_path_factory.mktemp("room")) as opened:
            await opened.ask(f"{name} {words}")
            await opened.ask(f"{name} {words}", chat=GROUP, actor=BOB)

    asyncio.run(once())
