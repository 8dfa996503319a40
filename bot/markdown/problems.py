"""Collecting what is wrong with a document while it is read."""

from typing import Literal

from bot.errors import BadDocument
from bot.models import Problem

_SHOWN = 60


class Problems:
    """The problems found so far, in any order."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}
        self.skipped = 0
        """Lines taken off the top of the document; they are added to every line noted from then on."""

    def warn(self, line: int, what: str, mend: str) -> None:
        """Note a fault the digest can be read in spite of."""
        self._add(line, "warning", what, mend)

    def fail(self, line: int, what: str, mend: str) -> None:
        """Note a fault the document is refused for."""
        self._add(line, "error", what, mend)

    def _add(self, line: int, severity: Literal["error", "warning"], what: str, mend: str) -> None:
        problem = Problem(line=max(line, 1) + self.skipped, severity=severity, what=what, mend=mend)
        self._found[problem] = None

    def by_line(self) -> tuple[Problem, ...]:
        """Return all problems, those of the first line first."""
        return tuple(sorted(self._found, key=lambda problem: problem.line))

    def refuse(self) -> BadDocument:
        """Return the error to raise."""
        return BadDocument(self.by_line())

    @property
    def failed(self) -> bool:
        """Whether any of them is an error."""
        return any(problem.severity == "error" for problem in self._found)


def shown(text: str) -> str:
    """Return `text` on one line and short enough to be quoted in a problem."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
