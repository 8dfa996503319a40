"""A model's word on categories, where one is set up; its library is an extra, loaded when it is asked."""

from collections.abc import Callable
from datetime import datetime
from importlib.util import find_spec

from bot.categories import Taxonomy
from bot.config import Settings
from bot.errors import ConfigError
from bot.judge.asking import Judge
from bot.judge.question import Endpoint
from bot.render import Renderer
from bot.store import Store

_LIBRARY = "openai"


def judge_of(
    settings: Settings, *, store: Store, renderer: Renderer, taxonomy: Taxonomy, clock: Callable[[], datetime]
) -> Judge | None:
    """Build the judge of the settings; None where they name no model.

    Raises ConfigError when the library it takes is not installed.
    """
    if not (settings.ai_url and settings.ai_key and settings.ai_model):
        return None
    if find_spec(_LIBRARY) is None:
        raise ConfigError(f"DIGESTBOT_AI_URL: {_LIBRARY} is not installed: make install, or uv sync --extra ai")
    endpoint = Endpoint(url=str(settings.ai_url), key=settings.ai_key, model=settings.ai_model)
    return Judge(endpoint, store=store, renderer=renderer, taxonomy=taxonomy, clock=clock)
