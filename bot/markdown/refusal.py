"""Why a document is no digest: an error page, a template nobody filled in, an apology of a model."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.markdown.problems import Problems, shown
from bot.models import Block, Digest

_HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_HTTP = re.compile(
    r"HTTP/\d(?:\.\d)? [45]\d\d|\b(?:400 Bad Request|401 Unauthorized|403 Forbidden|404 Not Found|429 Too Many Requests"
    r"|500 Internal Server Error|502 Bad Gateway|503 Service (?:Temporarily )?Unavailable|504 Gateway Time-?out)\b"
    r"|^\W*(?:Internal Server Error|Bad Gateway|Gateway Time-?out|Service Unavailable|Too Many Requests"
    r"|upstream connect error|Request failed with status code \d+|Error \d\d\d\b|rate limit exceeded)",
    re.IGNORECASE | re.MULTILINE,
)
_TEMPLATE = re.compile(r"\{\{[^{}]{1,500}\}\}|\{%[^{}]{1,500}%\}|\$\{[^{}]{1,500}\}|<%[^<>]{1,500}%>", re.DOTALL)
_OBJECT = re.compile(r"\[object \w+\]|\bundefined\b")
_APOLOGY = re.compile(
    r"\W*(?:(?:i'?m|i am|we are)?\s*(?:very |so |truly )?(?:sorry|apologi[sz]e|afraid)\b[^.。\n]{0,40}?"
    r"\b(?:i|we)\s*(?:can'?t|cannot|am unable|'m unable|am not able|do not have|don'?t have|could not|couldn'?t)"
    r"|(?:unfortunately,?\s*)?(?:i|we) (?:can'?t|cannot|am unable to|'m unable to)"
    r" (?:assist|help|provide|access|browse|fulfil|comply)"
    r"|as an? (?:ai|artificial intelligence|large language)(?: language)?(?: model| assistant)?,"
    r"|(?:很|非常|十分)?(?:抱歉|对不起|不好意思)[，,。！!\s]*(?:目前|暂时|作为[^，,]{0,20}[，,])?我?(?:无法|不能|没有办法|没法|暂时无法)"
    r"|作为(?:一个|一名|一款)?(?:ai|人工智能|大)?(?:语言|大)?(?:模型|助手)[，,]?我?(?:无法|不能))",
    re.IGNORECASE,
)
_LEAST = 200
_FORM = "write the stories as a numbered list: 1. [**title**](link), its text beneath"
_MODEL = "run the model again and load its answer once it is a digest"


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Where the parts of a digest start in its document."""

    title: int
    lead: int
    items: tuple[int, ...]
    commentary: int


def refuse_page(text: str, problems: Problems) -> None:
    """Note the error that `text` is no Markdown at all: empty, HTML or JSON."""
    if not text.strip():
        problems.fail(1, "the file is empty", "write a digest into it, or take it away")
    elif _HTML.match(text):
        problems.fail(1, f"this is an HTML page{_status(text)}, not a digest", "load the Markdown, not the web page")
    elif _is_json(text):
        problems.fail(1, f"this is JSON{_status(text)}, not a digest", "load the text in it, written as Markdown")


def refuse_no_items(text: str, problems: Problems) -> None:
    """Note the error that there are no items in `text`, with the likeliest reason."""
    plain = text.replace("’", "'")
    if found := _TEMPLATE.search(plain):
        line = plain.count("\n", 0, found.start()) + 1
        problems.fail(line, f"an unexpanded template: {shown(found[0])}", "fill the template in before you save")
    elif found := _OBJECT.search(plain):
        line = plain.count("\n", 0, found.start()) + 1
        problems.fail(line, f"{found[0]} instead of text", "save the text of the object, not the object")
    elif _HTTP.search(plain[:2000]):
        problems.fail(1, f"this is an error of a server{_status(plain)}, not a digest", "fetch the text again")
    elif _apologises(plain[:2000]):
        problems.fail(1, f"a model refused to write this: {shown(plain.strip())}", _MODEL)
    elif re.match(r"\s*(?:```|~~~)", text):
        problems.fail(1, "the whole document stands in a code block", "take the lines ``` at both ends away")
    else:
        length = "this text" if len(plain.strip()) < _LEAST else "this essay"
        problems.fail(1, f"there are no items in {length}", _FORM)


def refuse_substance(digest: Digest, lines: Lines, problems: Problems) -> None:
    """Note where the substance of a digest is none.

    A story that only mentions such words is left alone.
    """
    for place, line, text in _substance(digest, lines):
        if _is_only(_TEMPLATE, text):
            what = f"{place} is an unexpanded template: {shown(text)}"
            problems.fail(line, what, "fill the template in before you save")
        elif _is_only(_OBJECT, text):
            problems.fail(
                line, f"{place} is {shown(text)} instead of text", "save the text of the object, not the object"
            )
    ends = (("lead", digest.lead, lines.lead), ("commentary", digest.commentary, lines.commentary))
    for place, blocks, line in ends:
        if blocks and _apologises(blocks[0].text):
            problems.fail(line, f"the {place} is a model's refusal: {shown(blocks[0].text)}", _MODEL)
    for item, line in zip(digest.items, lines.items, strict=True):
        if item.body and _apologises(item.body[0].text):
            problems.warn(
                line, f"the text of item {item.number} is a model's refusal: {shown(item.body[0].text)}", _MODEL
            )


def _substance(digest: Digest, lines: Lines) -> Iterator[tuple[str, int, str]]:
    yield "the title", lines.title, digest.title
    yield "the lead", lines.lead, _spoken(digest.lead)
    yield "the commentary", lines.commentary, _spoken(digest.commentary)
    for item, line in zip(digest.items, lines.items, strict=True):
        yield f"the title of item {item.number}", line, item.title
        yield f"the text of item {item.number}", line, _spoken(item.body)


def _spoken(blocks: Iterable[Block]) -> str:
    return " ".join(run.text for block in blocks for run in block.runs if not run.code)


def _is_only(pattern: re.Pattern[str], text: str) -> bool:
    """Tell a text that is nothing but such words and signs."""
    return pattern.search(text) is not None and not any(map(str.isalnum, pattern.sub("", text)))


def _apologises(text: str) -> bool:
    plain = text.lstrip("#>*_ \n").replace("’", "'")
    return plain[:1] not in "“\"'「『《" and _APOLOGY.match(plain) is not None


def _is_json(text: str) -> bool:
    plain = text.strip()
    if (plain[0], plain[-1]) not in {("{", "}"), ("[", "]"), ('"', '"')}:
        return False
    try:
        json.loads(plain)
    except (ValueError, RecursionError):
        return False
    return True


def _status(text: str) -> str:
    found = _HTTP.search(text[:2000])
    return f" ({shown(found[0].strip())})" if found else ""
