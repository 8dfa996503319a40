"""The robots of groups, what they said, and what WeCom takes from them."""

import time
from dataclasses import dataclass, field
from typing import Any

from tests.emulators.wecom.refusal import Refused, invalid_type, too_long

Json = dict[str, Any]
TEXT = 2048
MARKDOWN = 4096
ARTICLES = 8
TITLE = 128
DESCRIPTION = 512


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What a group sees: a text, markdown, or cards; `mentioned` are those who were called."""

    kind: str
    content: str = ""
    articles: tuple[Json, ...] = ()
    mentioned: tuple[str, ...] = ()
    sent_at: float = field(default_factory=time.monotonic, compare=False)


@dataclass(kw_only=True, slots=True)
class Robot:
    """A group's robot. One that is not `alive` was taken out of its group."""

    key: str
    alive: bool = True
    messages: list[Message] = field(default_factory=list)
    under_way: int = 0

    @property
    def contents(self) -> list[str]:
        return [message.content for message in self.messages]


def read(body: object, violations: list[str]) -> Message:
    """The message in a call's body. Raises Refused; what WeCom would spoil without a word goes to `violations`."""
    kind = body.get("msgtype") if isinstance(body, dict) else None
    said = body.get(kind) if isinstance(body, dict) and isinstance(kind, str) else None
    if kind not in ("text", "markdown", "markdown_v2", "news") or not isinstance(said, dict):
        raise invalid_type()
    if kind == "news":
        return Message(kind=kind, articles=_articles(said, violations))
    content = said.get("content")
    if not isinstance(content, str) or not content:
        raise Refused(44004, "text content is empty")
    limit = TEXT if kind == "text" else MARKDOWN
    if len(content.encode()) > limit:
        raise too_long(f"{kind}.content", limit)
    if "<@" in content:
        violations.append(f"people are called in {content[:60]!r}")
    return Message(kind=kind, content=content, mentioned=tuple(said.get("mentioned_list", ())))


def _articles(said: Json, violations: list[str]) -> tuple[Json, ...]:
    articles = said.get("articles")
    if not isinstance(articles, list) or not articles:
        raise Refused(40063, "some parameters are empty")
    if len(articles) > ARTICLES:
        raise Refused(45008, "article size out of limit")
    for article in articles:
        if not article.get("title") or not article.get("url"):
            raise Refused(40063, "some parameters are empty")
        for name, limit in (("title", TITLE), ("description", DESCRIPTION)):
            if len(article.get(name, "").encode()) > limit:
                violations.append(f"WeCom cuts the {name} {article[name][:40]!r}")
    return tuple(articles)
