"""The judge: one question a digest to an OpenAI-compatible endpoint, about each item once."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import structlog

from bot.categories import MOST_LABELS, Taxonomy, undecided
from bot.errors import NoAnswer, StoreError
from bot.judge.answering import checked, content, schema
from bot.judge.question import Endpoint, Exchange, Question
from bot.models import Digest, Item
from bot.render import Renderer
from bot.store import Answer, Store

log = structlog.get_logger()

TIMEOUT = 20.0
"""How long a digest waits for the model, in seconds."""
REST = timedelta(minutes=5)
"""How long an endpoint that can't answer is left alone, so that an archive is not loaded at its pace."""
_TEXT_MOST = 1_000
"""Characters of an item's text that are shown to the model; news says what it is about before that."""
_ALONE = 0
"""The number of an item in the question about it alone, which its answer is kept by: its number in a digest changes."""
_PROBE = Item(number=1, title="A new processor is made in two nanometres")


class Judge:
    """Asks a model, keeps what it answered, and leaves the rest to the rules. `clock` gives the time, aware, in UTC."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        store: Store,
        renderer: Renderer,
        taxonomy: Taxonomy,
        clock: Callable[[], datetime],
    ) -> None:
        self._endpoint = endpoint
        self._store = store
        self._renderer = renderer
        self._taxonomy = taxonomy
        self._clock = clock
        self._rests_until: datetime | None = None

    async def words(self, digest: Digest, *, ask: bool) -> Answer:
        """Return the model's slugs by the item's number, for items whose document says nothing we know.

        What it answered about an item before, it is not asked again: a correction elsewhere does not move the item.
        Without `ask` that is all. Nothing about an item where it has no answer: one log line says why.
        """
        names = {item: self._name(item) for item in undecided(digest, self._taxonomy)}
        known = await self._store.answers.find(set(names.values()))
        if ask and not self._resting():
            new = [item for item, name in names.items() if name not in known]
            answer = await self._answer(new, digest)
            said = {names[item]: {_ALONE: answer[item.number]} for item in new if item.number in answer}
            await self._keep(said)
            known = {**known, **said}
        return {item.number: known[name][_ALONE] for item, name in names.items() if name in known}

    def _name(self, item: Item) -> str:
        """Name what is asked about an item: by its content, the task, the taxonomy and the model."""
        return self._question((replace(item, number=_ALONE),), ()).fingerprint(self._endpoint.model)

    async def _answer(self, items: Sequence[Item], digest: Digest) -> Answer:
        """Ask about `items` of `digest` in one call; nothing where there are none, or there is no answer."""
        if not items:
            return {}
        try:
            return await self._ask(self._question(items, digest.categories), items)
        except NoAnswer as error:
            self._fell_silent(digest.day, error)
            return {}

    async def probe(self) -> None:
        """Ask about a made-up item. Raises NoAnswer when that brings no usable answer."""
        await self._ask(self._question((_PROBE,), ()), (_PROBE,))

    def _resting(self) -> bool:
        return self._rests_until is not None and self._clock() < self._rests_until

    def _fell_silent(self, day: date, error: NoAnswer) -> None:
        if error.unreachable:
            self._rests_until = self._clock() + REST
        log.warning("no word from the model, the rules decide", day=str(day), reason=str(error))

    async def _keep(self, answers: Mapping[str, Answer]) -> None:
        try:
            await self._store.answers.keep(answers, self._clock())
        except StoreError as error:
            log.warning("the model's answer is not kept", reason=str(error))

    def _question(self, items: Sequence[Item], listed: Sequence[str]) -> Question:
        covers = self._taxonomy.covers
        known = [
            {"slug": one.slug, "zh": one.zh, "en": one.en, "covers": covers.get(one.slug, "")}
            for one in self._taxonomy.categories
        ]
        task = self._renderer.phrase("prompt", "sort", "en", values={"categories": known, "most": MOST_LABELS})
        shown = {"listed": list(listed), "items": [_shown(item) for item in items]}
        return Question(
            task=task,
            items=json.dumps(shown, ensure_ascii=False),
            schema=schema([one.slug for one in self._taxonomy.categories]),
        )

    async def _ask(self, question: Question, items: Sequence[Item]) -> Answer:
        """Return a valid answer. Raises NoAnswer."""
        exchange = await asyncio.to_thread(_exchange)
        text = await exchange(self._endpoint, question, timeout=TIMEOUT)
        slugs = {category.slug for category in self._taxonomy.categories}
        return checked(content(text), {item.number for item in items}, slugs)


def _exchange() -> Exchange:
    """Load the library, in a thread: it takes a second, and readers wait for answers meanwhile."""
    from bot.judge.exchange import exchange  # noqa: PLC0415

    return exchange


def _shown(item: Item) -> Mapping[str, object]:
    text = "\n".join(block.text for block in item.body)[:_TEXT_MOST]
    return {"number": item.number, "title": item.title, "text": text}
