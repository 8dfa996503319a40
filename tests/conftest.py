"""The databases that tests run on, and the log as the bot sets it up."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot import logs
from bot.config import Settings
from tests.fakes import Where
from tests.postgres import Server, running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture
def postgresql(postgres: Server) -> str:
    """Give the address of a PostgreSQL database with our tables and nothing in them."""
    return postgres.cleared()


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Where:
    """Give a place for a store, once for each kind of database; the server is started when it is first asked for."""
    if request.param == "sqlite":
        return tmp_path
    address: str = request.getfixturevalue("postgresql")
    return address


@pytest.fixture
def log_set_up(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """Have the log set up as by default, to this test's standard error, which is closed when it ends."""
    logs.set_up(Settings())
    yield capsys
    structlog.reset_defaults()
