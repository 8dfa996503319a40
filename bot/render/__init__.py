"""From replies and editions to a platform's parts; the only place that knows Jinja."""

from bot.render.cards import CARD_LIMITS, measure_cards
from bot.render.pages import Pages
from bot.render.renderer import Renderer, numbered
from bot.render.words import Words, read_words, words_of

__all__ = [
    "CARD_LIMITS",
    "Pages",
    "Renderer",
    "Words",
    "measure_cards",
    "numbered",
    "read_words",
    "words_of",
]
