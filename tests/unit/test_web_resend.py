"""Sending again from the page of this morning, over a real socket."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import ChatGone, Rejected
from bot.models import DeliveryState
from bot.web import kept, morning
from tests.fakes import TODAY
from tests.unit.delivering import World, world
from tests.unit.pages import Visitor, figures, serve, visiting

BLOCKED = ChatGone("Forbidden: bot was blocked by the user")
BAD = Rejected("can't parse entities")


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as place:
        yield place


@pytest.fixture
async def visitor(place: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Visitor]:
    monkeypatch.setattr(kept, "LEAST", 0.0)
    monkeypatch.setattr(kept, "TIMES", 0)
    monkeypatch.setattr(morning, "LOOK_AGAIN", 0.02)
    async with visiting(place) as visitor:
        yield visitor


async def test_resend__is_seen_at_once_even_where_looking_is_slow(
    place: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "LEAST", 60.0)
    place.platform.script("2", BAD, BAD)
    await serve(place)
    async with visiting(place) as visitor:
        assert (await figures(visitor))["Failed"] == "1"
        await visitor.post("/morning/resend", day=str(TODAY))
        assert (await figures(visitor))["Failed"] == "0"


async def test_resend__asks_first_and_says_whom_it_reaches(visitor: Visitor) -> None:
    place = visitor.world
    place.platform.script("2", BAD, BAD)
    place.platform.script("3", BLOCKED)
    await serve(place)
    page = await visitor.get("/morning")
    (link,) = [link for link in page.links() if link.startswith("/morning/resend")]
    asked = await visitor.get(link)
    assert "did not get through to 1 chat." in asked.text
    assert "Left out, because it is paused: 1 chat." in asked.text
    assert (await place.line(2)).state is DeliveryState.FAILED, "nothing was done yet"
    done = await visitor.post("/morning/resend", day=str(TODAY))
    assert "The digest goes out again to 1 chat within seconds." in done.text
    assert (await place.line(2)).state is DeliveryState.PLANNED
    await place.rounds()
    assert (await place.line(2)).state is DeliveryState.SENT
    assert "/morning/resend" not in (await visitor.get("/morning")).html


async def test_resend__on_one_platform_alone(visitor: Visitor) -> None:
    place = visitor.world
    place.platform.script("1", BAD, BAD)
    await serve(place, 1)
    done = await visitor.post("/morning/resend", day=str(TODAY), platform="telegram")
    assert "Nothing of this day is to be sent again." in done.text
    assert (await place.line(1)).state is DeliveryState.FAILED
    assert "Nothing of Sun 12 Oct 2025" in (await visitor.get(f"/morning/resend?day={TODAY}&platform=telegram")).text


async def test_resend__needs_the_mark_of_our_page(visitor: Visitor) -> None:
    visitor.world.platform.script("1", BAD, BAD)
    await serve(visitor.world, 1)
    assert (await visitor.post("/morning/resend", mark=False, day=str(TODAY))).status == 403
    assert (await visitor.world.line(1)).state is DeliveryState.FAILED


async def test_resend__of_no_day_says_how_to_write_one(visitor: Visitor) -> None:
    page = await visitor.post("/morning/resend", day="yesterday")
    assert (page.status, page.html) == (400, "Which day? Write it as 2025-10-12.\n")
    assert (await visitor.get("/morning/resend")).status == 400


@pytest.mark.parametrize("typed", ["-1", "1e9", "99999999", "x", "٣"])
async def test_resent__a_number_that_is_none_is_not_told(visitor: Visitor, typed: str) -> None:
    assert "goes out again" not in (await visitor.get(f"/morning?resent={typed}")).text
