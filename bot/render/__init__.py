"""From replies and editions to a platform's parts; the only place that knows Jinja."""

from bot.render.pages import Pages
from bot.render.renderer import Renderer, numbered

__all__ = ["Pages", "Renderer", "numbered"]
