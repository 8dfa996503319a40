"""how many sends of a part nobody told the end of."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    column = sa.Column(
        "untold", sa.Integer(), server_default="0", nullable=False, comment="those that nobody told the end of"
    )
    op.add_column("delivery_parts", column)
