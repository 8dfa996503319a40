"""The names of sections, and which of them say that the items are over."""

import re
import unicodedata

_ORDINAL = re.compile(
    r"^(?:第?[一二三四五六七八九十百]+[部章节]?分?\s*[、.．:：]|[（(][一二三四五六七八九十]+[）)])\s*"
)
_CLOSING = re.compile(
    r"(?:今日|本日|每日|本期|本周|编辑|编者|主编|小编|ai|深度|最后|专家|行业|一句话)*的?"
    r"(?:点评|短评|锐评|评论|总结|小结|结语|结束语|尾声|后记|编者按|编后语|写在最后|观察|思考|洞察|展望)"
    r"|(?:the |today's |daily |our )*(?:editors?'?s? )?"
    r"(?:commentary|comments?|conclusions?|closing|closing (?:words|thoughts|remarks)|in closing|summary|takeaways?"
    r"|key takeaways?|final thoughts|editor'?s? note|afterword|outlook|wrap-?up)"
)

_OPENING = re.compile(
    r"(?:今日|本日|每日|本期|本周|编辑|编者)*的?(?:导语|导读|引言|前言|序言|概览|概述|综述|摘要|速览|卷首语)"
    r"|(?:the |today's |daily )*(?:lead|overview|intro|introduction|foreword|preface|editorial|at a glance)"
)


def section_name(heading: str) -> str:
    """Return a heading without its ordinal (`一、`), signs and emoji, as written otherwise."""
    text = heading.strip()
    while text and not text[0].isalnum() and text[0] not in "（(《“「":
        text = text[1:]
    text = _ORDINAL.sub("", text).strip()
    while text and (text[-1] in ":：" or unicodedata.category(text[-1]) in {"So", "Mn"}):
        text = text[:-1].rstrip()
    return text or heading.strip()


def closes(heading: str) -> bool:
    """Tell a heading under which the closing commentary stands (点评, 总结, Commentary)."""
    return _CLOSING.fullmatch(_plain(heading)) is not None


def opens(heading: str) -> bool:
    """Tell a heading under which the lead stands (导语, Overview)."""
    return _OPENING.fullmatch(_plain(heading)) is not None


def _plain(heading: str) -> str:
    return unicodedata.normalize("NFKC", section_name(heading)).lower().replace("’", "'").strip()
