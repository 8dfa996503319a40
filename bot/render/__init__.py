"""From replies and editions to a platform's parts; the only place that knows Jinja."""

from bot.render.cards import CARD_LIMITS, measure_cards
from bot.render.pages import Pages
from bot.render.renderer import Renderer, numbered

__all__ = ["CARD_LIMITS", "Pages", "Renderer", "measure_cards", "numbered"]
