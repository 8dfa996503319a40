"""A category, or several: today's, a day's, a week's, or the latest there is."""

from datetime import date

from bot.commands import words
from bot.commands.archive import View, no_digest, show, spelt
from bot.commands.ask import Ask
from bot.commands.keys import MOST_CATEGORIES, category_keys, day_keys, unknown
from bot.commands.week import week
from bot.commands.words import Question
from bot.models import Category, Digest, Reply

LATEST = 8
"""How many items stand in for a day that has none."""
_LATEST_DAYS = 4


async def category(ask: Ask) -> Reply:
    """Show categories of today, or of the day or week that was named; without a name, offer all of them."""
    if words.asks_for_week(ask.words, ask.today, ask.categories):
        return await week(ask)
    question = await ask.question()
    behind = f" {question.day}" if question.day else ""
    if question.unread:
        return unknown(ask, question.unread, lambda near: f"category {spelt((*question.categories, near))}{behind}")
    if not question.categories and not question.everything:
        offered = category_keys(ask.categories[:MOST_CATEGORIES], lambda one: f"category {one.slug}{behind}")
        return Reply(template="pick_category", values={"day": question.day}, buttons=offered)
    return await _show(ask, question, question.day or ask.today)


async def _show(ask: Ask, question: Question, wanted: date) -> Reply:
    view = View(categories=question.categories, everything=question.everything)
    digest = await ask.store.digests.published(wanted)
    if len(question.categories) == 1 and not question.day:
        (alone,) = question.categories
        if not (digest and _occurs(alone, digest)):
            return await _latest(ask, alone)
    return await show(ask, digest, view) if digest else await no_digest(ask, wanted, view)


def _occurs(wanted: Category, digest: Digest) -> bool:
    return any(wanted.slug in item.categories for item in digest.items)


async def _latest(ask: Ask, wanted: Category) -> Reply:
    found = await ask.store.digests.latest_items(wanted.slug, limit=LATEST)
    days = tuple(dict.fromkeys(day for day, _ in found))[:_LATEST_DAYS]
    return Reply(
        template="latest",
        values={"slug": wanted.slug, "items": found},
        buttons=day_keys(days, View(categories=(wanted,)).press),
    )
