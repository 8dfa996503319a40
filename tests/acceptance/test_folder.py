"""The watched folder: a late digest goes out at once, a growing file waits, a new revision mends what was sent."""

import asyncio
import time
from datetime import timedelta
from pathlib import Path

from tests.acceptance import ledger
from tests.acceptance.application import Application
from tests.acceptance.documents import Here, document, here, parts_of
from tests.acceptance.seeding import Subscriber, at_place, subscribe
from tests.acceptance.talk import Talk
from tests.emulators.telegram import TelegramEmulator

SETTLED = 5.0
"""Seconds a file must be unchanged, as the issue says."""
WITHIN = SETTLED + 5
CHAPTERS = 3
PAUSE = 3.0
"""Seconds between the writes of a slow editor, fewer than it takes to be settled."""


async def test_folder__late_digest_goes_out_once(tmp_path: Path, emulator: TelegramEmulator) -> None:
    place, folder = here(), tmp_path / "digests"
    application = Application(tmp_path, emulator, digest_dir=str(folder), zone=place.zone)
    people = [emulator.private(number, language_code="zh-hans") for number in (1, 2)]
    await subscribe(application, (Subscriber(chat=at_place(person), zone=place.zone) for person in people))
    async with application, asyncio.TaskGroup() as meanwhile:
        folder.mkdir()
        meanwhile.create_task(_goes_out_once(application, folder, place))
        meanwhile.create_task(_grows_slowly(application, folder, place))


async def _goes_out_once(application: Application, folder: Path, at: Here) -> None:
    emulator, source = application.emulator, document(at.today)
    people = [emulator.chats[number] for number in (1, 2)]
    (folder / f"{at.today}.md").write_bytes(source)
    dropped = time.monotonic()
    await application.until(lambda: all(person.messages for person in people), WITHIN)
    took = max(person.last.sent_at for person in people) - dropped
    print(f"\ndropped late, with every reader {took:.2f} s later")
    assert took >= SETTLED
    assert [[message.raw for message in one.messages] for one in people] == [[parts_of(source)[0].markup]] * 2
    (folder / f"{at.today}.md").write_bytes(document(at.today, note="这里更正了一个字。"))
    await application.until(lambda: ledger.revisions(application.database, at.today) == 2, WITHIN)
    await application.until(lambda: all(person.messages[0].edits == 1 for person in people))
    assert all("这里更正了一个字" in person.messages[0].text for person in people)
    answer = await Talk(emulator=emulator, user=1, place=people[0]).says("/today")
    assert "这里更正了一个字" in answer.text
    assert [len(person.messages) for person in people] == [2, 1]


async def _grows_slowly(application: Application, folder: Path, at: Here) -> None:
    """A half that could pass for a digest is not taken: only the whole, once it has settled."""
    yesterday = at.today - timedelta(days=1)
    source, file = document(yesterday), folder / f"{yesterday}.md"
    for chapter in range(1, CHAPTERS + 1):
        file.write_bytes(source[: len(source) * chapter // CHAPTERS])
        written = time.monotonic()
        if chapter < CHAPTERS:
            await asyncio.sleep(PAUSE)
    assert ledger.revisions(application.database, yesterday) == 0
    await application.until(lambda: ledger.revisions(application.database, yesterday), WITHIN)
    took = time.monotonic() - written
    print(f"\nwritten in {CHAPTERS} goes, taken {took:.2f} s after the last")
    assert took >= SETTLED
    assert ledger.source(application.database, yesterday) == source
