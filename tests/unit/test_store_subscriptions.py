from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.models import Chat, ChatKind, Format, Slot, SubscriptionState
from bot.schedule import Due
from bot.store import Store
from tests.fakes import LONG_AGO, MORNING, TODAY, Where, chat, digest, load, opened, subscription

LATER = MORNING + timedelta(hours=1)
OLD, NEW = chat(-100), chat(-1009)


@pytest.fixture
async def store(where: Where) -> AsyncIterator[Store]:
    async with opened(where) as store:
        yield store


async def state(store: Store, of: Chat) -> SubscriptionState | None:
    found = await store.subscriptions.get(of)
    return found.state if found else None


async def test_get__tells_times_in_utc_wherever_the_server_is(store: Store) -> None:
    await store.subscriptions.put(subscription(chat(1), since=MORNING.astimezone(ZoneInfo("Asia/Tokyo"))))
    found = await store.subscriptions.get(chat(1))
    assert found
    assert (found.since, found.since.tzinfo) == (MORNING, UTC)


async def test_put__keeps_every_field(store: Store) -> None:
    one = replace(
        subscription(Chat(platform="telegram", address="-100", topic="7", kind=ChatKind.GROUP, title="Ünï 群")),
        slot=Slot(zone="Australia/Lord_Howe", at=time(7, 5), days=frozenset({1, 7})),
        categories=frozenset({"chips", "policy"}),
        format=Format.HEADLINES,
        language="zh-CN",
        silent=True,
        tells_empty=True,
        weekly=True,
        away_until=TODAY,
        state=SubscriptionState.PAUSED,
        reason="because",
    )
    await store.subscriptions.put(one)
    found = await store.subscriptions.get(one.chat)
    assert found == one
    assert found is not None
    assert (found.chat.kind, found.chat.title) == (ChatKind.GROUP, "Ünï 群")


async def test_get__nothing_of_an_unknown_chat_or_another_topic(store: Store) -> None:
    await store.subscriptions.put(subscription(chat(1, topic="a")))
    for other in (chat(1), chat(1, topic="b"), chat(2, topic="a"), chat(1, platform="telegram", topic="a")):
        assert await store.subscriptions.get(other) is None


async def test_put__since_stays_while_the_state_does(store: Store) -> None:
    await store.subscriptions.put(subscription(chat(1)))
    changed = subscription(chat(1), slot=Slot(zone="Asia/Tokyo", at=time(20)), since=LATER)
    await store.subscriptions.put(changed)
    assert await store.subscriptions.get(chat(1)) == replace(changed, since=LONG_AGO)


async def test_put__a_new_state_begins_anew(store: Store) -> None:
    await store.subscriptions.put(subscription(chat(1)))
    await store.subscriptions.put(subscription(chat(1), state=SubscriptionState.OFF, since=MORNING))
    await store.subscriptions.put(subscription(chat(1), since=LATER))
    assert await store.subscriptions.get(chat(1)) == subscription(chat(1), since=LATER)


async def test_put__one_subscription_for_each_topic_of_a_chat(store: Store) -> None:
    for topic, language in (("", "en"), ("7", "zh-CN")):
        await store.subscriptions.put(subscription(chat(1, topic=topic), language=language))
        await store.subscriptions.put(subscription(chat(1, topic=topic), language=language))
    assert await store.status.subscriptions() == {("console", SubscriptionState.ON): 2}


async def test_put__the_chats_newest_title_is_kept_and_none_forgets_it(store: Store) -> None:
    for title in ("First", "Second", ""):
        await store.subscriptions.put(subscription(chat(1, title=title)))
    found = await store.subscriptions.get(chat(1))
    assert found is not None
    assert found.chat.title == "Second"


async def test_pause__all_topics_that_are_on_with_the_reason(store: Store) -> None:
    await store.subscriptions.put(subscription(chat(1)))
    await store.subscriptions.put(subscription(chat(1, topic="7")))
    await store.subscriptions.put(subscription(chat(1, topic="8"), state=SubscriptionState.OFF))
    await store.subscriptions.put(subscription(chat(2)))
    assert await store.subscriptions.pause(chat(1), "blocked", MORNING) == 2
    assert await store.subscriptions.pause(chat(1), "kicked", LATER) == 0
    paused = await store.subscriptions.get(chat(1, topic="7"))
    assert paused is not None
    assert (paused.state, paused.reason, paused.since) == (SubscriptionState.PAUSED, "blocked", MORNING)
    assert await state(store, chat(1, topic="8")) is SubscriptionState.OFF
    assert await state(store, chat(2)) is SubscriptionState.ON


async def test_pause__of_an_unknown_chat_is_nothing(store: Store) -> None:
    assert await store.subscriptions.pause(chat(404), "blocked", MORNING) == 0


async def test_resume__comes_back_with_its_settings_but_not_what_was_off(store: Store) -> None:
    mine = subscription(chat(1), categories=frozenset({"chips"}), slot=Slot(zone="UTC", at=time(6)))
    await store.subscriptions.put(mine)
    await store.subscriptions.put(subscription(chat(1, topic="8"), state=SubscriptionState.OFF))
    await store.subscriptions.pause(chat(1), "blocked", MORNING)
    assert await store.subscriptions.resume(chat(1), LATER) == 1
    assert await store.subscriptions.get(chat(1)) == replace(mine, since=LATER)
    assert await state(store, chat(1, topic="8")) is SubscriptionState.OFF


async def test_move__takes_all_topics_settings_and_since_along(store: Store) -> None:
    for topic in ("", "7"):
        await store.subscriptions.put(subscription(replace(OLD, topic=topic), categories=frozenset({"chips"})))
    await store.subscriptions.move(OLD, NEW, MORNING)
    for topic in ("", "7"):
        there = replace(NEW, topic=topic)
        assert await store.subscriptions.get(there) == subscription(there, categories=frozenset({"chips"}))
        assert await store.subscriptions.get(replace(OLD, topic=topic)) is None


async def test_move__the_day_is_not_served_again_at_the_new_address(store: Store) -> None:
    await load(store, digest())
    await store.subscriptions.put(subscription(OLD))
    due = [Due(slot_id=1, day=TODAY, revision_id=1, fell_due=MORNING, deadline=LATER)]
    assert await store.deliveries.plan(due, MORNING) == 1
    await store.subscriptions.move(OLD, NEW, MORNING)
    assert await store.deliveries.plan(due, LATER) == 0
    (delivery,) = await store.deliveries.claim("console", "me", LATER, 10)
    assert (delivery.chat, delivery.wanted) == (NEW, True)


async def test_move__twice_is_moving_once(store: Store) -> None:
    await store.subscriptions.put(subscription(OLD))
    for _ in range(2):
        await store.subscriptions.move(OLD, NEW, MORNING)
    assert await store.subscriptions.get(NEW) == subscription(NEW)


async def test_move__to_where_it_is_already_changes_nothing(store: Store) -> None:
    await store.subscriptions.put(subscription(OLD))
    await store.subscriptions.move(OLD, OLD, MORNING)
    assert await store.subscriptions.get(OLD) == subscription(OLD)


async def test_move__a_subscription_at_the_new_place_wins(store: Store) -> None:
    await store.subscriptions.put(subscription(OLD, language="en"))
    await store.subscriptions.put(subscription(NEW, language="zh-CN"))
    await store.subscriptions.move(OLD, NEW, MORNING)
    assert await store.subscriptions.get(NEW) == subscription(NEW, language="zh-CN")
    left = await store.subscriptions.get(OLD)
    assert left is not None
    assert (left.state, left.since) == (SubscriptionState.PAUSED, MORNING)
    assert "new address" in left.reason


async def test_move__a_subscription_that_is_off_stays_off_there_and_here(store: Store) -> None:
    await store.subscriptions.put(subscription(OLD, state=SubscriptionState.OFF))
    await store.subscriptions.put(subscription(NEW))
    await store.subscriptions.move(OLD, NEW, MORNING)
    assert await state(store, NEW) is SubscriptionState.ON
    assert await state(store, OLD) is SubscriptionState.OFF


async def test_move__one_topic_within_a_chat(store: Store) -> None:
    await store.subscriptions.put(subscription(chat(1, topic="7")))
    await store.subscriptions.put(subscription(chat(1, topic="8")))
    await store.subscriptions.move(chat(1, topic="7"), chat(1), MORNING)
    assert await state(store, chat(1)) is SubscriptionState.ON
    assert await state(store, chat(1, topic="7")) is None
    assert await state(store, chat(1, topic="8")) is SubscriptionState.ON


async def test_move__of_an_unknown_chat_is_nothing(store: Store) -> None:
    await store.subscriptions.move(OLD, NEW, MORNING)
    assert await store.subscriptions.get(NEW) is None


async def test_status__who_is_paused_latest_first(store: Store) -> None:
    for number in (1, 2):
        await store.subscriptions.put(subscription(chat(number)))
        await store.subscriptions.pause(chat(number), f"reason {number}", MORNING + timedelta(hours=number))
    assert [(one.chat, one.reason) for one in await store.status.paused()] == [
        (chat(2), "reason 2"),
        (chat(1), "reason 1"),
    ]
