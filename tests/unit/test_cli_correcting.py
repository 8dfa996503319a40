"""Loading a correction, retracting and sending again, by the command line."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
import typer

from bot.models import Chat, DeliveryState, SubscriptionState
from bot.schedule import Due
from bot.store import Store
from tests.fakes import LONG_AGO, SHANGHAI_EIGHT, subscription
from tests.unit.commandline import SAMPLE, CommandLine

T = TypeVar("T")
NOW = datetime.now(UTC)
DAY = "2025-10-13"

DOCUMENT = """---
title: "{title}"
date: 2025-10-13T07:42:18+08:00
---

The lead.

---

1.  [**One**](https://example.com/1)

    It happened.

2.  [**Two**](https://example.com/2)

    It happened too.
"""


def stored(digestbot: CommandLine, work: Callable[[Store], Awaitable[T]]) -> T:
    """Do something with the store between two commands."""

    async def once() -> T:
        store = await Store.open(digestbot.url)
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(once())


def chat(number: int, platform: str = "telegram") -> Chat:
    return Chat(platform=platform, address=str(number))


async def deliver(store: Store, *chats: Chat, state: DeliveryState = DeliveryState.SENT) -> None:
    """Let the day's digest have gone to `chats` just now, ending in `state`."""
    for one in chats:
        await store.subscriptions.put(subscription(one, since=LONG_AGO))
    day = datetime.fromisoformat(DAY).date()
    published = (await store.digests.publications([day]))[day]
    ((slot_id, _),) = await store.deliveries.slots()
    due = Due(slot_id=slot_id, day=day, revision_id=published.revision_id, fell_due=NOW, deadline=NOW)
    assert await store.deliveries.plan([due], NOW) == len(chats)
    for platform in {one.platform for one in chats}:
        for delivery in await store.deliveries.claim(platform, "test", NOW, 100):
            if state is DeliveryState.SENT:
                await store.deliveries.sending(delivery, 1, ledger=delivery.id, again=False, now=NOW)
                store.deliveries.show(delivery, 1, ledger=delivery.id, message_id="1", shows="x", now=NOW)
            await store.deliveries.settle(delivery, state, code="x", error="lost", now=NOW)


def states(digestbot: CommandLine) -> dict[tuple[str, DeliveryState], int]:
    day = datetime.fromisoformat(DAY).date()
    return stored(digestbot, lambda store: _counts(store, day))


async def _counts(store: Store, day: object) -> dict[tuple[str, DeliveryState], int]:
    return dict(await store.status.counts(day))  # type: ignore[arg-type]


@pytest.fixture
def file(digestbot: CommandLine) -> Path:
    """A digest that is loaded, and nobody has yet."""
    file = digestbot.write(f"{DAY}.md", DOCUMENT.format(title="First"))
    assert digestbot("load", file).code == 0
    return file


# ------------------------------------------------------------------ load


def test_load__says_what_a_correction_will_touch(digestbot: CommandLine, file: Path) -> None:
    stored(digestbot, lambda store: deliver(store, chat(1), chat(2)))
    file.write_text(DOCUMENT.format(title="Second"))
    loaded = digestbot("load", file)
    assert loaded.code == 0
    assert f"{DAY}: a new revision edits the messages of 2 chats (telegram 2)" in loaded.err
    assert "edits" not in digestbot("load", file).err


def test_load__of_a_new_day_or_one_that_nobody_has_touches_nothing(digestbot: CommandLine, file: Path) -> None:
    file.write_text(DOCUMENT.format(title="Second"))
    assert "edits" not in digestbot("load", file).err


def test_load__no_edit_says_what_stays_and_is_kept(digestbot: CommandLine, file: Path) -> None:
    stored(digestbot, lambda store: deliver(store, chat(1)))
    file.write_text(DOCUMENT.format(title="Second"))
    loaded = digestbot("load", "--no-edit", file)
    assert "the messages of 1 chat (telegram 1) stay as they are (--no-edit)" in loaded.err
    (head,) = stored(digestbot, lambda store: store.corrections.heads(LONG_AGO.date()))
    assert not head.corrects


def test_load__no_edit_holds_for_a_draft_of_the_same_bytes_too(digestbot: CommandLine, file: Path) -> None:
    stored(digestbot, lambda store: deliver(store, chat(1)))
    file.write_text(DOCUMENT.format(title="Second"))
    assert "this draft, once published, edits the messages of 1 chat" in digestbot("load", "--draft", file).err
    digestbot("load", "--no-edit", file)
    (head,) = stored(digestbot, lambda store: store.corrections.heads(LONG_AGO.date()))
    assert (head.published, head.corrects) == (True, False)


def test_load__json_counts_what_it_touches(digestbot: CommandLine, file: Path) -> None:
    stored(digestbot, lambda store: deliver(store, chat(1), chat(2, "console")))
    file.write_text(DOCUMENT.format(title="Second"))
    assert digestbot("load", "--json", file).json["touches"] == {"telegram": 1, "console": 1}


def test_load__a_refused_correction_touches_nothing(digestbot: CommandLine, file: Path) -> None:
    stored(digestbot, lambda store: deliver(store, chat(1)))
    file.write_text(DOCUMENT.format(title="Short").split("2.  [")[0])
    loaded = digestbot("load", "--json", file)
    assert (loaded.code, loaded.json["touches"]) == (1, {})


def test_publish__says_what_the_draft_changes(digestbot: CommandLine, file: Path) -> None:
    stored(digestbot, lambda store: deliver(store, chat(1)))
    file.write_text(DOCUMENT.format(title="Second"))
    digestbot("load", "--draft", file)
    assert "It edits the messages of 1 chat (telegram 1)." in digestbot("publish", DAY).out


# ------------------------------------------------------------------ retract


def test_retract__says_how_far_it_reaches_and_needs_a_yes(digestbot: CommandLine, file: Path) -> None:
    assert file.exists()
    stored(digestbot, lambda store: deliver(store, chat(1), chat(2)))
    asked = digestbot("retract", DAY)
    assert asked.code == 1
    assert "is in 2 chats (telegram 2); 0 more wait for it" in asked.out
    assert "--yes" in asked.err
    assert DAY in digestbot("days").out
    digestbot.set(telegram_token="12345678:" + "Ab-" * 12)
    done = digestbot("retract", DAY, "--yes")
    assert (done.code, f"Retracted revision 1 of {DAY}." in done.out) == (0, True)
    assert "Nobody is sending to Telegram" in done.err
    assert DAY not in digestbot("days").out


@pytest.mark.parametrize(("answer", "code"), [(True, 0), (False, 1)])
def test_retract__asks_at_a_terminal(
    digestbot: CommandLine, file: Path, monkeypatch: pytest.MonkeyPatch, *, answer: bool, code: int
) -> None:
    assert file.exists()
    asked: list[str] = []

    def confirm(question: str, **_how: object) -> bool:
        asked.append(question)
        return answer

    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr(typer, "confirm", confirm)
    assert digestbot("retract", DAY).code == code
    assert len(asked) == 1
    assert (DAY in digestbot("days").out) is not answer


def test_retract__of_a_day_without_a_digest(digestbot: CommandLine) -> None:
    digestbot("load", SAMPLE)
    ended = digestbot("retract", "2025-10-01", "--yes")
    assert (ended.code, "nothing is published for 2025-10-01" in ended.err) == (1, True)


# ------------------------------------------------------------------ resend


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.EXPIRED])
def test_resend__plans_what_did_not_get_through(digestbot: CommandLine, file: Path, state: DeliveryState) -> None:
    assert file.exists()
    stored(digestbot, lambda store: deliver(store, chat(1), chat(2), chat(3, "console"), state=state))
    digestbot.set(telegram_token="12345678:" + "Ab-" * 12)
    ended = digestbot("resend", DAY, "--failed", "--platform", "telegram")
    assert f"The digest of {DAY} goes out again to 2 chats (telegram 2)." in ended.out
    assert "Nobody is sending to Telegram" in ended.err
    assert states(digestbot) == {("telegram", DeliveryState.PLANNED): 2, ("console", state): 1}
    assert "to 1 chat (console 1)" in digestbot("resend", DAY, "--failed").out
    assert f"Nothing of {DAY} is to be sent again." in digestbot("resend", DAY, "--failed").out


def test_resend__leaves_out_the_paused_the_gone_and_the_sent_and_says_so(digestbot: CommandLine, file: Path) -> None:
    assert file.exists()

    async def work(store: Store) -> None:
        await deliver(store, chat(1), chat(2), state=DeliveryState.FAILED)
        await store.subscriptions.pause(chat(1), "blocked", NOW)
        off = subscription(chat(2), slot=SHANGHAI_EIGHT, state=SubscriptionState.OFF)
        await store.subscriptions.put(off)
        await deliver(store, chat(3))

    stored(digestbot, work)
    ended = digestbot("resend", DAY, "--failed")
    assert "Nothing of" in ended.out
    assert "because they are paused: 1 chat." in ended.err
    assert "because they left or the digest was retracted: 1 chat." in ended.err
    assert states(digestbot)["telegram", DeliveryState.SENT] == 1


def test_resend__a_retracted_digest_stays_where_it_is(digestbot: CommandLine, file: Path) -> None:
    assert file.exists()
    stored(digestbot, lambda store: deliver(store, chat(1), state=DeliveryState.FAILED))
    digestbot("retract", DAY, "--yes")
    assert "Nothing of" in digestbot("resend", DAY, "--failed").out


@pytest.mark.parametrize("words", [("resend", DAY), ("resend", DAY, "--failed", "--platform", "fax")])
def test_resend__wrong_words_are_explained(digestbot: CommandLine, words: tuple[str, ...]) -> None:
    ended = digestbot(*words)
    assert ended.code == 2
    assert "--failed" in ended.err or "is not a platform" in ended.err
