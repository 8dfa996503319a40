"""Links that are none: `[title](未提供)` keeps its text, whatever stands in the brackets."""

import re

from markdown_it.rules_inline import StateInline

_TARGET = re.compile(r"\((?P<half>(?:[^()\n]++|\([^()\n]*+\))*+)\)|（(?P<full>[^（）\n]*+)）")


def placeholder(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (the signature of a rule)
    """Read a link or image whose target is no web address; a rule to run after those for real ones.

    Chinese brackets around a web address make a link all the same.
    """
    source, start = state.src, state.pos
    bracket = start + 1 if source[start] == "!" else start
    if not source.startswith("[", bracket):
        return False
    label_end = state.md.helpers.parseLinkLabel(state, bracket, disableNested=True)
    found = _TARGET.match(source, label_end + 1, state.posMax) if label_end >= 0 else None
    if found is None:
        return False
    if not silent:
        _push(state, bracket + 1, label_end, found)
    state.pos = found.end()
    return True


def _push(state: StateInline, label_start: int, label_end: int, found: re.Match[str]) -> None:
    end = state.posMax
    state.pos, state.posMax = label_start, label_end
    address = state.md.normalizeLink(found["full"] or "")
    if state.md.validateLink(address):
        kind, token = "link", state.push("link_open", "a", 1)
        token.attrs = {"href": address}
    else:
        kind, token = "placeholder", state.push("placeholder_open", "", 1)
        target = found["half"] if found["full"] is None else found["full"]
        token.meta = {"target": target, "what": "picture" if state.src.startswith("![", label_start - 2) else "link"}
    state.linkLevel += 1
    state.md.inline.tokenize(state)
    state.linkLevel -= 1
    state.push(f"{kind}_close", "", -1)
    state.posMax = end
