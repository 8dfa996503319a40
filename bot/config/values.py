"""Values of settings: platforms and people on them, zones, and addresses that only this machine reaches."""

import ipaddress
import re
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator

PLATFORMS = ("telegram", "discord", "wecom", "console", "web")
_SQLITE = "sqlite+aiosqlite:///"
_SERVER = "postgresql+psycopg://user:password@host/database"
_NUMBERED = ("telegram", "discord")
"""Where people are known by numbers."""
Admin = tuple[str, str]
"""A platform and an address on it."""


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f"{name!r} is not a time zone; use an IANA name such as Asia/Shanghai"
        raise ValueError(message) from error
    return name


def who(written: str) -> Admin:
    """Return the operator that is written as `platform:id`. Raises ValueError."""
    platform, _, address = written.strip().partition(":")
    if platform not in PLATFORMS or not address:
        message = f"{written.strip()!r} is no operator; write PLATFORM:ID such as telegram:12345, more by commas"
        raise ValueError(message)
    if platform == "wecom":
        raise ValueError(f"{written.strip()!r}: a WeCom robot hears nothing; name a chat of another platform")
    if platform in _NUMBERED and not re.fullmatch(r"-?[0-9]+", address):
        message = f"{written.strip()!r}: {platform.capitalize()}'s ids are numbers such as {platform}:12345, not names"
        raise ValueError(message)
    return platform, address


def at_home(path: Path) -> Path:
    """Return `path` with a `~` at its beginning written out. Raises ValueError when nobody is called so."""
    try:
        return path.expanduser()
    except RuntimeError as error:
        message = f"{str(path)!r}: there is no such home; write the whole path"
        raise ValueError(message) from error


def database_address(written: str) -> str:
    """Return the address of a database as SQLAlchemy has it, a `~` in it written out. Raises ValueError."""
    if re.match(r"postgresql\+psycopg://.", written):
        return written
    if re.match("postgres", written, re.IGNORECASE):
        message = f"for PostgreSQL write it as {_SERVER}"
        raise ValueError(message)
    if not written.startswith(_SQLITE):
        message = f"write it as {_SQLITE}digestbot.db, with four slashes before a path from the root; or as {_SERVER}"
        raise ValueError(message)
    place = written.removeprefix(_SQLITE)
    if not place or re.match(r"\?|(file:)?:memory:|file:.*mode=memory", place):
        message = f"what is kept in memory is lost with the process; name a file, such as {_SQLITE}digestbot.db"
        raise ValueError(message)
    return f"{_SQLITE}{at_home(Path(place))}" if place.startswith("~") else written


Zone = Annotated[str, AfterValidator(_known_zone)]
"""An IANA zone that is known here."""


def is_loopback(host: str) -> bool:
    """Tell whether what listens on `host` is reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
