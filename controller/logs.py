"""Log lines: to stderr, one line each, text or JSON, nothing a device sent shown raw (DESIGN §10).

Django calls `configure` at set-up, which only fills in what the command line has not set already:
the server's worker starts without one.
"""

import json
import logging
import sys
import threading
import traceback
from types import TracebackType
from typing import Final

from checks.words import clean
from controller.config import current

LONGEST_LINE: Final = 500
REFUSALS: Final = "django.security"
"""Loggers of requests that anybody can send and that are refused: a name that is not ours, a form
that is too large."""
QUIET_SECONDS: Final = 60


class Seldom(logging.Filter):
    """Let one refusal a minute through, and with it the number of those left out before."""

    def __init__(self) -> None:
        """Nothing seen yet."""
        super().__init__()
        self._lock = threading.Lock()
        self._next_at = 0.0
        self._left_out = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to write it. Goes by the record's own time; a clock set back begins anew."""
        if not record.name.startswith(REFUSALS):
            return True
        with self._lock:
            if self._next_at - QUIET_SECONDS <= record.created < self._next_at:
                self._left_out += 1
                return False
            more, self._left_out = self._left_out, 0
            self._next_at = record.created + QUIET_SECONDS
        if more:
            record.msg = f"{more} refusals before this one were not written; {record.getMessage()}"
            record.args = ()
        return True


class OneLine(logging.Formatter):
    """`LEVEL logger message`, and for an exception its type and the place it came from."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever is in the message; `--verbose` adds the trace."""
        line = f"{record.levelname} {record.name} {_said(record)}"
        if record.levelno == logging.DEBUG and record.exc_info:
            return f"{line}\n{self.formatException(record.exc_info)}"
        return line


class OneJsonLine(logging.Formatter):
    """The same as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """One object on one line; `at` is epoch seconds."""
        line = {
            "at": int(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _said(record),
        }
        return json.dumps(line)


def to_stderr(*, json_lines: bool, level: int) -> None:
    """Send every logger to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneJsonLine() if json_lines else OneLine())
    handler.addFilter(Seldom())
    logging.basicConfig(handlers=[handler], level=level, force=True)


def configure(wanted: dict[str, list[str]]) -> None:
    """Django's LOGGING_CONFIG; `wanted` is its LOGGING."""
    if not logging.getLogger().handlers:
        to_stderr(json_lines=current().log_format == "json", level=logging.WARNING)
    for name in wanted["errors_only"]:
        logging.getLogger(name).setLevel(logging.ERROR)


def _said(record: logging.LogRecord) -> str:
    message = clean(record.getMessage(), LONGEST_LINE)
    if record.exc_info and record.exc_info[0] is not None:
        kind, error, trace = record.exc_info
        return f"{message} | {kind.__name__}: {clean(str(error), LONGEST_LINE)}{_place(trace)}"
    return message


def _place(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)
    return f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
