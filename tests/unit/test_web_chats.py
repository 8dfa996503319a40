"""Why a chat got nothing, over a real socket: found by name or address, said in a sentence, without any secret."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.errors import Rejected
from bot.models import SubscriptionState
from tests.fakes import DAWN, TODAY, chat, digest, load, subscription
from tests.unit.delivering import World, world
from tests.unit.pages import Visitor, visiting

BAD = Rejected("can't parse entities")


@pytest.fixture
async def visitor(tmp_path: Path) -> AsyncIterator[Visitor]:
    async with world(tmp_path) as place, visiting(place) as visitor:
        yield visitor


async def serve(place: World, number: int = 5) -> None:
    """Publish today's, and let it go out to so many chats."""
    await load(place.store, digest(), now=DAWN)
    await place.subscribe(*(subscription(chat(one, title=f"Room {one}")) for one in range(1, number + 1)))
    await place.plan()
    await place.rounds()


async def test_chats__one_that_is_named_is_shown_at_once(visitor: Visitor) -> None:
    place = visitor.world
    place.platform.script("2", BAD, BAD)
    await serve(place)
    page = await visitor.get("/morning/chats?q=room+2")
    assert page.url == "/morning/chats/2"
    assert "Today's digest could not be delivered." in page.text
    assert "can't parse entities" in page.text


async def test_chats__several_are_listed_and_no_sign_is_a_wildcard(visitor: Visitor) -> None:
    await visitor.world.subscribe(*(subscription(chat(one, title=f"Room {one}")) for one in (1, 2)))
    page = await visitor.get("/morning/chats?q=ROOM")
    assert [link for link in page.links() if link.startswith("/morning/chats/")] == [
        "/morning/chats/1",
        "/morning/chats/2",
    ]
    for nobody in ("%25", "_", "<b>"):
        page = await visitor.get(f"/morning/chats?q={nobody}")
        assert "No chat has" in page.text
        assert "<b>" not in page.html


async def test_chats__by_address(visitor: Visitor) -> None:
    await visitor.world.subscribe(subscription(chat("-1001234")), subscription(chat("-1009999")))
    assert (await visitor.get("/morning/chats?q=1234")).url == "/morning/chats/1"


async def test_chat__says_why_when_nothing_was_sent(visitor: Visitor) -> None:
    place = visitor.world
    await place.subscribe(subscription(chat(1), state=SubscriptionState.OFF), subscription(chat(2)))
    assert "Its reader unsubscribed" in (await visitor.get("/morning/chats/1")).text
    assert "Nothing is published for Sun 12 Oct 2025 yet." in (await visitor.get("/morning/chats/2")).text


async def test_chat__shows_its_wishes_and_its_last_deliveries(visitor: Visitor) -> None:
    await serve(visitor.world, 1)
    page = await visitor.get("/morning/chats/1")
    for said in ("08:00, Shanghai time · every day", "All categories", "Full text", "Sun 12 Oct 2025", "delivered"):
        assert said in page.text
    assert f"/archive/{TODAY}" in page.links()


async def test_chat__the_key_of_a_robot_is_masked(visitor: Visitor) -> None:
    key = "693a91f6-7aaa-4bc4-97a0-0ec2sifa5a1b2"
    robot = replace(chat("grp-1", platform="wecom", title="Lab"), credential=SecretStr(key))
    await visitor.world.subscribe(subscription(robot))
    page = await visitor.get("/morning/chats/1")
    assert "…a1b2" in page.text
    assert key not in page.html
    assert "No chat has" in (await visitor.get(f"/morning/chats?q={key[:12]}")).text


async def test_chat__that_there_is_not(visitor: Visitor) -> None:
    assert (await visitor.get("/morning/chats/77")).status == 404
