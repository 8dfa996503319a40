"""Log lines: constant words and fields, to standard error."""

import logging
import sys

import structlog

from bot.config import Settings

_TALKATIVE = (
    *("aiohttp", "telegram", "alembic", "sqlalchemy"),
    *("httpx", "httpcore", "httpx2", "httpcore2", "openai"),
)


def set_up(settings: Settings) -> None:
    """Set the log up for the whole process. Libraries that log addresses are kept quiet."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns of every look that outlasts a second
    logging.getLogger("discord").setLevel(logging.CRITICAL)  # it tells every lost connection with its traceback
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
