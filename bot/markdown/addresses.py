"""Which link targets are addresses of web pages."""

import re
from urllib.parse import urlsplit

LONGEST = 2000
"""Characters of a link; what browsers and Telegram are known to take."""

_UNSAFE = re.compile(r'[\s"<>\\^`{|}\x00-\x20\x7f]')


def escape_address(target: str) -> str:
    """Return `target` with the characters percent-encoded that no address may hold; all others as written."""
    return _UNSAFE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), target.strip())


def is_web_address(target: str) -> bool:
    """Tell whether `target` is a whole http(s) address of at most `LONGEST` characters, with a host."""
    if len(target) > LONGEST or _UNSAFE.search(target):
        return False
    try:
        parts = urlsplit(target)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and any(map(str.isalnum, host or ""))


def why_not(target: str) -> str:
    """Say what is wrong with a target that is no web address, as the end of `the link of item 3 ...`."""
    if len(target) > LONGEST:
        return f"is longer than {LONGEST} characters"
    if not target.strip("<> "):
        return "is empty"
    scheme = re.match(r"\s*([A-Za-z][A-Za-z0-9+.-]*):", target)
    if scheme and scheme[1].lower() not in {"http", "https"}:
        return "does not lead to a web page"
    return "is a placeholder"
