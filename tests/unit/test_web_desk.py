"""`POST /digests`: every answer it has, over a real socket."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.models import Subscription
from bot.store import Outcome
from bot.web.server import MOST_BYTES
from tests.fakes import TODAY, FakePlatform, chat, document, subscription, titles
from tests.unit.delivering import World
from tests.unit.website import PASSWORD, Website, website

BEARER = {"Authorization": f"Bearer {PASSWORD}"}
MIB = 1024 * 1024


@pytest.fixture
async def locked(tmp_path: Path) -> AsyncIterator[Website]:
    async with website(tmp_path, password=PASSWORD) as there:
        there.session.cookie_jar.clear()
        yield there


async def send(there: Website, source: bytes | str, query: str = "", **headers: str) -> tuple[int, Any]:
    body = io.BytesIO(source.encode() if isinstance(source, str) else source)
    async with there.session.post(f"/digests{query}", data=body, headers={**BEARER, **headers}) as response:
        is_json = response.content_type == "application/json"
        return response.status, await response.json() if is_json else await response.text()


async def serve(there: Website, *those: Subscription, platform: FakePlatform) -> None:
    """Let the platform's chats have what is published."""
    world = World(there.at.store, platform, now=there.now)
    await world.subscribe(*those)
    await world.plan()
    await world.rounds()


async def test_digest__new_then_unchanged_then_revised(locked: Website) -> None:
    told = {"outcome": "new", "day": "2025-10-12", "revision": 1, "published": True, "touches": {}, "problems": []}
    assert await send(locked, document()) == (201, told)
    assert await send(locked, document()) == (200, told | {"outcome": "unchanged"})
    assert await send(locked, document("Mended")) == (200, told | {"outcome": "revised", "revision": 2})
    assert await titles(locked.at.store) == ["Mended 1", "Mended 2", "Mended 3"]


async def test_digest__as_curl_sends_it(locked: Website) -> None:
    status, told = await send(locked, document(), **{"Content-Type": "application/x-www-form-urlencoded"})
    assert (status, told["outcome"]) == (201, "new")


async def test_digest__a_draft_is_published_when_the_same_comes_again(locked: Website) -> None:
    status, told = await send(locked, document(), "?draft=1")
    assert (status, told["published"]) == (201, False)
    assert await titles(locked.at.store) == []
    status, told = await send(locked, document())
    assert (status, told["outcome"], told["published"]) == (200, "unchanged", True)
    assert len(await titles(locked.at.store)) == 3


async def test_digest__the_name_may_carry_the_date_and_is_kept(locked: Website) -> None:
    undated = document().replace("date: 2025-10-12T08:00:00+08:00\n", "").replace("News of 2025-10-12", "News")
    status, told = await send(locked, undated)
    assert (status, told["outcome"]) == (422, "refused")
    status, told = await send(locked, undated, "?name=C:\\digests\\2025-10-12.md")
    assert (status, told["day"]) == (201, "2025-10-12")
    newest = await locked.at.store.digests.newest(TODAY)
    assert newest
    assert (await locked.at.store.shelf.document(newest.revision_id)).origin == "http/2025-10-12.md"


@pytest.mark.parametrize("source", [b"", b"an essay", b"<html><h1>502 Bad Gateway</h1></html>", b"\xff\x00" * 50])
async def test_refused__names_every_problem_by_line_and_leaves_the_good_one(locked: Website, source: bytes) -> None:
    await send(locked, document())
    status, told = await send(locked, source)
    assert (status, told["outcome"], told["day"]) == (422, "refused", None)
    assert all(set(problem) == {"line", "severity", "what", "mend"} for problem in told["problems"])
    assert any(problem["severity"] == "error" and problem["line"] >= 1 for problem in told["problems"])
    assert len(await titles(locked.at.store)) == 3


async def test_refused__half_the_items_gone_until_forced(locked: Website) -> None:
    await send(locked, document(items=6))
    status, told = await send(locked, document(items=3))
    assert status == 422
    assert "force=1" in told["problems"][0]["mend"]
    assert (await send(locked, document(items=3), "?force=1"))[0] == 200


async def test_large__two_mib_are_judged_and_not_a_byte_more(locked: Website) -> None:
    whole = document().encode()
    status, told = await send(locked, whole + b" " * (2 * MIB - len(whole)))
    assert (status, told["outcome"]) == (201, "new")
    for length in (2 * MIB + 1, MOST_BYTES + MIB):
        status, told = await send(locked, whole + b" " * (length - len(whole)))
        assert (status, told["outcome"]) == (413, "refused")
        assert told["problems"][0]["what"] == "larger than 2048 KiB"


async def test_stranger__is_turned_away(locked: Website) -> None:
    for headers in ({}, {"Authorization": f"Bearer {PASSWORD}x"}, {"Authorization": f"Basic {PASSWORD}"}):
        async with locked.session.post("/digests", data=document(), headers=headers) as response:
            assert response.status == 401
            assert "Bearer" in await response.text()
    assert await titles(locked.at.store) == []


async def test_page__needs_the_mark_of_its_session(tmp_path: Path) -> None:
    async with website(tmp_path) as there:
        await there.get("/preview")
        async with there.session.post("/digests", data=document()) as response:
            assert response.status == 403
            assert "DIGESTBOT_WEB_TOKEN" in await response.text()
        async with there.session.post(
            "/digests", data=document(), headers={"X-Digestbot-Mark": there.mark}
        ) as response:
            assert response.status == 201


async def test_query__a_misspelt_word_is_named(locked: Website) -> None:
    status, text = await send(locked, document(), "?drafts=1")
    assert status == 400
    assert "drafts" in text
    assert "draft=1" in text
    assert (await send(locked, document(), "?draft=perhaps"))[0] == 400
    assert await titles(locked.at.store) == []


async def test_correction__says_whom_it_touches(locked: Website) -> None:
    await send(locked, document())
    await serve(locked, *(subscription(chat(number)) for number in range(2)), platform=FakePlatform())
    assert (await send(locked, document()))[1]["touches"] == {}
    _, told = await send(locked, document("Mended"))
    assert told["touches"] == {"console": 2}
    _, told = await send(locked, document("Mended again"), "?edit=0")
    assert (told["outcome"], told["touches"]) == (Outcome.REVISED, {})
    assert [head.corrects for head in await locked.at.store.corrections.heads(TODAY)] == [False]
