"""numbers for good: what is deleted leaves its number to nobody.

SQLite gave the number of the last row, once that was gone, to the next one. PostgreSQL never did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_COLUMN = "\n\tid INTEGER NOT NULL"
_KEY = "\n\tCONSTRAINT pk_{} PRIMARY KEY (id), "
_KNOWN = {
    "subscriptions": (("subscriptions", "id"), ("deliveries", "subscription_id")),
    "deliveries": (("deliveries", "id"), ("deliveries", "base_id"), ("delivery_parts", "delivery_id")),
}
"""Where numbers of a table stand: its own, and those of what refers to it. Each is the first of an index."""
_SEQUENCE = sa.table("sqlite_sequence", sa.column("name"), sa.column("seq"))


def upgrade() -> None:
    """Go forward."""
    if op.get_bind().dialect.name != "sqlite":
        return
    _make_sequences()
    _reword(op.get_bind())
    for table, places in _KNOWN.items():
        op.execute(sa.insert(_SEQUENCE).values(name=table, seq=_highest(op.get_bind(), places)))


def _make_sequences() -> None:
    """Have SQLite make its own table of the highest numbers, as it does for the first that counts so."""
    op.execute("CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT)")
    op.execute("DROP TABLE counted")


def _reword(connection: sa.Connection) -> None:
    """Change the words of the key in SQLite's schema, as its documentation of ALTER TABLE tells to; rows stay as they are.

    A table can't be copied instead: dropping the old one would delete what refers to it.
    """
    number = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    reword = "UPDATE sqlite_master SET sql = replace(replace(sql, ?, ?), ?, '') WHERE type = 'table' AND name = ?"
    for table in _KNOWN:
        counted = f"{_COLUMN} PRIMARY KEY AUTOINCREMENT"
        connection.exec_driver_sql(reword, (_COLUMN, counted, _KEY.format(table), table))
    connection.exec_driver_sql(f"PRAGMA schema_version = {number + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")


def _highest(connection: sa.Connection, places: tuple[tuple[str, str], ...]) -> int:
    queries = (f"SELECT max({column}) FROM {table}" for table, column in places)  # noqa: S608 - names of ours
    return max(connection.exec_driver_sql(query).scalar() or 0 for query in queries)
