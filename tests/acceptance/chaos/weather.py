"""Trouble on Telegram's side, as a plan wants it."""

from collections.abc import Sequence

from tests.acceptance.chaos.plan import Plan, Weather
from tests.emulators.telegram import Fault, Rule, TelegramEmulator

_EVERY = ("sendMessage", "editMessageText", "deleteMessage")
_CHANCE = 0.02
_ROUGH = (Fault.SERVER_ERROR, Fault.BAD_GATEWAY, Fault.HANG_UP)


def brew(emulator: TelegramEmulator, plan: Plan) -> Sequence[Rule]:
    """Let it be as planned, and return the rules whose hits are sends that stand without their sender being told."""
    emulator.faults.seed = plan.seed
    emulator.faults.__post_init__()
    if plan.slow:
        for recorded in (False, True):
            emulator.inject(Fault.SLOW, jitter=plan.slow, times=None, recorded=recorded, methods=_EVERY)
    if plan.weather is Weather.STRICT:
        emulator.enforce(per_second=40)
    if plan.weather is Weather.DEAF:
        emulator.inject(Fault.HANG, chance=_CHANCE, times=None, methods=_EVERY)
        return [_unknowable(emulator, Fault.HANG)]
    if plan.weather is Weather.ROUGH:
        emulator.inject(Fault.FLOOD, chance=_CHANCE, times=None, methods=_EVERY)
        for fault in _ROUGH:
            emulator.inject(fault, chance=_CHANCE / 2, times=None, methods=_EVERY)
        return [_unknowable(emulator, fault) for fault in _ROUGH]
    return []


def _unknowable(emulator: TelegramEmulator, fault: Fault) -> Rule:
    emulator.inject(fault, chance=_CHANCE / 2, times=None, recorded=True, methods=_EVERY[1:])
    return emulator.inject(fault, chance=_CHANCE / 2, times=None, recorded=True, methods=_EVERY[:1])
