"""Inline mode: what is typed behind the bot's name, and the articles it is answered with."""

from bot.contract import Suggestion
from bot.models import Chat, ChatKind
from tests.adapters.telegram_setting import Notes, at_telegram, listening, part
from tests.emulators.telegram import Fault


def offer(number: int, *, after: str = "") -> Suggestion:
    return Suggestion(
        label=f"Title {number}",
        value=f"2025-10-12/{number}",
        description="Sun 12 Oct 2025 · what happened",
        part=part(f"<b>{number}.</b> &lt;said&gt;"),
        after=after,
    )


async def test_inline__is_asked_and_answered() -> None:
    notes = Notes(offers=(offer(1, after="20"), offer(2, after="20")))
    async with at_telegram() as (emulator, adapter), listening(adapter, notes):
        emulator.private(7, language_code="zh-hans", started=False)
        await emulator.wait_for(lambda: emulator.counts["getUpdates"])
        query = emulator.inline.asks(7, "芯片", offset="40")
        answer = await emulator.inline.answered(query)
    (asked,) = notes.suggests
    assert (asked.typed, asked.after, asked.locale, asked.shared) == ("芯片", "40", "zh-hans", True)
    assert asked.chat == Chat(platform="telegram", address="7")
    assert asked.chat.kind is ChatKind.PRIVATE
    assert [(one.id, one.title) for one in answer.results] == [("2025-10-12/1", "Title 1"), ("2025-10-12/2", "Title 2")]
    assert answer.results[0].text == "1. <said>"
    assert answer.results[0].entities[0]["type"] == "bold"
    assert answer.results[0].description == "Sun 12 Oct 2025 · what happened"
    assert (answer.next_offset, answer.is_personal) == ("20", True)
    assert 0 < answer.cache_time < 300


async def test_inline__nothing_found_is_an_answer_too_and_the_end() -> None:
    notes = Notes()
    async with at_telegram() as (emulator, adapter), listening(adapter, notes):
        emulator.private(7)
        await emulator.wait_for(lambda: emulator.counts["getUpdates"])
        query = emulator.inline.asks(7, "")
        answer = await emulator.inline.answered(query)
    assert (answer.results, answer.next_offset) == ((), "")


async def test_inline__no_more_than_telegram_takes() -> None:
    notes = Notes(offers=tuple(offer(number) for number in range(1, 80)))
    async with at_telegram() as (emulator, adapter), listening(adapter, notes):
        emulator.private(7)
        await emulator.wait_for(lambda: emulator.counts["getUpdates"])
        query = emulator.inline.asks(7, "x")
        assert len((await emulator.inline.answered(query)).results) == 50


async def test_inline__a_late_answer_and_trouble_cost_nothing_else() -> None:
    notes = Notes(offers=(offer(1),))
    async with at_telegram() as (emulator, adapter), listening(adapter, notes):
        emulator.private(7)
        await emulator.wait_for(lambda: emulator.counts["getUpdates"])
        late = emulator.inline.asks(7, "late")
        emulator.inline.open.clear()
        emulator.inject(Fault.SERVER_ERROR, methods=["answerInlineQuery"], skip=1)
        await emulator.wait_for(lambda: emulator.counts["answerInlineQuery"] == 1)
        emulator.inline.asks(7, "broken")
        await emulator.wait_for(lambda: emulator.counts["answerInlineQuery"] == 2)
        query = emulator.inline.asks(7, "well")
        await emulator.inline.answered(query)
        assert late not in emulator.inline.answers


async def test_inline__each_question_goes_its_own_way() -> None:
    """A question that takes long does not hold up the next, which is what was typed on to."""
    notes = Notes(offers=(offer(1),))
    async with at_telegram() as (emulator, adapter), listening(adapter, notes):
        emulator.private(7)
        await emulator.wait_for(lambda: emulator.counts["getUpdates"])
        emulator.inject(Fault.SLOW, methods=["answerInlineQuery"], delay=0.15, times=1)
        first, second = emulator.inline.asks(7, "a"), emulator.inline.asks(7, "ab")
        await emulator.wait_for(lambda: second in emulator.inline.answers)
        assert first not in emulator.inline.answers
