"""Reading the settings from the environment and `.env`: all faults at once, misspelt names included."""

import difflib
import io
import os
from collections.abc import Mapping
from pathlib import Path

from dotenv.parser import parse_stream
from pydantic import ValidationError

from bot.config.settings import PREFIX, Settings
from bot.errors import ConfigError
from bot.faults import in_words

_A_SLIP = 0.9
"""How alike two names are of which one is a slip of the other; 1 is the same."""


def read(environment: Mapping[str, str] | None = None, env_file: Path = Path(".env")) -> Settings:
    """Return the settings from `env_file` and `environment`, the latter winning.

    Raises ConfigError naming every faulty variable at once, misspelt ones included.
    """
    in_file, complaints = _file_values(env_file)
    given = {**in_file, **_ours(os.environ if environment is None else environment)}
    complaints += _misspelt(given)
    names = {f"{PREFIX}{name.upper()}": name for name in Settings.model_fields}
    known = {field: given[name] for name, field in names.items() if given.get(name)}
    try:
        settings = Settings(**known)  # type: ignore[arg-type]
    except ValidationError as error:
        complaints += [_complaint(fault["loc"], in_words(fault)) for fault in error.errors(include_input=False)]
    if complaints:
        raise ConfigError("\n".join(complaints))
    return settings


def _ours(values: Mapping[str, str | None]) -> dict[str, str]:
    """Return what is meant for us, `digestbot_zone` included: as it is written, so that it can be complained of."""
    return {name: value or "" for name, value in values.items() if name.upper().startswith(PREFIX)}


def _file_values(env_file: Path) -> tuple[dict[str, str], list[str]]:
    """Return what the file sets, and its lines that set nothing; they may hold secrets, so they are not repeated."""
    if not env_file.is_file():
        return {}, []
    try:
        text = env_file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "save it as UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise ConfigError(f"{env_file} can't be read: {reason}") from error
    lines = list(parse_stream(io.StringIO(text)))
    faulty = [f"{env_file}:{line.original.line}: write NAME=value; is a quote open?" for line in lines if line.error]
    given = {line.key: line.value for line in lines if line.key}
    return {**_nearly_ours(given), **_ours(given)}, faulty


def _nearly_ours(given: Mapping[str, str | None]) -> dict[str, str]:
    """Return what stands in our file under a name that is one of ours but for a slip in its first word."""
    names = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    near = (name for name in given if difflib.get_close_matches(name.upper(), names, n=1, cutoff=_A_SLIP))
    return dict.fromkeys(near, "")


def _misspelt(given: Mapping[str, str]) -> list[str]:
    names = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    complaints = []
    for unknown in sorted(set(given) - set(names)):
        near = difflib.get_close_matches(unknown.upper(), names, n=1)
        hint = f"did you mean {near[0]}?" if near else "see .env.example for the names"
        complaints.append(f"{unknown}: there is no such setting; {hint}")
    return complaints


def _complaint(place: tuple[int | str, ...], text: str) -> str:
    return f"{PREFIX}{str(place[0]).upper()}: {text}" if place else text
