"""What a model may answer, and whether it did."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.categories import MOST_LABELS
from bot.errors import NoAnswer
from bot.store import Answer


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message


class _Completion(BaseModel):
    """What we need of the endpoint's answer."""

    choices: list[_Choice]


class _Label(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    number: int
    categories: list[str]


class _Labels(BaseModel):
    """The answer proper, by the schema."""

    model_config = ConfigDict(extra="forbid", strict=True)

    items: list[_Label]


def schema(slugs: Sequence[str]) -> Mapping[str, object]:
    """Return what an answer must look like."""
    label = _object(number={"type": "integer"}, categories=_list({"type": "string", "enum": list(slugs)}))
    return _object(items=_list(label))


def _object(**properties: Mapping[str, Any]) -> dict[str, object]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(of: Mapping[str, Any]) -> dict[str, object]:
    return {"type": "array", "items": of}


def content(text: str) -> str:
    """Return what the model said. Raises NoAnswer."""
    try:
        choices = _Completion.model_validate_json(text).choices
    except ValidationError as error:
        raise NoAnswer("the endpoint answered something that is no chat completion") from error
    if not choices or choices[0].message.content is None or choices[0].message.refusal:
        raise NoAnswer("the model refused")
    return choices[0].message.content


def checked(said: str, numbers: set[int], slugs: set[str]) -> Answer:
    """Return the labels if they are what was asked for: each item once, in known categories. Raises NoAnswer."""
    try:
        labels = _Labels.model_validate_json(said).items
    except ValidationError as error:
        raise NoAnswer("the model's answer does not follow the schema") from error
    answer = {label.number: tuple(label.categories) for label in labels}
    if len(labels) != len(numbers) or set(answer) != numbers:
        raise NoAnswer("the model's answer does not name each item once")
    for chosen in answer.values():
        if not slugs.issuperset(chosen) or len(set(chosen)) != len(chosen) or len(chosen) > MOST_LABELS:
            raise NoAnswer(f"the model's answer has categories that are unknown, doubled or more than {MOST_LABELS}")
    return answer
