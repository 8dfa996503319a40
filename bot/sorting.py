"""Sorting a digest's items into categories: what people and a model said is gathered, `bot.categories` decides."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot import categories
from bot.categories import Decision, Sorted, Taxonomy, Words, identities
from bot.models import Digest
from bot.store import Answer, Newest, Saved, Store, Verdict


class Model(Protocol):
    """Something that has a word on categories, after the document's and before the rules'."""

    async def words(self, digest: Digest, *, ask: bool) -> Answer:
        """Return its slugs by the item's number; without `ask` only what it said before. Never fails."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A day's newest revision: as it is stored, and as it would be sorted now."""

    newest: Newest
    stored: Digest
    found: Sorted

    @property
    def moved(self) -> tuple[Decision, ...]:
        """Decisions that the stored revision does not know yet."""
        was = {item.number: item.categories for item in self.stored.items}
        return tuple(one for one in self.found.decisions if was[one.item.number] != one.slugs)

    @property
    def unapplied(self) -> bool:
        """Whether sorting the day anew would change it."""
        return bool(self.moved) and self.newest.state != "retracted"

    def decision(self, number: int) -> Decision | None:
        """Return the decision on the item of that number."""
        return next((one for one in self.found.decisions if one.item.number == number), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sorter:
    """Sorts digests. `clock` gives the time, aware, in UTC."""

    store: Store
    taxonomy: Taxonomy
    clock: Callable[[], datetime]
    model: Model | None = None

    async def sort(self, digest: Digest, *, ask: bool = False) -> Sorted:
        """Return the digest with its categories. With `ask` the model is asked what it has not answered before."""
        model = await self.model.words(digest, ask=ask) if self.model else {}
        person = {number: verdict.slugs for number, verdict in (await self.said(digest)).items()}
        return categories.sort(digest, self.taxonomy, Words(person=person, model=model))

    async def said(self, digest: Digest) -> Mapping[int, Verdict]:
        """Return what people said of this digest's items, by number."""
        words = await self.store.verdicts.of(digest.day)
        return {number: words[item] for number, item in identities(digest.items).items() if item in words}

    async def hears(self, found: Sorted) -> bool:
        """Tell whether people still say what they said when `found` was sorted."""
        said = await self.said(found.digest)
        return {number: verdict.slugs for number, verdict in said.items()} == found.words.person

    async def standing(self, day: date) -> Standing | None:
        """Return how the newest revision of `day` is sorted, and how it would be now; None when there is none."""
        newest = await self.store.digests.newest(day)
        if newest is None:
            return None
        stored = await self.store.digests.revision(newest.revision_id)
        return Standing(newest=newest, stored=stored, found=await self.sort(stored))

    async def say(self, standing: Standing, number: int, slugs: Sequence[str] | None, *, by: str) -> None:
        """Keep a person's word on an item, for every revision of its day to come; None takes it back.

        No slugs put it in no category. `by` tells who said it. What is stored stays until `resort` or a new document.
        """
        day, item = standing.stored.day, identities(standing.stored.items)[number]
        if slugs is None:
            await self.store.verdicts.withdraw(day, item)
        else:
            await self.store.verdicts.say(day, item, slugs, by=by, now=self.clock())

    async def resort(self, day: date, *, corrects: bool = True) -> Saved | None:
        """Store the newest revision of `day` anew, as it is sorted now; None when that changes nothing.

        `corrects` says whether messages sent before are to follow it.
        """
        while (standing := await self.standing(day)) and standing.unapplied:
            saved = await self.store.resorts.save(
                standing.found.digest,
                over=standing.newest.revision_id,
                categories=standing.found.categories,
                now=self.clock(),
                corrects=corrects,
            )
            if saved:
                return saved
        return None
