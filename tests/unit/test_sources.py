import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sources import documents
from bot.store import Outcome, Store
from tests.fakes import TODAY, document, intake, opened, titles

NAME = "2025-10-12.md"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with opened(tmp_path) as store:
        yield store


async def test_take__parsed_sorted_and_saved(store: Store) -> None:
    loaded = await intake(store).take(document("Nvidia chip").encode(), origin=f"/digests/{NAME}")
    assert loaded.saved is not None
    assert (loaded.saved.outcome, loaded.saved.day, loaded.saved.published) == (Outcome.NEW, TODAY, True)
    found = await store.digests.published(TODAY)
    assert found is not None
    assert [item.title for item in found.items] == ["Nvidia chip 1", "Nvidia chip 2", "Nvidia chip 3"]
    assert all(item.categories for item in found.items)


@pytest.mark.parametrize("source", [b"", b"{{$json.text}}", b"<html><h1>502 Bad Gateway</h1></html>", b"\xff\x00" * 50])
async def test_take__no_digest_is_an_answer_and_the_last_good_one_stays(store: Store, source: bytes) -> None:
    await intake(store).take(document().encode(), origin=NAME)
    loaded = await intake(store).take(source, origin=NAME)
    assert loaded.saved is None
    assert any(problem.severity == "error" for problem in loaded.problems)
    assert await titles(store) == ["Story 1", "Story 2", "Story 3"]


async def test_take__a_shrunk_revision_wants_force(store: Store) -> None:
    await intake(store).take(document(items=6).encode(), origin=NAME)
    refused = await intake(store).take(document(items=3).encode(), origin=NAME)
    assert refused.saved is None
    assert "--force" in refused.problems[0].mend
    forced = await intake(store).take(document(items=3).encode(), origin=NAME, force=True)
    assert forced.saved is not None


async def test_take_file__one_that_is_not_there_is_refused(store: Store, tmp_path: Path) -> None:
    for path in (tmp_path / "none.md", tmp_path):
        loaded = await intake(store).take_file(path)
        assert loaded.saved is None
        assert "can't be read" in loaded.problems[0].what


async def test_take__a_mixed_archive_has_a_fate_for_each_file(store: Store, tmp_path: Path) -> None:
    (tmp_path / "2024").mkdir()
    (tmp_path / "2024" / "2024-12-31.md").write_text(document(day="2024-12-31"), encoding="utf-8")
    (tmp_path / "2025-10-11.MD").write_text(document(day="2025-10-11"), encoding="utf-8")
    (tmp_path / "2025-10-12.markdown").write_text(document(), encoding="utf-8")
    (tmp_path / "broken.md").write_text("an essay without items\n", encoding="utf-8")
    (tmp_path / "empty.md").touch()
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere.md")
    (tmp_path / "notes.txt").write_text(document(day="2025-10-10"), encoding="utf-8")
    fates = {path.name: await intake(store).take_file(path) for path in documents([tmp_path])}
    assert {name: fate.saved is not None for name, fate in fates.items()} == {
        "2024-12-31.md": True,
        "2025-10-11.MD": True,
        "2025-10-12.markdown": True,
        "broken.md": False,
        "empty.md": False,
        "gone.md": False,
    }
    assert all(fate.problems for name, fate in fates.items() if name in {"broken.md", "empty.md", "gone.md"})


def test_documents__files_as_they_are_and_folders_by_name(tmp_path: Path) -> None:
    for name in ("b.md", "a.md", "c.txt"):
        (tmp_path / name).touch()
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "folder.md" / "d.md").touch()
    named = tmp_path / "c.txt"
    (tmp_path / ".trash").mkdir()
    (tmp_path / ".trash" / "e.md").touch()
    hidden = tmp_path / "._a.md"
    hidden.touch()
    os.mkfifo(tmp_path / "pipe.md")
    found = list(documents([named, hidden, tmp_path]))
    assert found == [named, hidden, tmp_path / "a.md", tmp_path / "b.md", tmp_path / "folder.md" / "d.md"]
