"""What a reader means by typed words: days, hours, zones, weekdays, categories. Pure."""

from bot.commands.words.days import read_day
from bot.commands.words.hours import Hour, read_hour
from bot.commands.words.question import START_PREFIX, Question, read_question
from bot.commands.words.weekdays import read_weekdays
from bot.commands.words.weeks import WeekQuestion, asks_for_week, read_week, read_week_question
from bot.commands.words.wish import Wish, read_wish
from bot.commands.words.zones import read_zone

__all__ = [
    "START_PREFIX",
    "Hour",
    "Question",
    "WeekQuestion",
    "Wish",
    "asks_for_week",
    "read_day",
    "read_hour",
    "read_question",
    "read_week",
    "read_week_question",
    "read_weekdays",
    "read_wish",
    "read_zone",
]
