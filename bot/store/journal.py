"""Many small writes in one commit: what the ledger records costs a share of a commit, not a commit."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection, Executable
from sqlalchemy.exc import StatementError

from bot.errors import StoreConflict, StoreError
from bot.store.engine import Database

log = structlog.get_logger()

GATHER = 0.002
"""How long the first writer of a batch waits for others, in seconds."""
PATIENCE = 1.0
"""How long to wait before a store is tried again that can't be written to, in seconds."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row for a prepared statement; `written` is what its writer waits for, if it does: did it change anything."""

    statement: Executable
    values: Mapping[str, Any]
    written: asyncio.Future[bool] | None


class _Missed(Exception):
    """A statement found fewer rows than it was to change."""


class Journal:
    """A queue of rows for prepared statements, committed batch after batch in the order they came.

    What `write` returned from is committed: a kill after that loses nothing, nor does a power cut, since SQLite runs
    with `synchronous=FULL`. What was only `add`ed is committed with, or before, the next thing that anybody writes; a
    kill may cost it. A store that can't be written to (locked, full) is tried until it can be: a record of something
    that has happened must not be forgotten.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Row] = []
        self._runner: asyncio.Task[None] | None = None

    def add(self, statement: Executable, values: Mapping[str, Any]) -> None:
        """Have `statement` run with `values` soon.

        In a batch each statement runs for all its rows at once, so two different ones must not touch the same row
        of a table unless the first was waited for.
        """
        self._enqueue(_Row(statement, values, None))

    async def write(self, statement: Executable, values: Mapping[str, Any]) -> bool:
        """Run `statement` with `values` and return once that is committed: whether it changed anything.

        Raises StoreConflict when the database refuses this row; the others of its batch are written all the same.
        """
        written: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._enqueue(_Row(statement, values, written))
        return await written

    async def flush(self) -> None:
        """Return once all that was added is committed."""
        if self._runner:
            await asyncio.shield(self._runner)

    def _enqueue(self, row: _Row) -> None:
        self._waiting.append(row)
        if self._runner is None:
            self._runner = asyncio.create_task(self._run(), name="journal")

    async def _run(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(GATHER)
                batch, self._waiting = self._waiting, []
                try:
                    await self._commit(batch)
                finally:
                    _release(batch)
        finally:
            self._runner = None

    async def _commit(self, batch: Sequence[_Row]) -> None:
        try:
            changed = await self._insist(batch)
        except StoreConflict as error:
            if len(batch) == 1:
                _refuse(batch[0], error)
                return
            for row in batch:
                await self._commit([row])
        else:
            for row, one in zip(batch, changed, strict=True):
                _tell(row, one)

    async def _insist(self, batch: Sequence[_Row]) -> Sequence[bool]:
        while True:
            try:
                return await self._write(batch)
            except StoreConflict:
                raise
            except StoreError as error:
                log.error("store can't be written to, trying on", reason=str(error), rows=len(batch))
                await asyncio.sleep(PATIENCE)

    async def _write(self, batch: Sequence[_Row]) -> Sequence[bool]:
        """Write it all, statement by statement; row by row where one did not find what it was to change."""
        try:
            try:
                await self._database.write_in_thread(partial(_together, batch))
            except _Missed:
                return await self._database.write_in_thread(partial(_singly, batch))
            return [True] * len(batch)
        except StatementError as error:
            raise StoreConflict(f"a row that can't be written: {type(error.orig).__name__}") from error
        except ValueError as error:  # the driver's own, as for half a sign of UTF-16
            raise StoreConflict(f"a row that can't be written: {type(error).__name__}") from error


def _release(batch: Sequence[_Row]) -> None:
    """Let nobody wait for ever for what is not being written any more."""
    for row in batch:
        if row.written and not row.written.done():
            row.written.set_exception(StoreError("the journal ended before this was written"))


def _together(batch: Sequence[_Row], connection: Connection) -> None:
    """Run each statement once for all its rows. Raises _Missed when somebody waits to hear of one that missed."""
    groups: dict[Executable, list[_Row]] = {}
    for row in batch:
        groups.setdefault(row.statement, []).append(row)
    for statement, rows in groups.items():
        result = connection.execute(statement, [row.values for row in rows])
        if 0 <= result.rowcount < len(rows) and any(row.written for row in rows):
            raise _Missed


def _singly(batch: Sequence[_Row], connection: Connection) -> Sequence[bool]:
    """Run each row by itself, and return which of them changed anything."""
    return [connection.execute(row.statement, row.values).rowcount != 0 for row in batch]


def _tell(row: _Row, changed: bool) -> None:  # noqa: FBT001
    """Wake its writer, if that still waits."""
    if row.written and not row.written.done():
        row.written.set_result(changed)


def _refuse(row: _Row, error: StoreConflict) -> None:
    """Tell its writer, if that still waits, what the database has against it."""
    if row.written is None:
        log.error("record refused", reason=str(error))
    elif not row.written.done():
        row.written.set_exception(error)
