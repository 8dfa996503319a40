"""The gateway, by discord.py: who asks, and what becomes of channels. Only it and `access` know the library."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Never

import aiohttp
import discord
import structlog
from discord.http import Route

from adapters.discord.access import Room, allowed, opened
from adapters.discord.asked import Asked
from adapters.discord.places import place
from adapters.discord.rest import VERSION
from bot.contract import ChatEvent, EventKind
from bot.errors import ConfigError
from bot.models import Actor, Chat

log = structlog.get_logger(__name__)

Hear = Callable[[Asked], Awaitable[None]]
Notice = Callable[[ChatEvent], Awaitable[None]]

REFUSED = "DIGESTBOT_DISCORD_TOKEN: Discord refuses it; copy it anew from the Developer Portal, Bot, Reset Token"
_BETWEEN_IDENTIFIES = 5.0
"""Seconds between two sessions that begin (Discord's gateway documentation, `max_concurrency` 1)."""
_FAREWELL = 1.0
"""Seconds a connection that is closed may take to end."""
_RETRIES = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
_TOKEN_CLOSED = 4004
_TROUBLE = (discord.GatewayNotFound, discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError)


class Gateway(discord.AutoShardedClient):
    """One connection of the account, in as many shards as Discord wants."""

    def __init__(self, hear: Hear, notice: Notice) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=discord.Intents(guilds=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            max_ratelimit_timeout=30.0,
        )
        self._hear = hear
        self._notice = notice
        self._identifying = asyncio.Lock()
        self._next_identify = 0.0

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002
        """Let shards begin one after the other, and a single one at once."""
        async with self._identifying:
            now = asyncio.get_running_loop().time()
            await asyncio.sleep(max(0.0, self._next_identify - now))
            self._next_identify = max(now, self._next_identify) + _BETWEEN_IDENTIFIES

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Somebody asked."""
        await self._hear(asked_of(interaction))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """We were removed from a server, with all its channels."""
        await self._tell(EventKind.KICKED, [*guild.channels, *guild.threads])

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """We were added to a server, perhaps again."""
        await self._tell(EventKind.JOINED, [*guild.channels, *guild.threads])

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Tell that a channel is gone, and its threads with it."""
        await self._tell(EventKind.KICKED, [channel, *getattr(channel, "threads", ())])

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """Tell that a thread is gone."""
        await self._notice(ChatEvent(kind=EventKind.KICKED, chat=place(payload.thread_id)))

    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """Perhaps we may write there again."""
        await self._tell(EventKind.BACK, opened(after, allowed(before, after.guild.me)))

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """Perhaps a role of ours, or everybody's, lets us write again."""
        me = after.guild.me
        if after in me.roles and before.permissions != after.permissions:
            roles = [before if role == after else role for role in me.roles]
            for channel in after.guild.channels:
                await self._tell(EventKind.BACK, opened(channel, allowed(channel, me, roles)))

    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """Perhaps a role that we were given lets us write again. Of ourselves we are told without any intent."""
        if after == after.guild.me:
            for channel in after.guild.channels:
                await self._tell(EventKind.BACK, opened(channel, allowed(channel, before)))

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Note that the connection is lost; the library takes it up again."""
        log.info("connection lost", platform="discord", shard=shard_id)

    async def on_shard_ready(self, shard_id: int) -> None:
        """Note that a shard listens."""
        log.info("listening", platform="discord", shard=shard_id)

    async def on_error(self, event_method: str, /, *_: object, **__: object) -> None:
        """Something we made of an event failed: it costs this event alone."""
        log.error("an event could not be handled", event_name=event_method, exc_info=sys.exc_info())

    async def _tell(self, kind: EventKind, rooms: Iterable[Room]) -> None:
        for room in rooms:
            if isinstance(room, discord.abc.Messageable | discord.ForumChannel):
                await self._notice(ChatEvent(kind=kind, chat=chat_of(room)))

    async def manages(self, chat: Chat, actor: Actor) -> bool:
        """Tell whether `actor` may manage the channel `chat`, by the roles they have now."""
        room = self.get_channel(int(chat.address))
        if not isinstance(room, Room):
            return False
        try:
            member = await room.guild.fetch_member(int(actor.address))
        except (discord.NotFound, discord.Forbidden):
            return False
        allowed = room.permissions_for(member)
        return allowed.manage_channels or allowed.administrator


async def attend(token: str, *, api_url: str, make: Callable[[], Gateway]) -> Never:
    """Stay connected until cancelled; trouble on the way is waited out.

    Raises ConfigError when Discord refuses the token or the connection for good.
    """
    failures = 0
    while True:
        try:
            with _pointed_at(api_url):
                await _serve(make(), token)
        except discord.LoginFailure as error:
            raise ConfigError(REFUSED) from error
        except discord.ConnectionClosed as error:
            raise ConfigError(_closed(error.code)) from error
        except discord.PrivilegedIntentsRequired as error:
            raise ConfigError(_closed(4014)) from error
        except _TROUBLE as error:
            wait = _RETRIES[min(failures, len(_RETRIES) - 1)]
            log.warning("Discord can't be reached", kind=type(error).__name__, again_in=wait)
            await asyncio.sleep(wait)
            failures += 1


@contextmanager
def _pointed_at(api_url: str) -> Iterator[None]:
    """Let the library, which knows one address for all its clients, talk to `api_url` while this lasts."""
    before, Route.BASE = Route.BASE, f"{api_url.rstrip('/')}/api/{VERSION}"
    try:
        yield
    finally:
        Route.BASE = before


async def _serve(gateway: Gateway, token: str) -> None:
    """Be connected until that ends or is cancelled.

    A cancellation can get lost in the library (by `wait_for`, before Python 3.12), so the end is not left to that: the
    gateway is closed, and what runs it ends by itself.
    """
    serving = asyncio.create_task(gateway.start(token))
    serving.add_done_callback(_look_at)
    try:
        await asyncio.wait([serving])
    finally:
        await gateway.close()
        if not serving.done():
            await asyncio.wait([serving], timeout=_FAREWELL)
            serving.cancel()
            await asyncio.wait([serving], timeout=_FAREWELL)
    serving.result()


def _look_at(ended: "asyncio.Task[None]") -> None:
    """Take note of how it ended: when we are told to end in the midst of a log-in, nobody else asks."""
    if not ended.cancelled():
        ended.exception()


def _closed(code: int) -> str:
    return (
        REFUSED
        if code == _TOKEN_CLOSED
        else f"DIGESTBOT_DISCORD_TOKEN: Discord closed the connection for good ({code})"
    )


def asked_of(interaction: discord.Interaction) -> Asked:
    """Return an interaction as we know it."""
    user = interaction.user
    return Asked(
        id=interaction.id,
        token=interaction.token,
        application=interaction.application_id,
        kind=interaction.type.value,
        content=dict(interaction.data or {}),
        actor=Actor(address=str(user.id), name=user.display_name),
        chat=_where(interaction),
        locale=interaction.locale.value,
        permissions=interaction.permissions.value,
        pressed=_label(interaction),
        on_message=interaction.message is not None,
    )


def chat_of(room: Room) -> Chat:
    """Return the chat of a server's channel; a post is its forum's."""
    if isinstance(room, discord.Thread) and isinstance(room.parent, discord.ForumChannel):
        return chat_of(room.parent)
    return place(room.id, " ".join(filter(None, (room.guild.name, f"#{room.name}"))))


def _where(interaction: discord.Interaction) -> Chat:
    room = interaction.channel
    if isinstance(room, Room):
        return chat_of(room)
    return place(interaction.channel_id, interaction.user.display_name, direct=interaction.guild_id is None)


def _label(interaction: discord.Interaction) -> str:
    """Return what stands on the button that was pressed."""
    content: dict[str, object] = dict(interaction.data or {})
    pressed = content.get("custom_id")
    if interaction.message is None or pressed is None:
        return ""
    for row in interaction.message.components:
        for part in getattr(row, "children", ()):
            if getattr(part, "custom_id", None) == pressed:
                return str(getattr(part, "label", "") or "")
    return ""
