"""What others say in their answers, made fit to be kept: texts of errors, and how long to wait."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

UNSAID = 60.0
"""Seconds to wait after a 429 that does not say how long."""
_LONGEST = 86_400.0
"""Whoever says more seconds than a day has is not believed."""


def legible(text: str) -> str:
    """Return `text` without halves of surrogates: JSON can say them, and no database takes them."""
    return text.encode("utf-8", "replace").decode()


def wait_said(header: str | None, *, otherwise: float = UNSAID) -> float:
    """Return the seconds that a `Retry-After` says, in a number or a date; `otherwise` where it says nothing usable."""
    seconds = _number(header or "")
    return seconds if 0 < seconds <= _LONGEST else otherwise


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return _until(text)


def _until(date: str) -> float:
    try:
        when = parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return 0.0
    return (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
