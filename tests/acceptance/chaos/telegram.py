"""Telegram's side: private chats, messages that follow corrections, and no way to tell a double."""

from collections.abc import Sequence
from typing import Any

from adapters.telegram import TelegramDialect
from bot.contract import Dialect
from bot.models import Chat, Part
from tests.acceptance.chaos.plan import WISHES, Plan, Weather
from tests.acceptance.chaos.side import Face, Shown
from tests.acceptance.seeding import Subscriber, at_place
from tests.emulators.telegram import Fault, Message, Rule, TelegramEmulator

Json = dict[str, Any]
FIRST = 1000
_EVERY = ("sendMessage", "editMessageText", "deleteMessage")
_CHANCE = 0.02
_ROUGH = (Fault.SERVER_ERROR, Fault.BAD_GATEWAY, Fault.HANG_UP)


class TelegramSide:
    """So many people with their private chats."""

    def __init__(self, emulator: TelegramEmulator, zone: str, number: int) -> None:
        self.dialect: Dialect = TelegramDialect()
        self.settings = {"telegram_paid_broadcast": "true"}
        self._emulator = emulator
        self._unknowable: list[Rule] = []
        self.subscribers = [
            Subscriber(chat=at_place(emulator.private(FIRST + at)), zone=zone, subjects=WISHES[at % len(WISHES)])
            for at in range(number)
        ]

    @property
    def sent(self) -> int:
        return self._emulator.sent

    @property
    def violations(self) -> Sequence[str]:
        return self._emulator.violations

    @property
    def unknowns(self) -> int:
        return sum(rule.hits for rule in self._unknowable)

    def face(self, part: Part) -> Face:
        return part.markup, tuple(tuple(key.data for key in row) for row in part.keys)

    def standing(self, chat: Chat) -> Sequence[Shown]:
        return [_shown(message) for message in self._emulator.chats[int(chat.address)].standing]

    def found(self, chat: Chat, message_id: str) -> Shown | None:
        message = self._emulator.chats[int(chat.address)].by_number.get(int(message_id))
        return _shown(message) if message and not message.deleted else None

    def calm(self) -> None:
        self._emulator.calm()

    def brew(self, plan: Plan) -> None:
        emulator = self._emulator
        emulator.faults.seed = plan.seed
        emulator.faults.__post_init__()
        if plan.slow:
            for recorded in (False, True):
                emulator.inject(Fault.SLOW, jitter=plan.slow, times=None, recorded=recorded, methods=_EVERY)
        if plan.weather is Weather.STRICT:
            emulator.enforce(per_second=40)
        if plan.weather is Weather.DEAF:
            emulator.inject(Fault.HANG, chance=_CHANCE, times=None, methods=_EVERY)
            self._stand_untold(Fault.HANG)
        if plan.weather is Weather.ROUGH:
            emulator.inject(Fault.FLOOD, chance=_CHANCE, times=None, methods=_EVERY)
            for fault in _ROUGH:
                emulator.inject(fault, chance=_CHANCE / 2, times=None, methods=_EVERY)
            for fault in _ROUGH:
                self._stand_untold(fault)

    def _stand_untold(self, fault: Fault) -> None:
        """Let calls succeed without their sender being told; those that are sends may be doubled."""
        self._emulator.inject(fault, chance=_CHANCE / 2, times=None, recorded=True, methods=_EVERY[1:])
        sends = self._emulator.inject(fault, chance=_CHANCE / 2, times=None, recorded=True, methods=_EVERY[:1])
        self._unknowable.append(sends)


def _shown(message: Message) -> Shown:
    markup = message.reply_markup
    first = (message.history[0].raw, message.history[0].reply_markup) if message.history else (message.raw, markup)
    return Shown(face=_face(message.raw, markup), first=_face(*first))


def _face(raw: str, markup: Json | None) -> Face:
    rows = (markup or {}).get("inline_keyboard", [])
    return raw, tuple(tuple(button["callback_data"] for button in row) for row in rows)
