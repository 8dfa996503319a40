"""What a model is asked, and where."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from pydantic import SecretStr


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """An OpenAI-compatible endpoint, and which of its models is asked."""

    url: str
    key: SecretStr
    model: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """The task, the items as JSON, and the schema that the answer must follow."""

    task: str
    items: str
    schema: Mapping[str, object]

    def fingerprint(self, model: str) -> str:
        """Name the question: another model, taxonomy, wording or item makes another."""
        asked = json.dumps([model, self.task, self.items, self.schema], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(asked.encode()).hexdigest()


class Exchange(Protocol):
    """What asks it, as `bot.judge.exchange` does."""

    async def __call__(self, endpoint: Endpoint, question: Question, *, timeout: float) -> str:  # noqa: ASYNC109
        """Return the endpoint's answer as it came. Raises NoAnswer."""
