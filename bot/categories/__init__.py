"""Which categories an item belongs to: what people and its document say, else the taxonomy's weighted terms."""

from bot.categories.deciding import Decision, Sorted, Voice, Words, sort
from bot.categories.names import close, find
from bot.categories.rules import Found, Place, Rule, Weighed
from bot.categories.taxonomy import Taxonomy, default_taxonomy, read_taxonomy
from bot.categories.terms import Term

__all__ = [
    "Decision",
    "Found",
    "Place",
    "Rule",
    "Sorted",
    "Taxonomy",
    "Term",
    "Voice",
    "Weighed",
    "Words",
    "close",
    "default_taxonomy",
    "find",
    "read_taxonomy",
    "sort",
]
