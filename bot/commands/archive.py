"""Digests that readers ask for: a day's, in whole or by category, and the list of days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.commands.ask import Ask
from bot.commands.keys import MOST_CATEGORIES, Rows, category_keys, day_keys, fits, key, rows, unknown
from bot.commands.words import Question
from bot.editions import cut
from bot.models import Button, Category, Digest, Reply

DAYS_A_PAGE = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What is shown of a day: these categories, everything, or (neither) what the chat has chosen."""

    categories: tuple[Category, ...] = ()
    everything: bool = False

    def press(self, day: date) -> str:
        """Return the press that shows the same of another day."""
        if self.categories:
            return f"category {spelt(self.categories)} {day}"
        return f"day {day} all" if self.everything else f"day {day}"

    def slugs(self, ask: Ask) -> frozenset[str]:
        """Return the categories to show; none means all."""
        if self.categories:
            return frozenset(category.slug for category in self.categories)
        return frozenset() if self.everything else ask.chosen


def spelt(categories: Sequence[Category]) -> str:
    """Return the categories as they can be typed."""
    return " ".join(category.slug for category in categories)


async def today(ask: Ask) -> Reply:
    """Show the digest of the chat's own today."""
    return await _ask_day(ask, ask.today)


async def yesterday(ask: Ask) -> Reply:
    """Show yesterday's digest."""
    return await _ask_day(ask, ask.today - timedelta(days=1))


async def day(ask: Ask) -> Reply:
    """Show the digest of the day that was named; without one, the list of days."""
    if not ask.words:
        return await days(ask)
    question = await ask.question()
    if question.day is None and question.unread:
        return await _unreadable_day(ask)
    return await _answer(ask, question, question.day or ask.today)


async def days(ask: Ask) -> Reply:
    """List the archive, newest first; `/days 2025-10-03` goes on before that day."""
    question = await ask.question()
    if question.unread or question.categories:
        return await _unreadable_day(ask, question.categories)
    found = await ask.store.digests.days(before=question.day, limit=DAYS_A_PAGE + 1)
    page = found[:DAYS_A_PAGE]
    turn = [key("newest", "days")] if question.day else []
    if len(found) > len(page):
        turn.append(key("older", f"days {page[-1].day}"))
    keys = rows((key("day", f"day {line.day}", day=line.day) for line in page), 4)
    return Reply(
        template="days",
        values={"lines": page, "before": question.day},
        buttons=(*keys, tuple(turn)) if turn else keys,
    )


async def show(ask: Ask, digest: Digest, view: View) -> Reply:
    """Return the chat's edition of `digest`, with the days around it and its categories as buttons."""
    slugs = view.slugs(ask)
    edition = cut(digest, categories=slugs, format=ask.format)
    buttons = await _under(ask, digest, view)
    if edition.items:
        return Reply(template="digest", edition=edition, buttons=buttons)
    values = {"day": digest.day, "categories": _in_order(ask, slugs), "total": len(digest.items)}
    return Reply(template="nothing_that_day", values=values, buttons=buttons)


async def no_digest(ask: Ask, missing: date, view: View) -> Reply:
    """Say that there is none for that day, and offer the nearest ones."""
    before, after = await ask.store.digests.around(missing)
    return Reply(
        template="no_digest",
        values={"day": missing, "before": before, "after": after, "is_today": missing == ask.today},
        buttons=day_keys((before, after), view.press),
    )


async def _ask_day(ask: Ask, usual: date) -> Reply:
    question = await ask.question()
    return await _answer(ask, question, question.day or usual)


async def _answer(ask: Ask, question: Question, wanted: date) -> Reply:
    if question.unread:
        return unknown(ask, question.unread, lambda near: f"category {near.slug} {wanted}")
    view = View(categories=question.categories, everything=question.everything)
    digest = await ask.store.digests.published(wanted)
    return await show(ask, digest, view) if digest else await no_digest(ask, wanted, view)


async def _unreadable_day(ask: Ask, meant: Sequence[Category] = ()) -> Reply:
    """Offer days to who named none, and the categories that they named instead."""
    latest = await ask.store.digests.days(limit=3)
    named = category_keys(meant, lambda one: f"category {one.slug}")
    buttons = (*named, *day_keys((line.day for line in latest), View().press))
    return Reply(template="unreadable_day", values={"typed": ask.words[:60], "today": ask.today}, buttons=buttons)


async def _under(ask: Ask, digest: Digest, view: View) -> Rows:
    before, after = await ask.store.digests.around(digest.day)
    sides = (("previous_day", before), ("next_day", after))
    turn = [key(label, view.press(day), day=day) for label, day in sides if day and fits(view.press(day))]
    return tuple(row for row in (tuple(turn), *rows(_cuts(ask, digest, view), 3)) if row)


def _cuts(ask: Ask, digest: Digest, view: View) -> list[Button]:
    """Return a button for each category of that day, the shown ones ticked, and for all of it."""
    shown = view.slugs(ask)
    occurring = {slug for item in digest.items for slug in item.categories}
    keys = [
        key(
            "category",
            f"category {category.slug} {digest.day}",
            on=category.slug in shown,
            slug=category.slug,
        )
        for category in ask.categories
        if category.slug in occurring
    ][:MOST_CATEGORIES]
    if keys:
        keys.append(key("all", f"day {digest.day} all", on=not shown))
    if ask.chosen and (view.categories or view.everything):
        keys.append(key("mine", f"day {digest.day}"))
    return keys


def _in_order(ask: Ask, slugs: frozenset[str]) -> tuple[str, ...]:
    return tuple(category.slug for category in ask.categories if category.slug in slugs)
