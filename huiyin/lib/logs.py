"""One way of logging: structlog, and the standard library's loggers through it; lines for people, JSON for machines."""

import logging.config
import sys
from typing import Any

import structlog


def configure(*, level: str) -> None:
    """Afterwards every logger writes to standard error: coloured lines at a terminal, else one JSON object a line."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    at_terminal = sys.stderr.isatty()
    shown: list[Any] = [structlog.dev.ConsoleRenderer()]
    if not at_terminal:
        shown = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shown],
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"huiyin": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "huiyin"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {
                "procrastinate": {"level": "WARNING"},
                "django.request": {"level": "ERROR"},  # a 404 or 403 is the visitor's affair
            },
        }
    )
