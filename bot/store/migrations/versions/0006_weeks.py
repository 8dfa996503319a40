"""weeks."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NEVER = "0001-01-01"
_STATES = "'planned', 'claimed', 'sent', 'empty', 'failed', 'unknown', 'expired'"


def upgrade() -> None:
    """Go forward."""
    if op.get_bind().dialect.name == "sqlite":
        _allow_null(op.get_bind())
    else:
        op.alter_column("deliveries", "revision_id", nullable=True)
    comment = "the Sunday of the week last planned; a mark, as served_day is"
    served = sa.Column("served_week", sa.Date(), server_default=sa.text(f"'{_NEVER}'"), nullable=False, comment=comment)
    op.add_column("subscriptions", served)
    op.create_index(
        "ix_subscriptions_week",
        "subscriptions",
        ["slot_id", "state", "served_week"],
        sqlite_where=sa.text("weekly = 1"),
        postgresql_where=sa.text("weekly"),
    )
    op.drop_index("ix_deliveries_settled", "deliveries")
    op.create_index(
        "ix_deliveries_settled",
        "deliveries",
        ["state", "settled_at", "revision_id"],
        sqlite_where=sa.text("settled_at IS NOT NULL"),
        postgresql_where=sa.text("settled_at IS NOT NULL"),
    )
    op.create_table(
        "weekly_sums",
        sa.Column("day", sa.Date(), nullable=False, comment="the week's Sunday"),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column(
            "deliveries",
            sa.Integer(),
            nullable=False,
            comment="those of this week that are no longer kept one by one",
        ),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_weekly_sums_state")),
        sa.PrimaryKeyConstraint("day", "platform", "state", name=op.f("pk_weekly_sums")),
    )


def _allow_null(connection: sa.Connection) -> None:
    """Let a delivery be without a revision, by SQLite's schema, as its documentation of ALTER TABLE tells to.

    A table can't be copied instead: dropping the old one would delete what refers to it.
    """
    number = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    reword = "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'deliveries'"
    connection.exec_driver_sql(reword, ("revision_id INTEGER NOT NULL", "revision_id INTEGER"))
    connection.exec_driver_sql(f"PRAGMA schema_version = {number + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
