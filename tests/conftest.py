"""The databases that tests run on, and the log put back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from tests.fakes import Where
from tests.postgres import Server, running

# A gate that fails by chance tells nothing of the change it guards: `make explore` looks for what nobody thought of.
settings.register_profile("same everywhere", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, print_blob=True)
settings.load_profile("same everywhere")


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
def log_put_back() -> Iterator[None]:
    """Put the log back after a test that set it up: it goes to that test's standard error, which is closed then."""
    yield
    structlog.reset_defaults()
