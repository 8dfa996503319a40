"""What happened, on its way to the bot: by long poll or by webhook."""

import asyncio
import re
import time
from collections import deque
from typing import Any

import aiohttp

from tests.emulators.telegram.places import Json
from tests.emulators.telegram.refusal import bad_request, conflict

LONGEST_POLL = 50
MOST = 100
SECRET = 256
_TERMINATED = "terminated by other getUpdates request; make sure that only one bot instance is running"
_HOOKED = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
_TAKEN = "terminated by setWebhook request"
_UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class Updates:
    """The queue of one bot. An update stays until it is confirmed."""

    def __init__(self) -> None:
        self.pending: deque[Json] = deque()
        self.hook: Json = {}
        self._next = 1000
        self._allowed: list[str] = []
        self._poll: asyncio.Future[str] | None = None
        self._fresh = asyncio.Event()
        self._last_error = ""

    def put(self, kind: str, content: Json) -> int | None:
        """Queue an update, unless the bot does not want its kind. Returns its id."""
        if kind not in self._allowed if self._allowed else kind in _UNASKED:
            return None
        self._next += 1
        self.pending.append({"update_id": self._next, kind: content})
        self._fresh.set()
        self._wake("")
        return self._next

    async def poll(self, params: Json) -> list[Json]:
        """getUpdates."""
        if self.hook:
            raise conflict(_HOOKED)
        self._allow(params)
        self._wake(_TERMINATED)
        self._confirm(int(params.get("offset", 0)))
        limit = min(int(params.get("limit", MOST)), MOST)
        deadline = time.monotonic() + min(float(params.get("timeout", 0)), LONGEST_POLL)
        while not self.pending and (left := deadline - time.monotonic()) > 0:
            await self._wait(left)
        return [self.pending[place] for place in range(min(limit, len(self.pending)))]

    async def _wait(self, seconds: float) -> None:
        mine: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._poll = mine
        done, _ = await asyncio.wait([mine], timeout=seconds)
        if self._poll is mine:
            self._poll = None
        if done and mine.result():
            raise conflict(mine.result())

    def _wake(self, reason: str) -> None:
        poll, self._poll = self._poll, None
        if poll is not None and not poll.done():
            poll.set_result(reason)

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()
        while offset > 0 and self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()

    def _allow(self, params: Json) -> None:
        if params.get("allowed_updates") is not None:
            self._allowed = list(params["allowed_updates"])

    def set_hook(self, params: Json) -> bool:
        """setWebhook; without a url it is taken off."""
        secret = str(params.get("secret_token") or "")
        if len(secret) > SECRET:
            raise bad_request("secret token is too long")
        if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
            raise bad_request("secret token contains unallowed characters")
        self._allow(params)
        if params.get("drop_pending_updates"):
            self.pending.clear()
        self.hook = dict(params) if params.get("url") else {}
        if self.hook:
            self._wake(_TAKEN)
        self._fresh.set()
        return True

    def hook_json(self) -> Json:
        """getWebhookInfo."""
        shown: Json = {"url": self.hook.get("url", ""), "has_custom_certificate": False}
        shown["pending_update_count"] = len(self.pending)
        if self._last_error:
            shown |= {"last_error_date": int(time.time()), "last_error_message": self._last_error}
        return shown

    async def push(self, session: aiohttp.ClientSession, retry: float = 0.1) -> None:
        """Post updates to the webhook, one at a time, each until it is taken. Runs until cancelled."""
        while True:
            if not (self.hook and self.pending):
                self._fresh.clear()
                await self._fresh.wait()
                continue
            update = self.pending[0]
            if await self._post(session, update):
                self._drop(update)
            else:
                await asyncio.sleep(retry)

    def _drop(self, update: Json) -> None:
        if self.pending and self.pending[0] is update:
            self.pending.popleft()

    async def _post(self, session: aiohttp.ClientSession, update: Json) -> bool:
        secret: Any = self.hook.get("secret_token")
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        try:
            async with session.post(self.hook["url"], json=update, headers=headers) as answer:
                self._last_error = "" if answer.ok else f"Wrong response from the webhook: {answer.status}"
                return answer.ok
        except (aiohttp.ClientError, TimeoutError) as error:
            self._last_error = f"Connection failed: {type(error).__name__}"
            return False

    def close(self) -> None:
        """Let the waiting poll go."""
        self._wake("")
