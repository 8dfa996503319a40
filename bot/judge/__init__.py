"""A model's word on categories, where one is set up; without, its library is not even loaded."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from bot.categories import Taxonomy
from bot.config import Settings
from bot.errors import ConfigError
from bot.render import Renderer
from bot.store import Store

if TYPE_CHECKING:
    from bot.judge.asking import Judge


def judge_of(
    settings: Settings, *, store: Store, renderer: Renderer, taxonomy: Taxonomy, clock: Callable[[], datetime]
) -> "Judge | None":
    """Build the judge of the settings; None where they name no model.

    Raises ConfigError when the library it takes is not installed.
    """
    if not (settings.ai_url and settings.ai_key and settings.ai_model):
        return None
    try:
        from bot.judge.asking import Endpoint, Judge  # noqa: PLC0415 - an extra, which takes a second to load
    except ModuleNotFoundError as error:
        raise ConfigError(f"DIGESTBOT_AI_URL: {error.name} is not installed: pip install 'digestbot[ai]'") from error
    endpoint = Endpoint(url=str(settings.ai_url), key=settings.ai_key, model=settings.ai_model)
    return Judge(endpoint, store=store, renderer=renderer, taxonomy=taxonomy, clock=clock)
