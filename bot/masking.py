"""Texts of others that may hold a secret, made fit to be shown."""

import re

from pydantic import SecretStr

from bot.config import Settings

_SECRET = re.compile(r"\b[0-9]{6,}:[\w-]{30,}|(?i:(key|token|secret|password)=)[^\s&]+")
_HIDDEN = "***"
_TAIL = 4


def masked(text: str, settings: Settings) -> str:
    """Return `text` without our own secrets, and without what looks like one."""
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr) and (secret := value.get_secret_value()):
            text = text.replace(secret, _HIDDEN)
    return _SECRET.sub(lambda found: f"{found[1]}={_HIDDEN}" if found[1] else _HIDDEN, text)


def tail(credential: SecretStr | None) -> str:
    """Return the last letters of a secret, by which its owner knows it; nothing where there is none."""
    return f"…{credential.get_secret_value()[-_TAIL:]}" if credential else ""
