"""From replies and editions to a platform's parts; the only place that knows Jinja."""

from bot.render.renderer import Renderer, numbered

__all__ = ["Renderer", "numbered"]
