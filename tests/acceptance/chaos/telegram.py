"""Telegram's side: private chats, messages that follow corrections, and no way to tell a double."""

from collections.abc import Sequence
from typing import Any

from adapters.telegram import TelegramDialect
from bot.contract import Dialect
from bot.models import Chat, Part
from tests.acceptance.chaos.plan import WISHES, Plan, Weather
from tests.acceptance.chaos.side import Face, Shown
from tests.acceptance.chaos.weather import brew
from tests.acceptance.seeding import Subscriber, at_place
from tests.emulators.telegram import Message, Rule, TelegramEmulator

Json = dict[str, Any]
FIRST = 1000


class TelegramSide:
    """The subscribers of a bot on Telegram, whatever their chats are."""

    def __init__(self, emulator: TelegramEmulator, subscribers: Sequence[Subscriber]) -> None:
        self.dialect: Dialect = TelegramDialect()
        self.settings = {"telegram_paid_broadcast": "true"}
        self.keys: Sequence[str] = ()
        self._emulator = emulator
        self._untold: Sequence[Rule] = ()
        self.subscribers = subscribers

    @property
    def sent(self) -> int:
        return self._emulator.sent

    @property
    def violations(self) -> Sequence[str]:
        return self._emulator.violations

    @property
    def unknowns(self) -> int:
        return sum(rule.hits for rule in self._untold)

    def may_double(self, chat: Chat) -> bool:  # noqa: ARG002 - any may
        return True

    def face(self, part: Part) -> Face:
        return part.markup, tuple(tuple(key.data for key in row) for row in part.keys)

    def standing(self, chat: Chat) -> Sequence[Shown]:
        return [_shown(message) for message in self._emulator.chats[int(chat.address)].standing]

    def found(self, chat: Chat, message_id: str) -> Shown | None:
        message = self._emulator.chats[int(chat.address)].by_number.get(int(message_id))
        return _shown(message) if message and not message.deleted else None

    def brew(self, plan: Plan) -> None:
        if plan.weather is Weather.STRICT:
            self._emulator.enforce(per_second=40, paid_per_second=40)
        self._untold = brew(self._emulator, plan, sends=("sendMessage",), changes=("editMessageText", "deleteMessage"))

    def calm(self) -> None:
        self._emulator.calm()


def people(emulator: TelegramEmulator, zone: str, number: int) -> Sequence[Subscriber]:
    """Let so many people open their chats with the bot, and wish for something."""
    return [
        Subscriber(chat=at_place(emulator.private(FIRST + at)), zone=zone, subjects=WISHES[at % len(WISHES)])
        for at in range(number)
    ]


def _shown(message: Message) -> Shown:
    now = _face(message.raw, message.reply_markup)
    old = message.history[0] if message.history else None
    return Shown(face=now, first=_face(old.raw, old.reply_markup) if old else now)


def _face(raw: str, markup: Json | None) -> Face:
    rows = (markup or {}).get("inline_keyboard", [])
    return raw, tuple(tuple(button["callback_data"] for button in row) for row in rows)
