"""A PostgreSQL server of the tests' own, on a socket in a folder; both go when the tests end, however they do."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from alembic import command
from sqlalchemy import Engine, create_engine

from bot.store.migrate import _config
from bot.store.tables import metadata

DEBIANS: Final = Path("/usr/lib/postgresql")
"""Where Debian has its servers, a folder for each version; they are not on the PATH."""
STOP: Final = 20.0
"""Seconds that the server may take to stop."""
_KEEPER: Final = """
set -e
folder=$(mktemp -d)
cd "$folder"
trap '' PIPE
trap '"$0/pg_ctl" stop --pgdata=cluster --mode=immediate >>said 2>&1; rm -rf "$folder"' EXIT
{
    "$0/initdb" --pgdata=cluster --username=postgres --auth=trust --no-sync \\
        --encoding=UTF8 --locale-provider=icu --icu-locale=zh &&
    "$0/pg_ctl" start --pgdata=cluster --log=log --wait --options="-k '$folder' $1"
} >said 2>&1 || { cat said log >&2; exit 1; }
echo "$folder"
cat >/dev/null
"""
"""Keeps a server until the end of its input: that comes when the tests stop it, and when they are killed."""
_OPTIONS: Final = " ".join(
    f"-c {option}"
    for option in (
        "listen_addresses=",
        "timezone=Asia/Shanghai",
        "fsync=off",
        "full_page_writes=off",
        "synchronous_commit=off",
        "wal_level=minimal",
        "max_wal_senders=0",
    )
)
"""No network, and nothing that is for power cuts. Times come in the server's own zone, unless somebody sees to it."""
_HANG_UP: Final = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_CLEAR: Final = "; ".join(
    (
        _HANG_UP,
        *(f"DELETE FROM {table}" for table in ("search", *reversed(metadata.sorted_tables))),  # noqa: S608 - ours
        "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'",
    )
)
"""Also lets ids begin at 1 again."""


class Server:
    """A server, in whose databases everybody may do everything. It sorts as Chinese readers do, not by code points."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own = create_engine(self._address("postgres"), isolation_level="AUTOCOMMIT")
        self._do("CREATE DATABASE digests")
        self._shared = create_engine(self._address("digests"))
        upgrade(self._shared, "head")

    def cleared(self) -> str:
        """Give the address of a database with our tables and nothing in them; whoever is still there has to go.

        It is always the same one: to make one takes a tenth of a second.
        """
        with self._shared.begin() as connection:
            connection.exec_driver_sql(_CLEAR)
        return self._address("digests")

    def hang_up(self) -> None:
        """End every connection to that database, as a server that is started anew does."""
        with self._shared.begin() as connection:
            connection.exec_driver_sql(_HANG_UP)

    @contextmanager
    def empty(self) -> Iterator[str]:
        """Give the address of a new database without any table."""
        name = f"test_{uuid4().hex}"
        self._do(f"CREATE DATABASE {name}")
        try:
            yield self._address(name)
        finally:
            self._do(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Let go of the server, which may then be stopped."""
        self._shared.dispose()
        self._own.dispose()

    def _address(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self._folder}"

    def _do(self, words: str) -> None:
        with self._own.connect() as connection:
            connection.exec_driver_sql(words)


def upgrade(engine: Engine, version: str) -> None:
    """Bring a database up to that version of its tables."""
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)


@contextmanager
def running() -> Iterator[Server]:
    """Start a server, and stop it."""
    with subprocess.Popen(
        ["sh", "-c", _KEEPER, _programs(), _OPTIONS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **_somebody(),
    ) as keeper:
        assert keeper.stdin
        assert keeper.stdout
        folder = keeper.stdout.readline().strip()
        assert folder, "PostgreSQL did not start; what it said stands above"
        server = Server(Path(folder))
        try:
            yield server
        finally:
            server.close()
            keeper.stdin.close()
            assert keeper.wait(STOP) == 0


def _programs() -> str:
    found = shutil.which("initdb")
    debians = sorted(DEBIANS.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    assert found or debians, "there is no PostgreSQL here: apt-get install postgresql (as root, `make test` does it)"
    return str(Path(found or debians[-1]).parent)


def _somebody() -> dict[str, Any]:
    """Return who runs the server: whoever runs the tests, but for root, whom it refuses."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
