"""Permissions that come back, by channel and by role: which chats come back with them, and which were never away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.discord import DiscordAdapter
from bot.contract import ChatEvent, EventKind
from tests.adapters.discord_setting import GUILD, ROOM, Notes, at_discord, listening
from tests.emulators.discord import EVERYONE, DiscordEmulator, Permission

ELSEWHERE, NEWS, FORUM, THREAD, POST = 2, 11, 12, 20, 21


class Server:
    """What is changed in the server, and what the adapter makes of it."""

    def __init__(self, emulator: DiscordEmulator, adapter: DiscordAdapter, events: list[ChatEvent]) -> None:
        self.emulator, self._adapter, self._events = emulator, adapter, events

    async def allows_everyone(self, allowed: Permission) -> list[int]:
        await self.emulator.allows_everyone(GUILD, allowed)
        return await self._back()

    async def gives_role(self, allowed: Permission) -> list[int]:
        await self.emulator.gives_role(GUILD, allowed)
        return await self._back()

    async def denies(self, channel: int, denied: Permission) -> list[int]:
        await self.emulator.denies(channel, denied)
        return await self._back()

    async def _back(self) -> list[int]:
        """Return which chats came back, once the adapter has heard of all there was to hear."""
        await self.emulator.deletes(self.emulator.text(len(self.emulator.channels) + 1000, ELSEWHERE))
        await self.emulator.wait_for(lambda: self._events and self._events[-1].kind is EventKind.KICKED)
        back = sorted(int(event.chat.address) for event in self._events if event.kind is EventKind.BACK)
        self._events.clear()
        return back


@asynccontextmanager
async def at_server() -> AsyncIterator[Server]:
    """A server with a channel that the bot may not write to, a forum, a thread and a post beside the usual channel."""
    async with at_discord() as (emulator, adapter):
        emulator.guild(ELSEWHERE)
        emulator.text(NEWS, GUILD)
        emulator.thread(THREAD, ROOM)
        emulator.thread(POST, emulator.forum(FORUM, GUILD))
        emulator.channels[NEWS].denied = Permission.SEND_MESSAGES
        notes = Notes()
        async with listening(adapter, emulator, notes):
            await emulator.wait_for(lambda: adapter._gateway and adapter._gateway.is_ready())
            yield Server(emulator, adapter, notes.events)


async def test_everyone__let_write_again_brings_back_what_that_opens() -> None:
    async with at_server() as server:
        for missing in (Permission.VIEW_CHANNEL, Permission.EMBED_LINKS):
            assert await server.allows_everyone(EVERYONE & ~missing) == []
            assert await server.allows_everyone(EVERYONE) == [ROOM, FORUM, THREAD]
        assert await server.allows_everyone(EVERYONE | Permission.MANAGE_CHANNELS) == []
        assert await server.allows_everyone(EVERYONE | Permission.ADMINISTRATOR) == [NEWS]


async def test_role__given_or_changed_brings_back_what_it_opens() -> None:
    async with at_server() as server:
        await server.allows_everyone(EVERYONE & ~Permission.SEND_MESSAGES)
        assert await server.gives_role(Permission.MANAGE_CHANNELS) == []
        assert await server.gives_role(Permission.SEND_MESSAGES) == [ROOM, FORUM]
        assert await server.gives_role(Permission.NONE) == []
        assert await server.gives_role(Permission.SEND_MESSAGES) == [ROOM, FORUM]
        assert await server.gives_role(Permission.ADMINISTRATOR) == [NEWS]
        assert [said["intents"] for said in server.emulator.gateway.identifies] == [1]


async def test_threads__come_back_with_what_they_need_themselves() -> None:
    async with at_server() as server:
        await server.allows_everyone(EVERYONE & ~Permission.SEND_MESSAGES_IN_THREADS)
        assert await server.allows_everyone(EVERYONE) == [FORUM, THREAD]
        await server.allows_everyone(EVERYONE & ~Permission.SEND_MESSAGES)
        assert await server.allows_everyone(EVERYONE) == [ROOM, FORUM]


async def test_channel__that_denies_no_more_comes_back_with_its_threads() -> None:
    async with at_server() as server:
        assert await server.denies(NEWS, Permission.NONE) == [NEWS]
        await server.denies(ROOM, Permission.VIEW_CHANNEL)
        assert await server.denies(ROOM, Permission.NONE) == [ROOM, THREAD]
