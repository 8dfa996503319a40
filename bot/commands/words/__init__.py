"""What a reader means by typed words: days, hours, zones, weekdays, absences, categories, a search. Pure."""

from bot.commands.words.absence import BACK, read_absence
from bot.commands.words.choice import is_free, read_choice
from bot.commands.words.coordinates import zone_at
from bot.commands.words.days import read_day
from bot.commands.words.hours import Hour, read_hour
from bot.commands.words.nearest import read_day_near
from bot.commands.words.question import START_PREFIX, Question, read_question
from bot.commands.words.sought import Sought, quoted, read_sought
from bot.commands.words.spans import Span, read_span
from bot.commands.words.text import even, joins
from bot.commands.words.verdict import Verdict, read_verdict
from bot.commands.words.weekdays import read_days
from bot.commands.words.weeks import WeekQuestion, asks_for_week, read_week, read_week_question
from bot.commands.words.wish import Wish, read_wish
from bot.commands.words.zones import read_zone

__all__ = [
    "BACK",
    "START_PREFIX",
    "Hour",
    "Question",
    "Sought",
    "Span",
    "Verdict",
    "WeekQuestion",
    "Wish",
    "asks_for_week",
    "even",
    "is_free",
    "joins",
    "quoted",
    "read_absence",
    "read_choice",
    "read_day",
    "read_day_near",
    "read_days",
    "read_hour",
    "read_question",
    "read_sought",
    "read_span",
    "read_verdict",
    "read_week",
    "read_week_question",
    "read_wish",
    "read_zone",
    "zone_at",
]
