"""A person who talks to the bot in some place, and waits for what it says."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.emulators.telegram import Message, Place, TelegramEmulator

PATIENCE = 10.0
"""Seconds until an answer; a chat is answered once a second at most, and these tests talk in many at a time."""


@dataclass(frozen=True, kw_only=True)
class Talk:
    """One person, one place, perhaps one topic of it."""

    emulator: TelegramEmulator
    user: int
    place: Place
    topic: int | None = None
    anonymous: bool = False

    @property
    def heard(self) -> Sequence[Message]:
        """What the bot has said here."""
        return [message for message in self.place.messages if message.thread_id == self.topic]

    async def says(self, text: str) -> Message:
        """Write, and return the bot's next message."""
        before = len(self.heard)
        await self.emulator.types(self.user, text, chat=self.place, topic=self.topic, anonymous=self.anonymous)
        return await self._next(before)

    async def presses(self, message: Message, named: str) -> Message:
        """Press a button and return the message once it has changed in place and the press is acknowledged."""
        edits, before = message.edits, len(self.heard)
        query = await self.emulator.presses(self.user, message, named)
        await self.emulator.wait_for(
            lambda: message.edits > edits and query in self.emulator.answered_callbacks, PATIENCE
        )
        assert len(self.heard) == before, "answered with a new message instead of in place"
        return message

    async def presses_for_more(self, message: Message, named: str) -> Message:
        """Press a button that leaves its message as it is, and return the new one."""
        edits, before = message.edits, len(self.heard)
        query = await self.emulator.presses(self.user, message, named)
        more = await self._next(before)
        await self.emulator.wait_for(lambda: query in self.emulator.answered_callbacks, PATIENCE)
        assert message.edits == edits
        return more

    async def is_told_off(self, message: Message, named: str) -> str:
        """Press a button that is not this person's to press, and return the alert."""
        edits, before = message.edits, len(self.heard)
        query = await self.emulator.presses(self.user, message, named)
        answers = self.emulator.answered_callbacks
        await self.emulator.wait_for(lambda: query in answers, PATIENCE)
        assert (message.edits, len(self.heard)) == (edits, before)
        assert answers[query].get("show_alert") is True
        return str(answers[query]["text"])

    async def _next(self, before: int) -> Message:
        return (await self.emulator.wait_for(lambda: self.heard[before:], PATIENCE))[0]
