"""which pauses a chat's absence caused.

Of those there are already only prose tells: what operators paused stays so, the others come back with their chat.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_SUBSCRIPTIONS = sa.table(
    "subscriptions", *(sa.column(name) for name in ("state", "reason")), sa.column("absent", sa.Boolean)
)
_NOT_ABSENT = ("paused by the operator", "the chat has another subscription at its new address")


def upgrade() -> None:
    """Go forward."""
    comment = "whether it is paused because the chat can't be reached"
    column: sa.Column[bool] = sa.Column(
        "absent", sa.Boolean(), server_default=sa.false(), nullable=False, comment=comment
    )
    op.add_column("subscriptions", column)
    one = _SUBSCRIPTIONS.c
    absent = sa.and_(one.state == "paused", one.reason.not_in(_NOT_ABSENT))
    op.execute(sa.update(_SUBSCRIPTIONS).where(absent).values(absent=sa.true()))
