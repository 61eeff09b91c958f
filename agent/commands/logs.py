"""How logs look where somebody asked for more than a warning's own line.

Not asked for, Python's last resort prints warnings as bare lines on stderr, which is all we want,
and `logging` itself need not be loaded: it costs an audit a fiftieth.
"""

import json
import logging

from checks.words import clean

LONGEST_LINE = 500


def set_up(form: str, verbose: bool) -> None:
    """Log to stderr, as `text` or `json`, warnings or everything."""
    handler = logging.StreamHandler()
    handler.setFormatter(_JsonLines() if form == "json" else logging.Formatter("%(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG if verbose else logging.WARNING)


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(
            {
                "at": int(record.created),
                "level": record.levelname.lower(),
                "logger": record.name,
                "message": clean(record.getMessage(), LONGEST_LINE),
            }
        )
