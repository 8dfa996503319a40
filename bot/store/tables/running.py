"""The tables by which processes know of each other, of files and of alarms."""

from sqlalchemy import Column, Date, String, Table, Text

from bot.store.engine import Utc
from bot.store.tables.schema import metadata

NOBODY = "nobody:0:none"
"""The owner of an account that was let go: its lease is kept for what it tells of the clock."""

leases = Table(
    "leases",
    metadata,
    Column("account", String(40), primary_key=True, comment="the bot account, by platform"),
    Column("owner", String(100), nullable=False, comment="the process that sends for it"),
    Column("until", Utc, nullable=False),
)

source_files = Table(
    "source_files",
    metadata,
    Column("path", Text, primary_key=True),
    Column("sha256", String(64), nullable=False, comment="the content that was last looked at"),
    Column("outcome", Text, nullable=False),
    Column("seen_at", Utc, nullable=False),
)

alarms = Table(
    "alarms",
    metadata,
    Column("cause", String(20), primary_key=True),
    Column("day", Date, primary_key=True, comment="where new subscriptions live, or the digest's"),
    Column("operator", String(16), primary_key=True, comment="a fingerprint of the chat that was told"),
    Column("raised_at", Utc, nullable=False),
)
