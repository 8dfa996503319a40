"""What the charts draw: places and lengths, across in per cent, down in pixels. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.models import DeliveryState
from bot.schedule import ONE_DAY
from bot.store import Morning

HEIGHT = 140
"""How high the bars may be, in pixels."""
DEPTH = 72
"""How far the times of day are apart at most, in pixels."""
_LOST = (DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.EXPIRED)
_ARRIVED = (DeliveryState.SENT, DeliveryState.EMPTY)
_GAP = 0.28
"""The share of a day's column that stays free."""
_LABELLED = 7
"""Every that many days the day stands below its column, the last one included."""
_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)
_A_DAY = 24
_NARROWEST = 2 * _HOUR
EVERYTHING = ""
"""Where a chart of categories counts those who take all of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A line across the chart: how far down it is, and the number or time of day it stands for."""

    y: float
    value: int | time


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A day: where it begins and how wide it is, how high each bar is, and how far down the last delivery is.

    `last` is local; the numbers are those behind the bars.
    """

    day: date
    x: float
    width: float
    arrived: int
    lost: int
    good: float
    bad: float
    last: datetime | None
    dot: float | None
    labelled: bool

    @property
    def middle(self) -> float:
        """Where the day's middle is."""
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mornings:
    """Thirty mornings, or as many as are asked for, and the lines behind them."""

    columns: tuple[Column, ...]
    numbers: tuple[Mark, ...]
    times: tuple[Mark, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """How many there are of a thing, and how long that is, the longest being 100."""

    name: str
    number: int
    length: float


def mornings(history: Sequence[Morning], final: date, zone: ZoneInfo, *, days: int) -> Mornings:
    """Return the chart of the `days` that end with `final`; the last deliveries at their time of day in `zone`."""
    known = {morning.day: morning for morning in history}
    shown = [final - back * ONE_DAY for back in reversed(range(days))]
    each = [known.get(day, Morning(day=day, counts={})) for day in shown]
    top = ceiling(max((sum(morning.counts.values()) for morning in each), default=0))
    since = {morning.day: _since_midnight(morning, zone) for morning in each}
    first, last = _span([moment for moment in since.values() if moment is not None])
    width = 100 / days
    columns = tuple(
        Column(
            day=morning.day,
            x=round((place + _GAP / 2) * width, 2),
            width=round((1 - _GAP) * width, 2),
            arrived=_count(morning, _ARRIVED),
            lost=_count(morning, _LOST),
            good=round(HEIGHT * _count(morning, _ARRIVED) / top, 1),
            bad=round(HEIGHT * _count(morning, _LOST) / top, 1),
            last=morning.last.astimezone(zone) if morning.last else None,
            dot=_down(since[morning.day], first, last),
            labelled=(days - 1 - place) % _LABELLED == 0,
        )
        for place, morning in enumerate(each)
    )
    numbers = tuple(Mark(y=HEIGHT * (1 - part / 2), value=int(top * part / 2)) for part in (0, 1, 2))
    middle = (first + last) / 2
    times = tuple(Mark(y=_down(one, first, last) or 0.0, value=_time_of(one)) for one in (first, middle, last))
    return Mornings(columns=columns, numbers=numbers, times=times if any(column.last for column in columns) else ())


def ceiling(number: int) -> int:
    """Return the least of 2, 4, 10, 20, 40, 100 and so on that is no less: the end of a scale whose half is whole."""
    power = 1
    while 10 * power < number:
        power *= 10
    return next(step * power for step in (2, 4, 10) if step * power >= number)


def by_platform(audience: Mapping[tuple[str, frozenset[str]], int]) -> tuple[Bar, ...]:
    """Return how many subscriptions each platform has, the most first."""
    numbers: Counter[str] = Counter()
    for (platform, _), number in audience.items():
        numbers[platform] += number
    return _bars(numbers)


def by_category(audience: Mapping[tuple[str, frozenset[str]], int]) -> tuple[Bar, ...]:
    """Return how many subscriptions take each category, the most first; who takes several is counted in each."""
    numbers: Counter[str] = Counter()
    for (_, slugs), number in audience.items():
        for slug in slugs or {EVERYTHING}:
            numbers[slug] += number
    return _bars(numbers)


def _bars(numbers: Counter[str]) -> tuple[Bar, ...]:
    most = max(numbers.values(), default=1)
    in_order = sorted(numbers.items(), key=lambda each: (-each[1], each[0]))
    return tuple(Bar(name=name, number=number, length=round(100 * number / most, 1)) for name, number in in_order)


def _count(morning: Morning, states: Sequence[DeliveryState]) -> int:
    return sum(morning.counts.get(state, 0) for state in states)


def _since_midnight(morning: Morning, zone: ZoneInfo) -> timedelta | None:
    """Return the time of day of the last delivery; past 24 hours where it came on the next day."""
    if morning.last is None:
        return None
    local = morning.last.astimezone(zone).replace(tzinfo=None)
    return local - datetime.combine(morning.day, time.min)


def _span(moments: Sequence[timedelta]) -> tuple[timedelta, timedelta]:
    """Return the whole hours that all `moments` are between, an even number of them."""
    if not moments:
        return timedelta(), _NARROWEST
    first, last = min(moments) // _HOUR, -(-max(moments) // _HOUR)
    last += (last - first) % 2
    return first * _HOUR, max(last * _HOUR, first * _HOUR + _NARROWEST)


def _down(moment: timedelta | None, first: timedelta, last: timedelta) -> float | None:
    return None if moment is None else round(DEPTH * (moment - first) / (last - first), 1)


def _time_of(moment: timedelta) -> time:
    hours, rest = divmod(moment, _HOUR)
    return time(hours % _A_DAY, rest // _MINUTE)
