"""What a model answered, by the fingerprint of what it was asked: the same question is asked once."""

from collections.abc import Mapping
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

    async def find(self, question: str) -> Answer | None:
        """Return what was answered to `question`; None when it was never answered."""
        query = select(model_answers.c.answer).where(model_answers.c.question == question)
        async with self._database.read() as connection:
            text = await connection.scalar(query)
        return None if text is None else _ANSWER.validate_json(text)

    async def keep(self, question: str, answer: Answer, now: datetime) -> None:
        """Keep the answer to `question`."""
        text = _ANSWER.dump_json(dict(answer)).decode()
        async with self._database.write() as connection:
            await connection.execute(delete(model_answers).where(model_answers.c.question == question))
            await connection.execute(insert(model_answers).values(question=question, answer=text, given_at=now))
