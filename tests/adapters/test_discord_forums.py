"""Forums: a post a day with its parts, in another once that is closed; and what a closed post means for its forum."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from adapters.discord import DiscordAdapter
from bot.errors import ChatGone, NotDelivered, Rejected, Vanished
from tests.adapters.discord_setting import GUILD, READER, ROOM, TOKEN, at_discord, day_part, direct, part, room
from tests.emulators.discord import Channel, DiscordEmulator, Fault


@asynccontextmanager
async def adapter_at(emulator: DiscordEmulator) -> AsyncIterator[DiscordAdapter]:
    """Another adapter, as after a restart."""
    adapter = DiscordAdapter(TOKEN, api_url=emulator.url, connect_timeout=0.3, read_timeout=0.3)
    try:
        yield adapter
    finally:
        await adapter.close()


async def test_forum__a_post_a_day_with_its_parts_and_tags() -> None:
    async with at_discord() as (emulator, adapter):
        forum = emulator.forum(30, GUILD, tags=["Chips", "AI", "芯片"], require_tag=True)
        subjects = ("AI产业", "ai", "chips")
        first = await adapter.send(room(30), day_part(1, 2, subjects=subjects), nonce="n")
        second = await adapter.send(room(30), day_part(2, 2), nonce="m")
        (post,) = [channel for channel in emulator.channels.values() if channel.parent is forum]
        assert (post.name, post.tag_names) == ("2025.10.12 News", ["AI", "Chips"])
        assert [message.text.splitlines()[0] for message in post.standing] == ["Part 1", "Part 2"]
        for receipt, word in ((first, "one"), (second, "two")):
            assert receipt.message_id
            await adapter.edit(room(30), receipt.message_id, part(word))
        assert [message.text for message in post.standing] == ["one", "two"]
        post.archived = True
        assert second.message_id
        await adapter.delete(room(30), second.message_id)
        assert len(post.standing) == 1


async def test_forum__goes_on_in_its_post_after_a_restart() -> None:
    async with at_discord() as (emulator, adapter):
        forum = emulator.forum(30, GUILD, tags=["Anything"], require_tag=True)
        await adapter.send(room(30), day_part(1, 2), nonce="n")
        async with adapter_at(emulator) as again:
            await again.send(room(30), day_part(2, 2), nonce="m")
        (post,) = [channel for channel in emulator.channels.values() if channel.parent is forum]
        assert (len(post.standing), post.tag_names) == (2, ["Anything"])


async def lose(emulator: DiscordEmulator, post: Channel) -> None:
    await emulator.deletes(post.id)


async def lock(_emulator: DiscordEmulator, post: Channel) -> None:
    post.locked = True


async def close(_emulator: DiscordEmulator, post: Channel) -> None:
    post.locked = post.archived = True


def posts(emulator: DiscordEmulator, forum: int) -> list[Channel]:
    return [one for one in emulator.channels.values() if one.parent and one.parent.id == forum]


@pytest.mark.parametrize("act", [lose, lock, close])
async def test_forum__a_post_that_was_closed_is_followed_by_another(act: Any) -> None:
    async with at_discord() as (emulator, adapter):
        emulator.forum(30, GUILD, tags=["AI"], require_tag=True)
        await adapter.send(room(30), day_part(1, 3), nonce="a")
        (post,) = posts(emulator, 30)
        await act(emulator, post)
        second = await adapter.send(room(30), day_part(2, 3), nonce="b")
        third = await adapter.send(room(30), day_part(3, 3), nonce="c")
        (another,) = [one for one in posts(emulator, 30) if one is not post]
        assert [message.text.splitlines()[0] for message in another.standing] == ["Part 2", "Part 3"]
        for receipt in (second, third):
            assert receipt.message_id
            await adapter.edit(room(30), receipt.message_id, part("right"))
        assert {message.text for message in another.standing} == {"right"}


@pytest.mark.parametrize("act", [lose, lock, close])
async def test_forum__what_a_closed_post_says_is_said_anew(act: Any) -> None:
    async with at_discord() as (emulator, adapter):
        emulator.forum(30, GUILD)
        sent = await adapter.send(room(30), day_part(), nonce="a")
        await act(emulator, *posts(emulator, 30))
        assert sent.message_id
        with pytest.raises(Vanished):
            await adapter.edit(room(30), sent.message_id, part("right"))


async def test_forum__what_can_not_be_taken_back_from_a_locked_post_is_no_fault_of_the_forums() -> None:
    async with at_discord() as (emulator, adapter):
        emulator.forum(30, GUILD)
        sent = await adapter.send(room(30), day_part(), nonce="a")
        (post,) = posts(emulator, 30)
        await close(emulator, post)
        assert sent.message_id
        with pytest.raises(Rejected):
            await adapter.delete(room(30), sent.message_id)
        assert len(post.standing) == 1


async def test_thread__who_subscribed_it_loses_it_when_it_is_locked() -> None:
    async with at_discord() as (emulator, adapter):
        thread = emulator.thread(50, ROOM)
        sent = await adapter.send(room(50), part(), nonce="a")
        thread.locked = True
        assert sent.message_id
        with pytest.raises(ChatGone):
            await adapter.edit(room(50), sent.message_id, part("right"))


@pytest.mark.parametrize("question", ["channel", "me", "active_threads"])
@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.BAD_GATEWAY, Fault.HANG])
async def test_forum__a_question_that_fails_has_sent_nothing(fault: Fault, question: str) -> None:
    """All but the forum itself is asked for after a restart."""
    async with at_discord() as (emulator, before):
        emulator.forum(30, GUILD)
        await before.send(room(30), day_part(1, 2), nonce="a")
        emulator.inject(fault, methods=(question,))
        async with adapter_at(emulator) as adapter:
            with pytest.raises(NotDelivered):
                await adapter.send(room(30), day_part(2, 2), nonce="b")
            await adapter.send(room(30), day_part(2, 2), nonce="b")
        (post,) = posts(emulator, 30)
        assert len(post.standing) == 2


@pytest.mark.parametrize("fault", [Fault.BAD_GATEWAY, Fault.HANG_UP])
async def test_direct__a_question_that_fails_has_sent_nothing(fault: Fault) -> None:
    async with at_discord() as (emulator, adapter):
        emulator.inject(fault, methods=("open_dm",))
        with pytest.raises(NotDelivered):
            await adapter.send(direct(READER), part(), nonce="a")
        await adapter.send(direct(READER), part(), nonce="a")
        assert len(emulator.dm(READER).standing) == 1
