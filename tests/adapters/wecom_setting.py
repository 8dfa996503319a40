"""The real adapter against the emulator."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pydantic import SecretStr

from adapters.wecom import WecomAdapter
from bot.models import Chat, ChatKind
from tests.emulators.wecom import WecomEmulator

KEY = "693a91f6-7aaa-4bc4-97a0-SECRET-robot"


@asynccontextmanager
async def at_wecom(**wishes: Any) -> AsyncIterator[tuple[WecomEmulator, WecomAdapter]]:
    """An emulator with one robot, and an adapter that talks to it; short timeouts."""
    timeouts = {"connect_timeout": 0.3, "read_timeout": 0.2} | wishes
    async with WecomEmulator() as emulator:
        emulator.robot(KEY)
        adapter = WecomAdapter(api_url=emulator.url, **timeouts)
        try:
            yield emulator, adapter
            assert emulator.violations == []
        finally:
            await adapter.close()


def group(key: str = KEY, address: str = "r-1") -> Chat:
    return Chat(platform="wecom", address=address, kind=ChatKind.GROUP, credential=SecretStr(key))
