"""The days a reader names: those of the week, by ISO numbers (1 is Monday), or the working days of a country."""

import re

from bot.commands.words.text import even
from bot.models import Days, Workdays

WEEK = frozenset(range(1, 8))
_SETS = {
    frozenset(range(1, 6)): "weekdays workdays weekday workday 工作日 平日",
    frozenset({6, 7}): "weekend weekends 周末 双休日",
    WEEK: "daily everyday every-day 每天 每日 天天",
}
_CALENDARS = {
    Workdays.CHINA: "调休 工作日调休 工作日含调休 含调休工作日 调休工作日 中国工作日 法定工作日 "
    "workdayscn cnworkdays workdayschina chinaworkdays workdaysinchina chineseworkdays chineseworkingdays "
    "workingdaysinchina"
}
"""Without spaces and brackets."""
_CHINESE = {sign: number for number, sign in enumerate("一二三四五六日", start=1)} | {"天": 7}
_ENGLISH = {name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), start=1)}
_FULL_NAMES = frozenset(
    f"{name}{rest}"
    for names, rests in (
        (("mon", "fri", "sun"), ("", "day", "days")),
        (("tue",), ("", "s", "sday", "sdays")),
        (("wed",), ("", "s", "nesday", "nesdays")),
        (("thu",), ("", "r", "rs", "rsday", "rsdays")),
        (("sat",), ("", "urday", "urdays")),
    )
    for name in names
    for rest in rests
)
_CHINESE_DAYS = re.compile(r"每?(?:周|星期|礼拜)([一二三四五六日天]+)")
_CHINESE_RANGE = re.compile(
    r"每?(?:周|星期|礼拜)([一二三四五六日天])\s*(?:到|至|-|~)\s*(?:周|星期|礼拜)?([一二三四五六日天])"
)
_ENGLISH_RANGE = re.compile(r"([a-z]+)\s*(?:-|~|to|through|till)\s*([a-z]+)")


def read_days(phrase: str) -> Days | None:
    """Return the weekdays or the working days that `phrase` names: `工作日(调休)`, `workdays cn`, `mon-fri`."""
    compact = re.sub(r"[\s()\[\]+-]", "", even(phrase))
    calendar = next((country for country, names in _CALENDARS.items() if compact in names.split()), None)
    return calendar or read_weekdays(phrase)


def read_weekday(phrase: str) -> int | None:
    """Return the one weekday `phrase` names: `周三`, `星期三`, `wed`, `Wednesday`; None when it names none."""
    text = even(phrase)
    if text in _FULL_NAMES:
        return _ENGLISH[text[:3]]
    match = _CHINESE_DAYS.fullmatch(text)
    return _CHINESE[match[1]] if match and len(match[1]) == 1 else None


def read_weekdays(phrase: str) -> frozenset[int] | None:
    """Return the weekdays `phrase` names: `工作日`, `周一到周五`, `mon-fri`, `daily`; None for no such words."""
    text = even(phrase)
    for days, names in _SETS.items():
        if text.replace(" ", "-") in names.split():
            return days
    if match := _CHINESE_RANGE.fullmatch(text):
        return _span(_CHINESE[match[1]], _CHINESE[match[2]])
    if match := _CHINESE_DAYS.fullmatch(text):
        return frozenset(_CHINESE[sign] for sign in match[1])
    match = _ENGLISH_RANGE.fullmatch(text)
    if match and {match[1], match[2]} <= _FULL_NAMES:
        return _span(_ENGLISH[match[1][:3]], _ENGLISH[match[2][:3]])
    single = read_weekday(text)
    return frozenset({single}) if single else None


def _span(first: int, last: int) -> frozenset[int]:
    """Return the days from `first` to `last`, over the weekend where last comes before first."""
    length = (last - first) % 7
    return frozenset((first - 1 + step) % 7 + 1 for step in range(length + 1))
