"""An operator's word on categories, said in chat: by buttons in place, or in one line."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.categories import default_taxonomy
from bot.commands.words import Verdict, read_verdict
from bot.errors import BadCommand
from bot.models import Category, DeliveryState, Reply
from bot.store import Store
from tests.fakes import document, intake
from tests.unit.commanding import GROUP, MORNING, TODAY, Room, presses, ticked
from tests.unit.operating import EIGHT, operated_room, planned, settle, subscribed

CATEGORIES = default_taxonomy().categories
NEXT = date(2025, 10, 13)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """A room whose digest of today has three stories of chips."""
    async with operated_room(tmp_path) as opened:
        await load(opened.store)
        yield opened


async def load(
    store: Store, day: date = TODAY, *, items: int = 3, lead: str = "The lead", publish: bool = True
) -> None:
    text = document(word="Nvidia GPU", day=str(day), items=items).replace("The lead", lead)
    loaded = await intake(store).take(text.encode(), origin=f"{day}.md", publish=publish, force=True)
    assert loaded.saved


async def slugs(room: Room, day: date = TODAY) -> list[tuple[str, ...]]:
    found = await room.store.digests.published(day)
    assert found
    return [item.categories for item in found.items]


async def sent(room: Room) -> None:
    """Let two chats have today's digest."""
    await subscribed(room, 1, 2, slot=EIGHT)
    assert await planned(room) == 2
    await settle(room, DeliveryState.SENT)


def pressing(reply: Reply, act: str) -> str:
    (found,) = [press for press in presses(reply) if press.endswith(act)]
    return found


# ------------------------------------------------------------------ choosing the item


@pytest.mark.parametrize("typed", ["/categorise", "/categorise 10-12", "/categorise 2025-10-12"])
async def test_categorise__lists_the_items_of_the_day(room: Room, typed: str) -> None:
    reply = await room.ask(typed)
    said = room.said(reply, "en")
    assert "3. Nvidia GPU 3 · Chips" in said
    assert [button.values["number"] for row in reply.buttons for button in row] == [1, 2, 3]
    one = await room.ask(presses(reply)[1])
    assert "<b>2. Nvidia GPU 2</b>" in room.said(one)


async def test_categorise__many_items_are_paged(room: Room) -> None:
    await load(room.store, NEXT, items=33)
    first = await room.ask(f"/categorise {NEXT}")
    assert len(presses(first)) == 16
    second = await room.ask(presses(first)[-1])
    third = await room.ask(presses(second)[-1])
    numbers = [
        button.values["number"]
        for reply in (second, third)
        for row in reply.buttons
        for button in row
        if button.label == "item"
    ]
    assert numbers == list(range(16, 34))
    assert presses(third)[-1] == f"categorise {NEXT}"


async def test_preview__leads_to_it(room: Room) -> None:
    reply = await room.ask("/preview")
    assert (await room.ask(presses(reply)[-1])).template == "categorise"


# ------------------------------------------------------------------ ticking


async def test_categorise__ticks_and_unticks_in_place(room: Room) -> None:
    reply = await room.ask("/categorise 10-12 2")
    assert [button.values["slug"] for button in ticked(reply)] == ["chips"]
    reply = await room.ask(pressing(reply, "add policy"))
    assert [button.values["slug"] for button in ticked(reply)] == ["chips", "policy"]
    assert await slugs(room) == [("chips",), ("chips", "policy"), ("chips",)]
    reply = await room.ask(pressing(reply, "first policy"))
    assert (await slugs(room))[1] == ("policy", "chips")
    again = await room.ask(pressing(reply, "drop chips"))
    await room.ask(pressing(reply, "drop chips"))
    assert (await slugs(room))[1] == ("policy",)
    assert "a person said so" in room.said(again, "en")
    reset = await room.ask(pressing(again, "reset"))
    assert (await slugs(room))[1] == ("chips",)
    assert not [press for press in presses(reset) if press.endswith("reset")]
    assert "the rules" in room.said(reset, "en")


async def test_categorise__the_last_one_unticked_leaves_it_in_none(room: Room) -> None:
    reply = await room.ask("/categorise 10-12 1")
    gone = await room.ask(pressing(reply, "drop chips"))
    assert (await slugs(room))[0] == ()
    assert "no category · a person said so" in room.said(gone, "en")


async def test_categorise__is_signed_until_the_operator_is_forgotten(room: Room) -> None:
    await room.ask("/categorise 10-12 2 policy")
    (verdict,) = (await room.store.verdicts.of(TODAY)).values()
    assert (verdict.slugs, verdict.by, verdict.at) == (("policy",), "telegram:7", MORNING)
    await room.ask("/subscribe")
    asked = await room.ask("/forget")
    await room.ask(presses(asked)[0])
    (verdict,) = (await room.store.verdicts.of(TODAY)).values()
    assert (verdict.slugs, verdict.by) == (("policy",), "")


async def test_categorise__is_unsigned_for_an_operator_who_never_subscribed(room: Room) -> None:
    await room.ask("/categorise 10-12 2 policy")
    asked = await room.ask("/forget")
    assert "the categories of 1 item" in room.said(asked, "en")
    assert "its number" not in room.said(asked, "en")
    assert "the categories of 1 item" in room.said(await room.ask(presses(asked)[0]), "en")
    assert [verdict.by for verdict in (await room.store.verdicts.of(TODAY)).values()] == [""]
    assert (await room.ask("/forget")).template == "forgotten"


async def test_categorise__who_signed_is_not_forgotten_with_a_group(room: Room) -> None:
    await room.ask("/categorise 10-12 2 policy")
    await room.ask("/subscribe", chat=GROUP)
    asked = await room.ask("/forget", chat=GROUP)
    assert "categories of" not in room.said(asked, "en")
    await room.ask(presses(asked)[0], chat=GROUP)
    assert [verdict.by for verdict in (await room.store.verdicts.of(TODAY)).values()] == ["telegram:7"]


async def test_categorise__shows_the_terms_that_decided(room: Room) -> None:
    said = room.said(await room.ask("/categorise 10-12 1"), "en")
    assert "✓ Chips" in said
    assert "GPU" in said[said.index("✓ Chips") :]


async def test_categorise__a_term_that_decided_in_title_and_text_is_named_once(room: Room) -> None:
    text = document(word="芯片 Nvidia GPU")
    assert (await intake(room.store).take(text.encode(), origin="x.md", force=True)).saved
    said = room.said(await room.ask("/categorise 10-12 1"), "en")
    (line,) = [line for line in said.splitlines() if line.startswith("✓ Chips")]
    named = line.partition(": ")[2].removesuffix(" …").split(", ")
    assert len(named) == len(set(named))


# ------------------------------------------------------------------ what it does to others


async def test_categorise__what_chats_have_follows_only_when_it_is_confirmed(room: Room) -> None:
    await sent(room)
    reply = await room.ask("/categorise 10-12 1 政策监管")
    assert await slugs(room) == [("chips",)] * 3
    assert "Not in force yet: 1 item of that day" in room.said(reply, "en")
    more = await room.ask("/categorise 10-12 2 safety chips")
    assert "Not in force yet: 2 items" in room.said(more, "en")
    (apply,) = [button for row in more.buttons for button in row if button.label == "apply"]
    assert apply.values["number"] == 2
    done = await room.ask(apply.press)
    assert "The messages of 2 chats follow" in room.said(done, "en")
    assert await slugs(room) == [("policy",), ("safety", "chips"), ("chips",)]
    assert await planned(room) == 2
    late = await room.ask(apply.press)
    assert "out of date" in room.said(late, "en")


async def test_categorise__a_button_about_another_revision_applies_nothing(room: Room) -> None:
    await sent(room)
    reply = await room.ask("/categorise 10-12 1 policy")
    (apply,) = [press for press in presses(reply) if "apply" in press]
    await load(room.store, lead="A lead")
    assert (await slugs(room))[0] == ("policy",), "a new document takes the word along"
    await room.ask("/categorise 10-12 2 policy")
    assert "out of date" in room.said(await room.ask(apply), "en")
    assert (await slugs(room))[1] == ("chips",)


async def test_categorise__a_button_follows_its_story_to_another_number(room: Room) -> None:
    reply = await room.ask("/categorise 10-12 3")
    text = document(word="Nvidia GPU", items=2).replace("/2)", "/3)")
    loaded = await intake(room.store).take(text.encode(), origin="x.md", force=True)
    assert loaded.saved
    await room.ask(pressing(reply, "add policy"))
    assert await slugs(room) == [("chips",), ("chips", "policy")]


async def test_categorise__a_button_about_a_story_that_is_gone_shows_those_there_are(room: Room) -> None:
    reply = await room.ask("/categorise 10-12 3")
    await load(room.store, items=2)
    late = await room.ask(pressing(reply, "add policy"))
    assert (late.template, late.values["stale"]) == ("categorise", True)
    assert await slugs(room) == [("chips",)] * 2


async def test_categorise__a_draft_and_a_retracted_digest(room: Room) -> None:
    await load(room.store, NEXT, publish=False)
    said = room.said(await room.ask(f"/categorise {NEXT} 1 policy"), "en")
    assert "still a draft" in said
    await room.store.digests.publish(NEXT, room.now)
    assert (await slugs(room, NEXT))[0] == ("policy",)
    await room.store.digests.retract(NEXT)
    said = room.said(await room.ask(f"/categorise {NEXT} 1 safety"), "en")
    assert "once it is loaded again" in said


# ------------------------------------------------------------------ words


async def test_categorise__in_one_line_and_back(room: Room) -> None:
    await room.ask("/categorise 第2条 安全 芯片技术")
    assert (await slugs(room))[1] == ("safety", "chips")
    await room.ask("/categorise 2 none")
    assert (await slugs(room))[1] == ()
    await room.ask("/categorise 2 重置")
    assert (await slugs(room))[1] == ("chips",)


async def test_categorise__wrong_words_change_nothing(room: Room) -> None:
    unknown = await room.ask("/categorise 10-12 1 芯片枝术")
    assert (unknown.template, unknown.values["near"]) == ("unknown_category", True)
    meant = await room.ask(presses(unknown)[0])
    assert meant.template == "categorise_item"
    assert "There is no item 9" in room.said(await room.ask("/categorise 10-12 9 chips"), "en")
    assert (await room.ask("/categorise 2025-01-01 1 chips")).template == "nothing_loaded"
    assert await slugs(room) == [("chips",)] * 3


async def test_categorise__the_longest_slug_fits_a_button(room: Room) -> None:
    longest = Category(slug="a-slug-of-24-characters-", zh="长", en="Long")
    await room.store.categories.follow((*CATEGORIES, longest))
    await room.ask(f"/categorise 10-12 1 chips {longest.slug}")
    assert (await slugs(room))[0] == ("chips", longest.slug)


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ("", Verdict()),
        ("5", Verdict(number=5)),
        ("10-12 #5 芯片", Verdict(day=TODAY, number=5, slugs=("chips",))),
        ("chips 第5条 policy 10月12日", Verdict(day=TODAY, number=5, slugs=("chips", "policy"))),
        ("tomorrow 2 chips", Verdict(day=NEXT, number=2, slugs=("chips",))),
        ("10-13 2 chips", Verdict(day=NEXT, number=2, slugs=("chips",))),
        ("2025-10-30 1 无", Verdict(day=date(2025, 10, 30), number=1, slugs=())),
        ("10-12 5 reset", Verdict(day=TODAY, number=5, reset=True)),
        ("5 crisps", Verdict(number=5, unread=("crisps",))),
    ],
)
def test_read_verdict__forms(words: str, verdict: Verdict) -> None:
    assert read_verdict(words, TODAY, CATEGORIES) == verdict


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    words=st.text(max_size=40)
    | st.from_regex(
        r"(2025-10-12|9999-12-31|2025-13-45) "
        r"(~[0-9a-f]{7}( (add|drop|first|apply|reset|x)( [a-z0-9]{0,9})?)?|from [0-9]{1,3}|[0-9]{0,3})",
        fullmatch=True,
    )
)
async def test_categorise__never_raises_for_what_is_typed_or_pressed(room: Room, words: str) -> None:
    await room.ask(f"categorise {words}")
    assert await slugs(room) == [("chips",)] * 3


def test_read_verdict__an_impossible_day_is_told() -> None:
    with pytest.raises(BadCommand):
        read_verdict("2025-02-30 5", TODAY, CATEGORIES)
