"""what people and a model say of categories."""

import sqlalchemy as sa
from alembic import op

import bot.store.engine

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "verdicts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "item",
            sa.String(length=64),
            nullable=False,
            comment="the identity of the story, the same in every revision",
        ),
        sa.Column("slugs", sa.Text(), nullable=False, comment="JSON: what a person said, the primary one first"),
        sa.Column("said_by", sa.Text(), nullable=False, comment="who: telegram:12345, or the command line"),
        sa.Column("said_at", bot.store.engine.Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", "item", name=op.f("pk_verdicts")),
    )
    op.create_table(
        "model_answers",
        sa.Column("question", sa.String(length=64), nullable=False, comment="SHA-256 of model, taxonomy and items"),
        sa.Column("answer", sa.Text(), nullable=False, comment="JSON: slugs by the item's number"),
        sa.Column("given_at", bot.store.engine.Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("question", name=op.f("pk_model_answers")),
    )
