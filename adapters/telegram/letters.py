"""What is said to a thousand chats is written once: the part of a message's parameters that all of them share."""

from collections import OrderedDict

from telegram.constants import ParseMode

from adapters.telegram.links import press_link
from adapters.telegram.transport import Body, write
from bot.models import Chat, Key, Part

NO_PREVIEW = {"is_disabled": True}
_KEPT = 64


class Letters:
    """The bodies of `sendMessage`. `terms` are parameters that go with all of them."""

    def __init__(self, **terms: object) -> None:
        self._terms = terms
        self._written: OrderedDict[tuple[int, str], tuple[Part, str]] = OrderedDict()

    def to(self, chat: Chat, part: Part, *, silent: bool = False, bot: str = "") -> Body:
        """Return the parameters for `part` to go to `chat`, and to its topic; `bot` as for `said`."""
        address: dict[str, object] = {"chat_id": chat.address}
        if silent:
            address["disable_notification"] = True
        if chat.topic:
            address["message_thread_id"] = int(chat.topic)
        return Body((write(address)[:-1] + "," + self._shared(part, bot)[1:]).encode("utf-8", "replace"))

    def _shared(self, part: Part, bot: str) -> str:
        """Return what is the same for all chats. A part that is kept keeps its identity to itself."""
        key = id(part), bot
        known = self._written.get(key)
        if known is None:
            known = part, write({**said(part, bot=bot), "parse_mode": ParseMode.HTML, **self._terms})
            self._written[key] = known
            if len(self._written) > _KEPT:
                self._written.popitem(last=False)
        return known[1]


def said(part: Part, *, bot: str = "") -> dict[str, object]:
    """Return the parameters that hold a part's text and buttons; those are links to `bot` where it is named."""
    rows = [row for keys in part.keys if (row := [shown for key in keys if (shown := _button(key, bot))])]
    keyboard = {"reply_markup": {"inline_keyboard": rows}} if rows else {}
    return {"text": part.markup, "link_preview_options": NO_PREVIEW, **keyboard}


def _button(key: Key, bot: str) -> dict[str, object] | None:
    if not bot:
        return {"text": key.label, "callback_data": key.data}
    url = press_link(bot, key.data)
    return {"text": key.label, "url": url} if url else None
