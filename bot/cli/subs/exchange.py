"""`digestbot subs export` and `import`: subscriptions as JSON."""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, TypeAdapter, ValidationError

from adapters.wecom import WecomDialect
from bot import config
from bot.app import House, house
from bot.cli import terminal
from bot.cli.naming import known_platform
from bot.cli.subs import options
from bot.cli.subs.written import as_object
from bot.cli.waiting import finish
from bot.config import PLATFORMS, Settings, Zone
from bot.faults import in_words
from bot.models import Category, Chat, ChatKind, Format, Slot, Subscription, SubscriptionState, Workdays
from bot.store.codec import days_from_text

_FAULTS = 2
_STDIN = "-"


def _days(text: str) -> str:
    if not re.fullmatch("[1-7]+", text) and text not in set(Workdays):
        raise ValueError(f"write numbers (1 is Monday) such as 12345, or {', '.join(Workdays)}")
    return text


class _Line(BaseModel):
    """A subscription in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    platform: str = Field(min_length=1, max_length=16)
    address: str = Field(min_length=1, max_length=64)
    topic: str = ""
    kind: ChatKind = ChatKind.PRIVATE
    title: str = ""
    at: time
    zone: Zone
    days: Annotated[str, AfterValidator(_days)] = "1234567"
    categories: tuple[str, ...] = ()
    format: Format = Format.FULL
    language: Literal["zh-CN", "en"] = "zh-CN"
    mention: tuple[str, ...] = ()
    silent: bool = False
    tells_empty: bool = False
    weekly: bool = False
    away_until: date | None = None
    state: SubscriptionState = SubscriptionState.ON
    reason: str = ""
    absent: bool = False
    key: SecretStr | None = None


_FILE = TypeAdapter(tuple[_Line, ...])


def export(
    *,
    platform: Annotated[
        str | None, typer.Option("--platform", "-p", help="Only this platform's.", show_default=False)
    ] = None,
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help="The robots' keys too: whoever has one can speak in its group.")
    ] = False,
) -> None:
    """Print the subscriptions as JSON, without the keys of robots unless they are asked for."""
    entries = finish(_all(config.read(), known_platform(platform) if platform else None))
    terminal.as_json([_written(one, with_keys=with_keys) for one in entries], indent=2)


def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="What **export** printed; **-** reads standard input.")],
) -> None:
    """Take over subscriptions from a file that **export** wrote; nothing is taken when anything in it is wrong.

    What is there already is changed to what the file says, so doing it twice is doing it once. A robot that is new
    here needs its key in the file, or to be there already.
    """
    text = sys.stdin.read() if file == _STDIN else Path(file).read_text(encoding="utf-8", errors="replace")
    name = "standard input" if file == _STDIN else file
    try:
        lines = _FILE.validate_json(text)
    except ValidationError as error:
        _refuse(name, (_fault(fault["loc"], in_words(fault)) for fault in error.errors(include_input=False)))
    finish(_import(config.read(), name, lines))


async def _all(settings: Settings, platform: str | None) -> list[Subscription]:
    async with house(settings, create=False) as at:
        return [entry.subscription for entry in await at.store.roster.all(platform=platform)]


def _written(one: Subscription, *, with_keys: bool) -> dict[str, object]:
    key = {"key": one.chat.credential.get_secret_value()} if with_keys and one.chat.credential else {}
    return {**as_object(one), **key}


async def _import(settings: Settings, name: str, lines: Sequence[_Line]) -> None:
    async with house(settings) as at:
        categories = await at.store.categories.all()
        faults = [
            f"entry {place}: {fault}"
            for place, line in enumerate(lines, 1)
            for fault in [*_faults(line, categories), *await _key_faults(at, line)]
        ]
        faults += _doubles(lines)
        if faults:
            _refuse(name, faults)
        outcomes = Counter([await _take(at, line) for line in lines])
    terminal.say(", ".join(f"{outcomes[outcome]} {outcome}" for outcome in ("added", "changed", "unchanged")))


def _faults(line: _Line, categories: Sequence[Category]) -> list[str]:
    if line.platform not in PLATFORMS:
        return [f"there is no platform {line.platform!r}; there are {', '.join(PLATFORMS)}"]
    known = {category.slug for category in categories}
    faults = [f"there is no category {slug!r} here" for slug in line.categories if slug not in known]
    try:
        options.check_offered(_read(line, since=datetime.min))  # noqa: DTZ901 - not kept
    except typer.BadParameter as error:
        faults.append(f"{error.param_hint}: {error.message}".replace("--", ""))
    return faults


async def _key_faults(at: House, line: _Line) -> list[str]:
    if line.platform != WecomDialect.platform:
        return ["only a WeCom robot has a key"] if line.key else []
    if line.key is None:
        entry = await at.store.roster.find(_chat(line))
        has = entry and entry.subscription.chat.credential
        return [] if has else [f"the robot {line.address} has no key; write the file by export --with-keys"]
    entry = await at.store.roster.by_credential(line.platform, line.key.get_secret_value())
    if entry and entry.subscription.chat.address != line.address:
        return [f"its key belongs to {entry.subscription.chat.address} here (number {entry.number})"]
    return []


def _doubles(lines: Sequence[_Line]) -> list[str]:
    places = Counter((line.platform, line.address, line.topic) for line in lines)
    keys = Counter(line.key.get_secret_value() for line in lines if line.key)
    faults = [
        f"{' '.join(place).strip()} stands in the file {number} times" for place, number in places.items() if number > 1
    ]
    return faults + [
        f"the key …{key[-4:]} stands in the file {number} times" for key, number in keys.items() if number > 1
    ]


async def _take(at: House, line: _Line) -> str:
    wanted = _read(line, since=at.clock())
    known = await at.store.subscriptions.get(wanted.chat)
    if known and _written(known, with_keys=bool(line.key)) == _written(wanted, with_keys=True):
        return "unchanged"
    await at.store.subscriptions.put(wanted)
    return "changed" if known else "added"


def _read(line: _Line, *, since: datetime) -> Subscription:
    return Subscription(
        chat=_chat(line),
        slot=Slot(zone=line.zone, at=line.at, days=days_from_text(line.days)),
        categories=frozenset(line.categories),
        format=line.format,
        language=line.language,
        mention=line.mention,
        silent=line.silent,
        tells_empty=line.tells_empty,
        weekly=line.weekly,
        away_until=line.away_until,
        state=line.state,
        since=since,
        reason=line.reason,
        absent=line.absent,
    )


def _chat(line: _Line) -> Chat:
    return Chat(
        platform=line.platform,
        address=line.address,
        topic=line.topic,
        kind=ChatKind.GROUP if line.platform == WecomDialect.platform else line.kind,
        title=line.title,
        credential=line.key,
    )


def _fault(place: tuple[int | str, ...], text: str) -> str:
    if not place:
        return f"{text} (subs export prints such a file)"
    number, *names = place
    return f"entry {int(number) + 1}: {': '.join(map(str, [*names, text]))}"


def _refuse(name: str, faults: Iterable[str]) -> NoReturn:
    """Print every fault of the file called `name`, and end."""
    terminal.fail("\n".join(f"{name}: {fault}" for fault in faults))
    raise typer.Exit(_FAULTS)
