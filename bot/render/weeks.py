"""The pieces of a week: categories with their stories below."""

from collections.abc import Callable

from bot.models import Story, WeekEdition
from bot.render.pieces import Piece, PieceKind


def pieces_of_week(edition: WeekEdition, title: str, name: Callable[[str], str]) -> list[Piece]:
    """Return the pieces of `edition` in reading order; `name` gives a category's name for its slug."""
    pieces = [Piece(kind=PieceKind.HEADER, title=title)]
    for chapter in edition.chapters:
        pieces.append(Piece(kind=PieceKind.CHAPTER, title=name(chapter.slug)))
        pieces += [_story(story) for story in chapter.stories]
    return pieces


def _story(story: Story) -> Piece:
    days = frozenset(day.isoweekday() for day in story.days)
    item = story.item
    return Piece(kind=PieceKind.STORY, title=item.title, url=item.url, blocks=item.body, days=days)
