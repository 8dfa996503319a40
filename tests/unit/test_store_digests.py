from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from bot.errors import BadDocument
from bot.models import Block, BlockKind, Category, Digest, Item, Run
from bot.store import Outcome, Store
from tests.fakes import MORNING, TODAY, Where, digest, load, opened

LATER = MORNING + timedelta(hours=3)


@pytest.fixture
async def store(where: Where) -> AsyncIterator[Store]:
    async with opened(where) as store:
        yield store


async def test_save__keeps_every_field(store: Store) -> None:
    runs = (Run(text="bold", bold=True, italic=True, strike=True), Run(text="code", code=True), Run(text="🦊𠮷"))
    full = Digest(
        day=TODAY,
        title="Ünï 标题 \u2028",
        written_at=datetime(2025, 10, 12, 9, 11, tzinfo=timezone(timedelta(hours=8))),
        categories=("芯片", "AI产品"),
        lead=(Block(kind=BlockKind.QUOTE, runs=runs, depth=2, marker="•"), Block(runs=())),
        items=(
            Item(number=1, title="bare"),
            Item(
                number=2,
                title="full",
                url="https://example.com/?a=1&b=2",
                body=(Block(kind=BlockKind.IMAGE, runs=(Run(text="cat", url="https://example.com/c.png"),)),),
                section="Chips",
                tags=("#x", "y"),
                categories=("chips", "products", "ai-industry"),
            ),
        ),
        commentary=(Block(runs=runs),),
    )
    await load(store, full)
    found = await store.digests.published(TODAY)
    assert found == full
    assert found is not None
    assert found.written_at is not None
    assert found.written_at.utcoffset() == timedelta(hours=8)


async def test_save__the_same_bytes_again_change_nothing(store: Store) -> None:
    first = await load(store, digest())
    again = await load(store, digest(), now=LATER)
    assert (first.outcome, again.outcome) == (Outcome.NEW, Outcome.UNCHANGED)
    assert (again.revision, again.published) == (1, True)
    (publication,) = (await store.digests.publications([TODAY])).values()
    assert publication.published_at == MORNING


async def test_save__other_bytes_are_a_new_revision_and_the_old_one_is_kept(store: Store) -> None:
    await load(store, digest())
    (before,) = (await store.digests.publications([TODAY])).values()
    saved = await load(store, digest(word="fix"), now=LATER)
    (after,) = (await store.digests.publications([TODAY])).values()
    assert (saved.outcome, saved.revision) == (Outcome.REVISED, 2)
    assert await store.digests.revision(before.revision_id) == digest()
    assert await store.digests.published(TODAY) == digest(word="fix")
    assert after.published_at == before.published_at == MORNING


@pytest.mark.parametrize(("left", "refused"), [(6, False), (5, True), (1, True), (12, False)])
async def test_save__a_revision_that_lost_half_wants_force(store: Store, left: int, *, refused: bool) -> None:
    await load(store, digest(items=10))
    shrunk = digest(items=left, word="fix")
    if not refused:
        assert (await load(store, shrunk, force=False)).revision == 2
        return
    with pytest.raises(BadDocument, match=f"only {left} of the 10 items") as caught:
        await load(store, shrunk, force=False)
    assert "--force" in caught.value.problems[0].mend
    assert await store.digests.published(TODAY) == digest(items=10)
    assert (await load(store, shrunk, force=True)).revision == 2


async def test_save__a_refused_revision_leaves_no_trace(store: Store) -> None:
    await load(store, digest(items=10))
    brought = Category(slug="new-here", zh="新", en="New")
    with pytest.raises(BadDocument):
        await store.digests.save(
            digest(items=1, slug="new-here"), source=b"x", origin="test", categories=[brought], now=LATER
        )
    assert "new-here" not in {category.slug for category in await store.categories.all()}


async def test_save__a_draft_is_not_published(store: Store) -> None:
    saved = await load(store, digest(), publish=False)
    assert not saved.published
    assert await store.digests.published(TODAY) is None
    assert await store.digests.publications([TODAY]) == {}
    assert await store.digests.days() == ()


async def test_save__a_draft_of_a_published_day_leaves_what_readers_see(store: Store) -> None:
    await load(store, digest())
    await load(store, digest(word="draft"), publish=False)
    assert await store.digests.published(TODAY) == digest()


async def test_save__a_draft_loaded_again_to_be_published_is(store: Store) -> None:
    await load(store, digest(), publish=False)
    saved = await load(store, digest(), now=LATER)
    assert (saved.outcome, saved.published) == (Outcome.UNCHANGED, True)
    (publication,) = (await store.digests.publications([TODAY])).values()
    assert publication.published_at == LATER


async def test_publish__publishes_the_newest_draft_once(store: Store) -> None:
    await load(store, digest(), publish=False)
    await load(store, digest(word="better"), publish=False)
    assert await store.digests.publish(TODAY, LATER) == 2
    assert await store.digests.publish(TODAY, LATER) is None
    assert await store.digests.publish(date(2030, 1, 1), LATER) is None
    assert await store.digests.published(TODAY) == digest(word="better")


async def test_days__newest_first_by_pages(store: Store) -> None:
    for back in range(5):
        await load(store, digest(TODAY - timedelta(days=back), items=back + 1))
    await load(store, digest(TODAY + timedelta(days=1)), publish=False)
    first = await store.digests.days(limit=2)
    second = await store.digests.days(before=first[-1].day, limit=2)
    assert [(line.day.day, line.items) for line in first + second] == [(12, 1), (11, 2), (10, 3), (9, 4)]
    assert first[0].title == f"News of {TODAY}"


async def test_line__of_a_day_that_is_published(store: Store) -> None:
    for day in (TODAY, date.max):
        await load(store, digest(day, items=3))
        line = await store.digests.line(day)
        assert line
        assert (line.day, line.items) == (day, 3)
    await load(store, digest(date.min), publish=False)
    assert await store.digests.line(date.min) is None


async def test_around__the_nearest_published_days(store: Store) -> None:
    for day in (2, 5, 9):
        await load(store, digest(date(2025, 10, day)))
    await load(store, digest(date(2025, 10, 6)), publish=False)
    assert await store.digests.around(date(2025, 10, 5)) == (date(2025, 10, 2), date(2025, 10, 9))
    assert await store.digests.around(date(2025, 10, 1)) == (None, date(2025, 10, 2))
    assert await store.digests.around(date(2025, 10, 10)) == (date(2025, 10, 9), None)


async def test_latest_items__of_published_revisions_alone_newest_first(store: Store) -> None:
    await load(store, digest(date(2025, 10, 10), items=2, slug="chips"))
    await load(store, digest(date(2025, 10, 11), items=2, slug="policy"))
    await load(store, digest(TODAY, items=1, slug="chips", word="old"))
    await load(store, digest(TODAY, items=1, slug="chips", word="new"))
    await load(store, digest(date(2025, 10, 13), items=1, slug="chips"), publish=False)
    found = await store.digests.latest_items("chips", limit=2)
    assert [(day.day, item.title.split()[0], item.number) for day, item in found] == [(12, "new", 1), (10, "story", 1)]


async def test_headings__of_published_revisions_alone_without_their_text(store: Store) -> None:
    for day in (10, 11, 12):
        await load(store, digest(date(2025, 10, day), items=12))
    await load(store, digest(TODAY, items=2, word="new"))
    await load(store, digest(date(2025, 10, 13)), publish=False)
    found = await store.digests.headings([TODAY, date(2025, 10, 10), date(2025, 10, 13)])
    assert {day.day: [item.number for item in items] for day, items in found.items()} == {
        10: [*range(1, 13)],
        12: [1, 2],
    }
    assert found[TODAY][1] == Item(number=2, title="new 2 of 2025-10-12", url="https://example.com/2025-10-12/2")


async def test_publications__only_of_the_days_asked_for(store: Store) -> None:
    await load(store, digest(date(2025, 10, 10)))
    await load(store, digest(TODAY), now=datetime(2025, 10, 12, 1, 11, 59, 123456, tzinfo=UTC))
    found = await store.digests.publications([TODAY, date(2025, 10, 13)])
    assert [(day, one.published_at) for day, one in found.items()] == [
        (TODAY, datetime(2025, 10, 12, 1, 11, 59, 123456, tzinfo=UTC))
    ]


async def test_follow__the_taxonomy_orders_and_keeps_what_documents_brought(store: Store) -> None:
    taxonomy = [Category(slug="b", zh="乙", en="B", aliases=("bb",)), Category(slug="a", zh="甲", en="A")]
    await store.categories.follow(taxonomy)
    brought = Category(slug="own", zh="自", en="Own")
    await store.digests.save(
        digest(slug="own"), source=b"1", origin="test", categories=[brought, *taxonomy], now=MORNING
    )
    assert await store.categories.all() == (*taxonomy, brought)
    await store.categories.follow([Category(slug="a", zh="甲二", en="A2")])
    first, *others = await store.categories.all()
    assert (first.slug, first.zh) == ("a", "甲二")
    assert {one.slug for one in others} == {"b", "own"}
    assert await store.categories.used() == {"own"}


async def test_categories__stand_where_it_was_said_they_would(store: Store) -> None:
    """Pinyin, by which a database may sort, has 阿 before 芯."""
    brought = [Category(slug="a", zh="阿", en="A"), Category(slug="x", zh="芯", en="X")]
    said = await store.categories.all(brought)
    await store.digests.save(digest(slug="a"), source=b"1", origin="test", categories=brought, now=MORNING)
    assert await store.categories.all() == said == (brought[1], brought[0])
