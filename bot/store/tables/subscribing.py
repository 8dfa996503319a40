"""The tables of chats and what each of them wants."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from bot.models import Format, SubscriptionState
from bot.store.engine import Utc
from bot.store.tables.schema import NEVER, metadata, one_of

chats = Table(
    "chats",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform", String(16), nullable=False),
    Column("address", String(64), nullable=False, comment="the platform's own id"),
    Column("kind", String(8), nullable=False),
    Column("title", Text, nullable=False),
    Column("credential", Text, comment="a secret that the address stands for: a webhook's key; shown masked only"),
    UniqueConstraint("platform", "address"),
    Index("ix_chats_credential", "platform", "credential", unique=True),
)

slots = Table(
    "slots",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("zone", String(64), nullable=False),
    Column("at", String(5), nullable=False, comment="local time, HH:MM"),
    Column(
        "days",
        String(7),
        nullable=False,
        comment="ISO weekdays, 1 is Monday: 12345; or the working days of a country: cn",
    ),
    UniqueConstraint("zone", "at", "days"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("chat_id", ForeignKey("chats.id"), nullable=False),
    Column("topic", String(64), nullable=False, server_default=""),
    Column("slot_id", ForeignKey("slots.id"), nullable=False),
    Column("categories", Text, nullable=False, comment="slugs, sorted, joined by commas; empty: all"),
    Column("format", String(10), one_of("format", *Format), nullable=False),
    Column("language", String(16), nullable=False),
    Column("mention", Text, nullable=False, server_default="", comment="whom to call, joined by commas"),
    Column("silent", Boolean, nullable=False, server_default=false(), comment="whether pushes make no sound"),
    Column(
        "tells_empty",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="whether a day with nothing in the categories is told of",
    ),
    Column(
        "weekly", Boolean, nullable=False, server_default=false(), comment="whether the week is pushed on Sundays too"
    ),
    Column("away_until", Date, comment="local days before this one bring nothing"),
    Column("state", String(6), one_of("state", *SubscriptionState), nullable=False),
    Column("since", Utc, nullable=False, comment="when the state began"),
    Column("reason", Text, nullable=False, server_default=""),
    Column(
        "absent",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="whether it is paused because the chat can't be reached",
    ),
    Column("served_day", Date, nullable=False, comment="a mark that spares planning a second look; not the truth"),
    Column(
        "served_week",
        Date,
        nullable=False,
        server_default=text(f"'{NEVER}'"),
        comment="the Sunday of the week last planned; a mark, as served_day is",
    ),
    UniqueConstraint("chat_id", "topic"),
    Index("ix_subscriptions_due", "slot_id", "state", "served_day"),
    Index(
        "ix_subscriptions_week",
        "slot_id",
        "state",
        "served_week",
        sqlite_where=text("weekly = 1"),
        postgresql_where=text("weekly"),
    ),
    sqlite_autoincrement=True,  # operators know a subscription by its id, also when it is forgotten meanwhile
)
