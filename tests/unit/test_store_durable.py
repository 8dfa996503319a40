from pathlib import Path

from sqlalchemy import Connection

from tests.fakes import opened

FULL = 2
"""SQLite's number for it: a commit is on the disk before it counts as done."""


def asked(connection: Connection) -> object:
    return connection.exec_driver_sql("PRAGMA synchronous").scalar_one()


async def test_commit__survives_a_power_cut_on_every_connection(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        database = store._database
        async with database.read() as reading:
            found = [await reading.run_sync(asked)]
        async with database.write() as writing:
            found.append(await writing.run_sync(asked))
        found += [await database.read_in_thread(asked), await database.write_in_thread(asked)]
    assert found == [FULL] * 4
