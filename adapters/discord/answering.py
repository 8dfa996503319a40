"""The answer to one interaction: in time, in the right place, to the right readers."""

import asyncio
import contextlib
import time
from collections.abc import Sequence

from adapters.discord.asked import Asked, Kind
from adapters.discord.looks import EPHEMERAL, Json, form, message
from adapters.discord.rest import Rest
from adapters.discord.verdicts import Answered
from bot.contract import Suggestion
from bot.errors import ChatGone, DeliveryError, NotDelivered, Unknown
from bot.models import Part

PATIENCE = 1.5
"""Seconds until an answer that is not ready is put off; Discord's limit is 3."""
_TOO_LATE = 2.5
_MESSAGE, _PUT_OFF_MESSAGE, _PUT_OFF_CHANGE, _CHANGE, _CHOICES, _FORM = 4, 5, 6, 7, 8, 9


class Answering:
    """Answers `asked`. A `quiet` answer is read by the asker alone, where others could read along."""

    def __init__(self, rest: Rest, asked: Asked, *, quiet: bool, patience: float = PATIENCE) -> None:
        self._rest = rest
        self._asked = asked
        self._quiet = quiet and asked.public
        self._at = time.monotonic()
        self._turn = asyncio.Lock()
        self._put_off: int | None = None
        self._acknowledged = False
        self._said = False
        self._putting_off: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(patience, self._put_off_now)

    # ------------------------------------------------------------------ saying

    async def say(self, part: Part, *, in_place: bool, private: bool) -> None:
        """Say `part`: as the first answer, in place of what was put off, or as what follows."""
        self._timer.cancel()
        async with self._turn:
            alone = EPHEMERAL if self._asked.public and (private or self._quiet) else 0
            body: Json = {**message(part), **({"flags": alone} if alone else {})}
            changes = in_place and self._asked.on_message and not private
            try:
                if not self._acknowledged:
                    await self._first(_CHANGE if changes else _MESSAGE, body)
                elif self._put_off == _PUT_OFF_MESSAGE or (self._put_off == _PUT_OFF_CHANGE and changes):
                    await self._hook("PATCH", "/messages/@original", body)
                else:
                    await self._hook("POST", "", body)
            except ChatGone as error:  # the question is lost, not the chat
                raise NotDelivered(str(error)) from error
            self._put_off, self._said = None, True

    async def suggest(self, suggestions: Sequence[Suggestion]) -> None:
        """Offer what could be meant."""
        self._timer.cancel()
        choices = [{"name": one.label, "value": one.value} for one in suggestions]
        await self._first(_CHOICES, {"choices": choices})

    async def show_form(self, data: str, asks: str) -> None:
        """Open a form whose field goes behind the press `data`."""
        self._timer.cancel()
        await self._first(_FORM, form(data, asks, self._asked.pressed))

    async def close(self) -> None:
        """Leave nobody waiting: acknowledge a press that nothing was said to, and take back "is thinking"."""
        self._timer.cancel()
        if self._putting_off is not None:
            await self._putting_off
        async with self._turn:
            if self._said:
                return
            if not self._acknowledged and self._asked.kind == Kind.COMPONENT:
                await self._first(_PUT_OFF_CHANGE, None)
            elif self._put_off == _PUT_OFF_MESSAGE:
                await self._hook("DELETE", "/messages/@original", None)

    # ------------------------------------------------------------------ putting off

    def _put_off_now(self) -> None:
        if self._asked.kind != Kind.TYPING:
            self._putting_off = asyncio.create_task(self._defer())

    async def _defer(self) -> None:
        async with self._turn:
            if self._acknowledged:
                return
            kind = _PUT_OFF_CHANGE if self._asked.in_place else _PUT_OFF_MESSAGE
            alone = self._quiet and kind == _PUT_OFF_MESSAGE
            try:
                await self._first(kind, {"flags": EPHEMERAL} if alone else None)
            except DeliveryError:  # the answer itself will meet the same, and say so
                return
            self._put_off = kind

    # ------------------------------------------------------------------ Discord's calls

    async def _first(self, kind: int, body: Json | None) -> None:
        """Give the first answer; once more when nobody knows what became of it, for it can be given only once."""
        path = f"/interactions/{self._asked.id}/{self._asked.token}/callback"
        given: Json = {"type": kind, **({"data": body} if body is not None else {})}
        try:
            await self._rest.call("POST", path, given, authorized=False)
        except (NotDelivered, Unknown):
            if time.monotonic() - self._at > _TOO_LATE:
                raise
            with contextlib.suppress(Answered):
                await self._rest.call("POST", path, given, authorized=False)
        self._acknowledged = True

    async def _hook(self, method: str, behind: str, body: Json | None) -> None:
        path = f"/webhooks/{self._asked.application}/{self._asked.token}{behind}"
        await self._rest.call(method, path, body, authorized=False)
