"""`digestbot show DAY --explain`: why each item is in its categories, and not in others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.categories import Candidate, Evidence, Explanation, Label, Place, Voice, Why, explain
from bot.cli import terminal
from bot.models import Category, Digest
from bot.sorting import Sorter
from bot.store import Verdict

_PLACES = {Place.TITLE: "title", Place.OPENING: "opening", Place.REST: "body"}
_LEAST = 0.1
"""Terms worth less decide nothing; people are told only how many there are."""
_VOICES = {Voice.PERSON: "a person said so", Voice.MODEL: "the model said so", Voice.RULES: "the rules"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Reasons:
    """Why the items of a day are sorted as they would be now.

    By number: `stored`, their slugs as they are, and `said`, the words of people.
    """

    day: date
    explanations: tuple[Explanation, ...]
    stored: Mapping[int, tuple[str, ...]]
    said: Mapping[int, Verdict]


async def reasons(sorter: Sorter, digest: Digest, only: frozenset[str]) -> Reasons:
    """Explain the items of `digest`, or those of them in one of the categories `only`. Asks no model anew."""
    found = await sorter.sort(digest)
    explained = (explain(decision, sorter.taxonomy) for decision in found.decisions)
    return Reasons(
        day=digest.day,
        explanations=tuple(
            one for one in explained if not only or not only.isdisjoint(label.slug for label in one.labels)
        ),
        stored={item.number: item.categories for item in digest.items},
        said=await sorter.said(digest),
    )


def tell(found: Reasons, categories: Sequence[Category], language: str) -> None:
    """Print the explanations for people, item by item."""
    names = {category.slug: category.name(language) for category in categories}
    for one in found.explanations:
        terminal.say(f"{one.item.number}. {one.item.title}", style="bold")
        terminal.say(f"   {_labels(one, names)}{_signed(found.said.get(one.item.number))}")
        stored = found.stored[one.item.number]
        if stored != tuple(label.slug for label in one.labels):
            why = f"by other words or another taxonomy: digestbot categorise {found.day}"
            terminal.say(f"   stored as {_called(stored, names)}, {why}", style="yellow")
        for candidate in one.candidates:
            mark, style = ("✓", "green") if candidate.chosen else ("✗", "dim")
            terminal.say(f"   {mark} {_line(candidate, one.voice, names)}", style=style)


def as_objects(found: Reasons) -> list[dict[str, object]]:
    """Return the explanations for machines."""
    return [
        {**_object(found.stored[one.item.number], one), "said": _said(found.said.get(one.item.number))}
        for one in found.explanations
    ]


def _said(verdict: Verdict | None) -> dict[str, object] | None:
    return {"by": verdict.by, "at": verdict.at.isoformat()} if verdict else None


def _signed(verdict: Verdict | None) -> str:
    return f" ({verdict.by or 'forgotten'}, {verdict.at:%Y-%m-%d %H:%M} UTC)" if verdict else ""


def _labels(one: Explanation, names: Mapping[str, str]) -> str:
    if not one.labels:
        return f"no category · {_VOICES[one.voice] if one.voice is not Voice.RULES else 'nothing speaks for any'}"
    voices = list(dict.fromkeys(_voice(label, one) for label in one.labels))
    if len(voices) == 1:
        return f"{_called([label.slug for label in one.labels], names)} · {voices[0]}"
    return ", ".join(f"{_called([label.slug], names)} ({_voice(label, one)})" for label in one.labels)


def _called(slugs: Sequence[str], names: Mapping[str, str]) -> str:
    return ", ".join(f"{names.get(slug, slug)} ({slug})" for slug in slugs) or "no category"


def _voice(label: Label, one: Explanation) -> str:
    if label.voice is not Voice.DOCUMENT:
        return _VOICES[label.voice]
    where = "section" if label.named == one.item.section else "tag"
    return f"its {where} “{label.named}” says so"


def _line(one: Candidate, voice: Voice, names: Mapping[str, str]) -> str:
    telling = [each for each in one.evidence if abs(each.worth) >= _LEAST] or one.evidence[:1]
    found = " · ".join(_evidence(each) for each in telling)
    faint = len(one.evidence) - len(telling)
    more = f" · {faint} more, each worth less than {_LEAST:g}" if faint else ""
    listed = " · raised: the digest lists it" if one.listed else ""
    capped = " · the body counts only so much" if one.capped else ""
    return f"{_called([one.slug], names)} {one.score:.1f}, {_why(one, voice)}: {found}{more}{capped}{listed}"


def _evidence(one: Evidence) -> str:
    return f"{one.term} ({_PLACES[one.place]}, {one.weight:g}) {one.worth:+.1f}"


def _why(one: Candidate, voice: Voice) -> str:
    match one.why:
        case Why.FIRST:
            return "the strongest"
        case Why.NEAR:
            return f"at least the {one.needed:.1f} that a further label needs here"
        case Why.WEAK:
            return f"below the {one.needed:.1f} that a further label needs here"
        case Why.SURPLUS:
            return "strong enough, but there are as many labels as an item has"
        case Why.SAID:
            return "chosen by a word that goes before the rules"
        case Why.OVERRULED:
            said = {Voice.PERSON: "a person", Voice.DOCUMENT: "the document", Voice.MODEL: "the model"}
            return f"strong enough, but {said.get(voice, 'the document')} says otherwise"


def _object(stored: Sequence[str], one: Explanation) -> dict[str, object]:
    return {
        "number": one.item.number,
        "title": one.item.title,
        "voice": one.voice,
        "categories": [{"slug": label.slug, "voice": label.voice, "named": label.named} for label in one.labels],
        "stored": list(stored),
        "weighed": [_weighed(candidate) for candidate in one.candidates],
    }


def _weighed(one: Candidate) -> dict[str, object]:
    return {
        "slug": one.slug,
        "score": round(one.score, 3),
        "needed": round(one.needed, 3),
        "chosen": one.chosen,
        "why": one.why,
        "listed": one.listed,
        "capped": one.capped,
        "terms": [
            {"term": each.term, "place": each.place, "weight": each.weight, "worth": round(each.worth, 3)}
            for each in one.evidence
        ],
    }
