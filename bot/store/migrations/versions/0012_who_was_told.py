"""which operator was told of an alarm.

The alarms there are say it of nobody: they go, and what is an alarm today is told once more.
"""

import sqlalchemy as sa
from alembic import op

import bot.store.engine

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.drop_table("alarms")
    op.create_table(
        "alarms",
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="where new subscriptions live, or the digest's"),
        sa.Column("operator", sa.String(length=16), nullable=False, comment="a fingerprint of the chat that was told"),
        sa.Column("raised_at", bot.store.engine.Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cause", "day", "operator", name=op.f("pk_alarms")),
    )
