"""Many small writes in one commit: what the ledger records costs a share of a commit, not a commit."""

import asyncio
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Executable

from bot.store.engine import Database

GATHER = 0.002
"""How long the first writer of a batch waits for others, in seconds."""


class Journal:
    """A queue of rows for prepared statements, committed together in the order they came.

    `write` returns when its row is committed: a kill after that loses nothing, nor does a power cut, since SQLite
    runs with `synchronous=FULL`. A kill before it leaves the row out, and its writer never went on.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[tuple[Executable, Mapping[str, Any]]] = []
        self._batch: asyncio.Future[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def write(self, statement: Executable, row: Mapping[str, Any]) -> None:
        """Run `statement` with `row` and return once that is committed. Raises StoreError."""
        self._waiting.append((statement, row))
        if self._batch is None:
            self._batch = asyncio.get_running_loop().create_future()
            task = asyncio.create_task(self._commit(self._batch))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        await asyncio.shield(self._batch)

    async def _commit(self, batch: asyncio.Future[None]) -> None:
        await asyncio.sleep(GATHER)
        rows, self._waiting, self._batch = self._waiting, [], None
        try:
            async with self._database.write() as connection:
                for statement, values in _grouped(rows):
                    await connection.execute(statement, values)
        except BaseException as error:  # noqa: BLE001  # whatever it is, the waiting writers must hear of it
            batch.set_exception(error)
        else:
            batch.set_result(None)
        # No writer may be left to fetch it, all of them cancelled: then nobody asks.
        batch.exception()


def _grouped(rows: list[tuple[Executable, Mapping[str, Any]]]) -> list[tuple[Executable, list[Mapping[str, Any]]]]:
    """Gather the rows of each statement, keeping the order of neighbours.

    Two rows of one part never meet in a batch, since each is written after the one before was committed; so
    statements may be run one after another.
    """
    groups: dict[Executable, list[Mapping[str, Any]]] = {}
    for statement, row in rows:
        groups.setdefault(statement, []).append(row)
    return list(groups.items())
