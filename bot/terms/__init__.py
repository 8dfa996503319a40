"""Text as it is searched: cut into terms, asked for by phrases, shown with what was found marked. Pure."""

from bot.terms.marking import SHORT, extract, marked
from bot.terms.phrases import Phrase, phrases
from bot.terms.splitting import Term, terms

__all__ = ["SHORT", "Phrase", "Term", "extract", "marked", "phrases", "terms"]
