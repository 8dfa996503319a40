"""`digestbot subs export`, `import` and `test`, and what `doctor` says of robots."""

import asyncio
import json
import threading
from collections.abc import Iterator

import pytest

from bot.store import Store
from tests.emulators.wecom import WecomEmulator
from tests.unit.commandline import CommandLine
from tests.unit.robots import KEY, OTHER, add, away, exported, listed, reader

# ------------------------------------------------------------------ exchange


def test_export__has_keys_only_when_asked(digestbot: CommandLine) -> None:
    add(digestbot)
    reader(digestbot)
    assert [sorted(one) for one in exported(digestbot)] == [sorted(exported(digestbot)[0])] * 2
    assert "key" not in exported(digestbot)[0]
    assert [one.get("key") for one in exported(digestbot, "--with-keys")] == [KEY, None]
    assert [one["platform"] for one in exported(digestbot, "--platform", "telegram")] == ["telegram"]


def test_import__into_an_empty_house_and_again(digestbot: CommandLine) -> None:
    add(digestbot, "--at", "08:30", "--categories", "芯片技术", "--mention", "@all", "--format", "news")
    reader(digestbot)
    digestbot("subs", "edit", 2, "--days", "cn", "--silent", "--tell-empty", "--weekly", "--away-until", away())
    digestbot("subs", "remove", 2)
    everything = exported(digestbot, "--with-keys")
    file = digestbot.write("subs.json", json.dumps(everything))
    assert digestbot("subs", "import", file).out == "0 added, 0 changed, 2 unchanged\n"
    digestbot.set(database_url=f"sqlite+aiosqlite:///{digestbot.folder}/other.db")
    assert digestbot("subs", "import", file).out == "2 added, 0 changed, 0 unchanged\n"
    assert exported(digestbot, "--with-keys") == everything
    kept = {name: everything[1][name] for name in ("days", "silent", "tells_empty", "weekly", "away_until")}
    assert kept == {"days": "cn", "silent": True, "tells_empty": True, "weekly": True, "away_until": away()}
    assert digestbot("subs", "import", file).out == "0 added, 0 changed, 2 unchanged\n"


def test_import__without_keys_changes_those_that_are_there(digestbot: CommandLine) -> None:
    add(digestbot)
    (one,) = exported(digestbot)
    file = digestbot.write("subs.json", json.dumps([{**one, "at": "21:00"}]))
    assert digestbot("subs", "import", file).out == "0 added, 1 changed, 0 unchanged\n"
    assert (listed(digestbot)[0]["at"], listed(digestbot)[0]["key"]) == ("21:00", "…a1b2")


ROBOT = {"platform": "wecom", "address": "r-1", "at": "08:00", "zone": "Asia/Tokyo", "key": OTHER}
PERSON = {"platform": "telegram", "address": "1", "at": "08:00", "zone": "Asia/Tokyo"}


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ("nonsense", "subs.json: this is no JSON: expected ident at line 1 column 2 (subs export prints such a file)"),
        ("{}", "subs.json: write a list: […] (subs export prints such a file)"),
        ([{**PERSON, "format": "huge"}], "subs.json: entry 1: format: write 'full', 'brief', 'headlines' or 'news'"),
        ([{**PERSON, "language": "fr"}], "entry 1: language: write 'zh-CN' or 'en'"),
        ([{"platform": "telegram"}], "entry 1: address: it is missing"),
        (["me"], "entry 1: write an object: {…}"),
        ([{**PERSON, "zone": "Mars/X"}], "entry 1: zone: 'Mars/X' is not a time zone"),
        ([PERSON, {**PERSON, "adress": "1"}], "entry 2: adress: there is no such name"),
        ([{**PERSON, "categories": ["poems"]}], "entry 1: there is no category 'poems' here"),
        ([{**PERSON, "format": "news"}], "entry 1: format news: telegram does not have this"),
        ([{**PERSON, "days": "us"}], "entry 1: days: write numbers (1 is Monday) such as 12345, or cn"),
        ([{**PERSON, "away_until": "soon"}], "entry 1: away_until: write a day such as 2025-10-20"),
        ([{**PERSON, "platform": "fax"}], "entry 1: there is no platform 'fax'"),
        ([{**PERSON, "key": OTHER}], "only a WeCom robot has a key"),
        ([PERSON, PERSON], "telegram 1 stands in the file 2 times"),
        ([ROBOT, {**ROBOT, "address": "r-2"}], "the key …c3d4 stands in the file 2 times"),
        ([{**ROBOT, "key": None}], "the robot r-1 has no key"),
        ([{**ROBOT, "key": KEY}], "its key belongs to r-"),
    ],
)
def test_import__nothing_is_taken_when_anything_is_wrong(digestbot: CommandLine, entries: object, said: str) -> None:
    add(digestbot)
    good = {**PERSON, "address": "99"}
    text = json.dumps([*entries, good]) if isinstance(entries, list) else str(entries)
    ended = digestbot("subs", "import", digestbot.write("subs.json", text))
    assert ended.code == 2
    assert said in ended.err
    assert KEY not in ended.err
    assert OTHER not in ended.err
    assert len(listed(digestbot)) == 1


# ------------------------------------------------------------------ trying


@pytest.fixture
def wecom(digestbot: CommandLine) -> Iterator[WecomEmulator]:
    """An emulator that runs beside commands that have loops of their own."""
    runner = asyncio.Runner()
    emulator = WecomEmulator()
    loop = runner.get_loop()
    loop.run_until_complete(emulator.__aenter__())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    digestbot.set(wecom_api_url=emulator.url)
    yield emulator
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.run_until_complete(emulator.__aexit__())
    runner.close()


def test_test__says_something_in_the_group(digestbot: CommandLine, wecom: WecomEmulator) -> None:
    add(digestbot)
    robot = wecom.robot(KEY)
    ended = digestbot("subs", "test", 1)
    assert (ended.code, robot.contents) == (0, ["测试消息：速递会送到这里。"])
    assert ended.out.startswith("Sent to 1: wecom r-")


def test_test__of_a_dead_robot_says_why(digestbot: CommandLine, wecom: WecomEmulator) -> None:
    add(digestbot)
    ended = digestbot("subs", "test", 1)
    assert (ended.code, ended.err) == (1, "error: 93000 invalid webhook url\n")
    assert wecom.sent == 0


def test_test__without_a_connection_says_what_to_look_at(digestbot: CommandLine) -> None:
    digestbot.set(wecom_api_url="http://127.0.0.1:9")
    add(digestbot)
    ended = digestbot("subs", "test", 1)
    assert (ended.code, ended.out) == (1, "")
    assert "no connection to WeCom" in ended.err
    assert "Look at the network and at DIGESTBOT_WECOM_API_URL" in ended.err
    assert ended.err.endswith("then try again: digestbot subs test 1\n")


def test_test__on_a_platform_that_is_not_set_up(digestbot: CommandLine) -> None:
    reader(digestbot)
    assert "telegram is not set up" in digestbot("subs", "test", 1).err


def test_doctor__asks_wecom_only_where_there_is_a_robot(digestbot: CommandLine, wecom: WecomEmulator) -> None:
    assert "wecom: no robot yet" in digestbot("doctor").out
    assert wecom.calls == {}
    add(digestbot)
    ended = digestbot("doctor")
    assert (ended.code, "robots: 1, of them paused: 0" in ended.out) == (0, True)
    assert KEY not in wecom.calls
    digestbot("subs", "pause", 1)
    ended = digestbot("doctor")
    assert (ended.code, "digestbot subs resume 1" in ended.out) == (1, True)


def test_exists__tells_without_making_a_database(digestbot: CommandLine) -> None:
    assert not Store.exists(digestbot.url)
    add(digestbot)
    assert Store.exists(digestbot.url)
    assert not Store.exists("nonsense")
    assert Store.exists("postgresql+psycopg://x@localhost/y")
