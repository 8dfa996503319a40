"""Every table. The invariants of the design are constraints here, not good intentions elsewhere."""

from datetime import date

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from bot.models import DeliveryState, Format, PartState, SubscriptionState
from bot.store.engine import Utc

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

NEVER = date(1, 1, 1)


def _one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


digests = Table(
    "digests",
    metadata,
    Column("day", Date, primary_key=True),
    Column("revision_id", ForeignKey("revisions.id"), comment="the published revision; null: none is"),
    Column("published_at", Utc, comment="when the day was first published"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("day", Date, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(9), _one_of("state", "draft", "published", "retracted"), nullable=False),
    Column("title", Text, nullable=False),
    Column("written_at", String(40), comment="ISO 8601 with the author's own offset"),
    Column("categories", Text, nullable=False, comment="JSON: the names in the front matter"),
    Column("lead", Text, nullable=False, comment="JSON: blocks"),
    Column("commentary", Text, nullable=False, comment="JSON: blocks"),
    Column("source", LargeBinary, nullable=False, comment="the document, byte for byte"),
    Column("sha256", String(64), nullable=False),
    Column("origin", Text, nullable=False, comment="the file or address it came from"),
    Column("loaded_at", Utc, nullable=False),
    Column("corrects", Boolean, nullable=False, server_default=true(), comment="whether sent messages follow it"),
    UniqueConstraint("day", "number"),
    Index(None, "sha256"),
)

items = Table(
    "items",
    metadata,
    Column("revision_id", ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("url", Text),
    Column("body", Text, nullable=False, comment="JSON: blocks"),
    Column("section", Text),
    Column("tags", Text, nullable=False, comment="JSON"),
)

categories = Table(
    "categories",
    metadata,
    Column("slug", String(24), primary_key=True),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("aliases", Text, nullable=False, comment="JSON"),
    Column("place", Integer, nullable=False, comment="the taxonomy's order; those of documents come after"),
)

item_categories = Table(
    "item_categories",
    metadata,
    Column("revision_id", ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("slug", ForeignKey("categories.slug"), primary_key=True),
    Column("place", Integer, nullable=False, comment="0 is the primary one"),
    Index(None, "slug", "revision_id"),
)

verdicts = Table(
    "verdicts",
    metadata,
    Column("day", Date, primary_key=True),
    Column("item", String(64), primary_key=True, comment="the identity of the story, the same in every revision"),
    Column("slugs", Text, nullable=False, comment="JSON: what a person said, the primary one first"),
    Column("said_by", Text, nullable=False, comment="who: telegram:12345, or the command line"),
    Column("said_at", Utc, nullable=False),
)

model_answers = Table(
    "model_answers",
    metadata,
    Column("question", String(64), primary_key=True, comment="SHA-256 of model, taxonomy and items"),
    Column("answer", Text, nullable=False, comment="JSON: slugs by the item's number"),
    Column("given_at", Utc, nullable=False),
)

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
    Column("format", String(10), _one_of("format", *Format), nullable=False),
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
    Column("state", String(6), _one_of("state", *SubscriptionState), nullable=False),
    Column("since", Utc, nullable=False, comment="when the state began"),
    Column("reason", Text, nullable=False, server_default=""),
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
)

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
    Column("format", String(10), _one_of("format", *Format), nullable=False),
    Column("language", String(16), nullable=False),
    Column("edition", ForeignKey("editions.key"), comment="set when it is first rendered; what is sent is this"),
    Column("state", String(8), _one_of("state", *DeliveryState), nullable=False),
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
)

delivery_parts = Table(
    "delivery_parts",
    metadata,
    Column("delivery_id", ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("state", String(8), _one_of("state", *PartState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("message_id", String(40)),
    Column("shows", String(64), comment="the fingerprint of what the message says; null: there is none"),
    Column("changed_at", Utc, nullable=False),
)

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

daily_sums = Table(
    "daily_sums",
    metadata,
    Column("day", Date, primary_key=True),
    Column("platform", String(16), primary_key=True),
    Column("state", String(8), _one_of("state", *DeliveryState), primary_key=True),
    Column("deliveries", Integer, nullable=False, comment="those of this day that are no longer kept one by one"),
)

weekly_sums = Table(
    "weekly_sums",
    metadata,
    Column("day", Date, primary_key=True, comment="the week's Sunday"),
    Column("platform", String(16), primary_key=True),
    Column("state", String(8), _one_of("state", *DeliveryState), primary_key=True),
    Column("deliveries", Integer, nullable=False, comment="those of this week that are no longer kept one by one"),
)

alarms = Table(
    "alarms",
    metadata,
    Column("cause", String(20), primary_key=True),
    Column("day", Date, primary_key=True, comment="where new subscriptions live"),
    Column("raised_at", Utc, nullable=False),
)
