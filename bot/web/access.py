"""Who may see the pages and change things by them: a password, a session, and a mark on every change."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address

from pydantic import SecretStr

COOKIE = "digestbot"
LASTS = timedelta(days=30)
"""How long a browser that gave the password is known."""
_BEARER = "bearer "
_LOCAL_NAMES = frozenset({"localhost", ""})


@dataclass(frozen=True, kw_only=True)
class Access:
    """Decides by a password, or without one for whoever sits at this machine.

    A session is a text that only we can have written: until when it holds, something random, and a seal over both.
    """

    password: SecretStr | None
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    """What seals without a password; with one, sessions outlive a restart."""

    def knows(self, word: str) -> bool:
        """Tell whether `word` is the password, in a time that does not depend on where it is wrong."""
        if self.password is None:
            return False
        return _is_same(word, self.password.get_secret_value())

    def bears(self, authorization: str) -> bool:
        """Tell whether the header `Authorization: Bearer <password>` holds."""
        return authorization[: len(_BEARER)].lower() == _BEARER and self.knows(authorization[len(_BEARER) :].strip())

    def is_guessed(self, authorization: str) -> bool:
        """Tell whether the header gives a password that is wrong."""
        bearer = authorization[: len(_BEARER)].lower() == _BEARER
        return self.password is not None and bearer and not self.bears(authorization)

    def answers_to(self, host: str) -> bool:
        """Tell whether the `Host` asked for is ours.

        Without a password the pages are for this machine alone, so its own names are the only ones: another name that
        leads here is somebody's page trying to reach us through a browser (DNS rebinding).
        """
        return self.password is not None or _is_local(host)

    def begin(self, now: datetime) -> str:
        """Return a new session."""
        written = f"{int((now + LASTS).timestamp())}.{secrets.token_urlsafe(18)}"
        return f"{written}.{self._seal('session', written)}"

    def holds(self, session: str, now: datetime) -> bool:
        """Tell whether a session is one of ours and still holds."""
        written, _, seal = session.rpartition(".")
        if not _is_same(seal, self._seal("session", written)):
            return False
        until = written.partition(".")[0]
        return until.isdecimal() and int(until) > now.timestamp()

    def mark(self, session: str) -> str:
        """Return what every change made in that session must carry: another site can't read it."""
        return self._seal("change", session)

    def is_marked(self, session: str, mark: str) -> bool:
        """Tell whether a change carries the mark of its session."""
        return _is_same(mark, self.mark(session))

    def _seal(self, purpose: str, text: str) -> str:
        key = self.password.get_secret_value().encode() if self.password else self.key
        return hmac.new(key, _bytes(f"{purpose}|{text}"), hashlib.sha256).hexdigest()


def _is_same(given: str, right: str) -> bool:
    return hmac.compare_digest(_bytes(given), _bytes(right))


def _bytes(text: str) -> bytes:
    """Return `text` as bytes: a header may hold some that are no UTF-8."""
    return text.encode(errors="surrogateescape")


def _is_local(host: str) -> bool:
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    if name in _LOCAL_NAMES:
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
