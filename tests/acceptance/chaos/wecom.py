"""WeCom's side: robots, of whose messages none can be changed, and nothing tells a double."""

from collections.abc import Sequence

from pydantic import SecretStr

from adapters.wecom import WecomDialect
from bot.contract import Dialect
from bot.models import Chat, ChatKind, Format, Part
from tests.acceptance.chaos.plan import WISHES, Plan, Weather
from tests.acceptance.chaos.side import Face, Shown
from tests.acceptance.chaos.weather import CHANCE
from tests.acceptance.seeding import Subscriber
from tests.emulators.wecom import Fault, Message, Rule, WecomEmulator

CALLED = ("@all",)
_ROUGH = (Fault.BAD_GATEWAY, Fault.HANG_UP)


class WecomSide:
    """So many robots. Each has a message or two to say, so that its 20 a minute are never what a round waits for."""

    def __init__(self, emulator: WecomEmulator, zone: str, number: int) -> None:
        self.dialect: Dialect = WecomDialect()
        self.settings = {"wecom_api_url": emulator.url}
        self._emulator = emulator
        self._untold: Sequence[Rule] = ()
        self.keys: Sequence[str] = [emulator.robot(f"00000000-robot-{at:06}-of-chaos").key for at in range(number)]
        self.subscribers = [
            Subscriber(
                chat=_group(key),
                zone=zone,
                subjects=WISHES[at % len(WISHES)],
                format=Format.HEADLINES if at % 3 else Format.BRIEF,
                mention=() if at % 4 else CALLED,
            )
            for at, key in enumerate(self.keys)
        ]

    @property
    def sent(self) -> int:
        return self._emulator.sent

    @property
    def violations(self) -> Sequence[str]:
        return self._emulator.violations

    @property
    def unknowns(self) -> int:
        return sum(rule.hits for rule in self._untold)

    def may_double(self, chat: Chat) -> bool:  # noqa: ARG002 - any may
        return True

    def face(self, part: Part) -> Face:
        return part.markup, (part.mention,)

    def standing(self, chat: Chat) -> Sequence[Shown]:
        assert chat.credential
        return [_shown(message) for message in self._emulator.robots[chat.credential.get_secret_value()].messages]

    def found(self, chat: Chat, message_id: str) -> Shown | None:
        raise LookupError(f"WeCom gives no ids, and {chat.address} has {message_id}")

    def brew(self, plan: Plan) -> None:
        emulator = self._emulator
        emulator.enforce()
        emulator.faults.seed = plan.seed
        emulator.faults.__post_init__()
        if plan.slow:
            for recorded in (False, True):
                emulator.inject(Fault.SLOW, jitter=plan.slow, times=None, recorded=recorded)
        if plan.weather is Weather.STRICT:
            emulator.inject(Fault.AT_ONCE, chance=0.2, times=None)
        if plan.weather is Weather.DEAF:
            emulator.inject(Fault.HANG, chance=CHANCE, times=None)
            self._untold = [emulator.inject(Fault.HANG, chance=CHANCE, times=None, recorded=True)]
        if plan.weather is Weather.ROUGH:
            for fault in (Fault.BUSY, *_ROUGH):
                emulator.inject(fault, chance=CHANCE * 2, times=None)
            self._untold = [emulator.inject(fault, chance=CHANCE * 2, times=None, recorded=True) for fault in _ROUGH]

    def calm(self) -> None:
        self._emulator.faults.rules.clear()


def _group(key: str) -> Chat:
    return Chat(platform="wecom", address=f"group-{key[15:21]}", kind=ChatKind.GROUP, credential=SecretStr(key))


def _shown(message: Message) -> Shown:
    face = message.content, (message.mentioned,)
    return Shown(face=face, first=face)
