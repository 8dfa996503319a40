"""The bot on PostgreSQL: killed on the way, gone on with from another folder, read, corrected and taken back."""

import json
from pathlib import Path

from bot.models import PartState
from tests.acceptance.application import Application, Ended
from tests.acceptance.documents import document, here, parts_of
from tests.acceptance.seeding import Subscriber, at_place, subscribe
from tests.acceptance.talk import Talk
from tests.emulators.telegram import Fault, Place, TelegramEmulator
from tests.fakes import opened
from tests.unit.delivering import ledger

CROWD = 80


async def test_postgresql__holds_what_another_process_goes_on_with(
    tmp_path: Path, postgresql: str, emulator: TelegramEmulator
) -> None:
    place = here()
    source, mended = document(place.today), document(place.today, headline="更正")
    first, second = (
        Application(_folder(tmp_path / name), emulator, database_url=postgresql, zone=place.zone)
        for name in ("first", "second")
    )
    people = [emulator.private(number) for number in range(1, CROWD + 1)]
    await subscribe(first, (Subscriber(chat=at_place(person), zone=place.zone) for person in people))
    emulator.inject(Fault.SLOW, delay=0.2, times=None)
    async with first:
        await first.load("today.md", source)
        await first.until(lambda: emulator.sent >= CROWD // 3, 15)
        await first.kill()
    sent = emulator.sent
    assert sent < CROWD
    emulator.calm()
    async with opened(postgresql) as store:
        states = [state for line in await ledger(store) for state, _ in line.parts.values()]
    async with second:
        await second.until(lambda: all(person.messages for person in people), 20)
        assert _well(await second.command("status", "--json")) == CROWD
        told = [[message.raw for message in person.messages] for person in people]
        doubled = sum(len(messages) - 1 for messages in told)
        assert doubled <= states.count(PartState.SENDING)
        expected = parts_of(source)[0].markup
        assert all(set(messages) == {expected} for messages in told)
        reader = Talk(emulator=emulator, user=CROWD + 1, place=emulator.private(CROWD + 1))
        assert (await reader.says("/search 第3条")).text.startswith("🔎 第3条")
        await second.load("mended.md", mended)
        await second.until(lambda: sum(_says(person, "更正") for person in people) == CROWD, 20)
        assert (await reader.says("更正")).text.startswith("🔎 更正")
        assert (await second.command("retract", str(place.today), "--yes")).code == 0
        await second.until(lambda: not any(_says(person, "更正") for person in people), 20)
        assert "没有找到" in (await reader.says("/search 第3条")).text
    print(f"\nkilled after {sent} of {CROWD}: none lost, {doubled} doubled")


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _says(person: Place, words: str) -> bool:
    """Tell whether any of the messages there has these words: of a double, the ledger knows the second alone."""
    return any(words in message.raw for message in person.messages if not message.deleted)


def _well(ended: Ended) -> int:
    status = json.loads(ended.out)
    assert status["well"]
    return int(status["rows"][0]["sent"])
