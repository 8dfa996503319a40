"""What a model answered, by the fingerprint of what it was asked: the same question is asked once."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import delete, insert, select

from bot.store.engine import Database
from bot.store.tables import model_answers

Answer = Mapping[int, tuple[str, ...]]
"""Slugs by the item's number, the primary one first."""
_ANSWER: Final = TypeAdapter(dict[int, tuple[str, ...]])


class Answers:
    """The answers of models."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, questions: Collection[str]) -> Mapping[str, Answer]:
        """Return what was answered to those of `questions` that were ever answered."""
        if not questions:
            return {}
        query = select(model_answers.c.question, model_answers.c.answer).where(model_answers.c.question.in_(questions))
        async with self._database.read() as connection:
            return {row.question: _ANSWER.validate_json(row.answer) for row in await connection.execute(query)}

    async def keep(self, answers: Mapping[str, Answer], now: datetime) -> None:
        """Keep the answers, by their questions."""
        if not answers:
            return
        rows = [
            {"question": question, "answer": _ANSWER.dump_json(dict(answer)).decode(), "given_at": now}
            for question, answer in answers.items()
        ]
        async with self._database.write() as connection:
            await connection.execute(delete(model_answers).where(model_answers.c.question.in_(answers)))
            await connection.execute(insert(model_answers), rows)
