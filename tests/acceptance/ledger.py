"""The ledger as it stands in the database file, read by SQLite itself: what a kill leaves is seen as it is."""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

_STATES = "SELECT state, count(*) FROM deliveries GROUP BY state"
_DELIVERY = """
    SELECT d.state, coalesce(d.error_code, ''), coalesce(d.error, '') FROM deliveries d
    JOIN subscriptions s ON s.id = d.subscription_id JOIN chats c ON c.id = s.chat_id WHERE c.address = ?
"""
_HELD = """
    SELECT count(DISTINCT d.id), count(p.number) FROM deliveries d
    LEFT JOIN delivery_parts p ON p.delivery_id IN (d.id, d.base_id) AND p.state = 'sending'
    WHERE d.state = 'claimed' AND d.claimed_by LIKE ?
"""
_PARTS = """
    SELECT c.platform, c.address, p.number, p.state, p.attempts, p.message_id, p.shows FROM deliveries d
    JOIN subscriptions s ON s.id = d.subscription_id JOIN chats c ON c.id = s.chat_id
    JOIN delivery_parts p ON p.delivery_id = d.id
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A part of a delivery; `chat` is the address, `shows` the fingerprint of what its message says."""

    platform: str
    chat: str
    number: int
    state: str
    attempts: int
    message_id: str | None
    shows: str | None


def deliveries(database: Path) -> dict[str, int]:
    """Return how many deliveries are in each state."""
    return dict(_rows(database, _STATES))


def unsettled(database: Path) -> int:
    """Return how many deliveries are planned or claimed."""
    states = Counter(deliveries(database))
    return states["planned"] + states["claimed"]


def held(database: Path, process: int) -> dict[str, int]:
    """Return how many deliveries a process has claimed, and how many of their parts are being sent, if any."""
    found = _rows(database, _HELD, f"%:{process}:%")[0]
    return {state: number for state, number in zip(("claimed", "sending"), found, strict=True) if number}


def delivery(database: Path, chat: int) -> tuple[str, str, str]:
    """Return state, error code and error of the delivery to a chat."""
    ((state, code, error),) = _rows(database, _DELIVERY, str(chat))
    return state, code, error


def parts(database: Path, state: str | None = None, *, platform: str | None = None) -> list[Line]:
    """Return the parts there are, or those in one state or on one platform."""
    names = ("platform", "chat", "number", "state", "attempts", "message_id", "shows")
    lines = (Line(**dict(zip(names, row, strict=True))) for row in _rows(database, _PARTS))
    return [line for line in lines if state in (None, line.state) and platform in (None, line.platform)]


def revisions(database: Path, day: date) -> int:
    """Return how many revisions of a day's digest are stored."""
    return int(_rows(database, "SELECT count(*) FROM revisions WHERE day = ?", str(day))[0][0])


def source(database: Path, day: date) -> bytes:
    """Return the document of a day's newest revision, byte for byte."""
    query = "SELECT source FROM revisions WHERE day = ? ORDER BY number DESC LIMIT 1"
    return bytes(_rows(database, query, str(day))[0][0])


def _rows(database: Path, query: str, *values: str) -> list[Any]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as connection:
        return connection.execute(query, values).fetchall()
