"""Trouble on Telegram's or Discord's side, as a plan wants it; both fail by the same rules."""

from collections.abc import Sequence
from typing import Any, Protocol

from tests.acceptance.chaos.plan import Plan, Weather
from tests.emulators.telegram import Fault, Rule
from tests.emulators.telegram.faults import Faults

CHANCE = 0.02
_ROUGH = (Fault.SERVER_ERROR, Fault.BAD_GATEWAY, Fault.HANG_UP)


class Troubled(Protocol):
    """An emulator whose calls can be made to fail."""

    faults: Faults

    def inject(self, fault: Fault, **rule: Any) -> Rule: ...


def brew(emulator: Troubled, plan: Plan, *, sends: Sequence[str], changes: Sequence[str]) -> Sequence[Rule]:
    """Let calls fail as planned; return the rules whose hits are sends that stand without their sender being told."""
    emulator.faults.seed = plan.seed
    emulator.faults.__post_init__()
    every = (*sends, *changes)
    if plan.slow:
        for recorded in (False, True):
            emulator.inject(Fault.SLOW, jitter=plan.slow, times=None, recorded=recorded, methods=every)
    if plan.weather is Weather.DEAF:
        emulator.inject(Fault.HANG, chance=CHANCE, times=None, methods=every)
        return [_untold(emulator, Fault.HANG, sends, changes)]
    if plan.weather is Weather.ROUGH:
        emulator.inject(Fault.FLOOD, chance=CHANCE, times=None, methods=every)
        for fault in _ROUGH:
            emulator.inject(fault, chance=CHANCE / 2, times=None, methods=every)
        return [_untold(emulator, fault, sends, changes) for fault in _ROUGH]
    return []


def _untold(emulator: Troubled, fault: Fault, sends: Sequence[str], changes: Sequence[str]) -> Rule:
    emulator.inject(fault, chance=CHANCE / 2, times=None, recorded=True, methods=changes)
    return emulator.inject(fault, chance=CHANCE / 2, times=None, recorded=True, methods=sends)
