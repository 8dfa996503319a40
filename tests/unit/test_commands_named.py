"""Words that are what a command is called, without its slash."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.unit.commanding import Room, open_room, presses


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    ("words", "template"),
    [
        ("设置", "settings"),
        ("Settings", "settings"),
        ("选分类", "choose_categories"),
        ("帮助", "help"),
        ("往期", "days"),
        ("清除记录", "forgotten"),
        ("搜索", "search_how"),
    ],
)
async def test_named__what_a_command_is_called_is_answered_as_that_command(
    room: Room, words: str, template: str
) -> None:
    assert (await room.plain(words)).template == template


@pytest.mark.parametrize(
    ("words", "press"),
    [
        ("退订", "unsubscribe"),
        ("取消订阅！", "unsubscribe"),
        ("Unsubscribe", "unsubscribe"),
        ("stop", "unsubscribe"),
        ("订阅", "subscribe"),
        ("subscribe", "subscribe"),
    ],
)
async def test_named__what_changes_something_is_offered_by_a_button(room: Room, words: str, press: str) -> None:
    if press == "unsubscribe":
        await room.ask("/subscribe")
    before = await room.subscription()
    reply = await room.plain(words)
    assert presses(reply) == [press]
    assert f"/{press}" in room.said(reply)
    assert await room.subscription() == before
    await room.ask(press)
    assert await room.subscription() != before


@pytest.mark.parametrize("words", ["推送", "push", "退订 芯片 foo", "status"])
async def test_named__operators_commands_and_sentences_are_no_names(room: Room, words: str) -> None:
    assert (await room.plain(words)).template == "hint"


async def test_offer__of_another_command_is_unknown(room: Room) -> None:
    assert (await room.ask("/offer forget")).template == "help"
