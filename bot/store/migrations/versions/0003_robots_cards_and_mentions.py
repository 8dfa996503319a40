"""robots, cards and mentions."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BEFORE = "format IN ('full', 'brief', 'headlines')"
_AFTER = "format IN ('full', 'brief', 'headlines', 'news')"
_TABLES = ("subscriptions", "deliveries")


def upgrade() -> None:
    """Go forward."""
    comment = "a secret that the address stands for: a webhook's key; shown masked only"
    op.add_column("chats", sa.Column("credential", sa.Text(), nullable=True, comment=comment))
    op.create_index("ix_chats_credential", "chats", ["platform", "credential"], unique=True)
    mention = sa.Column(
        "mention", sa.Text(), server_default="", nullable=False, comment="whom to call, joined by commas"
    )
    op.add_column("subscriptions", mention)
    if op.get_bind().dialect.name == "sqlite":
        _reword(op.get_bind())
        return
    for table in _TABLES:
        op.drop_constraint(op.f(f"ck_{table}_format"), table)
        op.create_check_constraint(op.f(f"ck_{table}_format"), table, _AFTER)


def _reword(connection: sa.Connection) -> None:
    """Change the words of a constraint in SQLite's schema, as its documentation of ALTER TABLE tells to.

    A table can't be copied instead: dropping the old one would delete what refers to it.
    """
    number = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    reword = "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?"
    for table in _TABLES:
        connection.exec_driver_sql(reword, (_BEFORE, _AFTER, table))
    connection.exec_driver_sql(f"PRAGMA schema_version = {number + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
