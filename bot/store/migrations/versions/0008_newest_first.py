"""the newest first in the index of the search.

Its ids counted up with the days; now they count down. SQLite's index is written anew, which is faster than changing each
id, and from now on merges its pieces sooner: a search reads each of them.
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TURN = date.max.toordinal() * 10_000 + 9_999
"""An item's old id and its new one together."""
_OLD = sa.table("search", sa.column("rowid"), sa.column("words"))
_NEW = sa.table("search_turned", *(sa.column(name) for name in ("rowid", "words", "search_turned", "rank")))
_PIECES = 2
"""So many of one size become one; 4 where nothing is said."""


def upgrade() -> None:
    """Go forward."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE search_turned USING fts5(words, tokenize = 'ascii', columnsize = 0)")
        op.execute(sa.insert(_NEW).values(search_turned="automerge", rank=_PIECES))
        turned = sa.select(_TURN - _OLD.c.rowid, _OLD.c.words).order_by(_OLD.c.rowid.desc())
        op.execute(sa.insert(_NEW).from_select(["rowid", "words"], turned))
        op.execute("DROP TABLE search")
        op.execute("ALTER TABLE search_turned RENAME TO search")
    else:
        kept = sa.table("search", sa.column("id", sa.BigInteger))
        op.execute(sa.update(kept).values(id=_TURN - kept.c.id))
