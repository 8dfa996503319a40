"""Backups brought back: in the place of the database, which is kept, or refused."""

import asyncio
import os
import resource
import shutil
import socket
import sqlite3
import time
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine

from bot.errors import BackupError, StoreError
from bot.store import Store
from bot.store.backup import backup, restore
from bot.store.backup.restoring import _alone, _overwrite, _put
from bot.store.leases import numbering
from bot.store.migrate import _config
from tests.fakes import DATABASE, MORNING, TODAY, chat, database_url, opened, subscription
from tests.unit.backups import NOTES, change, cut_in_half, folder, mode, modes, query, scribble
from tests.unit.newcomer import ACCOUNT, newcomer

MOMENTS = 12
"""How many moments of a restore a process starts at, from its beginning to its end."""
A_WHILE = 0.5
"""Seconds that a starting process is kept waiting."""
AFTER = MORNING + timedelta(hours=1)


async def days(path: Path) -> list[str]:
    async with opened(path) as store:
        return [str(line.day) for line in await store.digests.days()]


async def test_restore__leaves_a_database_that_the_bot_made_to_its_owner_alone(saved: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for _ in range(2):
        kept = await restore(database_url(other), saved, MORNING)
        store = await Store.open(database_url(other))
        assert modes(other) == {0o600}
        await store.close()
    assert kept


async def test_restore__brings_the_state_back_and_keeps_the_other(tmp_path: Path, saved: Path) -> None:
    kept = await restore(database_url(tmp_path), saved, AFTER)
    assert await days(tmp_path) == [str(TODAY)]
    assert kept == tmp_path / f"{DATABASE}.before-restore"
    assert query(kept, "SELECT count(*) FROM digests") == [(2,)]
    assert folder(tmp_path) == ["backup.db", DATABASE, kept.name]


async def test_restore__gives_no_number_again_that_the_backup_knew(tmp_path: Path) -> None:
    url, file = database_url(tmp_path), tmp_path / "backup.db"
    async with opened(tmp_path) as store:
        await store.subscriptions.put(subscription(chat(1)))
        await store.subscriptions.forget(chat(1))
        await backup(url, file)
    await restore(url, file, AFTER)
    async with opened(tmp_path) as store:
        await store.subscriptions.put(subscription(chat(2)))
        assert [entry.number for entry in await store.roster.all()] == [2]


async def test_restore__twice_keeps_both(tmp_path: Path, saved: Path) -> None:
    await restore(database_url(tmp_path), saved, AFTER)
    second = await restore(database_url(tmp_path), saved, AFTER)
    assert second == tmp_path / f"{DATABASE}.before-restore-2"
    assert query(tmp_path / f"{DATABASE}.before-restore", "SELECT count(*) FROM digests") == [(2,)]


async def test_restore__where_there_is_no_database(tmp_path: Path, saved: Path) -> None:
    (tmp_path / "new").mkdir()
    assert await restore(database_url(tmp_path / "new"), saved, AFTER) is None
    assert await days(tmp_path / "new") == [str(TODAY)]


async def test_restore__the_log_of_a_killed_process_is_kept_not_lost(tmp_path: Path, saved: Path) -> None:
    """The log holds commits that are not in the file yet; they belong to what was there before."""
    connection = sqlite3.connect(tmp_path / DATABASE)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("UPDATE revisions SET title = 'only in the log'")
    connection.commit()
    for ending in ("", "-wal", "-shm"):
        shutil.copy(tmp_path / f"{DATABASE}{ending}", tmp_path / f"killed.db{ending}")
    connection.close()
    url = f"sqlite+aiosqlite:///{tmp_path / 'killed.db'}"
    kept = await restore(url, saved, AFTER)
    assert kept
    assert query(kept, "SELECT DISTINCT title FROM revisions") == [("only in the log",)]
    assert query(tmp_path / "killed.db", "SELECT title FROM revisions") == [(f"News of {TODAY}",)]


async def test_restore__is_refused_while_a_process_sends(tmp_path: Path, saved: Path) -> None:
    async with opened(tmp_path) as store:
        store.leases.owner = f"{socket.gethostname()}:{os.getppid()}:{numbering()}-abcd"
        assert await store.leases.hold("telegram", AFTER)
    with pytest.raises(BackupError, match=rf"{os.getppid()}:{numbering()}-abcd is running; stop it first"):
        await restore(database_url(tmp_path), saved, AFTER)
    assert len(await days(tmp_path)) == 2


async def test_restore__does_not_wait_for_the_dead(tmp_path: Path, saved: Path) -> None:
    async with opened(tmp_path) as store:
        store.leases.owner = f"{socket.gethostname()}:{os.getpid()}:{numbering()}-abcd"
        assert await store.leases.hold("telegram", AFTER)
    assert await restore(database_url(tmp_path), saved, AFTER)


async def test_restore__is_refused_while_anybody_has_the_database_open(tmp_path: Path, saved: Path) -> None:
    async with opened(tmp_path) as store:
        await store.digests.days()
        with pytest.raises(BackupError, match="in use by another process"):
            await restore(database_url(tmp_path), saved, AFTER)
        assert len(await store.digests.days()) == 2
    assert folder(tmp_path) == ["backup.db", DATABASE]


async def test_restore__is_refused_once_a_process_has_started_meanwhile(tmp_path: Path, saved: Path) -> None:
    with newcomer(database_url(tmp_path), AFTER) as bot:
        restoring = asyncio.create_task(restore(database_url(tmp_path), saved, AFTER))
        await _part(tmp_path)
        assert bot.start() == "started"
        with pytest.raises(BackupError, match="is running; stop it first"):
            await restoring
        assert bot.work() == f"{TODAY + timedelta(days=1)} {TODAY}"
        assert bot.stop() == "stopped"
    assert folder(tmp_path) == ["backup.db", DATABASE]


async def test_restore__where_there_is_no_database_is_refused_once_a_process_has_made_one(
    tmp_path: Path, saved: Path
) -> None:
    there = tmp_path / "new"
    there.mkdir()
    with newcomer(database_url(there), AFTER) as bot:
        restoring = asyncio.create_task(restore(database_url(there), saved, AFTER))
        await _part(there)
        assert bot.start() == "started"
        with pytest.raises(BackupError, match="is running; stop it first"):
            await restoring
        assert bot.work() == ""
        assert bot.stop() == "stopped"
    assert folder(there) == [DATABASE]


async def test_restore__who_starts_at_any_moment_of_it_has_the_database_that_is_there(
    tmp_path: Path, saved: Path
) -> None:
    """Either of the two goes before; never does a process go on with what was set aside, and another beside it."""
    url, outcomes, begun = database_url(tmp_path), set(), time.monotonic()
    await restore(url, saved, AFTER)
    whole = time.monotonic() - begun
    with newcomer(url, AFTER) as bot:
        for moment in range(MOMENTS):
            restoring = asyncio.create_task(restore(url, saved, AFTER))
            await asyncio.sleep(whole * moment / MOMENTS)
            bot.tell("start")
            outcomes.add(type((await asyncio.gather(restoring, return_exceptions=True))[0]))
            assert await asyncio.to_thread(bot.answer) == "started"
            seen = bot.work()
            async with opened(tmp_path) as store:
                assert seen == " ".join(str(line.day) for line in await store.digests.days())
                assert await store.subscriptions.get(chat(7))
                assert not await store.leases.hold(ACCOUNT, AFTER)
            assert bot.stop() == "stopped"
    assert outcomes <= {BackupError, type(tmp_path)}


async def test_open__waits_until_a_restore_has_ended_and_finds_what_it_brought(tmp_path: Path, saved: Path) -> None:
    with newcomer(database_url(tmp_path), AFTER) as bot:
        with _alone(tmp_path / DATABASE) as held:
            bot.tell("start")
            await asyncio.sleep(A_WHILE)
            _overwrite(held, saved)
        assert bot.answer() == "started"
        assert bot.work() == str(TODAY)
        assert bot.stop() == "stopped"


@pytest.mark.usefixtures("saved")
async def test_open__a_database_that_is_kept_by_another_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.engine.kinds.BUSY_TIMEOUT", 100)
    with _alone(tmp_path / DATABASE), pytest.raises(StoreError, match=r"locked.*`digestbot restore`.*try again"):
        await Store.open(database_url(tmp_path))


async def test_restore__that_finds_the_disk_full_leaves_what_was_there_and_no_copy(tmp_path: Path, saved: Path) -> None:
    change(saved, "CREATE TABLE ballast AS SELECT zeroblob(4000000) AS much")
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, most))
    try:
        with pytest.raises(sqlite3.OperationalError):
            _put(saved, tmp_path / DATABASE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    assert len(await days(tmp_path)) == 2
    assert folder(tmp_path) == ["backup.db", DATABASE]


async def test_restore__an_older_backup_is_brought_up_to_date(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    engine, config = create_engine(f"sqlite:///{old}"), _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    await restore(database_url(tmp_path), old, AFTER)
    assert query(tmp_path / DATABASE, "SELECT count(*) FROM alarms") == [(0,)]
    assert query(old, "SELECT version_num FROM alembic_version") == [("0001",)]


async def test_restore__a_backup_of_a_newer_release_is_refused(tmp_path: Path, saved: Path) -> None:
    change(saved, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BackupError, match="newer release"):
        await restore(database_url(tmp_path), saved, AFTER)
    assert len(await days(tmp_path)) == 2


async def test_restore__another_database_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    change(other, "CREATE TABLE deliveries (pizza TEXT)")
    with pytest.raises(BackupError, match="not one of digestbot"):
        await restore(database_url(tmp_path), other, AFTER)


async def test_restore__what_is_no_database_is_refused(tmp_path: Path, saved: Path) -> None:
    scribble(saved)
    with pytest.raises(BackupError, match="not a backup of digestbot"):
        await restore(database_url(tmp_path), saved, AFTER)
    with pytest.raises(BackupError, match="no file"):
        await restore(database_url(tmp_path), tmp_path / "missing.db", AFTER)
    with pytest.raises(BackupError, match="the database itself"):
        await restore(database_url(tmp_path), tmp_path / DATABASE, AFTER)
    assert len(await days(tmp_path)) == 2


async def test_restore__a_damaged_backup_is_refused(tmp_path: Path, saved: Path) -> None:
    cut_in_half(saved)
    with pytest.raises(BackupError):
        await restore(database_url(tmp_path), saved, AFTER)
    assert len(await days(tmp_path)) == 2


async def test_restore__takes_the_place_of_a_damaged_database(tmp_path: Path, saved: Path) -> None:
    scribble(tmp_path / DATABASE)
    kept = await restore(database_url(tmp_path), saved, AFTER)
    assert kept
    assert kept.stat().st_size == len(NOTES)
    assert await days(tmp_path) == [str(TODAY)]


async def test_restore__the_file_is_for_whom_it_was(tmp_path: Path, saved: Path) -> None:
    (tmp_path / DATABASE).chmod(0o640)
    await restore(database_url(tmp_path), saved, AFTER)
    assert mode(tmp_path / DATABASE) == 0o640


async def test_restore__a_backup_of_a_running_bot_serves_at_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        assert await store.leases.hold("telegram", MORNING)
        await backup(database_url(tmp_path), tmp_path / "backup.db")
        await store.leases.release("telegram", MORNING)
    await restore(database_url(tmp_path), tmp_path / "backup.db", MORNING)
    store = await Store.open(database_url(tmp_path))
    assert await store.leases.hold("telegram", MORNING)
    await store.close()


async def _part(path: Path) -> None:
    """Return once the restore has looked for others and begun to work; it is held up until we wait for it."""
    while not _parts(path):  # noqa: ASYNC110  # what is waited for has no event
        await asyncio.sleep(0)


def _parts(path: Path) -> list[Path]:
    return list(path.glob(f".{DATABASE}.*.part"))
