"""What is said to a thousand chats is written once: the part of a message's parameters that all of them share."""

from collections import OrderedDict

from telegram.constants import ParseMode

from adapters.telegram.transport import Body, write
from bot.models import Chat, Part

NO_PREVIEW = {"is_disabled": True}
_KEPT = 64


class Letters:
    """The bodies of `sendMessage`. `terms` are parameters that go with all of them."""

    def __init__(self, **terms: object) -> None:
        self._terms = terms
        self._written: OrderedDict[int, tuple[Part, str]] = OrderedDict()

    def to(self, chat: Chat, part: Part, *, silent: bool = False) -> Body:
        """Return the parameters for `part` to go to `chat`, and to its topic."""
        address: dict[str, object] = {"chat_id": chat.address}
        if silent:
            address["disable_notification"] = True
        if chat.topic:
            address["message_thread_id"] = int(chat.topic)
        return Body((write(address)[:-1] + "," + self._shared(part)[1:]).encode("utf-8", "replace"))

    def _shared(self, part: Part) -> str:
        """Return what is the same for all chats. A part that is kept keeps its identity to itself."""
        known = self._written.get(id(part))
        if known is None:
            known = part, write({**said(part), "parse_mode": ParseMode.HTML, **self._terms})
            self._written[id(part)] = known
            if len(self._written) > _KEPT:
                self._written.popitem(last=False)
        return known[1]


def said(part: Part) -> dict[str, object]:
    """Return the parameters that hold a part's text and buttons."""
    rows = [[{"text": key.label, "callback_data": key.data} for key in row] for row in part.keys]
    keyboard = {"reply_markup": {"inline_keyboard": rows}} if rows else {}
    return {"text": part.markup, "link_preview_options": NO_PREVIEW, **keyboard}
