"""What machines ask over HTTP: metrics and health. It knows the store and the delivery, and changes nothing."""

from bot.web.health import Health
from bot.web.metrics import Metrics
from bot.web.server import Server

__all__ = ["Health", "Metrics", "Server"]
