"""From replies and editions to a platform's parts; the only place that knows Jinja."""

from bot.render.cards import measure
from bot.render.pages import Pages
from bot.render.renderer import Renderer, numbered
from bot.render.words import Words, read_words, words_of

__all__ = [
    "Pages",
    "Renderer",
    "Words",
    "measure",
    "numbered",
    "read_words",
    "words_of",
]
