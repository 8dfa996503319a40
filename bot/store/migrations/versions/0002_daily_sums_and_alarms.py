"""daily sums and alarms."""

import sqlalchemy as sa
from alembic import op

import bot.store.engine

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "daily_sums",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column(
            "deliveries",
            sa.Integer(),
            nullable=False,
            comment="those of this day that are no longer kept one by one",
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'claimed', 'sent', 'empty', 'failed', 'unknown', 'expired')",
            name=op.f("ck_daily_sums_state"),
        ),
        sa.PrimaryKeyConstraint("day", "platform", "state", name=op.f("pk_daily_sums")),
    )
    op.create_table(
        "alarms",
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="where new subscriptions live"),
        sa.Column("raised_at", bot.store.engine.Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cause", "day", name=op.f("pk_alarms")),
    )
    op.create_index(
        "ix_deliveries_settled",
        "deliveries",
        ["state", "settled_at"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NOT NULL"),
        postgresql_where=sa.text("settled_at IS NOT NULL"),
    )
    op.create_index(
        "ix_deliveries_edition",
        "deliveries",
        ["edition"],
        unique=False,
        sqlite_where=sa.text("edition IS NOT NULL"),
        postgresql_where=sa.text("edition IS NOT NULL"),
    )
