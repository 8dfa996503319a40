"""The tables of what was sent, part by part, and the sums that stay of it."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

from bot.models import DeliveryState, Format, PartState
from bot.store.engine import Utc
from bot.store.tables.schema import metadata, one_of

editions = Table(
    "editions",
    metadata,
    Column("key", String(64), primary_key=True, comment="SHA-256 of the parts"),
    Column("parts", Text, nullable=False, comment="JSON"),
    Column("stored_at", Utc, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscription_id", ForeignKey("subscriptions.id"), nullable=False),
    Column("occasion", String(40), nullable=False, comment="day:2025-10-12, week:2025-W41"),
    Column("platform", String(16), nullable=False),
    Column("day", Date, nullable=False, comment="of a week its Sunday"),
    Column("revision_id", ForeignKey("revisions.id"), comment="null: a week's, which is made of several"),
    Column("base_id", ForeignKey("deliveries.id"), comment="the delivery whose messages this one changes"),
    Column("categories", Text, nullable=False, comment="as the subscription had them when it was planned"),
    Column("format", String(10), one_of("format", *Format), nullable=False),
    Column("language", String(16), nullable=False),
    Column("edition", ForeignKey("editions.key"), comment="set when it is first rendered; what is sent is this"),
    Column("state", String(8), one_of("state", *DeliveryState), nullable=False),
    Column("claimed_by", String(100)),
    Column("planned_at", Utc, nullable=False),
    Column("deadline", Utc, nullable=False, comment="what has not begun by then is no longer sent"),
    Column("next_at", Utc, nullable=False, comment="when it may next be tried"),
    Column("attempts", Integer, nullable=False),
    Column("error_code", String(40)),
    Column("error", Text),
    Column("settled_at", Utc),
    UniqueConstraint("subscription_id", "occasion"),
    Index(
        "ix_deliveries_open",
        "platform",
        "next_at",
        sqlite_where=text("state IN ('planned', 'claimed')"),
        postgresql_where=text("state IN ('planned', 'claimed')"),
    ),
    Index("ix_deliveries_day", "day", "revision_id", "state"),
    Index("ix_deliveries_base", "base_id"),
    Index(
        "ix_deliveries_settled",
        "state",
        "settled_at",
        "revision_id",
        sqlite_where=text("settled_at IS NOT NULL"),
        postgresql_where=text("settled_at IS NOT NULL"),
    ),
    Index(
        "ix_deliveries_edition",
        "edition",
        sqlite_where=text("edition IS NOT NULL"),
        postgresql_where=text("edition IS NOT NULL"),
    ),
    sqlite_autoincrement=True,  # whoever sends knows a delivery by its id, also when it is forgotten meanwhile
)

delivery_parts = Table(
    "delivery_parts",
    metadata,
    Column("delivery_id", ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("state", String(8), one_of("state", *PartState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("untold", Integer, nullable=False, server_default="0", comment="those that nobody told the end of"),
    Column("message_id", String(40)),
    Column("shows", String(64), comment="the fingerprint of what the message says; null: there is none"),
    Column("changed_at", Utc, nullable=False),
)

daily_sums = Table(
    "daily_sums",
    metadata,
    Column("day", Date, primary_key=True),
    Column("platform", String(16), primary_key=True),
    Column("state", String(8), one_of("state", *DeliveryState), primary_key=True),
    Column("deliveries", Integer, nullable=False, comment="those of this day that are no longer kept one by one"),
)

weekly_sums = Table(
    "weekly_sums",
    metadata,
    Column("day", Date, primary_key=True, comment="the week's Sunday"),
    Column("platform", String(16), primary_key=True),
    Column("state", String(8), one_of("state", *DeliveryState), primary_key=True),
    Column("deliveries", Integer, nullable=False, comment="those of this week that are no longer kept one by one"),
)
