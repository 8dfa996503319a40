"""Robots: keys that travel with the delivery, calls to people, cards, and corrections by a message of their own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.wecom import WecomDialect
from bot.errors import NotDelivered, Unknown
from bot.models import Chat, Digest, Format, Part, PartState
from tests.fakes import Arrived, FakePlatform, chat, digest, load, subscription
from tests.unit.correcting import LATER, correct, mended
from tests.unit.delivering import World, world

KEY = "a-key-of-a-robot"


def robot(address: str = "r-1") -> Chat:
    return replace(chat(address, platform="wecom"), credential=SecretStr(KEY + address))


@asynccontextmanager
async def robots(
    folder: Path,
    *,
    format: Format = Format.BRIEF,  # noqa: A002
    mention: tuple[str, ...] = (),
    one: Digest | None = None,
) -> AsyncIterator[World]:
    async with world(folder, FakePlatform(dialect=WecomDialect())) as place:
        await load(place.store, one or digest(), now=place.now)
        await place.subscribe(replace(subscription(robot(), format=format), mention=mention))
        await place.plan()
        yield place


def parts(place: World) -> list[Part]:
    return [message.part for message in place.platform.messages]


async def test_send__has_the_key_with_it(tmp_path: Path) -> None:
    async with robots(tmp_path) as place:
        await place.rounds()
        (message,) = place.platform.messages
        assert message.chat.credential is not None
        assert message.chat.credential.get_secret_value() == f"{KEY}r-1"
        assert KEY not in repr(message)
        assert await place.store.subscriptions.get(robot()) is not None


async def test_mention__comes_last_and_once(tmp_path: Path) -> None:
    async with robots(tmp_path, mention=("@all", "lisi")) as place:
        place.platform.script("r-1", *[NotDelivered("busy")])
        await place.rounds()
        said, call = parts(place)
        assert (said.mention, call.mention) == ((), ("@all", "lisi"))
        assert (call.number, call.of, said.of) == (2, 2, 2)
        assert call.markup == "The digest of Sun 12 Oct is here."
        (line,) = await place.ledger()
        assert line.parts == {1: (PartState.SENT, 1), 2: (PartState.SENT, 1)}


async def test_mention__that_is_unknown_is_sent_again_alone(tmp_path: Path) -> None:
    async with robots(tmp_path, mention=("@all",)) as place:
        place.platform.script("r-1", 0.0, Unknown("no answer"))
        await place.rounds()
        assert [bool(part.mention) for part in parts(place)] == [False, True]
        (line,) = await place.ledger()
        assert line.parts[2] == (PartState.SENT, 2)


async def test_mention__changed_meanwhile_is_not_of_what_was_begun(tmp_path: Path) -> None:
    async with robots(tmp_path, mention=("@all",)) as place:
        place.platform.script("r-1", 0.0, NotDelivered("busy"))
        await place.round()
        wish = await place.store.subscriptions.get(robot())
        assert wish is not None
        await place.store.subscriptions.put(replace(wish, mention=()))
        await place.rounds()
        assert [part.mention for part in parts(place)] == [(), ("@all",)]


async def test_mention__where_nobody_can_be_called_is_left_out(tmp_path: Path) -> None:
    async with world(tmp_path) as place:
        await load(place.store, digest(), now=place.now)
        await place.subscribe(replace(subscription(chat(1)), mention=("@all",)))
        await place.plan()
        await place.rounds()
        assert all(not part.mention for part in parts(place))


async def test_cards__are_stored_and_sent_as_they_were(tmp_path: Path) -> None:
    async with robots(tmp_path, format=Format.NEWS, one=digest(items=9)) as place:
        place.platform.script("r-1", 0.0, NotDelivered("busy"))
        await place.rounds()
        head, first, second = parts(place)
        assert (head.markup, len(first.cards), len(second.cards)) == ("## News of 2025-10-12", 8, 1)
        assert first.cards[0].url == "https://example.com/2025-10-12/1"


@pytest.mark.parametrize("wanted", [Format.BRIEF, Format.NEWS])
async def test_correct__a_short_message_names_what_changed(tmp_path: Path, wanted: Format) -> None:
    async with robots(tmp_path, format=wanted, mention=("@all",)) as place:
        await place.rounds()
        before = len(parts(place))
        assert await correct(place, mended(digest(), 2)) == 1
        (notice,) = parts(place)[before:]
        assert "**✎ Correction to the digest of Sun 12 Oct**" in notice.markup
        assert "2. [mended](https://example.com/2025-10-12/2)" in notice.markup
        assert not notice.mention


async def test_correct__a_long_list_of_changes_is_cut_by_bytes(tmp_path: Path) -> None:
    one = digest(items=60)
    async with robots(tmp_path, one=one) as place:
        await place.rounds()
        before = len(parts(place))
        changed = replace(one, items=tuple(replace(item, title=f"改{item.number}" * 12) for item in one.items))
        await correct(place, changed)
        notices = parts(place)[before:]
        assert len(notices) > 1
        assert all(len(part.markup.encode()) <= 4096 for part in notices)
        assert sum(part.markup.count("](https://") for part in notices) == 60


async def test_retract__overtaking_a_correction_is_told_once(tmp_path: Path) -> None:
    async with robots(tmp_path) as place:
        await place.rounds()
        place.now += LATER
        await load(place.store, mended(digest(), 2), now=place.now)
        assert await place.plan() == 1
        await place.store.digests.retract(digest().day)
        await place.rounds()
        place.now += LATER
        assert await place.plan() == 1
        await place.rounds()
        assert [part.markup[:3] for part in parts(place)] == ["## ", "The"]


async def test_retract__who_may_have_got_it_hears_of_it(tmp_path: Path) -> None:
    async with robots(tmp_path) as place:
        place.platform.script("r-1", Arrived(error=Unknown("timeout")))
        await place.round()
        await place.store.digests.retract(digest().day)
        await place.rounds()
        place.now += LATER
        await place.plan()
        await place.rounds()
        assert [part.markup[:3] for part in parts(place)] == ["## ", "The"]
        place.now += LATER
        assert await place.plan() == 0


async def test_retract__half_way_and_published_again_brings_the_whole(tmp_path: Path) -> None:
    async with robots(tmp_path, mention=("@all",)) as place:
        place.platform.script("r-1", 0.0, NotDelivered("busy"))
        await place.round()
        await place.store.digests.retract(digest().day)
        await place.rounds()
        place.now += LATER
        await place.plan()
        await place.rounds()
        await correct(place, mended(digest(), 2))
        first, notice, again, call = parts(place)
        assert (first.number, notice.markup[:12]) == (1, "The digest o")
        assert "mended" in again.markup
        assert call.mention == ("@all",)


async def test_retract__who_got_nothing_hears_nothing(tmp_path: Path) -> None:
    async with world(tmp_path, FakePlatform(dialect=WecomDialect())) as place:
        await load(place.store, digest(), now=place.now)
        await place.subscribe(subscription(robot(), categories=frozenset({"policy"}), format=Format.BRIEF))
        await place.plan()
        await place.rounds()
        place.now += LATER
        await load(place.store, mended(digest(), 2), now=place.now)
        assert await place.plan() == 1
        await place.store.digests.retract(digest().day)
        await place.rounds()
        assert parts(place) == []


async def test_retract__a_notice_follows(tmp_path: Path) -> None:
    async with robots(tmp_path) as place:
        await place.rounds()
        await place.store.digests.retract(digest().day)
        await place.plan()
        await place.rounds()
        assert parts(place)[-1].markup == "The digest of Sun 12 Oct was withdrawn by its publisher."
