"""What visitors and programs are told where nothing is, and while the database can't be used."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.fakes import DATABASE
from tests.unit.website import Elements, Website, load, text_of, website

PATHS = (
    "/archive",
    "/archive/2025-10-12",
    "/archive?q=x",
    "/archive/feed.atom",
    "/morning",
    "/morning/chats?q=x",
    "/preview",
)
SENTENCE = "The database does not answer just now."


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Website]:
    """A site whose database was spoilt under it."""
    async with website(tmp_path) as opened:
        await load(opened)
        await opened.get("/preview")
        with closing(sqlite3.connect(tmp_path / DATABASE)) as connection:
            for table in ("revisions", "categories", "chats", "search"):
                connection.execute(f"ALTER TABLE {table} RENAME TO lost_{table}")
        yield opened


@pytest.mark.parametrize("path", PATHS)
async def test_outage__people_get_a_page_in_their_language(site: Website, path: str) -> None:
    with capture_logs() as logs:
        async with site.session.get(path, headers={"Accept": "text/html", "Accept-Language": "zh-CN"}) as response:
            page = text_of(await response.text())
    assert (response.status, response.headers["X-Frame-Options"]) == (503, "DENY")
    assert "数据库暂时没有响应" in page
    assert [(line["event"], line["path"]) for line in logs] == [("store unavailable", path.partition("?")[0])]


@pytest.mark.parametrize("path", PATHS)
async def test_outage__programs_get_a_line(site: Website, path: str) -> None:
    async with site.session.get(path) as response:
        assert response.status == 503
        assert (await response.text()).startswith(SENTENCE)
        assert response.content_type == "text/plain"


async def test_outage__a_document_handed_in(site: Website) -> None:
    form = {"mark": site.mark, "text": "1. [**a** #芯片技术](https://example.com/a)", "name": "2025-10-12.md"}
    async with site.session.post("/preview", data=form, headers={"Accept": "text/html"}) as response:
        assert response.status == 503
        assert SENTENCE in text_of(await response.text())


# ------------------------------------------------------------------ nothing is there

NOWHERE = ("/nosuch", "/morning/nosuch", "/morning/chats/77", "/archive/nosuch", "/archive/2025-10-12/x")


@pytest.fixture
async def sound(tmp_path: Path) -> AsyncIterator[Website]:
    async with website(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("path", NOWHERE)
@pytest.mark.parametrize(("language", "said"), [("zh-CN", "这里什么也没有"), ("en", "There is nothing here")])
async def test_nowhere__people_get_a_page_in_their_language_with_a_way_on(
    sound: Website, path: str, language: str, said: str
) -> None:
    async with sound.session.get(path, headers={"Accept": "text/html", "Accept-Language": language}) as response:
        page = await response.text()
    assert (response.status, response.content_type, response.headers["X-Frame-Options"]) == (404, "text/html", "DENY")
    assert said in text_of(page)
    links = {attributes["href"] for attributes in Elements(page.partition("<main")[2]).tagged("a")}
    assert "/archive" in links
    for link in links:
        await sound.get(str(link))


@pytest.mark.parametrize("path", NOWHERE)
async def test_nowhere__programs_get_a_line(sound: Website, path: str) -> None:
    async with sound.session.get(path) as response:
        assert (response.status, response.content_type) == (404, "text/plain")
