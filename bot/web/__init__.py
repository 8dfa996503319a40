"""Pages for people and for machines, over HTTP: they know store, delivery, sources and render."""

from bot.web.access import Access
from bot.web.chat import Landing, Leap, Stage
from bot.web.doorkeeper import Doorkeeper
from bot.web.entrance import Entrance
from bot.web.frame import Door, Frame
from bot.web.health import Health
from bot.web.machines import Machines
from bot.web.metrics import Metrics
from bot.web.regrets import Regrets
from bot.web.server import Room, Server, unheard
from bot.web.site import Site
from bot.web.windows import Window

__all__ = [
    "Access",
    "Door",
    "Doorkeeper",
    "Entrance",
    "Frame",
    "Health",
    "Landing",
    "Leap",
    "Machines",
    "Metrics",
    "Regrets",
    "Room",
    "Server",
    "Site",
    "Stage",
    "Window",
    "unheard",
]
