"""What a subscription's options mean, and a clear answer where they mean nothing."""

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, Concatenate, Literal, TypeVar
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import typer
from pydantic import SecretStr

from adapters.wecom import WecomDialect
from bot.cli.naming import slugs
from bot.commands.words.absence import LONGEST
from bot.commands.words.question import read_everything
from bot.commands.words.weekdays import read_days
from bot.commands.words.zones import read_zone
from bot.contract import Capability
from bot.errors import BadCommand
from bot.models import Category, Format, Slot, Subscription, Weekdays, Workdays
from bot.platforms import dialects
from bot.store.codec import days_from_text

T = TypeVar("T")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_KEY = re.compile(r"[0-9A-Za-z_-]{8,128}")
_PERSON = re.compile(r"[^\s,<>]{1,64}")
_NONE = ("none", "无")
_COMMAS = re.compile(r"[,，、]")

Name = Annotated[str | None, typer.Option("--name", help="What the group is called.", show_default=False)]
Categories = Annotated[
    list[str] | None,
    typer.Option(
        "--categories",
        "-c",
        help="Only these, by name, slug or alias, separated by commas; **all** for every one.",
        show_default=False,
    ),
]
At = Annotated[str | None, typer.Option("--at", help="The local time, HH:MM.", show_default=False)]
Zone = Annotated[str | None, typer.Option("--zone", help="The zone, such as Asia/Shanghai.", show_default=False)]
Days = Annotated[
    str | None,
    typer.Option(
        "--days",
        help="The days: 12345, mon-fri, daily; **cn** for the working days of China, weekends worked in exchange too.",
        show_default=False,
    ),
]
How = Annotated[
    Format | None,
    typer.Option("--format", "-f", help="How much of each item; **news** is cards, on WeCom.", show_default=False),
]
Language = Annotated[
    Literal["zh-CN", "en"] | None,
    typer.Option("--language", "-l", help="The language of captions.", show_default=False),
]
Mention = Annotated[
    str | None,
    typer.Option("--mention", help="WeCom: whom to call, user ids by commas, or @all; **none**.", show_default=False),
]
Silent = Annotated[
    bool | None, typer.Option("--silent/--sound", help="Without a sound; WeCom has no such thing.", show_default=False)
]
TellsEmpty = Annotated[
    bool | None,
    typer.Option("--tell-empty/--hide-empty", help="Say so when a day has nothing for them.", show_default=False),
]
Weekly = Annotated[bool | None, typer.Option("--weekly/--no-weekly", help="The week on Sundays.", show_default=False)]
Away = Annotated[
    str | None,
    typer.Option(
        "--away-until",
        help="Nothing before that day (2025-10-20), as it is where they are, a year at most; **none** ends it.",
        show_default=False,
    ),
]
_KEY_HELP = "The robot's key or its whole webhook address; **-** reads it from standard input."


Key = Annotated[str | None, typer.Option("--key", help=_KEY_HELP, show_default=False)]
NeededKey = Annotated[str, typer.Option("--key", help=_KEY_HELP, show_default=False)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What was asked for, as typed; None where nothing was."""

    name: Name = None
    categories: Categories = None
    at: At = None
    zone: Zone = None
    days: Days = None
    format: How = None
    language: Language = None
    mention: Mention = None
    silent: Silent = None
    tells_empty: TellsEmpty = None
    weekly: Weekly = None
    away_until: Away = None
    key: Key = None


def wished(command: Callable[Concatenate[T, Wish, ...], None]) -> Callable[..., None]:
    """Return `command(what, wish, **own)` as Typer takes it: with an option for each wish it does not name itself."""
    what, _, *own = signature(command).parameters.values()
    names = {one.name for one in own}
    options = [
        one.replace(kind=Parameter.KEYWORD_ONLY) for one in signature(Wish).parameters.values() if one.name not in names
    ]

    @wraps(command)
    def told(**given: Any) -> None:  # noqa: ANN401 - as Typer read it
        typed = {one.name: given.pop(one.name) for one in options}
        command(given.pop(what.name), Wish(**typed), **given)

    told.__signature__ = Signature([what, *own, *options])  # type: ignore[attr-defined]
    return told


def applied(wish: Wish, to: Subscription, categories: Sequence[Category], now: datetime) -> Subscription:
    """Return the subscription as it is wished at `now` (UTC). Raises typer.BadParameter."""
    chat = replace(to.chat, title=wish.name) if wish.name is not None else to.chat
    if wish.key is not None:
        _offered("--key", to.chat.platform, offered=to.chat.platform == WecomDialect.platform)
        chat = replace(chat, credential=read_key(wish.key))
    slot = Slot(
        at=to.slot.at if wish.at is None else _clock(wish.at),
        zone=to.slot.zone if wish.zone is None else _zone(wish.zone),
        days=to.slot.days if wish.days is None else _days(wish.days),
    )
    found = replace(
        to,
        chat=chat,
        slot=slot,
        categories=to.categories if wish.categories is None else _categories(wish.categories, categories),
        format=wish.format or to.format,
        language=wish.language or to.language,
        mention=to.mention if wish.mention is None else _mention(wish.mention),
        silent=to.silent if wish.silent is None else wish.silent,
        tells_empty=to.tells_empty if wish.tells_empty is None else wish.tells_empty,
        weekly=to.weekly if wish.weekly is None else wish.weekly,
        away_until=to.away_until
        if wish.away_until is None
        else _away(wish.away_until, now.astimezone(ZoneInfo(slot.zone)).date()),
    )
    check_offered(found)
    return found


def check_offered(subscription: Subscription) -> None:
    """Raise typer.BadParameter when the platform does not have what the subscription asks for."""
    platform = subscription.chat.platform
    known = dialects().get(platform)
    capabilities = known.capabilities if known else frozenset()
    if subscription.format is Format.NEWS:
        _offered("--format news", platform, offered=Capability.CARDS in capabilities)
    if subscription.mention:
        _offered("--mention", platform, offered=Capability.MENTION in capabilities)


def read_key(typed: str) -> SecretStr:
    """Return the key in what was typed: itself, or a whole address. Raises typer.BadParameter, without the key."""
    text = (sys.stdin.readline() if typed == "-" else typed).strip()
    if "://" in text:
        text = (parse_qs(urlsplit(text).query).get("key") or [""])[0]
    if not _KEY.fullmatch(text):
        message = "that is no robot's key; copy it, or the whole webhook address, from the robot's page in the group"
        raise typer.BadParameter(message, param_hint="--key")
    return SecretStr(text)


def _offered(option: str, platform: str, *, offered: bool) -> None:
    if not offered:
        raise typer.BadParameter(f"{platform} does not have this; only WeCom does", param_hint=option)


def _clock(typed: str) -> time:
    if not _CLOCK.fullmatch(typed):
        raise typer.BadParameter(f"{typed!r} is no time; write HH:MM such as 08:30", param_hint="--at")
    return time.fromisoformat(typed)


def _zone(typed: str) -> str:
    try:
        found = read_zone(typed)
    except BadCommand:
        found = None
    if found is None:
        raise typer.BadParameter(f"{typed!r} is no zone; write one such as Asia/Shanghai", param_hint="--zone")
    return found


def _days(typed: str) -> Weekdays | Workdays:
    if re.fullmatch("[1-7]+", typed) or typed in set(Workdays):
        return days_from_text(typed)
    found = read_days(typed)
    if not found:
        message = f"{typed!r} are no weekdays; write numbers (1 is Monday) such as 12345, or mon-fri, or cn"
        raise typer.BadParameter(message, param_hint="--days")
    return found


def _away(typed: str, today: date) -> date | None:
    if typed.strip() in _NONE:
        return None
    try:
        until = date.fromisoformat(typed.strip())
    except ValueError:
        message = f"{typed!r} is no day; write one such as 2025-10-20, or none"
        raise typer.BadParameter(message, param_hint="--away-until") from None
    if not today < until <= today + LONGEST:
        message = f"{until} is no end of a pause: it is {today} there, and a pause ends by {today + LONGEST}"
        raise typer.BadParameter(message, param_hint="--away-until")
    return until


def _categories(typed: Sequence[str], categories: Sequence[Category]) -> frozenset[str]:
    names = [name.strip() for words in typed for name in _COMMAS.split(words) if name.strip()]
    if len(names) == 1 and read_everything(names[0]):
        return frozenset()
    return slugs(names, categories, option="--categories")


def _mention(typed: str) -> tuple[str, ...]:
    if typed.strip() in _NONE:
        return ()
    people = tuple(dict.fromkeys(name.strip() for name in _COMMAS.split(typed) if name.strip()))
    if not people or not all(_PERSON.fullmatch(name) for name in people):
        message = f"{typed!r} are no people; write user ids by commas, or @all"
        raise typer.BadParameter(message, param_hint="--mention")
    return people
