"""`digestbot subs`: robots added by their keys, which nobody sees; everybody's subscriptions changed by number."""

import io
import re
import sqlite3
import sys
from contextlib import closing

import pytest

from tests.unit.commandline import SAMPLE, CommandLine
from tests.unit.robots import KEY, OTHER, add, away, listed, reader

# ------------------------------------------------------------------ adding


def test_add__takes_all_of_it_and_masks_the_key(digestbot: CommandLine) -> None:
    ended = add(
        digestbot, "--name", "研发群", "--categories", "芯片技术,AI产业", "--at", "08:30", "--zone", "东京",
        "--days", "mon-fri", "--format", "news", "--language", "en", "--mention", "@all, lisi",
        "--tell-empty", "--weekly", "--away-until", away(),
    )  # fmt: skip
    assert "number 1" in ended.out
    assert "key …a1b2" in ended.out
    assert "digestbot subs test 1" in ended.err
    (one,) = listed(digestbot)
    assert one.pop("address").startswith("r-")
    assert one == {
        "number": 1,
        "platform": "wecom",
        "topic": "",
        "kind": "group",
        "title": "研发群",
        "at": "08:30",
        "zone": "Asia/Tokyo",
        "days": "12345",
        "categories": ["ai-industry", "chips"],
        "format": "news",
        "language": "en",
        "mention": ["@all", "lisi"],
        "silent": False,
        "tells_empty": True,
        "weekly": True,
        "away_until": away(),
        "state": "on",
        "reason": "",
        "absent": False,
        "key": "…a1b2",
    }


def test_add__usual_is_the_settings_and_first_sentences(digestbot: CommandLine) -> None:
    digestbot.set(send_at="07:15", zone="Asia/Tokyo", language="en")
    add(digestbot)
    (one,) = listed(digestbot)
    assert [one[name] for name in ("at", "zone", "days", "format", "language", "categories")] == [
        "07:15", "Asia/Tokyo", "1234567", "brief", "en", [],
    ]  # fmt: skip


@pytest.mark.parametrize("typed", [KEY, f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"])
def test_add__reads_key_or_address_from_standard_input(
    digestbot: CommandLine, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{typed}\n"))
    add(digestbot, key="-")
    assert listed(digestbot)[0]["key"] == "…a1b2"


def test_add__the_key_lies_in_its_own_column_alone(digestbot: CommandLine) -> None:
    add(digestbot)
    with closing(sqlite3.connect(digestbot.folder / "digestbot.db")) as connection:
        dump = [line for line in connection.iterdump() if KEY in line]
        assert len(dump) == 1
        assert connection.execute("SELECT credential FROM chats").fetchall() == [(KEY,)]


def test_add__the_same_robot_twice_is_refused_with_its_number(digestbot: CommandLine) -> None:
    add(digestbot)
    ended = digestbot("subs", "add", "wecom", "--key", KEY)
    assert ended.code == 2
    assert "as number 1" in ended.err
    assert KEY not in ended.err
    assert len(listed(digestbot)) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["telegram", "--key", KEY], "only wecom"),
        (["wecom"], "--key"),
        (["wecom", "--key", "short"], "no robot's key"),
        (["wecom", "--key", "https://example.com/?token=x"], "no robot's key"),
        (["wecom", "--key", KEY, "--at", "25:00"], "HH:MM"),
        (["wecom", "--key", KEY, "--zone", "Mars"], "Asia/Shanghai"),
        (["wecom", "--key", KEY, "--days", "8"], "weekdays"),
        (["wecom", "--key", KEY, "--away-until", "soon"], "2025-10-20"),
        (["wecom", "--key", KEY, "--categories", "芯片技木"], "did you mean"),
        (["wecom", "--key", KEY, "--mention", "<@all>"], "no people"),
    ],
)
def test_add__what_is_wrong_is_named_and_nothing_is_added(digestbot: CommandLine, words: list[str], said: str) -> None:
    digestbot.make_database()
    ended = digestbot("subs", "add", *words)
    assert ended.code == 2
    assert said in ended.err
    assert KEY not in ended.out + ended.err
    assert listed(digestbot) == []


@pytest.mark.parametrize("until", ["2020-01-01", "2099-01-01"])
def test_away__is_a_year_at_most_and_not_over(digestbot: CommandLine, until: str) -> None:
    add(digestbot)
    ended = digestbot("subs", "edit", 1, "--away-until", until)
    assert (ended.code, ended.out) == (2, "")
    assert f"{until} is no end of a pause" in ended.err
    assert listed(digestbot)[0]["away_until"] is None


# ------------------------------------------------------------------ listing


@pytest.mark.parametrize("act", ["list", "export"])
def test_platform__that_is_none_is_refused(digestbot: CommandLine, act: str) -> None:
    add(digestbot)
    ended = digestbot("subs", act, "-p", "fax")
    assert (ended.code, ended.out) == (2, "")
    assert "'fax' is not a platform" in ended.err
    assert "r-" in digestbot("subs", act, "-p", "wecom").out


def test_list__has_no_columns_that_are_empty(digestbot: CommandLine) -> None:
    reader(digestbot)
    first = "number platform chat state when categories format language"
    assert digestbot("subs", "list").out.split("─")[0].split() == first.split()
    add(digestbot, "--mention", "@all")
    assert digestbot("subs", "list").out.split("─")[0].split() == [*first.split(), "mention", "key"]


class Terminal(io.StringIO):
    """A terminal that takes no orders."""

    def isatty(self) -> bool:
        return True


def test_list__is_a_line_for_each_where_the_table_is_too_wide(
    digestbot: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader(digestbot)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", "80")
    assert digestbot("subs", "list").code == 0
    assert terminal.getvalue() == "1: telegram 7 · on · 08:00 Asia/Shanghai · all · full · en\n"


# ------------------------------------------------------------------ changing


def test_edit__changes_what_is_named_alone(digestbot: CommandLine) -> None:
    add(digestbot, "--at", "08:30", "--mention", "@all")
    before = listed(digestbot)[0]
    ended = digestbot("subs", "edit", 1, "--categories", "芯片技术", "--mention", "none", "--key", OTHER)
    assert ended.code == 0
    assert OTHER not in ended.out
    after = listed(digestbot)[0]
    changed = {name: value for name, value in after.items() if before[name] != value}
    assert changed == {"categories": ["chips"], "mention": [], "key": "…c3d4"}
    digestbot("subs", "edit", 1, "--categories", "all")
    assert listed(digestbot)[0]["categories"] == []


def test_edit__wishes_there_and_back(digestbot: CommandLine) -> None:
    reader(digestbot)
    before = listed(digestbot)[0]
    on = ("--days", "cn", "--silent", "--tell-empty", "--weekly", "--away-until", away())
    assert digestbot("subs", "edit", 1, *on).code == 0
    changed = listed(digestbot)[0]
    assert {name: value for name, value in changed.items() if before[name] != value} == {
        "days": "cn",
        "silent": True,
        "tells_empty": True,
        "weekly": True,
        "away_until": away(),
    }
    shown = digestbot("subs", "list").out
    assert "08:00 Asia/Shanghai days cn" in shown
    assert f"silent, tells empty days, weekly, away until {away()}" in shown
    off = ("--days", "daily", "--sound", "--hide-empty", "--no-weekly", "--away-until", "none")
    assert digestbot("subs", "edit", 1, *off).code == 0
    assert listed(digestbot)[0] == before
    assert digestbot("subs", "edit", 1, "--days", "工作日(调休)").code == 0
    assert listed(digestbot)[0]["days"] == changed["days"]


def test_edit__any_platforms_but_not_to_what_it_has_not(digestbot: CommandLine) -> None:
    reader(digestbot)
    assert digestbot("subs", "edit", 1, "--at", "21:05").code == 0
    assert listed(digestbot)[0]["at"] == "21:05"
    for words in (["--format", "news"], ["--mention", "@all"], ["--key", KEY]):
        ended = digestbot("subs", "edit", 1, *words)
        assert (ended.code, "only WeCom" in ended.err) == (2, True)


def test_edit__says_when_there_is_nothing_to_do(digestbot: CommandLine) -> None:
    digestbot("load", SAMPLE)
    assert "say what to change" in digestbot("subs", "edit", 1).err
    assert "no subscription 1" in digestbot("subs", "edit", 1, "--at", "08:00").err


def test_edit__takes_no_other_robots_key(digestbot: CommandLine) -> None:
    add(digestbot)
    add(digestbot, key=OTHER)
    assert "as number 1" in digestbot("subs", "edit", 2, "--key", KEY).err


def test_pause_resume_remove__keep_everything(digestbot: CommandLine) -> None:
    reader(digestbot)
    add(digestbot, "--at", "08:30")
    before = listed(digestbot)
    states = []
    for act in ("pause", "resume", "remove", "resume"):
        assert digestbot("subs", act, 1, 2).code == 0
        states.append([(one["state"], one["reason"]) for one in listed(digestbot)])
    paused, on, off = ("paused", "paused by the operator"), ("on", ""), ("off", "")
    assert states == [[paused] * 2, [on] * 2, [off] * 2, [on] * 2]
    assert listed(digestbot) == before


def test_pause__who_unsubscribed_stays_so_and_that_is_said(digestbot: CommandLine) -> None:
    reader(digestbot)
    add(digestbot)
    digestbot("subs", "remove", 1)
    ended = digestbot("subs", "pause", 1, 2)
    assert ended.code == 0
    assert ended.err == "1 is off already, so there is nothing to pause\n"
    assert [one["state"] for one in listed(digestbot)] == ["off", "paused"]
    assert digestbot("status").out.endswith(": paused by the operator\n")
    assert "2 is paused already" in digestbot("subs", "pause", 2, "--reason", "other").err
    assert listed(digestbot)[1]["reason"] == "paused by the operator"


def test_pause__of_one_that_is_not_there_changes_nothing(digestbot: CommandLine) -> None:
    add(digestbot)
    assert digestbot("subs", "pause", 1, 9).code == 2
    assert listed(digestbot)[0]["state"] == "on"


@pytest.mark.parametrize("act", ["edit", "test", "pause", "resume", "remove"])
def test_number__that_no_database_holds_is_refused(digestbot: CommandLine, act: str) -> None:
    add(digestbot)
    ended = digestbot("subs", act, 99999999999999999999, *(["--at", "09:00"] if act == "edit" else []))
    assert (ended.code, ended.out) == (2, "")
    assert "Invalid value for 'NUMBER'" in ended.err


def test_status__names_a_paused_robot_by_its_address(digestbot: CommandLine) -> None:
    add(digestbot, "--name", "研发群")
    digestbot("subs", "pause", 1, "--reason", "moving house")
    ended = digestbot("status")
    assert re.search(r"wecom 研发群 \(r-\w+\): paused: moving house", ended.out)
