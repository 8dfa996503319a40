"""`check`, `load`, `publish`, `days`: documents on their way into the archive."""

import json
import os
import re
from pathlib import Path

import pytest

from tests.unit.commandline import SAMPLE, SEED, CommandLine

DRIFTED = """\
2025.05.06

1. [**有链接**](https://example.com/a)

   正文。

2. [**没有链接**](未提供)

   正文。
"""
ONE_LEFT = """\
---
title: "2025.10.13"
date: 2025-10-13T07:42:18+08:00
---

1. [**只剩一条**](https://example.com/a)

   正文。
"""
REFUSED = {
    "empty.md": b"",
    "n8n.md": b"{{$json.text}}",
    "error.html.md": b"<html><body>502 Bad Gateway</body></html>",
    "noise.md": bytes(range(256)) * 20,
    "essay.md": "很长的一段话。".encode() * 200,
}


# ------------------------------------------------------------------ check


def test_check__a_good_digest_says_nothing_on_standard_output(digestbot: CommandLine) -> None:
    ended = digestbot("check", SEED)
    assert (ended.code, ended.out) == (0, "")
    assert "1 file checked: no errors, no warnings" in ended.err


def test_check__warnings_are_fine(digestbot: CommandLine) -> None:
    path = digestbot.write("2025-05-06.md", DRIFTED)
    ended = digestbot("check", path)
    assert ended.code == 0
    assert f"{path}:7: warning: " in ended.out
    assert ended.out.rstrip().count(": ") >= 3


def test_check__errors_end_with_1_and_every_file_is_looked_at(digestbot: CommandLine) -> None:
    for name, source in REFUSED.items():
        digestbot.write(name, source)
    ended = digestbot("check", digestbot.folder, SEED, "gone.md")
    assert ended.code == 1
    assert all(f"{name}:" in ended.out for name in (*REFUSED, "gone.md"))
    assert all(": error: " in line or ": warning: " in line for line in ended.out.splitlines())
    assert f"{len(REFUSED) + 2} files checked" in ended.err


def test_check__needs_neither_settings_nor_database(digestbot: CommandLine) -> None:
    digestbot.set(zone="Mars", database_url="rubbish")
    assert digestbot("check", SEED).code == 0
    assert not any(digestbot.folder.iterdir())


def test_check__a_folder_without_digests_is_an_error(digestbot: CommandLine) -> None:
    ended = digestbot("check", digestbot.folder)
    assert ended.code == 1
    assert "error: no digests there" in ended.err


def test_check__a_name_can_not_drive_the_terminal(digestbot: CommandLine) -> None:
    digestbot.write("\x1b[31mred.md", b"")
    ended = digestbot("check", digestbot.folder)
    assert "red.md:1: error" in ended.out
    assert "\x1b" not in ended.out


# ------------------------------------------------------------------ load


def test_load__takes_a_folder_and_sums_up(digestbot: CommandLine) -> None:
    ended = digestbot("load", SAMPLE.parent)
    assert (ended.code, ended.err) == (0, "")
    assert [line.split() for line in ended.out.splitlines() if "new" in line] == [["new", "7"]]


def test_load__one_json_object_for_each_document(digestbot: CommandLine) -> None:
    bad = digestbot.write("bad.md", b"")
    ended = digestbot("load", SAMPLE, bad, SAMPLE, "--json")
    first, refused, again = [json.loads(line) for line in ended.out.splitlines()]
    assert ended.code == 1
    assert first == {
        "origin": str(SAMPLE),
        "outcome": "new",
        "day": "2025-10-13",
        "revision": 1,
        "published": True,
        "touches": {},
        "problems": [],
    }
    assert (again["outcome"], again["revision"]) == ("unchanged", 1)
    assert (refused["outcome"], refused["day"], refused["published"]) == ("refused", None, False)
    assert refused["problems"][0]["severity"] == "error"
    assert refused["problems"][0]["mend"]


def test_load__one_line_for_each_document_that_is_not_all_well(digestbot: CommandLine) -> None:
    bad, drifted = digestbot.write("bad.md", b""), digestbot.write("2025-05-06.md", DRIFTED)
    ended = digestbot("load", SAMPLE, bad, drifted)
    assert ended.code == 1
    assert [line.split(": ")[:2] for line in ended.err.splitlines()] == [
        [f"{bad}:1", "refused"],
        [f"{drifted}:7", "warning"],
    ]
    assert [line.split(" (")[0] for line in ended.out.splitlines()] == [
        "Published revision 1 of 2025-10-13",
        "Published revision 1 of 2025-05-06",
    ]


def test_load__says_what_became_of_a_document_and_what_to_do_next(digestbot: CommandLine) -> None:
    first = "revision 1 of 2025-10-13 (9 items)"
    then = "; see it: digestbot show 2025-10-13 --draft; publish it: digestbot publish 2025-10-13\n"
    assert digestbot("load", SAMPLE, "--draft").out == f"Loaded {first} as a draft{then}"
    assert digestbot("load", SAMPLE, "--draft").out == f"Unchanged: {first} is a draft{then}"
    assert digestbot("load", SAMPLE).out == f"Unchanged: {first} is published: digestbot show 2025-10-13\n"
    short = digestbot.write("short.md", ONE_LEFT)
    assert digestbot("load", short, "--force").out == (
        "Published revision 2 of 2025-10-13 (1 item): digestbot show 2025-10-13\n"
    )


def test_load__of_many_counts_what_became_of_them(digestbot: CommandLine) -> None:
    bad, drifted = digestbot.write("bad.md", b""), digestbot.write("2025-05-06.md", DRIFTED)
    ended = digestbot("load", SAMPLE.parent, bad, drifted)
    assert re.findall(r"^ ([a-z ]+?) +([0-9]+)", ended.out, re.MULTILINE) == [
        ("new", "8"),
        ("refused", "1"),
        ("with warnings", "1"),
    ]
    assert "revision" not in ended.out


def test_load__a_revision_that_loses_half_wants_force(digestbot: CommandLine) -> None:
    digestbot("load", SAMPLE)
    short = digestbot.write("short.md", ONE_LEFT)
    refused = digestbot("load", short)
    assert refused.code == 1
    assert "--force" in refused.err
    forced = digestbot("load", short, "--force", "--json")
    assert (forced.json["outcome"], forced.json["revision"]) == ("revised", 2)


def test_load__a_name_that_is_no_utf8(digestbot: CommandLine) -> None:
    path = Path(os.fsdecode(os.fsencode(digestbot.folder) + b"/\xff\xfe.md"))
    path.write_bytes(SAMPLE.read_bytes())
    ended = digestbot("load", digestbot.folder, "--json")
    assert ended.code == 0
    assert ended.json["origin"].endswith("\\xff\\xfe.md")


def test_load__a_broken_link_is_refused(digestbot: CommandLine) -> None:
    (digestbot.folder / "link.md").symlink_to("nowhere")
    ended = digestbot("load", digestbot.folder, "--json")
    assert (ended.code, ended.json["outcome"]) == (1, "refused")


def test_load__says_that_nobody_sends(digestbot: CommandLine) -> None:
    digestbot.set(telegram_token="1:a-token")
    assert "Nobody is sending to Telegram now: start `digestbot run`" in digestbot("load", SAMPLE).err
    assert digestbot("load", SAMPLE).err == "", "nothing new: nothing to send"
    assert digestbot("load", SEED, "--draft").err == "", "a draft is not to be sent"


def test_load__shows_no_progress_bar_to_a_pipe(digestbot: CommandLine) -> None:
    assert digestbot("load", SAMPLE.parent).err == ""


# ------------------------------------------------------------------ drafts and the archive


def test_draft__is_seen_and_published(digestbot: CommandLine) -> None:
    assert digestbot("load", SAMPLE, "--draft", "--json").json["published"] is False
    assert digestbot("days").out == ""
    unseen = digestbot("show", "2025-10-13")
    assert unseen.code == 1
    assert "not published yet" in unseen.err
    assert "2025.10.13" in digestbot("show", "2025-10-13", "--draft").out
    assert "Published revision 1 of 2025-10-13." in digestbot("publish", "2025-10-13").out
    assert "2025-10-13" in digestbot("days").out


@pytest.mark.parametrize(("day", "reason"), [("2025-10-13", "revision 1 is published"), ("2025-01-01", "nothing is")])
def test_publish__without_a_draft_ends_with_1(digestbot: CommandLine, day: str, reason: str) -> None:
    digestbot("load", SAMPLE)
    ended = digestbot("publish", day)
    assert ended.code == 1
    assert reason in ended.err


def test_retracted__is_said_by_whoever_looks_for_it_with_the_way_back(digestbot: CommandLine) -> None:
    digestbot("load", SAMPLE)
    digestbot("retract", "2025-10-13", "--yes")
    way_back = "the digest of 2025-10-13 was retracted; to bring it back, load its file again: digestbot load FILE"
    shown, published = digestbot("show", "2025-10-13"), digestbot("publish", "2025-10-13")
    assert (shown.code, shown.err) == (1, f"error: {way_back} (--draft shows it)\n")
    assert (published.code, published.err) == (1, f"error: {way_back}\n")
    assert "2025.10.13" in digestbot("show", "2025-10-13", "--draft").out
    assert digestbot("load", SAMPLE).code == 0
    assert digestbot("show", "2025-10-13").code == 0


def test_days__newest_first_as_many_as_asked_for(digestbot: CommandLine) -> None:
    digestbot("load", SAMPLE.parent)
    listed = [line.split()[0] for line in digestbot("days", "-n", "2").out.splitlines() if "2025-" in line]
    assert listed == ["2025-10-19", "2025-10-18"]
    assert digestbot("days", "--all").out.count("全球AI新闻速递") == 7


def test_days__of_an_empty_archive_says_what_to_do(digestbot: CommandLine) -> None:
    digestbot.make_database()
    ended = digestbot("days")
    assert (ended.code, ended.out) == (0, "")
    assert "digestbot load" in ended.err
