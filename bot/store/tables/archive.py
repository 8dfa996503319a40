"""The tables of digests, their items and the categories these are in."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    true,
)

from bot.store.engine import Utc
from bot.store.tables.schema import metadata, one_of

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
    Column("state", String(9), one_of("state", "draft", "published", "retracted"), nullable=False),
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
