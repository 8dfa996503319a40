"""From replies and editions to a platform's parts; the only place that knows Jinja."""

from bot.render.renderer import Renderer, numbered
from bot.render.words import Words, read_words, words_of

__all__ = ["Renderer", "Words", "numbered", "read_words", "words_of"]
