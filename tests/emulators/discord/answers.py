"""The calls that answer interactions: the first answer, follow-ups, and changes of them."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.emulators.discord.forms import check_choices, check_message, check_modal
from tests.emulators.discord.interaction import DEFERRED, Answer, Interaction, Kind
from tests.emulators.discord.message import EPHEMERAL, LOADING, Message
from tests.emulators.discord.posting import Posting
from tests.emulators.discord.refusal import Json, Refused, invalid, unknown
from tests.emulators.discord.wire import Call
from tests.emulators.discord.world import World

_FITTING = {
    Kind.COMMAND: (4, 5, 9),
    Kind.COMPONENT: (4, 5, 6, 7, 9),
    Kind.AUTOCOMPLETE: (8,),
    Kind.MODAL: (4, 5, 6, 7),
}


@dataclass(kw_only=True, slots=True)
class Answers:
    """Takes answers for `answer_within` seconds after the question, and all that follows for `token_life` seconds."""

    world: World
    posting: Posting
    answer_within: float = 3.0
    token_life: float = 900.0
    asked: list[Interaction] = field(default_factory=list)
    _by_token: dict[str, Interaction] = field(default_factory=dict)
    _timers: list[asyncio.TimerHandle] = field(default_factory=list)

    def routes(self) -> list[tuple[str, str, str, Callable[[Call], Any]]]:
        hook = "/webhooks/{application}/{token}"
        return [
            ("POST", "/interactions/{interaction}/{token}/callback", "callback", self.first),
            ("POST", hook, "followup", self.follow_up),
            ("GET", f"{hook}/messages/{{message}}", "get_answer", self.get),
            ("PATCH", f"{hook}/messages/{{message}}", "edit_answer", self.edit),
            ("DELETE", f"{hook}/messages/{{message}}", "delete_answer", self.delete),
        ]

    def ask(self, interaction: Interaction, *, heard: bool) -> None:
        """Remember a question; when the bot `heard` it, note it when nothing comes in time."""
        self.asked.append(interaction)
        self._by_token[interaction.token] = interaction
        if not heard:
            return
        loop = asyncio.get_running_loop()
        self._timers.append(loop.call_later(self.answer_within, self._note_silence, interaction))

    def close(self) -> None:
        for timer in self._timers:
            timer.cancel()

    def channel_of(self, token: str) -> int | None:
        asked = self._by_token.get(token)
        return asked.channel.id if asked else None

    def first(self, call: Call) -> Json | None:
        asked = self._by_token.get(call.ids["token"])
        if asked is None or str(asked.id) != call.ids["interaction"]:
            raise unknown("interaction")
        asked.tried = True
        if asked.type is not None:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        if asked.expired or time.monotonic() - asked.asked_at > self.answer_within:
            raise unknown("interaction")
        self._take(asked, call)
        return self._callback(asked) if call.query.get("with_response") in ("1", "true") else None

    def _take(self, asked: Interaction, call: Call) -> None:
        try:
            kind = Answer(call.params.get("type", 0))
        except ValueError:
            raise _unfit("Value is not a valid type") from None
        if kind not in _FITTING[asked.kind] or (kind in (6, 7) and asked.source is None):
            raise _unfit(f"Type {int(kind)} does not answer this interaction")
        data = call.params.get("data") or {}
        if kind in (Answer.MESSAGE, Answer.DEFERRED_MESSAGE):
            asked.message = self._write(call.name, asked, data, loading=kind is Answer.DEFERRED_MESSAGE)
            asked.ephemeral = asked.message.ephemeral
        elif kind in (Answer.DEFERRED_UPDATE, Answer.UPDATE):
            asked.message = asked.source
            if kind is Answer.UPDATE and asked.source is not None:
                self.posting.rewrite(asked.source, data)
        elif kind is Answer.CHOICES:
            check_choices(data.get("choices") or [])
        else:
            check_modal(data)
        asked.type, asked.data = kind, data
        asked.acknowledged_at = time.monotonic()
        if kind not in DEFERRED:
            asked.answered_at = asked.acknowledged_at

    def _write(self, method: str, asked: Interaction, data: Json, *, loading: bool = False) -> Message:
        """Write an answer. A channel where the bot may not write takes it all the same; a deferral says nothing yet."""
        if loading:
            data = {"flags": (int(data.get("flags") or 0) & EPHEMERAL) | LOADING}
        else:
            check_message(data)
        message = self.posting.write(method, asked.channel, data)
        message.answers = asked.metadata()
        return message

    def _callback(self, asked: Interaction) -> Json:
        shown: Json = {"id": str(asked.id), "type": int(asked.kind)}
        if asked.message is not None:
            shown |= {"response_message_id": str(asked.message.id), "response_message_ephemeral": asked.ephemeral}
            shown["response_message_loading"] = asked.type is Answer.DEFERRED_MESSAGE
        callback: Json = {"interaction": shown}
        if asked.type in (Answer.MESSAGE, Answer.UPDATE) and asked.message is not None:
            callback["resource"] = {"type": int(asked.type), "message": asked.message.json(self.world.me)}
        return callback

    def follow_up(self, call: Call) -> Json:
        asked = self._acknowledged(call)
        if asked.message is not None and asked.message.flags & LOADING:
            self.posting.rewrite(asked.message, call.params)
            message = asked.message
        else:
            message = self._write(call.name, asked, call.params)
            asked.followups.append(message)
        self._said(asked)
        return message.json(self.world.me)

    def get(self, call: Call) -> Json:
        return self._meant(call)[1].json(self.world.me)

    def edit(self, call: Call) -> Json:
        asked, message = self._meant(call)
        self.posting.rewrite(message, call.params)
        self._said(asked)
        return message.json(self.world.me)

    def delete(self, call: Call) -> None:
        asked, message = self._meant(call)
        message.deleted = True
        self.posting.deleted += 1
        self._said(asked)

    def expire(self) -> None:
        """Let every token grow too old."""
        for asked in self.asked:
            asked.expired = True

    def _acknowledged(self, call: Call) -> Interaction:
        asked = self._by_token.get(call.ids["token"])
        if asked is None or asked.type is None or call.ids["application"] != str(self.world.id):
            raise unknown("Webhook")
        if asked.expired or time.monotonic() - asked.asked_at > self.token_life:
            raise Refused(401, 50027, "Invalid Webhook Token")
        return asked

    def _meant(self, call: Call) -> tuple[Interaction, Message]:
        asked = self._acknowledged(call)
        named = call.ids["message"]
        candidates = [asked.message] if asked.message is not None else []
        for message in candidates if named == "@original" else [*candidates, *asked.followups]:
            if named in ("@original", str(message.id)) and not message.deleted:
                return asked, message
        raise unknown("Message")

    def _said(self, asked: Interaction) -> None:
        if asked.answered_at is None:
            asked.answered_at = time.monotonic()

    def _note_silence(self, asked: Interaction) -> None:
        if not asked.tried:
            self.world.violations.append(f"{asked.name} was not answered within {self.answer_within:g} s")


def _unfit(message: str) -> Refused:
    return invalid({"type": {"_errors": [{"code": "BASE_TYPE_CHOICES", "message": message}]}})
