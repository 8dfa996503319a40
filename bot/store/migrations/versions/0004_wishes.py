"""silent pushes, absences, empty days and weeks."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    for name, comment in (
        ("silent", "whether pushes make no sound"),
        ("tells_empty", "whether a day with nothing in the categories is told of"),
        ("weekly", "whether the week is pushed on Sundays too"),
    ):
        column: sa.Column[bool] = sa.Column(
            name, sa.Boolean(), server_default=sa.false(), nullable=False, comment=comment
        )
        op.add_column("subscriptions", column)
    away = sa.Column("away_until", sa.Date(), nullable=True, comment="local days before this one bring nothing")
    op.add_column("subscriptions", away)
