"""A week that readers ask for: what its digests told, in whole or by category."""

from dataclasses import dataclass
from datetime import date

from bot import weeks
from bot.commands import words
from bot.commands.archive import View, spelt
from bot.commands.ask import Ask
from bot.commands.keys import MOST_CATEGORIES, Rows, fits, key, rows, unknown
from bot.models import Button, Digest, Reply, Week


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shown:
    """A week as far as it is published, and what is shown of it."""

    week: Week
    digests: tuple[Digest, ...]
    view: View


async def week(ask: Ask) -> Reply:
    """Show the week that was named; without one, this week so far."""
    question = words.read_week_question(ask.words, ask.today, ask.categories)
    wanted = question.week or Week.of(ask.today)
    if question.unread:
        return unknown(ask, question.unread, lambda near: f"week {near.slug} {wanted.monday}")
    view = View(categories=question.categories, everything=question.everything)
    return await _show(ask, _Shown(week=wanted, digests=await _digests(ask, wanted), view=view))


async def _digests(ask: Ask, wanted: Week) -> tuple[Digest, ...]:
    published = await ask.store.digests.publications(day for day in wanted.days if day <= ask.today)
    return tuple([await ask.store.digests.revision(published[day].revision_id) for day in sorted(published)])


async def _show(ask: Ask, shown: _Shown) -> Reply:
    slugs = shown.view.slugs(ask)
    order = [category.slug for category in ask.categories]
    edition = weeks.gather(shown.week, shown.digests, categories=slugs, order=order, format=ask.format)
    buttons = await _under(ask, shown)
    if edition.chapters:
        return Reply(template="week", edition=edition, buttons=buttons)
    named = tuple(slug for slug in order if slug in slugs)
    values = {"week": shown.week, "categories": named, "total": edition.total, "now": Week.of(ask.today)}
    return Reply(template="no_week", values=values, buttons=buttons)


async def _under(ask: Ask, shown: _Shown) -> Rows:
    before, _ = await ask.store.digests.around(shown.week.monday)
    _, after = await ask.store.digests.around(shown.week.sunday)
    after = after if after and Week.of(after).monday <= ask.today else None
    sides = (("previous_week", before), ("next_week", after))
    turn = [_turn(label, shown, day) for label, day in sides if day and fits(_press(shown.view, Week.of(day)))]
    return tuple(row for row in (tuple(turn), *rows(_cuts(ask, shown), 3)) if row)


def _turn(label: str, shown: _Shown, day: date) -> Button:
    there = Week.of(day)
    return key(label, _press(shown.view, there), week=there)


def _press(view: View, wanted: Week) -> str:
    """Return the press that shows the same of another week."""
    if view.categories:
        return f"week {spelt(view.categories)} {wanted.monday}"
    return f"week all {wanted.monday}" if view.everything else f"week {wanted.monday}"


def _cuts(ask: Ask, shown: _Shown) -> list[Button]:
    """Return a button for each category of that week, the shown ones ticked, and for all of it."""
    slugs, monday = shown.view.slugs(ask), shown.week.monday
    occurring = {slug for digest in shown.digests for item in digest.items for slug in item.categories}
    keys = [
        key("category", f"week {category.slug} {monday}", on=category.slug in slugs, slug=category.slug)
        for category in ask.categories
        if category.slug in occurring
    ][:MOST_CATEGORIES]
    if keys:
        keys.append(key("all", f"week all {monday}", on=not slugs))
    if ask.chosen and (shown.view.categories or shown.view.everything):
        keys.append(key("mine", f"week {monday}"))
    return keys
