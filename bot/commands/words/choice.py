"""Which categories a reader chooses, and which slugs can be chosen by one word."""

from collections.abc import Sequence
from datetime import date

from bot.commands.words.question import START_PREFIX, read_category, read_everything, read_question
from bot.commands.words.text import phrases
from bot.commands.words.wish import Wish, read_target, read_wish
from bot.errors import BadCommand
from bot.models import Category


def read_choice(words: str, categories: Sequence[Category]) -> Wish:
    """Return the categories and the chat that `words` name; whatever else they wish for is unread.

    A slug means its own category, even where another one has an alias like it.
    """
    by_slug = {category.slug: category for category in categories}
    read, unread = phrases(
        words,
        {
            "target": read_target,
            "everything": read_everything,
            "slug": lambda phrase: by_slug.get(phrase.removeprefix(START_PREFIX)),
            "category": lambda phrase: read_category(phrase, categories),
        },
        listed=True,
    )
    named = frozenset(value.slug for _, value in read if isinstance(value, Category))
    all_of_them = any(name == "everything" for name, _ in read)
    target = [value for name, value in read if name == "target" and isinstance(value, str)]
    return Wish(
        target=target[-1] if target else None,
        categories=named or (frozenset() if all_of_them else None),
        unread=unread,
    )


def is_free(slug: str, today: date) -> bool:
    """Tell whether `slug` says nothing else in a command, as `daily`, `silent` or `today` would."""
    try:
        wish, question = read_wish(slug, (), today), read_question(slug, today, ())
    except BadCommand:
        return False
    return wish.unread == question.unread == (slug,)
