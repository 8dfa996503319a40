"""Which process sends for a bot account: one at a time, by a lease that runs out when the process is gone."""

import hashlib
import os
import secrets
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from pathlib import Path
from typing import Any

from sqlalchemy import Row, insert, select, update

from bot.store import clocks
from bot.store.engine import Database
from bot.store.tables import NOBODY, leases

LEASE = timedelta(seconds=15)
"""How long a silent owner keeps an account; an owner renews well before."""
ASKEW = timedelta(minutes=1)
"""By how much the clocks of two machines may differ: a lease that ends later was written by a clock that was ahead."""


def numbering() -> str:
    """Return a word that is the same wherever process numbers mean the same: in one container, from boot to boot."""
    try:
        boot, space = Path("/proc/sys/kernel/random/boot_id").read_text(), str(Path("/proc/self/ns/pid").readlink())
    except OSError:  # no Linux, so no containers that share a host's name
        return "host"
    return hashlib.sha256(f"{boot}{space}".encode()).hexdigest()[:8]


class Hold(Enum):
    """Whether this process has an account; false alone when another has it."""

    ELSEWHERE = auto()
    KEPT = auto()
    """It was this process that had it last, so nobody else sent meanwhile."""
    TAKEN = auto()

    def __bool__(self) -> bool:
        return self is not Hold.ELSEWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seen:
    """A lease as it was `written`, by whom and until when, and `at` what moment of ours it was so first."""

    written: tuple[str, datetime]
    at: datetime


class Leases:
    """The owners of the bot accounts. `owner` names this process: host, process id, and what tells it from others."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen: dict[str, _Seen] = {}
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{numbering()}-{secrets.token_hex(4)}"

    async def hold(self, account: str, now: datetime) -> Hold:
        """Take or renew `account`, unless another process that may be alive has it.

        Where that one's clock was ahead when it wrote last, what it did to the ledger is undone with the taking.
        """
        async with self._database.write() as connection:
            row = (await connection.execute(select(leases).where(leases.c.account == account))).first()
            if row is None:
                await connection.execute(insert(leases).values(account=account, owner=self.owner, until=now + LEASE))
                return Hold.TAKEN
            kept = row.owner == self.owner
            if not (kept or row.until <= now or self._is_dead(row.owner) or self._is_silent(row, now)):
                return Hold.ELSEWHERE
            values = {"owner": self.owner, "until": now + LEASE}
            await connection.execute(update(leases).where(leases.c.account == account).values(values))
            looked = row.until - LEASE
            if not kept and looked > now:
                await connection.run_sync(clocks.set_back, now, looked=looked, whose=clocks.of(account))
            return Hold.KEPT if kept else Hold.TAKEN

    async def release(self, account: str, now: datetime) -> None:
        """Let go of `account`, so that the next process need not wait; it learns what our clock said."""
        mine = (leases.c.account == account) & (leases.c.owner == self.owner)
        async with self._database.write() as connection:
            await connection.execute(update(leases).where(mine).values(owner=NOBODY, until=now + LEASE))

    async def holder(self, account: str, now: datetime) -> str | None:
        """Return the process that has `account` and may be alive; None when nobody sends for it."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(leases).where(leases.c.account == account))).first()
        return row.owner if row and self._may_live(row, now) else None

    async def sender(self, account: str, now: datetime) -> str:
        """Name the process that sends for `account` to a person: `4711@host`; nothing when there is none."""
        owner = await self.holder(account, now)
        if owner is None:
            return ""
        host, pid, _ = owner.rsplit(":", 2)
        return f"{pid}@{host}"

    async def living(self, now: datetime) -> frozenset[str]:
        """Return the processes that have any account and may be alive."""
        async with self._database.read() as connection:
            rows = (await connection.execute(select(leases))).all()
        return frozenset(row.owner for row in rows if self._may_live(row, now))

    def _may_live(self, row: Row[Any], now: datetime) -> bool:
        """Tell whether the owner of a lease may be alive, by one look at it."""
        until: datetime = row.until
        if row.owner == self.owner:
            return until > now
        return now < until <= now + LEASE + ASKEW and not self._is_dead(row.owner)

    def _is_silent(self, row: Row[Any], now: datetime) -> bool:
        """Tell whether a lease has not been renewed before our eyes for as long as one lasts, whatever it says."""
        written = row.owner, row.until
        seen = self._seen.get(row.account)
        if seen is None or seen.written != written or now < seen.at:
            self._seen[row.account] = _Seen(written=written, at=now)
            return False
        return now - seen.at >= LEASE

    def _is_dead(self, owner: str) -> bool:
        """Tell whether `owner` surely ended: its number, which means the same here, is free or that of this process."""
        if owner == NOBODY:
            return True
        host, pid, word = owner.rsplit(":", 2)
        here = host == socket.gethostname() and word.partition("-")[0] == numbering()
        if not here or owner == self.owner:
            return False
        if int(pid) == os.getpid():
            return True
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False
