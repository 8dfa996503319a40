"""What a task of the bot raises: logged, as a person needs it, and never the end of the bot."""

import pytest
from structlog.testing import capture_logs

from bot import logs
from bot.app import guarded
from bot.config import Settings
from bot.errors import StoreError


async def breaks(error: Exception) -> None:
    raise error


async def test_guarded__a_surprise_is_logged_with_its_traceback() -> None:
    with capture_logs() as logged:
        await guarded(breaks(ZeroDivisionError()), "tick", chat="7")
    assert logged == [{"event": "failed", "log_level": "error", "what": "tick", "chat": "7", "exc_info": True}]


@pytest.mark.usefixtures("log_put_back")
async def test_guarded__a_store_that_is_away_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(Settings())
    await guarded(breaks(StoreError("the disk is full; make room on it")), "tick")
    said = capsys.readouterr().err
    assert "the disk is full; make room on it" in said
    assert said.count("\n") == 1
