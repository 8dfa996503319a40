"""What `bot.contract` promises of every adapter, kept against each platform's emulator. A new platform adds a setting.

A setting is one line in `SETTINGS` and a context that hands over the adapter, a chat, and how that platform fails.
"""

import contextlib
import unicodedata
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import pytest

from adapters.discord import DiscordAdapter
from adapters.telegram import TelegramAdapter
from adapters.wecom import WecomAdapter
from bot.contract import Adapter, Capability
from bot.errors import (
    ChatGone,
    ConfigError,
    DeliveryError,
    NotDelivered,
    RateLimited,
    Rejected,
    Unknown,
    Vanished,
)
from bot.models import Actor, Chat, Key, Part
from tests.adapters import discord_setting, telegram_setting, wecom_setting
from tests.emulators.discord import Fault as DiscordFault
from tests.emulators.telegram import Fault as TelegramFault
from tests.emulators.wecom import Fault as WecomFault

NOWHERE = "http://127.0.0.1:9"


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A platform to be tried. `texts` is what `chat` shows; each other call makes the next send fail that way."""

    adapter: Adapter
    stranger: Adapter
    """The same, with a platform that can't be reached."""
    chat: Chat
    secret: str
    texts: Callable[[], Sequence[str]]
    gone: Callable[[], object]
    flooded: Callable[[], object]
    rejected: Callable[[], object]
    silent: Callable[[bool], object]
    broken: Callable[[], object]


@asynccontextmanager
async def telegram() -> AsyncIterator[Setting]:
    async with telegram_setting.at_telegram() as (emulator, adapter):
        place = emulator.private(7)
        stranger = TelegramAdapter(telegram_setting.TOKEN, api_url=NOWHERE, connect_timeout=0.3)
        yield Setting(
            adapter=adapter,
            stranger=stranger,
            chat=telegram_setting.private(),
            secret=telegram_setting.TOKEN,
            texts=lambda: [message.text for message in place.messages if not message.deleted],
            gone=lambda: setattr(place, "closed", "user is deactivated"),
            flooded=lambda: emulator.inject(TelegramFault.FLOOD, retry_after=7),
            rejected=lambda: emulator.inject(TelegramFault.BAD_MARKUP),
            silent=lambda recorded: emulator.inject(TelegramFault.HANG, recorded=recorded),
            broken=lambda: emulator.inject(TelegramFault.BAD_GATEWAY),
        )
        await stranger.close()


@asynccontextmanager
async def discord() -> AsyncIterator[Setting]:
    async with discord_setting.at_discord() as (emulator, adapter):
        place = emulator.channels[discord_setting.ROOM]
        stranger = DiscordAdapter(discord_setting.TOKEN, api_url=NOWHERE, connect_timeout=0.3)
        yield Setting(
            adapter=adapter,
            stranger=stranger,
            chat=discord_setting.room(),
            secret=discord_setting.TOKEN,
            texts=lambda: [message.text for message in place.standing],
            gone=lambda: setattr(place, "deleted", True),
            flooded=lambda: emulator.inject(DiscordFault.FLOOD, retry_after=7.0),
            rejected=lambda: emulator.inject(DiscordFault.BAD_MARKUP),
            silent=lambda recorded: emulator.inject(DiscordFault.HANG, recorded=recorded),
            broken=lambda: emulator.inject(DiscordFault.BAD_GATEWAY),
        )
        await stranger.close()


@asynccontextmanager
async def wecom() -> AsyncIterator[Setting]:
    async with wecom_setting.at_wecom() as (emulator, adapter):
        robot = emulator.robots[wecom_setting.KEY]
        stranger = WecomAdapter(api_url=NOWHERE, connect_timeout=0.3)
        yield Setting(
            adapter=adapter,
            stranger=stranger,
            chat=wecom_setting.group(),
            secret=wecom_setting.KEY,
            texts=lambda: [message.content for message in robot.messages],
            gone=lambda: setattr(robot, "alive", False),
            flooded=lambda: emulator.inject(WecomFault.TOO_OFTEN),
            rejected=lambda: emulator.inject(WecomFault.BAD_CONTENT),
            silent=lambda recorded: emulator.inject(WecomFault.HANG, recorded=recorded),
            broken=lambda: emulator.inject(WecomFault.BAD_GATEWAY),
        )
        await stranger.close()


SETTINGS: dict[str, Callable[[], AbstractAsyncContextManager[Setting]]] = {
    "telegram": telegram,
    "discord": discord,
    "wecom": wecom,
}


@pytest.fixture(params=SETTINGS)
async def at(request: pytest.FixtureRequest) -> AsyncIterator[Setting]:
    async with SETTINGS[request.param]() as setting:
        yield setting


def can(at: Setting, capability: Capability) -> bool:
    return capability in at.adapter.dialect.capabilities


async def send(at: Setting, text: str = "Hello", nonce: str = "0" * 25) -> str | None:
    return (await at.adapter.send(at.chat, Part(markup=text), nonce=nonce)).message_id


async def refused(at: Setting) -> DeliveryError:
    """Return the error a send ends with; it tells no secret."""
    with pytest.raises(DeliveryError) as raised:
        await send(at)
    assert at.secret not in f"{raised.value} {raised.value!r} {raised.value.__cause__!r}"
    return raised.value


# ------------------------------------------------------------------ sending


async def test_send__arrives_with_a_receipt(at: Setting) -> None:
    message_id = await send(at)
    assert list(at.texts()) == ["Hello"]
    assert bool(message_id) == can(at, Capability.EDIT)


async def test_send__a_nonce_drops_doubles_where_that_is_promised(at: Setting) -> None:
    first = await send(at)
    second = await send(at)
    assert len(at.texts()) == (1 if can(at, Capability.IDEMPOTENT) else 2)
    assert (first == second) == (can(at, Capability.IDEMPOTENT) or first is None)


async def test_send__letter_for_letter_what_was_escaped(at: Setting) -> None:
    """Full-width signs will do, where a platform can't escape the narrow ones."""
    text = "1 < 2 & **3** _4_ [5](6) `7` @everyone"
    dialect = at.adapter.dialect
    await send(at, str(dialect.escape(text)))
    (shown,) = at.texts()
    assert unicodedata.normalize("NFKC", dialect.plain(str(dialect.escape(text)))) == text
    assert shown in (text, str(dialect.escape(text)))


async def test_send__buttons_are_no_trouble(at: Setting) -> None:
    keys = ((Key(label="A", data="a"), Key(label="B", data="b", option="b", asks="What?")),)
    await at.adapter.send(at.chat, Part(markup="Hello", keys=keys, menu="letters"), nonce="n")
    assert list(at.texts()) == ["Hello"]


async def test_send__a_silent_one_arrives_like_any_other(at: Setting) -> None:
    for number, silent in enumerate((True, False)):
        await at.adapter.send(at.chat, Part(markup="Hello"), nonce=str(number), silent=silent)
    assert list(at.texts()) == ["Hello", "Hello"]


# ------------------------------------------------------------------ changing


async def test_edit__changes_and_again_is_a_success(at: Setting) -> None:
    message_id = await send(at)
    if not can(at, Capability.EDIT):
        with pytest.raises(Rejected):
            await at.adapter.edit(at.chat, "1", Part(markup="Other"))
        return
    assert message_id
    for _ in range(2):
        await at.adapter.edit(at.chat, message_id, Part(markup="Other"))
    assert list(at.texts()) == ["Other"]


async def test_delete__takes_back_and_again_is_a_success(at: Setting) -> None:
    message_id = await send(at)
    if not can(at, Capability.DELETE):
        with pytest.raises(Rejected):
            await at.adapter.delete(at.chat, "1")
        return
    assert message_id
    for _ in range(2):
        await at.adapter.delete(at.chat, message_id)
    assert not at.texts()
    with pytest.raises(Vanished):
        await at.adapter.edit(at.chat, message_id, Part(markup="Other"))


# ------------------------------------------------------------------ trouble


async def test_trouble__gone(at: Setting) -> None:
    at.gone()
    assert isinstance(await refused(at), ChatGone)


async def test_trouble__too_fast_waits_and_is_not_tried_again_here(at: Setting) -> None:
    at.flooded()
    error = await refused(at)
    assert isinstance(error, RateLimited)
    assert error.retry_after >= 7
    assert not at.texts()
    await send(at)


async def test_trouble__rejected_and_then_plain(at: Setting) -> None:
    at.rejected()
    assert type(await refused(at)) is Rejected
    dialect = at.adapter.dialect
    await send(at, str(dialect.escape(dialect.plain("Hello"))))


@pytest.mark.parametrize("recorded", [True, False])
async def test_trouble__no_answer_is_unknown(at: Setting, recorded: bool) -> None:  # noqa: FBT001
    at.silent(recorded)
    assert isinstance(await refused(at), Unknown)
    assert len(at.texts()) == recorded


async def test_trouble__a_proxys_answer_is_unknown(at: Setting) -> None:
    at.broken()
    assert isinstance(await refused(at), Unknown)


async def test_trouble__no_connection_is_certainly_not_delivered(at: Setting) -> None:
    with pytest.raises(NotDelivered) as raised:
        await at.stranger.send(at.chat, Part(markup="Hello"), nonce="n")
    assert at.secret not in str(raised.value)
    with pytest.raises((DeliveryError, ConfigError)):
        await at.stranger.identify()


# ------------------------------------------------------------------ the rest


async def test_identify__names_the_account(at: Setting) -> None:
    name = await at.adapter.identify()
    assert name
    assert at.secret not in name


async def test_find_chat__what_nobody_sees_is_gone(at: Setting) -> None:
    with pytest.raises(ChatGone):
        await at.adapter.find_chat("@nobody_is_called_this")


async def test_may_manage__strangers_may_not(at: Setting) -> None:
    group = Chat(platform=at.chat.platform, address="-4711", kind=telegram_setting.group().kind)
    allowed = False
    with contextlib.suppress(NotDelivered):  # who isn't connected can't know
        allowed = await at.adapter.may_manage(group, Actor(address="8"))
    assert not allowed


async def test_dialect__measures_in_the_units_of_its_limits(at: Setting) -> None:
    dialect = at.adapter.dialect
    assert len(dialect.measure("Hello 中😀")) == len(dialect.limits)
    joined = dialect.measure("Hello "), dialect.measure("中😀")
    assert dialect.measure("Hello 中😀") == tuple(sum(pair) for pair in zip(*joined, strict=True))


async def test_close__twice_and_before_any_call(at: Setting) -> None:
    await at.stranger.close()
    await at.adapter.close()
    await at.adapter.close()


async def test_repr__tells_no_secret(at: Setting) -> None:
    assert at.secret not in repr(at.adapter)
