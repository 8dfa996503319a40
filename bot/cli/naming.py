"""Categories as an operator names them."""

from collections.abc import Sequence

import typer

from bot.categories import close, find
from bot.models import Category


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
