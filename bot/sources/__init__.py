"""Where digest documents come from: files named on the command line, a watched folder, and HTTP."""

from bot.sources.files import documents, origin_of, read, unreadable
from bot.sources.folder import Folder
from bot.sources.intake import REFUSED, Intake, Loaded, Reading, problem_told, readable_name, sent_as

__all__ = [
    "REFUSED",
    "Folder",
    "Intake",
    "Loaded",
    "Reading",
    "documents",
    "origin_of",
    "problem_told",
    "read",
    "readable_name",
    "sent_as",
    "unreadable",
]
