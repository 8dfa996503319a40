"""How commands take their words: options that take none are shown without a type, and faults are told in our words."""

from collections.abc import Iterable
from typing import Any, TypeAlias, TypeVar

import typer
from pydantic import ValidationError
from typer.core import TyperCommand, TyperGroup, TyperOption

from bot.faults import in_words

P = TypeVar("P")
_Context: TypeAlias = Any  # typer keeps the class to itself


class Command(TyperCommand):
    """A command."""

    def get_params(self, ctx: _Context) -> list[Any]:
        """Return what it can be told."""
        return _plain(super().get_params(ctx))

    def parse_args(self, ctx: _Context, args: list[str]) -> list[str]:
        """Read what it was told. Raises typer.BadParameter."""
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as error:
            if isinstance(error.__cause__, ValidationError):
                error.message = "; ".join(in_words(fault) for fault in error.__cause__.errors(include_input=False))
            raise


class Group(TyperGroup):
    """A command with commands of its own."""

    def get_params(self, ctx: _Context) -> list[Any]:
        """Return what it can be told before them."""
        return _plain(super().get_params(ctx))


def of_ours(app: typer.Typer) -> typer.Typer:
    """Return `app` with all its commands made of these."""
    app.info.cls = Group
    for one in app.registered_commands:
        one.cls = Command
    return app


def _plain(params: Iterable[P]) -> list[P]:
    """Take `<bool>` from the help of flags: it reads as if `--draft true` could be written."""
    found = list(params)
    for one in found:
        if isinstance(one, TyperOption) and one.is_flag:
            one.metavar = ""
    return found
