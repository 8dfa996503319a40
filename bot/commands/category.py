"""One category: today's, a day's, or the latest there is."""

from datetime import date

from bot.commands.archive import View, no_digest, show
from bot.commands.ask import Ask
from bot.commands.keys import MOST_CATEGORIES, category_keys, day_keys, unknown
from bot.commands.words import Question
from bot.models import Category, Digest, Reply

LATEST = 8
"""How many items stand in for a day that has none."""
_LATEST_DAYS = 4


async def category(ask: Ask) -> Reply:
    """Show a category of today or of the day that was named; without a name, offer all categories."""
    question = await ask.question()
    behind = f" {question.day}" if question.day else ""
    if question.unread:
        return unknown(ask, question.unread, lambda near: f"category {near.slug}{behind}")
    if question.category is None and not question.everything:
        offered = category_keys(ask.categories[:MOST_CATEGORIES], lambda one: f"category {one.slug}{behind}")
        return Reply(template="pick_category", values={"day": question.day}, buttons=offered)
    return await _show(ask, question, question.day or ask.today)


async def _show(ask: Ask, question: Question, wanted: date) -> Reply:
    view = View(category=question.category, everything=question.everything)
    digest = await ask.store.digests.published(wanted)
    if question.category and not question.day and not (digest and _occurs(question.category, digest)):
        return await _latest(ask, question.category)
    return await show(ask, digest, view) if digest else await no_digest(ask, wanted, view)


def _occurs(wanted: Category, digest: Digest) -> bool:
    return any(wanted.slug in item.categories for item in digest.items)


async def _latest(ask: Ask, wanted: Category) -> Reply:
    found = await ask.store.digests.latest_items(wanted.slug, limit=LATEST)
    days = tuple(dict.fromkeys(day for day, _ in found))[:_LATEST_DAYS]
    return Reply(
        template="latest",
        values={"slug": wanted.slug, "items": found},
        buttons=day_keys(days, View(category=wanted).press),
    )
