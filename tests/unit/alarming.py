"""Two operators to be told, and a watch that tells them."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from bot.delivery.alarms import Outlet, Rules, Watch
from bot.pacing import Pacer
from tests.fakes import chat
from tests.unit.delivering import RENDERER, World

SOON = timedelta(seconds=1)
"""Less than a lease lasts."""
RULES = Rules(zone=ZoneInfo("Asia/Shanghai"), at=time(9, 30), silent_days=2, failure_share=0.2)
OPERATOR, OTHER = chat("operator"), chat("other")
ADMINS = (("console", "operator"), ("console", "other"))


def watch(
    there: World,
    *,
    admins: tuple[tuple[str, str], ...] = ADMINS[:1],
    language: str = "en",
    rules: Rules = RULES,
    account: str = "console",
    patience: float = 5.0,
) -> Watch:
    outlet = Outlet(adapter=there.platform, pacer=Pacer(there.platform.pace))
    return Watch(
        store=there.store,
        renderer=RENDERER,
        rules=rules,
        admins=admins,
        outlets={account: outlet},
        language=language,
        patience=patience,
    )


def told(there: World, of: object = OPERATOR) -> int:
    return len([message for message in there.platform.messages if message.chat == of])
