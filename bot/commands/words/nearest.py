"""The day an operator names: over, or yet to come."""

from datetime import date, timedelta

from bot.commands.words.ahead import read_day_ahead
from bot.commands.words.days import read_day
from bot.commands.words.weekdays import read_weekday

_SOON = timedelta(days=31)


def read_day_near(phrase: str, today: date) -> date | None:
    """Return the day `phrase` names, be it yet to come (`tomorrow`, `下周三`); None when it names none.

    A date without its year or month is the nearer one, but more than a month ahead it is the latest there was. A
    weekday is the latest one. Raises BadCommand for a day that does not exist.
    """
    past = read_day(phrase, today, last=date.max)
    ahead = None if read_weekday(phrase) else read_day_ahead(phrase, today)
    if past is None or ahead is None:
        return past or ahead
    return ahead if ahead - today <= min(today - past, _SOON) else past
