"""The first line of an item -> its title, its link, its tags, and what of it is body."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.markdown.addresses import is_web_address
from bot.markdown.runs import Line, merged
from bot.models import Run

_SEPARATED = re.compile(r"\s*(?:[:：|｜–—]+|-+\s)\s*|\s+|(?=[（(【\[])")
_SENTENCE = re.compile(r"[。！？!?；]|\.(?:\s|$)")
_FIRST_SENTENCE = re.compile(r"^.{8,200}?(?:[。！？]|[.!?](?=\s))", re.DOTALL)
_TAG = r"#(?=\d*[^\W\d])[\w·.+/&-]++"
_TAGS = re.compile(rf"(?:(?<=[\s。！？；：，、）)”」』》.!?:])|^)(?:{_TAG}[\s,，、]*+)++#?\s*$")
_TAG_LABEL = re.compile(r"(?:^|(?<=\s))(?:标签|分类|关键词|话题|tags?|categor(?:y|ies))\s*[:：]\s*$", re.IGNORECASE)
_TAGS_WITHIN = 300
"""Characters at the end of a text searched for tags."""
_BARE = re.compile(r"https?://[^\s<>\"，。；！？、）】》”]+", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:(?:点击|阅读|查看|访问|新闻|文章|原始)*(?:原文|全文|详情|链接|来源|更多|出处|地址|网址|阅读|查看)+"
    r"|(?:read |see |full |original )*(?:links?|source|more|original|url|here|article|story|details))?",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"[^\w]+")
_LONG = 100
"""Characters past which a plain line is a title only up to its first sentence end."""


@dataclass(frozen=True, kw_only=True)
class Head:
    """What the first line of an item says."""

    title: str
    url: str | None = None
    tags: tuple[str, ...] = ()
    rest: tuple[Run, ...] = ()
    """The part of the line after the title, and further links."""


def read_head(line: Line) -> Head:
    """Split the first line of an item."""
    runs, tags = take_tags(line.runs)
    url = next((run.url for run in runs if run.url), None)
    if url is None:
        runs, url = _take_bare(runs)
    title, rest = _split(_without_label(runs, url))
    rest = () if _is_label(rest, url) else rest
    text = " ".join("".join(run.text if run.code else run.text.replace("**", "") for run in title).split())
    if _BARE.fullmatch(text):
        text, url = "", url or text
    if rest:
        text = text.rstrip(":： ")
    return Head(title=text, url=url, tags=tags, rest=(*_further_links(title, url), *rest))


def read_link_line(line: Line) -> tuple[str, bool] | None:
    """Return the address a line consists of, and whether its words may go; None for any other line."""
    links = [run for run in line.runs if run.url]
    label = "".join(run.text for run in line.runs if not run.url)
    if not links:
        found = _BARE.search(label)
        if (
            found is None
            or not is_web_address(found[0])
            or _LABEL.fullmatch(_words(_BARE.sub("", label, count=1))) is None
        ):
            return None
        return found[0], True
    if (
        len({run.url for run in links}) > 1
        or _LABEL.fullmatch(_words(label)) is None
        or len(line.pieces) > len(line.runs)
    ):
        return None
    name = "".join(run.text for run in links)
    return links[0].url or "", _BARE.fullmatch(name) is not None or _LABEL.fullmatch(_words(name)) is not None


def _words(text: str) -> str:
    return _SIGNS.sub(" ", text).strip()


def _is_label(runs: Sequence[Run], url: str | None) -> bool:
    """Tell `[原文](url)` after a title from text to keep."""
    words = _words("".join(run.text for run in runs))
    return bool(words) and all(run.url == url for run in runs if run.url) and _LABEL.fullmatch(words) is not None


def _take_bare(runs: tuple[Run, ...]) -> tuple[tuple[Run, ...], str | None]:
    last = runs[-1] if runs else None
    found = (
        re.search(rf"[（(]?({_BARE.pattern})[)）]?\s*$", last.text, re.IGNORECASE) if last and not last.code else None
    )
    if last is None or found is None or found.start() == 0 or not is_web_address(found[1].rstrip(")")):
        return runs, None
    return merged((*runs[:-1], replace(last, text=last.text[: found.start()]))), found[1].rstrip(")")


def _without_label(runs: tuple[Run, ...], url: str | None) -> tuple[Run, ...]:
    """Take `（[原文](url)）` off the end of a line that says more than that."""
    end = len(runs)
    while end and not _words(runs[end - 1].text):
        end -= 1
    if end < 2 or not runs[end - 1].url or not _is_label(runs[end - 1 : end], url):  # noqa: PLR2004
        return runs
    before = runs[end - 2]
    return merged((*runs[: end - 2], replace(before, text=before.text.rstrip(" （([【|｜-—"))))


def take_tags(runs: Sequence[Run]) -> tuple[tuple[Run, ...], tuple[str, ...]]:
    """Return `runs` without the `#words` they end with, and those words."""
    last = runs[-1] if runs else None
    if last is None or last.url or last.code:
        return tuple(runs), ()
    found = _TAGS.search(last.text, max(len(last.text) - _TAGS_WITHIN, 0))
    if found is None or (found.start() == 0 and len(runs) > 1 and runs[-2].text[-1:].isalnum()):
        return tuple(runs), ()
    tags = dict.fromkeys(tag[1:].rstrip(".") for tag in re.findall(_TAG, found[0]))
    left = _TAG_LABEL.sub("", last.text[: found.start()])
    return merged((*runs[:-1], replace(last, text=left))), tuple(tags)


def _split(runs: tuple[Run, ...]) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Split a line into its title and the text after it."""
    runs = merged(runs)
    if not runs:
        return (), ()
    first = runs[0]
    count = 1
    linked = first.url is not None
    if linked:
        while count < len(runs) and runs[count].url == first.url:
            count += 1
    elif first.bold:
        while count < len(runs) and runs[count].bold:
            count += 1
    else:
        return _split_long(runs)
    head, rest = runs[:count], runs[count:]
    if not rest:
        return head, ()
    text = "".join(run.text for run in rest)
    found = _SEPARATED.match(text)
    marked = (found is not None and found[0].strip() != "") or head[-1].text.rstrip().endswith((":", "："))
    spoken = linked or marked or _SENTENCE.search(text) is not None
    only_links = all(run.url or not run.text.strip(" |｜()（）[]【】") for run in rest)
    if found is None or not (spoken or only_links or text[:1] in "（(【["):
        return runs, ()
    return head, merged((replace(rest[0], text=rest[0].text[found.end() :]), *rest[1:]))


def _split_long(runs: tuple[Run, ...]) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    text = "".join(run.text for run in runs)
    found = _FIRST_SENTENCE.match(text) if len(text) > _LONG else None
    if found is None:
        return runs, ()
    title: list[Run] = []
    left = found.end()
    for index, run in enumerate(runs):
        if len(run.text) >= left:
            title.append(replace(run, text=run.text[:left]))
            return tuple(title), merged((replace(run, text=run.text[left:]), *runs[index + 1 :]))
        title.append(run)
        left -= len(run.text)
    return runs, ()


def _further_links(title: Sequence[Run], url: str | None) -> tuple[Run, ...]:
    """Return the links of the title beside the first, each once, as text of the body."""
    links: list[Run] = []
    for run in title:
        if run.url and run.url != url:
            if links:
                links.append(Run(text=" "))
            links.append(Run(text=run.text, url=run.url))
    return tuple(links)
