"""One shape for every log line: `event key=value` for people, JSON for a collector. Lines of libraries
that use the standard logging take the same way, so that they carry the request id too."""

import logging
import os
from collections.abc import MutableMapping
from typing import Any

import structlog

HIDDEN = "[hidden]"
# Parts of a key's name, of which the value is never written.
SECRET_PARTS = ("password", "token", "authorization", "cookie", "secret", "email", "session", "api_key", "csrf")
SECRET_KEYS = {"key", "mail", "dsn", "username"}


def add_process(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Which child of `manage.py serve` wrote the line."""
    if "GW2_PROCESS" in os.environ:
        event["process"] = os.environ["GW2_PROCESS"]
    return event


def hide_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if is_secret(name):
            event[name] = HIDDEN
        elif isinstance(value, dict):
            event[name] = _without_secrets(value)
    return event


def is_secret(name: str) -> bool:
    lowered = name.lower().replace("-", "_")
    return lowered in SECRET_KEYS or any(part in lowered for part in SECRET_PARTS)


def _without_secrets(value: object) -> object:
    if isinstance(value, dict):
        return {name: HIDDEN if is_secret(str(name)) else _without_secrets(inner) for name, inner in value.items()}
    return value


def without_traceback(record: logging.LogRecord) -> bool:
    """A filter: what a visitor sent is no error of ours, so one line of warning tells all."""
    record.exc_info = record.exc_text = None
    record.levelno, record.levelname = logging.WARNING, "WARNING"
    return logging.getLogger().isEnabledFor(logging.WARNING)


def _shared_processors() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        add_process,
        hide_secrets,
    ]


def configure_structlog() -> None:
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared_processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def logging_config(*, level: str, as_json: bool) -> dict[str, Any]:
    renderer: list[Any] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if as_json
        else [
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(
                key_order=["timestamp", "level", "process", "event"], drop_missing=True, repr_native_str=False
            ),
        ]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _shared_processors(),
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
            }
        },
        "filters": {"without_traceback": {"()": lambda: without_traceback}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django would mail its errors and write its own lines beside ours.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.request": {"level": "ERROR"},
            "django.security.csrf": {"level": "ERROR"},
            "django.security.DisallowedHost": {"filters": ["without_traceback"]},
            # Both write a line for each task that says less than ours.
            "celery.app.trace": {"level": "CRITICAL"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "urllib3": {"level": "WARNING"},
        },
    }


def start_sentry(dsn: str) -> None:
    """Nothing leaves this machine without an address to send it to."""
    if not dsn:
        return
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        max_request_body_size="never",
        traces_sample_rate=0.0,
        # Among them stands what a player typed, in prompts for one.
        include_local_variables=False,
    )
