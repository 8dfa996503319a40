"""Which categories an item belongs to: what people and its document say, else the taxonomy's weighted terms."""

from bot.categories.deciding import Decision, Sorted, Voice, Words, sort, undecided
from bot.categories.explaining import Candidate, Evidence, Explanation, Label, Why, explain
from bot.categories.identity import identities, references, referred
from bot.categories.names import close, find
from bot.categories.rules import MOST_LABELS, Found, Place, Rule, Weighed
from bot.categories.taxonomy import Taxonomy, default_taxonomy, read_taxonomy
from bot.categories.terms import Term

__all__ = [
    "MOST_LABELS",
    "Candidate",
    "Decision",
    "Evidence",
    "Explanation",
    "Found",
    "Label",
    "Place",
    "Rule",
    "Sorted",
    "Taxonomy",
    "Term",
    "Voice",
    "Weighed",
    "Why",
    "Words",
    "close",
    "default_taxonomy",
    "explain",
    "find",
    "identities",
    "read_taxonomy",
    "references",
    "referred",
    "sort",
    "undecided",
]
