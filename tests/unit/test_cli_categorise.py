"""`categorise`, and `show --explain`: what is decided, why, and a person's word on it."""

import re
from datetime import date
from pathlib import Path

import pytest

from tests.unit.commandline import SEED, CommandLine
from tests.unit.test_cli_correcting import chat, deliver, stored

DAY = "2025-10-13"
DOCUMENT = """---
title: "{title}"
date: 2025-10-13T07:42:18+08:00
categories: ["芯片技术", "政策监管"]
---

The lead.

---

1.  [**存算一体芯片**](https://example.com/1)

    它来了。

2.  **法律草案 <b>公布**

    监管机构说明了细节。

## 今日要闻

3.  [**开源模型**](https://example.com/3)

    许可证更宽。
"""

TAXONOMY = """
categories:
  - {slug: chips, zh: 芯片技术, en: Chips, terms: {4: [芯片, 存算一体]}}
  - {slug: policy, zh: 政策监管, en: Policy, aliases: [政策], terms: {4: [法律], 3: [监管机构]}}
  - {slug: safety, zh: 安全伦理, en: Safety, aliases: [安全]}
  - {slug: products, zh: 产品应用, en: Products, aliases: [产品], terms: {1: [细节]}}
  - {slug: open-source, zh: 开源生态, en: Open source, terms: {4: [开源]}}
"""


@pytest.fixture
def file(digestbot: CommandLine) -> Path:
    digestbot.set(taxonomy=str(digestbot.write("taxonomy.yaml", TAXONOMY)))
    file = digestbot.write(f"{DAY}.md", DOCUMENT.format(title="First"))
    assert digestbot("load", file).code == 0
    return file


def slugs(digestbot: CommandLine) -> dict[int, list[str]]:
    return {one["number"]: one["stored"] for one in digestbot("show", DAY, "--explain", "--json").json}


# ------------------------------------------------------------------ show --explain


def test_explain__names_the_terms_that_decided(digestbot: CommandLine) -> None:
    digestbot("load", SEED)
    out = digestbot("show", "2025-10-12", "--explain").out
    title, chosen, *weighed = out[out.index("6. 南大") :].partition("\n7. ")[0].splitlines()
    assert "存算一体" in title
    assert re.fullmatch(r"   芯片技术 \(chips\).* · the rules", chosen)
    assert re.match(r"   ✓ 芯片技术 \(chips\) [0-9.]+, the strongest: ", weighed[0])
    assert re.search(r"存算一体 \(title, [0-9.]+\) \+[0-9.]+ · ", weighed[0])
    assert weighed[0].endswith("raised: the digest lists it")
    assert re.match(r"   ✗ .*, below the [0-9.]+ that a further label needs here: ", weighed[-1])


def test_explain__faint_terms_are_counted_for_people_and_named_for_machines(digestbot: CommandLine) -> None:
    digestbot("load", SEED)
    lines = digestbot("show", "2025-10-12", "--explain").out.splitlines()
    objects = digestbot("show", "2025-10-12", "--explain", "--json").json
    weighed = [line.strip() for line in lines if re.match(r"   [✓✗] ", line)]
    expected = [candidate["terms"] for one in objects for candidate in one["weighed"]]
    assert len(weighed) == len(expected)
    for line, terms in zip(weighed, expected, strict=True):
        faint = sum(each["worth"] < 0.1 for each in terms)
        told = re.search(r" · (\d+) more, each worth less than 0\.1", line)
        assert int(told[1] if told else 0) == faint
        assert len(re.findall(r" \((?:title|opening|body), [0-9.]+\) \+", line)) == len(terms) - faint


def test_explain__what_is_faint_alone_is_named(digestbot: CommandLine, file: Path) -> None:
    digestbot.set(
        taxonomy=str(
            digestbot.write("own.yaml", "categories:\n  - {slug: law, zh: 法, en: Law, terms: {0.01: [法律, 草案]}}\n")
        )
    )
    assert "法律 (title, 0.01) +0.0 · 1 more, each worth less than 0.1" in digestbot("show", DAY, "--explain").out
    assert file.exists()


def test_explain__who_chose(digestbot: CommandLine, file: Path) -> None:
    digestbot("categorise", DAY, 1, "安全")
    lines = digestbot("show", DAY, "--explain", "-l", "en").out.splitlines()
    assert re.fullmatch(
        r"   Safety \(safety\) · a person said so \(the command line, \d{4}-\d\d-\d\d \d\d:\d\d UTC\)", lines.pop(1)
    )
    assert lines == [
        "1. 存算一体芯片",
        (
            "   ✗ Chips (chips) 16.0, strong enough, but a person says otherwise: "
            "存算一体 (title, 4) +8.0 · 芯片 (title, 4) +4.8 · raised: the digest lists it"
        ),
        "2. 法律草案 <b>公布",
        "   Policy (policy) · the rules",
        (
            "   ✓ Policy (policy) 14.7, the strongest: "
            "法律 (title, 4) +8.0 · 监管机构 (opening, 3) +3.7 · raised: the digest lists it"
        ),
        "   ✗ Products (products) 0.8, below the 5.9 that a further label needs here: 细节 (opening, 1) +0.8",
        "3. 开源模型",
        "   今日要闻 (x-d23dc48a) (its section “今日要闻” says so), Open source (open-source) (the rules)",
        "   ✓ Open source (open-source) 8.0, the strongest: 开源 (title, 4) +8.0",
    ]
    assert file.exists()


def test_explain__for_machines(digestbot: CommandLine, file: Path) -> None:
    digestbot("categorise", DAY, 2, "--none")
    one, two, three = digestbot("show", DAY, "--explain", "--json").json
    assert one["categories"] == [{"slug": "chips", "voice": "rules", "named": ""}]
    (weighed,) = [each for each in one["weighed"] if each["slug"] == "chips"]
    assert (weighed["why"], weighed["chosen"], weighed["listed"]) == ("first", True, True)
    assert {"term": "存算一体", "place": "title", "weight": 4, "worth": 8} in weighed["terms"]
    assert (two["voice"], two["categories"], two["stored"]) == ("person", [], [])
    assert (one["said"], two["said"]["by"]) == (None, "the command line")
    assert three["categories"][0]["named"] == "今日要闻"
    assert file.exists()


def test_explain__of_some_categories_alone(digestbot: CommandLine, file: Path) -> None:
    found = digestbot("show", DAY, "--explain", "-c", "政策", "--json").json
    assert [one["number"] for one in found] == [2]
    assert file.exists()


def test_explain__says_when_it_was_sorted_otherwise(digestbot: CommandLine, file: Path) -> None:
    taxonomy = digestbot.write("own.yaml", "categories:\n  - {slug: law, zh: 法, en: Law, terms: {4: [法律]}}\n")
    digestbot.set(taxonomy=str(taxonomy))
    out = digestbot("show", DAY, "--explain").out
    assert f"stored as 政策监管 (policy), by other words or another taxonomy: digestbot categorise {DAY}" in out
    ended = digestbot("categorise", DAY)
    assert "2. 法律草案 <b>公布: law (was policy)" in ended.out
    assert "stored as" not in digestbot("show", DAY, "--explain").out
    assert "the day is sorted like this already" in digestbot("categorise", DAY).out
    assert file.exists()


# ------------------------------------------------------------------ categorise


def test_categorise__the_first_is_the_primary_one(digestbot: CommandLine, file: Path) -> None:
    ended = digestbot("categorise", DAY, 1, "安全伦理", "chips", "safety")
    assert ended.code == 0
    assert "1. 存算一体芯片: safety, chips (was chips)" in ended.out
    assert slugs(digestbot)[1] == ["safety", "chips"]
    assert "stays there from now on" in digestbot("categorise", DAY, 1, "安全伦理", "chips").out
    assert file.exists()


def test_categorise__holds_for_the_same_file_and_for_the_next_revision(digestbot: CommandLine, file: Path) -> None:
    digestbot("categorise", DAY, 1, "safety")
    digestbot("categorise", DAY, 2, "产品")
    assert digestbot("load", file, "--json").json["outcome"] == "unchanged"
    file.write_text(DOCUMENT.format(title="Second").replace("它来了", "它真的来了"))
    assert digestbot("load", file, "--json").json["outcome"] == "revised"
    found = slugs(digestbot)
    assert (found[1], found[2]) == (["safety"], ["products"])


def test_categorise__reset_gives_it_back_to_the_rules(digestbot: CommandLine, file: Path) -> None:
    digestbot("categorise", DAY, 1, "safety")
    ended = digestbot("categorise", DAY, 1, "--reset")
    assert "1. 存算一体芯片: chips (was safety)" in ended.out
    assert slugs(digestbot)[1] == ["chips"]
    again = digestbot("categorise", DAY, 1, "--reset")
    assert (again.code, again.out) == (0, "Nothing changes: item 1 is in chips without your word too.\n")
    assert file.exists()


def test_categorise__says_which_chats_it_may_touch(digestbot: CommandLine, file: Path) -> None:
    stored(digestbot, lambda store: deliver(store, chat(1), chat(2)))
    ended = digestbot("categorise", DAY, 1, "safety")
    assert f"{DAY}: it edits the messages of 2 chats (telegram 2), as far as they are sent other items" in ended.err
    kept = digestbot("categorise", DAY, 1, "policy", "--no-edit")
    assert "the messages of 2 chats (telegram 2) stay as they are (--no-edit)" in kept.err
    (head,) = stored(digestbot, lambda store: store.corrections.heads(date.fromisoformat(DAY)))
    assert not head.corrects
    assert file.exists()


def test_categorise__a_draft_stays_one(digestbot: CommandLine, file: Path) -> None:
    file.write_text(DOCUMENT.format(title="Second"))
    digestbot("load", "--draft", file)
    ended = digestbot("categorise", DAY, 1, "safety")
    assert f"Revision 3 is a draft, as the one before: digestbot publish {DAY}" in ended.err
    assert slugs(digestbot)[1] == ["chips"]
    assert digestbot("publish", DAY).code == 0
    assert slugs(digestbot)[1] == ["safety"]


def test_categorise__a_retracted_digest_waits(digestbot: CommandLine, file: Path) -> None:
    digestbot("retract", DAY, "--yes")
    assert "counts once it is loaded again" in digestbot("categorise", DAY, 1, "safety").out
    digestbot("load", file)
    assert slugs(digestbot)[1] == ["safety"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((DAY, "9", "chips"), 1, "has no item 9; it has 1 to 3"),
        (("2025-01-01", "1", "chips"), 1, "there is no digest of 2025-01-01"),
        (("rubbish", "1", "chips"), 2, "is not a day"),
        ((DAY, "1"), 2, "name at least one category, or say --none or --reset"),
        ((DAY, "1", "chips", "--none"), 2, "say one of these alone"),
        ((DAY, "1", "chips", "--reset"), 2, "say one of these alone"),
        ((DAY, "1", "--none", "--reset"), 2, "say one of these alone"),
        ((DAY, "--reset"), 2, "say which item"),
        ((DAY, "0", "chips"), 2, "ITEM"),
        ((DAY, "1", "芯片技朮"), 2, "did you mean chips (芯片技术)"),
    ],
)
def test_categorise__a_wrong_wish_changes_nothing(
    digestbot: CommandLine, file: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    before = slugs(digestbot)
    ended = digestbot("categorise", *words)
    assert (ended.code, ended.out) == (code, "")
    assert said in ended.err
    assert slugs(digestbot) == before
    assert file.exists()
