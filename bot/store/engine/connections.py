"""Connections whose statements are carried out whole, whoever is cancelled meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import CursorResult
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

T = TypeVar("T")


class _Connection(AsyncConnection):
    """A connection whose statements are carried out whole: whoever is cancelled meanwhile hears of it afterwards.

    Cut off in the middle, a connection would be thrown away with its transaction open, and the database stay locked.
    """

    async def start(self, is_ctxmanager: bool = False) -> AsyncConnection:  # noqa: FBT001, FBT002 - as it is called
        try:
            return await whole(super().start(is_ctxmanager))
        except asyncio.CancelledError:
            if self.sync_connection is not None:
                await self.close()
            raise

    async def execute(self, *args: Any, **kwargs: Any) -> CursorResult[Any]:  # noqa: ANN401
        return await whole(super().execute(*args, **kwargs))

    async def commit(self) -> None:
        await whole(super().commit())

    async def rollback(self) -> None:
        await whole(super().rollback())

    async def close(self) -> None:
        await whole(super().close())


class Engine(AsyncEngine):
    """An engine of such connections."""

    _connection_cls = _Connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection whose changes are committed at the end, or taken back when something is raised."""
        async with self.connect() as connection:
            try:
                yield connection
            except BaseException:
                await connection.rollback()
                raise
            await connection.commit()


async def whole(work: Coroutine[Any, Any, T]) -> T:
    """Return what `work` returns, once it is done, even when this task is cancelled meanwhile: that is raised then."""
    task = asyncio.ensure_future(work)
    cancelled = False
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        if not task.cancelled():
            task.exception()  # it is known now, and nobody else will ask
        raise asyncio.CancelledError
    return task.result()
