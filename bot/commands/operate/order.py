"""An order that reaches others: asked first, and given by a button that holds for what it was asked about alone."""

import re
from dataclasses import dataclass
from datetime import date

from bot.commands import words
from bot.commands.ask import Ask
from bot.errors import BadCommand

_SURE = "sure"
_MARK = re.compile(r"[0-9]{1,18}")
_TYPED_MOST = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """The day an order is about. `mark` comes from its button: what was true when it was offered; None as typed."""

    day: date
    mark: int | None = None

    @property
    def pressed(self) -> bool:
        """Whether it comes from a button."""
        return self.mark is not None


def read_order(ask: Ask) -> Order:
    """Return what was typed (`10-12`, nothing for today) or pressed. Raises BadCommand."""
    first, _, rest = ask.words.partition(" ")
    if first != _SURE:
        return Order(day=read_day(ask, ask.words))
    typed, _, mark = rest.partition(" ")
    return Order(day=read_day(ask, typed), mark=int(mark) if _MARK.fullmatch(mark) else -1)


def press(name: str, day: date, mark: int) -> str:
    """Return the press that gives the order `name`, as long as `mark` still holds."""
    return f"{name} {_SURE} {day} {mark}"


def read_day(ask: Ask, typed: str) -> date:
    """Return the day that was typed, a coming one too; today's when none was. Raises BadCommand."""
    if not typed:
        return ask.today
    found = words.read_day_near(typed, ask.today)
    if found is None:
        raise BadCommand("unreadable_day", typed=typed[:_TYPED_MOST], today=ask.today)
    return found
