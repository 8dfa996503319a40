"""The documents name what there is, all of it and nothing else."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from bot import config, errors
from bot.cli.application import application
from bot.commands import menu
from bot.config import PREFIX, Settings

ROOT = Path(__file__).parents[2]
README, CHINESE = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))
in_both_languages = pytest.mark.parametrize("readme", [README, CHINESE], ids=["en", "zh-CN"])
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]

SETTINGS = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
ROW = re.compile(rf"^\| `({PREFIX}\w+)` \| (?:`(.*?)`)? ?\| .", re.MULTILINE)
LINE = re.compile(rf"^# ({PREFIX}\w+)=(.*)$", re.MULTILINE)
OPTION = re.compile(r"--[a-z]+(?:-[a-z]+)*")
CALL = re.compile(r"^(?:\| `| *)digestbot .*|`digestbot [^`]*`", re.MULTILINE)
"""A row of the table of commands, or a call in a block of code or in a sentence."""
LINK = re.compile(r"\]\(([^)\s]+)\)|\bsrc=\"([^\"]+)\"")


def commands() -> TyperGroup:
    return typer.main.get_group(application())


def options(group: TyperGroup, called: str = "digestbot") -> Iterator[tuple[str, set[str]]]:
    """Yield each command, as it is called, with its options; a group has those of all its commands."""
    for name, command in group.commands.items():
        own = {option for parameter in command.params for option in parameter.opts}
        if isinstance(command, TyperGroup):
            below = list(options(command, f"{called} {name}"))
            yield from below
            own |= {option for _, found in below for option in found}
        yield f"{called} {name}", own


@in_both_languages
def test_readme__has_a_row_for_every_setting(readme: str) -> None:
    assert sorted(name for name, _ in ROW.findall(readme)) == sorted(SETTINGS)


def test_example__has_a_line_for_every_setting() -> None:
    assert sorted(name for name, _ in LINE.findall(EXAMPLE)) == sorted(SETTINGS)


def test_example__says_what_each_setting_means() -> None:
    lines = EXAMPLE.splitlines()
    for place, line in enumerate(lines):
        if LINE.match(line):
            assert re.match(r"# [A-Z].*\.$", lines[place - 1]), f"nothing is said of {line}"


def test_example__shows_the_defaults(tmp_path: Path) -> None:
    shown = tmp_path / ".env"
    shown.write_text(LINE.sub(r"\1=\2", EXAMPLE), encoding="utf-8")
    assert config.read({}, env_file=shown) == config.read({}, env_file=tmp_path / "none")


def test_example__is_without_effect_as_it_is(tmp_path: Path) -> None:
    assert config.read({}, env_file=ROOT / ".env.example") == config.read({}, env_file=tmp_path / "none")


@in_both_languages
def test_readme__shows_the_defaults_of_the_example(readme: str) -> None:
    assert dict(ROW.findall(readme)) == dict(LINE.findall(EXAMPLE))


@in_both_languages
def test_readme__has_a_row_for_every_command_of_the_chat(readme: str) -> None:
    rows = set(re.findall(r"^\| `/(\w+)` \|", readme, re.MULTILINE))
    assert rows == {entry.name for entry in menu()} | {"start"}


@in_both_languages
def test_readme__has_a_row_for_every_command_of_the_command_line(readme: str) -> None:
    rows = re.findall(r"^\| `digestbot (\w+)", readme, re.MULTILINE)
    assert sorted(rows) == sorted(commands().commands)


@in_both_languages
def test_readme__every_option_exists(readme: str) -> None:
    of = dict(options(commands()))
    everybodys = set().union(*of.values())
    assert set(OPTION.findall(readme)) <= everybodys
    told = [(line, [name for name in of if re.match(rf"\W*{name}\b", line)]) for line in CALL.findall(readme)]
    assert sum(bool(OPTION.search(line)) for line, _ in told) > 12
    for line, names in told:
        known = of[max(names, key=len)] if names else everybodys
        assert set(OPTION.findall(line)) <= known, line


@in_both_languages
def test_readme__every_make_target_exists(readme: str) -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`?make (run|test|check|bench|format|messages|lock|clean)\b", readme)) <= targets
    assert set(re.findall(r"^\| `make (\w+)`", readme, re.MULTILINE)) >= targets - {
        "run",
        "clean",
        "chromium",
        "postgresql",
    }


def test_readmes__have_the_same_structure() -> None:
    def shape(readme: str) -> list[tuple[str, int, int]]:
        """Return the headings' levels, each with how many rows of tables and blocks of code stand below."""
        chapters = re.split(r"^(#+) ", readme, flags=re.MULTILINE)[1:]
        return [
            (level, len(re.findall(r"^\|", text, re.MULTILINE)), text.count("```"))
            for level, text in zip(chapters[::2], chapters[1::2], strict=True)
        ]

    assert shape(README) == shape(CHINESE)


def test_readmes__name_the_same_files_and_options() -> None:
    for pattern in (r"--[a-z]+(?:-[a-z]+)*", r"\]\(((?!#|README)[^)#]+)", rf"{PREFIX}\w+"):
        assert set(re.findall(pattern, README)) == set(re.findall(pattern, CHINESE)), pattern


def listed_for_a_platform() -> list[str]:
    page = (ROOT / "docs" / "adding-a-platform.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)


def test_adding_a_platform__lists_what_there_is() -> None:
    assert len(listed_for_a_platform()) > 10
    for name in listed_for_a_platform():
        path = ROOT / name
        assert path.is_dir() if name.endswith("/") else path.is_file(), f"there is no {name}"


def test_adding_a_platform__lists_every_file_that_names_discord() -> None:
    folders = [folder for part in ("bot", "adapters", "templates") for folder in (ROOT / part).rglob("*")]
    texts = [path for path in folders if path.suffix in (".py", ".j2", ".yaml")]
    files = {str(path.relative_to(ROOT)) for path in texts if "discord" in path.read_text(encoding="utf-8")}
    assert "bot/platforms.py" in files
    assert not [file for file in files if not file.startswith(tuple(listed_for_a_platform()))]


def test_adding_a_platform__names_what_the_code_has() -> None:
    page = (ROOT / "docs" / "adding-a-platform.md").read_text(encoding="utf-8")
    macros = (ROOT / "templates" / "markup" / "discord.j2").read_text(encoding="utf-8")
    for line, names in {
        "discord.j2": macros,
        "platforms.py": (ROOT / "bot" / "platforms.py").read_text(encoding="utf-8"),
    }.items():
        (row,) = re.findall(rf"^\| `[^`]*{re.escape(line)}` \| (.*)$", page, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", row):
            assert re.search(rf"(def|macro) {name}\(", names), f"{line} has no {name}"
    assert set(re.findall(r"`(\w+)`", page)) & set(dir(errors)) == {"NotDelivered", "Unknown"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links__lead_to_files_that_exist(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for link, source in LINK.findall(text):
        target = (link or source).split("#")[0]
        if target and "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
