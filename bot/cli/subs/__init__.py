"""`digestbot subs`: the subscriptions of all platforms, as an operator manages them."""

import typer

from bot.cli.command import of_ours
from bot.cli.subs import adding, changing, exchange, listing, trying


def subs() -> typer.Typer:
    """Return the group of commands."""
    group = typer.Typer(
        help="Manage subscriptions: add WeCom robots, look at, change and switch off those of any platform.",
        no_args_is_help=True,
        rich_markup_mode="markdown",
    )
    group.command("list")(listing.list_)
    group.command()(adding.add)
    group.command()(changing.edit)
    group.command()(changing.pause)
    group.command()(changing.resume)
    group.command()(changing.remove)
    group.command("test")(trying.test)
    group.command()(exchange.export)
    group.command("import")(exchange.import_)
    return of_ours(group)
