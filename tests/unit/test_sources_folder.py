import asyncio
import os
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Self

import pytest
from structlog.testing import capture_logs

from bot.errors import StoreError
from bot.markdown import LARGEST
from bot.sources import Folder, Intake, Loaded
from bot.sources import folder as watching
from bot.sources.files import read_regular
from bot.store import Outcome, Store
from tests.fakes import document, intake, opened, titles

NAME = "2025-10-12.md"
SOON = 0.15
"""Seconds in which a watched file that does not change any more is surely taken."""


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with opened(tmp_path) as store:
        yield store


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(watching, "SETTLED", 0.06)
    monkeypatch.setattr(watching, "LOOK_EVERY", 0.01)
    folder = tmp_path / "digests"
    folder.mkdir()
    return folder


class Watcher:
    """A process that watches a folder; `taken` is what it took."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.taken: list[Loaded] = []
        self._folder = Folder(folder, intake(store))

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _watch(self) -> None:
        async for loaded in self._folder.watch():
            self.taken.append(loaded)

    async def takes(self, number: int) -> None:
        """Wait until so many files were taken, and see that no more are."""
        async with asyncio.timeout(10):
            while len(self.taken) < number:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await asyncio.sleep(SOON)
        assert len(self.taken) == number


def outcomes(watcher: Watcher) -> list[Outcome | None]:
    return [loaded.saved.outcome if loaded.saved else None for loaded in watcher.taken]


async def test_watch__takes_what_is_there_and_what_comes(store: Store, folder: Path) -> None:
    (folder / NAME).write_text(document(), encoding="utf-8")
    async with Watcher(folder, store) as watcher:
        await watcher.takes(1)
        (folder / "2025-10-13.md").write_text(document(day="2025-10-13"), encoding="utf-8")
        await watcher.takes(2)
    assert outcomes(watcher) == [Outcome.NEW, Outcome.NEW]
    assert await titles(store, date(2025, 10, 13))


async def test_watch__a_half_saved_file_is_not_taken(store: Store, folder: Path) -> None:
    text = document(items=12)
    async with Watcher(folder, store) as watcher:
        for end in range(200, len(text), 60):
            (folder / NAME).write_text(text[:end], encoding="utf-8")
            await asyncio.sleep(0.02)
            assert watcher.taken == []
        (folder / NAME).write_text(text, encoding="utf-8")
        await watcher.takes(1)
    assert len(await titles(store)) == 12


async def test_watch__a_file_that_changes_while_others_are_taken_is_not_taken_half(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both had settled; the second is being saved anew while the first is parsed."""
    whole = document(day="2025-10-13", items=12)
    (folder / NAME).write_text(document(), encoding="utf-8")
    (folder / "2025-10-13.md").write_text(whole, encoding="utf-8")
    take = Intake.take

    async def slow_take(self: Intake, source: bytes, *, origin: str) -> Loaded:
        if origin.endswith(NAME):
            (folder / "2025-10-13.md").write_text(whole[: len(whole) * 2 // 3], encoding="utf-8")
        return await take(self, source, origin=origin)

    monkeypatch.setattr(Intake, "take", slow_take)
    async with Watcher(folder, store) as watcher:
        while not watcher.taken:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.03)
        (folder / "2025-10-13.md").write_text(whole, encoding="utf-8")
        await watcher.takes(2)
    assert outcomes(watcher) == [Outcome.NEW, Outcome.NEW]
    assert len(await titles(store, date(2025, 10, 13))) == 12


async def test_watch__an_edit_is_a_new_revision(store: Store, folder: Path) -> None:
    (folder / NAME).write_text(document(), encoding="utf-8")
    async with Watcher(folder, store) as watcher:
        await watcher.takes(1)
        (folder / NAME).write_text(document("Fixed"), encoding="utf-8")
        await watcher.takes(2)
        os.utime(folder / NAME)
        await watcher.takes(2)
    assert outcomes(watcher) == [Outcome.NEW, Outcome.REVISED]
    assert await titles(store) == ["Fixed 1", "Fixed 2", "Fixed 3"]


async def test_watch__a_restart_does_not_take_it_again(store: Store, folder: Path) -> None:
    (folder / NAME).write_text(document(), encoding="utf-8")
    async with Watcher(folder, store) as watcher:
        await watcher.takes(1)
    async with Watcher(folder, store) as watcher:
        await asyncio.sleep(SOON)
        await watcher.takes(0)
        (folder / NAME).write_text(document("Fixed"), encoding="utf-8")
        await watcher.takes(1)
    assert outcomes(watcher) == [Outcome.REVISED]


async def test_watch__an_edit_while_nobody_watched_is_taken(store: Store, folder: Path) -> None:
    (folder / NAME).write_text(document(), encoding="utf-8")
    async with Watcher(folder, store) as watcher:
        await watcher.takes(1)
    (folder / NAME).write_text(document("Fixed"), encoding="utf-8")
    async with Watcher(folder, store) as watcher:
        await watcher.takes(1)
    assert await titles(store) == ["Fixed 1", "Fixed 2", "Fixed 3"]


async def test_watch__what_was_loaded_by_other_means_is_not_put_back_by_a_restart(store: Store, folder: Path) -> None:
    (folder / NAME).write_text(document(), encoding="utf-8")
    async with Watcher(folder, store) as watcher:
        await watcher.takes(1)
    await intake(store).take(document("Newer").encode(), origin="elsewhere")
    async with Watcher(folder, store) as watcher:
        await asyncio.sleep(SOON)
        await watcher.takes(0)
    assert await titles(store) == ["Newer 1", "Newer 2", "Newer 3"]


async def test_watch__a_refused_file_is_noted_once_and_taken_when_mended(store: Store, folder: Path) -> None:
    (folder / NAME).write_text("An essay.\n", encoding="utf-8")
    for taken in (1, 0):
        async with Watcher(folder, store) as watcher:
            await asyncio.sleep(SOON)
            await watcher.takes(taken)
    (refused,) = await store.files.refused()
    assert refused.path.endswith(NAME)
    assert refused.reason.startswith("refused: ")
    assert len(refused.reason) > len("refused: ")
    (folder / NAME).write_text(document(), encoding="utf-8")
    async with Watcher(folder, store) as watcher:
        await watcher.takes(1)
    assert outcomes(watcher) == [Outcome.NEW]
    assert await store.files.refused() == ()


async def test_watch__a_refused_file_that_has_gone_is_missed_by_nobody_and_looked_at_anew_when_back(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    (folder / NAME).write_text("An essay.\n", encoding="utf-8")
    (folder / "2025-10-13.md").write_text(document(day="2025-10-13"), encoding="utf-8")
    async with Watcher(folder, store) as watcher:
        await watcher.takes(2)
        assert await store.files.refused()
        (folder / NAME).rename(tmp_path / NAME)
        await asyncio.sleep(SOON)
        assert await store.files.refused() == ()
        (tmp_path / NAME).rename(folder / NAME)
        await watcher.takes(3)
        assert await store.files.refused()
    (folder / NAME).unlink()
    async with Watcher(folder, store) as watcher:
        await watcher.takes(0)
    assert await store.files.refused() == ()


async def test_watch__what_was_refused_stays_known_while_the_folder_is_away(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    (folder / NAME).write_text("An essay.\n", encoding="utf-8")
    async with Watcher(folder, store) as watcher:
        await watcher.takes(1)
        folder.rename(tmp_path / "away")  # noqa: ASYNC240
        await asyncio.sleep(SOON)
        assert await store.files.refused()


async def test_watch__hidden_files_and_folders_are_left_alone(store: Store, folder: Path) -> None:
    (folder / f"._{NAME}").write_text("what a Mac leaves beside a file\n", encoding="utf-8")
    (folder / ".trash").mkdir()
    (folder / ".trash" / NAME).write_text(document("Thrown away"), encoding="utf-8")
    async with Watcher(folder, store) as watcher:
        await asyncio.sleep(SOON)
        await watcher.takes(0)
    assert await store.files.refused() == ()


async def test_watch__a_pipe_keeps_nobody_waiting(store: Store, folder: Path) -> None:
    os.mkfifo(folder / "2025-10-11.md")
    (folder / NAME).write_text(document(), encoding="utf-8")
    async with Watcher(folder, store) as watcher:
        await watcher.takes(1)


def test_read_regular__neither_waits_for_a_pipe_nor_reads_more_than_can_be_taken(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="not a regular file"):
        read_regular(tmp_path / "pipe")
    (tmp_path / "long").write_bytes(b"a" * 2 * LARGEST)
    assert len(read_regular(tmp_path / "long")) == LARGEST + 1


async def test_watch__a_folder_that_is_away_is_told_once_and_that_it_is_back(store: Store, folder: Path) -> None:
    folder.rmdir()  # noqa: ASYNC240
    with capture_logs() as logs:
        async with Watcher(folder, store):
            await asyncio.sleep(SOON)
            folder.touch()  # noqa: ASYNC240
            await asyncio.sleep(SOON)
            folder.unlink()  # noqa: ASYNC240
            folder.mkdir()  # noqa: ASYNC240
            await asyncio.sleep(SOON)
    assert [(entry["log_level"], entry["event"]) for entry in logs] == [
        ("warning", "watched folder is not there, waiting for it"),
        ("warning", "watched folder is a file, waiting for a folder in its place"),
        ("info", "watched folder is there now"),
    ]
    assert all(entry["folder"] == str(folder) for entry in logs)


async def test_watch__a_file_moved_into_place_with_an_old_time(store: Store, folder: Path, tmp_path: Path) -> None:
    (folder / NAME).write_text(document(), encoding="utf-8")
    async with Watcher(folder, store) as watcher:
        await watcher.takes(1)
        (tmp_path / "new").write_text(document("Moved"), encoding="utf-8")
        os.utime(tmp_path / "new", (1, 1))
        (tmp_path / "new").rename(folder / NAME)
        await watcher.takes(2)
    assert await titles(store) == ["Moved 1", "Moved 2", "Moved 3"]


async def test_watch__a_folder_that_comes_later_and_files_that_go(store: Store, folder: Path) -> None:
    folder.rmdir()  # noqa: ASYNC240
    async with Watcher(folder, store) as watcher:
        await asyncio.sleep(SOON)
        folder.mkdir()  # noqa: ASYNC240
        (folder / NAME).write_text(document(), encoding="utf-8")
        await watcher.takes(1)
        (folder / NAME).unlink()
        await watcher.takes(1)
        (folder / "2025-10-13.md").write_text(document(day="2025-10-13"), encoding="utf-8")
        await watcher.takes(2)
    assert await titles(store)


async def test_watch__a_folder_that_can_not_be_read_for_a_while(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may read everything, so the fault is put in place of the look."""
    healthy = Path.is_dir
    monkeypatch.setattr(Path, "is_dir", faulty)
    async with Watcher(folder, store) as watcher:
        await asyncio.sleep(SOON)
        monkeypatch.setattr(Path, "is_dir", healthy)
        (folder / NAME).write_text(document(), encoding="utf-8")
        await watcher.takes(1)


def faulty(_path: Path) -> bool:
    raise PermissionError(13, "Permission denied")


async def test_watch__a_store_that_fails_for_a_while(store: Store, folder: Path) -> None:
    write = store._database.write
    failures = [0]

    def failing() -> object:
        failures[0] += 1
        raise StoreError("disk full")

    store._database.write = failing  # type: ignore[method-assign, assignment]
    (folder / NAME).write_text(document(), encoding="utf-8")
    async with Watcher(folder, store) as watcher:
        while failures[0] < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        store._database.write = write  # type: ignore[method-assign]
        await watcher.takes(1)
    assert await titles(store) == ["Story 1", "Story 2", "Story 3"]
