"""A wish spelled for a button reads as the same wish again."""

from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import available_timezones

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.categories import default_taxonomy
from bot.commands.keys import fits
from bot.commands.spelling import spelled
from bot.commands.words import BACK, Hour, Wish, read_wish, read_zone
from bot.models import EVERY_DAY, Format, Workdays
from tests.unit.commanding import TODAY

CATEGORIES = default_taxonomy().categories
SLUGS = [category.slug for category in CATEGORIES]
ZONES = sorted({zone for name in available_timezones() if (zone := read_zone(name))} | {"Etc/GMT-8", "Etc/GMT+3"})


SWITCH = st.none() | st.booleans()
WISHES = st.builds(
    Wish,
    hour=st.none() | st.times().map(lambda at: Hour(at=time(at.hour, at.minute))),
    zone=st.none() | st.sampled_from(ZONES),
    days=st.none() | st.sampled_from(Workdays) | st.frozensets(st.sampled_from(sorted(EVERY_DAY)), min_size=1),
    categories=st.none() | st.frozensets(st.sampled_from(SLUGS), max_size=2),
    format=st.none() | st.sampled_from([Format.FULL, Format.BRIEF, Format.HEADLINES]),
    language=st.none() | st.sampled_from(["zh-CN", "en"]),
    silent=SWITCH,
    tells_empty=SWITCH,
    weekly=SWITCH,
    away_until=st.none() | st.just(BACK) | st.integers(1, 366).map(lambda days: TODAY + timedelta(days=days)),
)


@given(WISHES, st.sampled_from(SLUGS))
def test_spelled__reads_as_the_wish_with_the_category(wish: Wish, slug: str) -> None:
    said = spelled(wish, slug=slug)
    assume(fits(f"subscribe {said}"))
    assert read_wish(said, CATEGORIES, TODAY) == wish_with(wish, slug)


def wish_with(wish: Wish, slug: str) -> Wish:
    return replace(wish, categories=(wish.categories or frozenset()) | {slug})


def test_spelled__what_was_typed_relative_to_today_means_the_same_later() -> None:
    typed = read_wish("暂停三天 7pm", CATEGORIES, TODAY)
    said = spelled(typed, slug="chips")
    assert read_wish(said, CATEGORIES, TODAY + timedelta(days=1)).away_until == date(2025, 10, 15)
