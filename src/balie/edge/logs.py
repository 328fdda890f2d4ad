"""Structured logs on stdout; secrets and personal data are redacted here, at the logger (threat S22)."""

import contextlib
import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO, cast

import structlog

_SECRET_KEYS = re.compile(
    r"pass|token|secret|cookie|authori[sz]ation|csrf|ticket|email|phone|^text$|^body$|^query", re.IGNORECASE
)
_SECRETS = [
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+"), r"\1 …"),
    (
        re.compile(r"(?i)\b((?:balie_\w+|ticket|token|password|csrf)[\"']?\s*[=:]\s*[\"']?)[^\s;&,\"'}]+"),
        r"\1…",
    ),
    (re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"), "…@…"),
]
_REMOVED = "…"
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_OWN_KEYS = frozenset({"event", "level", "timestamp", "logger"})


def set_up_logs(*, pretty: bool | None = None, level: str = "info", stream: TextIO | None = None) -> None:
    """JSON lines for machines; readable lines on a terminal (or as ``pretty`` says)."""
    out = stream or sys.stdout
    pretty = out.isatty() if pretty is None else pretty
    tail: list[structlog.typing.Processor] = (
        [
            harmless,
            structlog.dev.ConsoleRenderer(
                colors=out.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ]
        if pretty
        else [structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            redact,
            *tail,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _Unfailing(out))),
        cache_logger_on_first_use=False,
    )
    # What libraries say goes the same way, through the same redaction.
    handler = _Through()
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], name != "uvicorn.access"


def redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog processor: blank values under telling keys, and tokens and addresses inside any text."""
    for key, value in event.items():
        event[key] = _REMOVED if key not in _OWN_KEYS and _SECRET_KEYS.search(key) else _clean(value)
    return event


def harmless(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog processor: what callers send must not give orders to the terminal of whoever reads along."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _CONTROLS.sub("�", value)
    return event


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        for pattern, replacement in _SECRETS:
            value = pattern.sub(replacement, value)
        return value
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, Mapping):
        return {k: _REMOVED if _SECRET_KEYS.search(str(k)) else _clean(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value


class _Unfailing:
    """A stream whose trouble (a full disk, no reader, closed) stays its own: a line that cannot be written
    is lost, and whoever logged it goes on."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, line: str) -> int:
        with contextlib.suppress(OSError, ValueError):
            self._out.write(line)
        return len(line)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._out.flush()


class _Through(logging.Handler):
    """Hands records of the standard library's logging to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        logger = structlog.get_logger(record.name)
        logger.log(record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info)
