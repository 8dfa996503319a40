"""A model's word: asked once a digest by the real client, and worth nothing unless it is exactly what was asked."""

import json
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from pydantic import HttpUrl, SecretStr
from structlog.testing import capture_logs

from bot.app import TEMPLATES
from bot.categories import Taxonomy, Voice, default_taxonomy
from bot.config import Settings
from bot.errors import ConfigError
from bot.judge import asking, judge_of
from bot.render import Renderer
from bot.sorting import Sorter
from bot.sources import Intake
from bot.store import Outcome, Store
from tests.fakes import MORNING, TODAY, document, opened
from tests.unit.endpoint import KEY, Endpoint, completion, endpoint, labels

RULED = document(word="Nvidia GPU")
"""What the rules put under chips."""
ALL = labels({1: ("policy", "safety"), 2: (), 3: ("products",)})


def tagged(*tags: str) -> str:
    """Return a document of chip stories with these tags."""
    listed = (f"{n}. [**A GPU {n}**](https://example.com/{n})\n\n   It came. {tag}" for n, tag in enumerate(tags, 1))
    return f'---\ntitle: "News"\ndate: {TODAY}T08:00:00+08:00\n---\n\n' + "\n\n".join(listed) + "\n"


def listing(*titles: str) -> str:
    listed = (
        f"{n}. [**{title}**](https://example.com/{title[-6:]})\n\n   It came." for n, title in enumerate(titles, 1)
    )
    return f'---\ntitle: "News"\ndate: {TODAY}T08:00:00+08:00\n---\n\n' + "\n\n".join(listed) + "\n"


@dataclass
class Desk:
    """A store, an endpoint, and a clock."""

    store: Store
    model: Endpoint
    taxonomy: Taxonomy = field(default_factory=default_taxonomy)
    name: str = "a-model"
    now = MORNING

    def sorter(self) -> Sorter:
        """Return the sorter of a process that has just started."""
        settings = Settings(ai_url=HttpUrl(self.model.url), ai_key=SecretStr(KEY), ai_model=self.name)
        judge = judge_of(
            settings, store=self.store, renderer=Renderer(TEMPLATES), taxonomy=self.taxonomy, clock=lambda: self.now
        )
        return Sorter(store=self.store, taxonomy=self.taxonomy, clock=lambda: self.now, model=judge)

    async def load(self, text: str, sorter: Sorter | None = None) -> Outcome:
        intake = Intake(store=self.store, sorter=sorter or self.sorter(), clock=lambda: self.now)
        loaded = await intake.take(text.encode(), origin="2025-10-12.md")
        assert loaded.saved
        return loaded.saved.outcome

    async def slugs(self) -> list[tuple[str, ...]]:
        found = await self.store.digests.published(TODAY)
        return [item.categories for item in found.items] if found else []


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with endpoint() as served, opened(tmp_path) as store:
        await store.categories.follow(default_taxonomy().categories)
        yield Desk(store=store, model=served)


async def test_judge__decides_in_one_call_by_a_strict_schema(desk: Desk) -> None:
    desk.model.script.append(ALL)
    await desk.load(RULED)
    assert await desk.slugs() == [("policy", "safety"), (), ("products",)]
    (asked,) = desk.model.asked
    assert desk.model.keys == [f"Bearer {KEY}"]
    assert asked["model"] == "a-model"
    schema = asked["response_format"]["json_schema"]
    assert schema["strict"] is True
    label = schema["schema"]["properties"]["items"]["items"]
    assert label["properties"]["categories"]["items"]["enum"] == [one.slug for one in desk.taxonomy.categories]
    assert label["additionalProperties"] is schema["schema"]["additionalProperties"] is False
    task = asked["messages"][0]["content"]
    for category in desk.taxonomy.categories:
        line = f"- {category.slug}: {category.zh}, {category.en}. It covers: {desk.taxonomy.covers[category.slug]}"
        assert line in task.splitlines()
    assert [(item["number"], item["title"]) for item in desk.model.items()] == [
        (number, f"Nvidia GPU {number}") for number in (1, 2, 3)
    ]
    assert desk.model.items()[0]["text"] == "What happened in Nvidia GPU 1."


async def test_judge__is_asked_once_about_the_same_items_by_whatever_process(desk: Desk) -> None:
    desk.model.script.append(ALL)
    await desk.load(RULED)
    assert await desk.load(RULED) is Outcome.UNCHANGED
    assert await desk.load(RULED.replace("The lead", "Another lead")) is Outcome.REVISED
    assert len(desk.model.asked) == 1
    assert await desk.slugs() == [("policy", "safety"), (), ("products",)]


@pytest.mark.parametrize("answer", [503, "chips", "resting"])
async def test_judge__a_correction_while_it_is_silent_leaves_the_other_items_as_they_are(
    desk: Desk, answer: int | str
) -> None:
    sorter = desk.sorter()
    desk.model.script.append(ALL)
    await desk.load(RULED, sorter)
    desk.model.script.append(503 if answer == "resting" else answer)
    if answer == "resting":
        await desk.load(document(word="A GPU", day="2025-10-13"), sorter)
    await desk.load(RULED.replace("happened in Nvidia GPU 3", "happened to Nvidia GPU 3"), sorter)
    assert await desk.slugs() == [("policy", "safety"), (), ("chips",)]
    standing = await desk.sorter().standing(TODAY)
    assert standing
    assert not standing.unapplied


async def test_judge__is_asked_about_a_changed_item_alone_and_the_others_stay(desk: Desk) -> None:
    desk.model.script += [ALL, labels({3: ("companies",)})]
    await desk.load(RULED)
    await desk.load(RULED.replace("happened in Nvidia GPU 3", "happened to Nvidia GPU 3"))
    assert [item["number"] for item in desk.model.items()] == [3]
    assert await desk.slugs() == [("policy", "safety"), (), ("companies",)]


async def test_judge__an_item_keeps_its_answer_at_another_place(desk: Desk) -> None:
    desk.model.script.append(labels({1: ("policy",), 2: (), 3: ("products",)}))
    first, second, third = (f"A GPU of the {n}. kind" for n in range(3))
    await desk.load(listing(first, second, third))
    desk.model.script.append(labels({2: ("safety",)}))
    await desk.load(listing(third, "A new GPU", first))
    assert [item["title"] for item in desk.model.items()] == ["A new GPU"]
    assert await desk.slugs() == [("products",), ("safety",), ("policy",)]


@pytest.mark.parametrize("what", ["model", "taxonomy", "items"])
async def test_judge__is_asked_anew_about_something_else(desk: Desk, what: str) -> None:
    await desk.load(RULED)
    if what == "model":
        desk.name = "another"
    if what == "taxonomy":
        desk.taxonomy = replace(desk.taxonomy, covers={"chips": "crisps"})
    await desk.load(RULED.replace("The lead", "A lead") if what != "items" else RULED.replace("happened", "was"))
    assert len(desk.model.asked) == 2


async def test_judge__has_no_word_on_what_document_or_person_decide(desk: Desk) -> None:
    sorter = desk.sorter()
    await desk.load(tagged("#安全伦理", "", "#甲乙丙"), sorter)
    assert [item["number"] for item in desk.model.items()] == [2, 3]
    standing = await sorter.standing(TODAY)
    assert standing
    await sorter.say(standing, 2, ("policy",), by="test")
    await sorter.resort(TODAY)
    one, two, three = await desk.slugs()
    assert (one, two, three[1:]) == (("safety",), ("policy",), ("chips",))
    assert three[0].startswith("x-")
    assert len(desk.model.asked) == 1
    standing = await sorter.standing(TODAY)
    assert standing
    assert [one.voice for one in standing.found.decisions] == [Voice.DOCUMENT, Voice.PERSON, Voice.MODEL]


async def test_judge__is_not_asked_where_the_document_says_everything(desk: Desk) -> None:
    await desk.load(tagged("#芯片", "#policy"))
    assert desk.model.asked == []
    assert await desk.slugs() == [("chips",), ("policy",)]


BAD: list[int | str | bytes | Callable[[], web.Response]] = [
    401,
    404,
    429,
    400,
    500,
    b"",
    b"<html>502</html>",
    b"[]",
    b'{"choices": []}',
    b'{"choices": null}',
    b'"\xff"',
    "",
    "chips",
    '{"items": ',
    '{"items": []}',
    '{"items": [{"number": "1", "categories": ["chips"]}]}',
    labels({1: ("chips",), 2: ("chips",)}),
    labels({1: ("chips",), 2: ("chips",), 3: ("chips",), 4: ("chips",)}),
    labels({1: ("chips",), 2: ("chips",), 3: ("crisps",)}),
    labels({1: ("chips",), 2: ("chips",), 3: ("chips", "chips")}),
    labels({1: ("chips",), 2: ("chips",), 3: ("chips", "policy", "safety", "products")}),
    ALL.replace("]}]}", '], "why": "because"}]}'),
    ALL.replace('"number": 2', '"number": 1'),
    lambda: completion(None, refusal="I can't help with that."),
    lambda: completion(ALL, refusal="no"),
    lambda: completion(None),
    lambda: web.Response(text=f"Hello {KEY}"),
]


@pytest.mark.parametrize("answer", BAD)
async def test_judge__anything_else_leaves_it_to_the_rules(
    desk: Desk, answer: int | str | bytes | Callable[[], web.Response]
) -> None:
    desk.model.script.append(answer)
    with capture_logs() as logs:
        assert await desk.load(RULED) is Outcome.NEW
    assert len(desk.model.asked) == 1, "it was asked once"
    assert await desk.slugs() == [("chips",)] * 3
    (line,) = logs
    assert (line["event"], line["day"]) == ("no word from the model, the rules decide", str(TODAY))
    assert KEY not in json.dumps(line)


async def test_judge__a_silent_one_is_waited_for_so_long_and_no_longer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "TIMEOUT", 0.2)
    desk.model.script.append(5.0)
    with capture_logs() as logs:
        await desk.load(RULED)
    assert await desk.slugs() == [("chips",)] * 3
    assert "no answer within 0.2 seconds" in logs[0]["reason"]


async def test_judge__nobody_at_the_address(desk: Desk) -> None:
    desk.model.url = "http://127.0.0.1:1/v1"
    with capture_logs() as logs:
        await desk.load(RULED)
    assert await desk.slugs() == [("chips",)] * 3
    assert "can't be reached" in logs[0]["reason"]


async def test_judge__one_that_can_not_answer_is_left_alone_for_a_while(desk: Desk) -> None:
    desk.model.script.append(503)
    sorter = desk.sorter()
    for day in ("2025-10-12", "2025-10-13"):
        await desk.load(document(word="Nvidia GPU", day=day), sorter)
    assert len(desk.model.asked) == 1
    desk.now = MORNING + asking.REST + timedelta(seconds=1)
    await desk.load(document(word="Nvidia GPU", day="2025-10-14"), sorter)
    assert len(desk.model.asked) == 2


async def test_judge__one_that_answered_badly_is_asked_about_the_next(desk: Desk) -> None:
    desk.model.script.append("chips")
    sorter = desk.sorter()
    await desk.load(RULED, sorter)
    await desk.load(document(word="Nvidia GPU", day="2025-10-13"), sorter)
    assert len(desk.model.asked) == 2


def test_judge__without_settings_there_is_none(desk: Desk) -> None:
    settings = Settings()
    renderer = Renderer(TEMPLATES)
    built = judge_of(settings, store=desk.store, renderer=renderer, taxonomy=default_taxonomy(), clock=lambda: MORNING)
    assert built is None


def test_judge__without_its_library_the_settings_say_what_to_install(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)  # as Python has it where there is none
    settings = Settings(ai_url=HttpUrl("https://models.example.com/v1"), ai_key=SecretStr(KEY), ai_model="a-model")
    renderer = Renderer(TEMPLATES)
    with pytest.raises(ConfigError, match=r"DIGESTBOT_AI_URL: .*uv sync --extra ai"):
        judge_of(settings, store=desk.store, renderer=renderer, taxonomy=default_taxonomy(), clock=lambda: MORNING)
