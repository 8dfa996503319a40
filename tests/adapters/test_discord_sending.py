"""Messages out, changed and taken back; what each of Discord's refusals becomes."""

from pathlib import Path
from typing import Any

import pytest

from adapters.discord import DiscordAdapter, DiscordDialect
from bot.editions import cut
from bot.errors import (
    ChatGone,
    DeliveryError,
    NotDelivered,
    RateLimited,
    Rejected,
    Unknown,
    Vanished,
)
from bot.models import Key
from bot.render import Renderer
from tests.adapters.discord_setting import GUILD, READER, ROOM, TOKEN, at_discord, day_part, direct, keys, part, room
from tests.emulators.discord import DiscordEmulator, Fault, Permission
from tests.fakes import digest

TEMPLATES = Path(__file__).parents[2] / "templates"


async def test_send__an_embed_that_calls_nobody() -> None:
    async with at_discord() as (emulator, adapter):
        receipt = await adapter.send(room(), day_part(2, 3), nonce="n")
        message = emulator.channels[ROOM].last
        assert receipt.message_id == str(message.id)
        (embed,) = message.embeds
        assert (embed["description"], embed["footer"]["text"]) == ("Part 2", "2025-10-12 · 2/3")
        assert (message.allowed_mentions, message.content) == ({"parse": []}, "")
        assert not emulator.violations


@pytest.mark.parametrize(("language", "footer"), [("zh-CN", "2025年10月12日 周日"), ("en", "Sun 12 Oct 2025")])
async def test_send__the_day_stands_below_in_the_editions_language(language: str, footer: str) -> None:
    edition = cut(digest())
    (said,) = Renderer(TEMPLATES).edition(edition, DiscordDialect(), language, categories=())
    async with at_discord() as (emulator, adapter):
        await adapter.send(room(), said, nonce="n")
        assert emulator.channels[ROOM].last.embeds[0]["footer"]["text"] == footer


async def test_send__without_a_sound_where_that_is_wished_for() -> None:
    async with at_discord() as (emulator, adapter):
        emulator.forum(30, GUILD)
        for number, silent in enumerate((True, False)):
            await adapter.send(room(), part(), nonce=str(number), silent=silent)
        assert [message.silent for message in emulator.channels[ROOM].messages] == [True, False]
        first = await adapter.send(room(30), day_part(1, 2), nonce="a", silent=True)
        await adapter.send(room(30), day_part(2, 2), nonce="b", silent=True)
        (post,) = [one for one in emulator.channels.values() if one.parent and one.parent.id == 30]
        assert [message.silent for message in post.messages] == [True, True]
        assert first.message_id
        await adapter.edit(room(30), first.message_id, day_part(1, 2))
        assert not emulator.violations


async def test_send__the_same_nonce_is_one_message() -> None:
    async with at_discord() as (emulator, adapter):
        first = await adapter.send(room(), part(), nonce="a" * 25)
        assert await adapter.send(room(), part(), nonce="a" * 25) == first
        assert await adapter.send(room(), part(), nonce="b" * 25) != first
        assert (emulator.sent, emulator.posting.deduplicated) == (2, 1)


@pytest.mark.parametrize("rows", [[2] * 10 + [1], [3, 3, 3, 3, 3, 3, 2], [4, 4, 4, 4, 4, 4, 1], [25]])
async def test_send__any_rows_of_buttons_fit(rows: list[int]) -> None:
    wide = tuple(
        tuple(Key(label=f"{row}/{one}", data="same") for one in range(width)) for row, width in enumerate(rows)
    )
    async with at_discord() as (emulator, adapter):
        await adapter.send(room(), part(keys=wide), nonce="n")
        shown = emulator.channels[ROOM].last.buttons
        assert [label for row in shown for label in row] == [key.label for row in wide for key in row]


async def test_send__to_somebody_who_is_known_by_their_own_id() -> None:
    async with at_discord() as (emulator, adapter):
        sent = await adapter.send(direct(READER), part(), nonce="n")
        message = emulator.dm(READER).last
        assert sent.message_id == str(message.id)
        await adapter.edit(direct(READER), str(message.id), part("Other"))
        assert message.text == "Other"
        await adapter.send(direct(emulator.dm(READER).id), part(), nonce="m")
        assert len(emulator.dm(READER).standing) == 2


# ------------------------------------------------------------------ changing


async def test_edit__takes_buttons_along() -> None:
    async with at_discord() as (emulator, adapter):
        sent = await adapter.send(room(), part("Before", keys=keys("A=a")), nonce="n")
        message = emulator.channels[ROOM].last
        assert sent.message_id
        await adapter.edit(room(), sent.message_id, part("After"))
        assert (message.text, message.buttons) == ("After", [])


async def test_delete__what_is_gone_is_a_success_and_editing_it_is_not() -> None:
    async with at_discord() as (emulator, adapter):
        sent = await adapter.send(room(), part(), nonce="n")
        assert sent.message_id
        await adapter.delete(room(), sent.message_id)
        await adapter.delete(room(), sent.message_id)
        assert not emulator.channels[ROOM].standing
        with pytest.raises(Vanished):
            await adapter.edit(room(), sent.message_id, part())


async def test_crosspost__announcements_alone() -> None:
    async with at_discord(crosspost=True) as (emulator, adapter):
        news = emulator.announcement(40, GUILD)
        await adapter.send(room(40), part(), nonce="n")
        await adapter.send(room(), part(), nonce="m")
        await emulator.wait_for(lambda: news.last.crossposted)
        await adapter.close()
        assert emulator.counts["crosspost"] == 1


# ------------------------------------------------------------------ refusals


async def gone(emulator: DiscordEmulator) -> None:
    await emulator.deletes(ROOM)


async def removed(emulator: DiscordEmulator) -> None:
    await emulator.kicks_bot(GUILD)


async def denied(emulator: DiscordEmulator) -> None:
    await emulator.denies(ROOM, Permission.EMBED_LINKS)


@pytest.mark.parametrize("act", [gone, removed, denied])
async def test_send__chat_gone(act: Any) -> None:
    async with at_discord() as (emulator, adapter):
        await act(emulator)
        with pytest.raises(ChatGone):
            await adapter.send(room(), part(), nonce="n")


async def test_send__closed_direct_messages() -> None:
    async with at_discord() as (emulator, adapter):
        where = emulator.dm(READER)
        await emulator.closes_dms(READER)
        with pytest.raises(ChatGone, match="no direct messages"):
            await adapter.send(direct(where.id), part(), nonce="n")


@pytest.mark.parametrize(
    ("fault", "rule", "kind"),
    [
        (Fault.BAD_MARKUP, {}, Rejected),
        (Fault.SERVER_ERROR, {}, Unknown),
        (Fault.BAD_GATEWAY, {}, Unknown),
        (Fault.HANG, {}, Unknown),
        (Fault.HANG_UP, {}, Unknown),
    ],
)
async def test_send__trouble(fault: Fault, rule: dict[str, Any], kind: type[DeliveryError]) -> None:
    async with at_discord() as (emulator, adapter):
        emulator.inject(fault, **rule)
        with pytest.raises(kind) as raised:
            await adapter.send(room(), part(), nonce="n")
        assert TOKEN not in str(raised.value)
        assert type(raised.value) is kind
        await adapter.send(room(), part(), nonce="n")


@pytest.mark.parametrize(("scope", "held"), [("user", "chat"), ("shared", "chat"), ("global", "account")])
async def test_send__too_fast(scope: str, held: str) -> None:
    async with at_discord() as (emulator, adapter):
        emulator.inject(Fault.FLOOD, retry_after=12.5, scope=scope)
        with pytest.raises(RateLimited) as raised:
            await adapter.send(room(), part(), nonce="n")
        assert (raised.value.retry_after, raised.value.scope) == (12.5, held)


async def test_send__a_used_up_bucket_is_not_asked_and_holds_nobody_else() -> None:
    async with at_discord() as (emulator, adapter):
        emulator.text(11, GUILD)
        emulator.enforce(per_bucket=2, bucket_seconds=5)
        for number in range(2):
            await adapter.send(room(), part(), nonce=str(number))
        with pytest.raises(RateLimited) as raised:
            await adapter.send(room(), part(), nonce="2")
        assert 4 < raised.value.retry_after <= 5
        assert raised.value.scope == "chat"
        await adapter.send(room(11), part(), nonce="3")
        assert (emulator.refusals, emulator.invalid_requests) == (0, 0)


async def test_send__nobody_there() -> None:
    adapter = DiscordAdapter(TOKEN, api_url="http://127.0.0.1:9", connect_timeout=0.2)
    with pytest.raises(NotDelivered):
        await adapter.send(room(), part(), nonce="n")
    await adapter.close()


async def test_find_chat__unknown() -> None:
    async with at_discord() as (_, adapter):
        for name in ("@news", "@4711"):
            with pytest.raises(ChatGone):
                await adapter.find_chat(name)
