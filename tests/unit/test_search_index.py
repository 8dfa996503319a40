"""What the two databases are told and asked, in their own words."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.search.index import Entry, index_of
from bot.store.search.places import item_at, place, span
from bot.store.search.tiers import tiers
from bot.terms import phrases
from tests.fakes import TODAY

POSTGRES = postgresql.dialect()  # type: ignore[no-untyped-call]
YESTERDAY = TODAY - timedelta(days=1)
ASKED = (*phrases("存算"), *phrases("chip"))


@pytest.mark.parametrize("number", [1, 15, 9998])
def test_place__tells_day_and_number_and_sorts_by_reading_order(number: int) -> None:
    assert item_at(place(TODAY, number)) == (TODAY, number)
    assert place(TODAY, number) < place(TODAY, number + 1) < place(YESTERDAY, 1)
    assert span(TODAY, TODAY)[0] <= place(TODAY, number) <= span(TODAY, TODAY)[1]
    assert span(None, None)[0] <= place(date.min, number)
    assert place(date.max, number) <= span(None, None)[1]


def test_tsvector__says_what_the_design_wants_in_postgres_own_words() -> None:
    index = index_of("postgresql")
    row = index.row(Entry(id=7, title="存算，芯", body="GPT-5 好", slugs=("ai-industry",)))
    assert row == {"id": 7, "words": "'存':1A '算':2A '芯':4A 'gpt':6D '5':7D '好':8D '‖ai‐industry'"}
    whole, begun = tiers(ASKED, ["chips", "policy"], index)
    assert whole.each[0] == "((('存':A <-> '算':A) & ('chip':A)) & ('‖chips' | '‖policy'))"
    assert begun.each[-1] == (
        "((((('存':D <-> '算':D) & ('chip':*D)) & !(('存':A <-> '算':A) | ('chip':*A))) & !(('chip':AD)))"
        " & ('‖chips' | '‖policy'))"
    )
    query = select(index.id).where(index.meets(whole.each[0])).order_by(index.id)
    asked = " ".join(str(query.compile(dialect=POSTGRES)).split())
    assert asked == (
        "SELECT search.id FROM search WHERE search.words @@ CAST(%(param_1)s AS TSQUERY) ORDER BY search.id"
    )
    assert "CAST(%(words)s AS TSVECTOR)" in str(index.add.compile(dialect=POSTGRES))
    assert "DELETE FROM search" in str(delete(index.table).compile(dialect=POSTGRES))


def test_fts5__says_the_same_in_sqlites_words() -> None:
    index = index_of("sqlite")
    row = index.row(Entry(id=7, title="存算，芯", body="GPT-5 好", slugs=("ai-industry", "chips")))
    assert row == {"rowid": 7, "words": "▸存 ▸算 ‖ ▸芯 gpt 5 好 ‖ai‐industry ‖chips"}
    whole, begun = tiers(ASKED, ["chips", "policy"], index)
    assert whole.each[0] == '(("▸存 ▸算" AND "▸chip") AND ("‖chips" OR "‖policy"))'
    assert begun.each[-1] == (
        '(((("存 算" AND "chip" *) NOT ("▸存 ▸算" OR "▸chip" *)) NOT (("▸chip" OR "chip")))'
        ' AND ("‖chips" OR "‖policy"))'
    )
    query = select(index.id).where(index.meets(whole.each[0]))
    assert "WHERE search MATCH ?" in str(query.compile(dialect=sqlite.dialect()))
