"""Categories and platforms as an operator names them, and states as they are told."""

from collections.abc import Sequence

import typer

from bot.categories import close, find
from bot.models import Category
from bot.platforms import dialects


def slugs(typed: Sequence[str], categories: Sequence[Category], *, option: str) -> frozenset[str]:
    """Return the slugs of what was `typed` as `option`, by name, slug or alias. Raises typer.BadParameter."""
    return frozenset(ordered(typed, categories, option=option))


def ordered(typed: Sequence[str], categories: Sequence[Category], *, option: str) -> tuple[str, ...]:
    """Return the slugs of what was `typed`, each once, in its order. Raises typer.BadParameter."""
    found = {name: find(name, categories) for name in typed}
    for name, category in found.items():
        if category is None:
            near = close(name, categories)
            names = ", ".join(f"{one.slug} ({one.zh})" for one in near or categories)
            hint = f"did you mean {names}?" if near else f"there are {names}"
            raise typer.BadParameter(f"there is no category {name!r}; {hint}", param_hint=option)
    return tuple(dict.fromkeys(category.slug for category in found.values() if category))


def known_platform(typed: str) -> str:
    """Return the platform that was `typed` as `--platform`. Raises typer.BadParameter where there is none."""
    known = dialects()
    if typed not in known:
        raise typer.BadParameter(f"{typed!r} is not a platform; {', '.join(known)} are", param_hint="--platform")
    return typed


def told(state: str, reason: str) -> str:
    """Return a state and why, each word once: `paused by the operator`, `failed: no connection`."""
    return reason if reason.startswith(f"{state} ") else f"{state}: {reason}"
