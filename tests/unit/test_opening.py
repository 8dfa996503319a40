"""Databases that can't be opened: each says what is wrong, and no password."""

import sys
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store import Store
from tests.fakes import database_url


async def test_open__a_path_that_can_not_be_opened(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="can't be used"):
        await Store.open(database_url(tmp_path / "missing"))


async def test_open__where_no_server_is_says_so_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="can't be used") as caught:
        await Store.open(f"postgresql+psycopg://digestbot:geheim@/digests?host={tmp_path}")
    assert str(tmp_path) in str(caught.value)
    assert "geheim" not in str(caught.value)


async def test_open__a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "digestbot.db").write_text("these are notes, not tables\n" * 400)
    with pytest.raises(StoreError, match="not a database"):
        await Store.open(database_url(tmp_path))


@pytest.mark.parametrize("url", ["nonsense", "oracel://x", "sqlite:///x.db", "://", "postgresql+nodriver://h/d"])
async def test_open__an_address_that_is_none_names_the_setting(url: str) -> None:
    with pytest.raises(StoreError, match="DIGESTBOT_DATABASE_URL"):
        await Store.open(url)


async def test_open__without_the_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"DIGESTBOT_DATABASE_URL: .*psycopg.*the extra `postgres`"):
        await Store.open("postgresql+psycopg://digestbot:geheim@127.0.0.1/digests")
