"""Django's DATABASES entry from one setting: SQLite in the data folder, or PostgreSQL by URL
(O8).
"""

from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from controller.config import ConfigError
from controller.data.datafolder import database_path

BUSY_SECONDS: Final = 20
"""How long one process waits for another's write; inside a process the FIFO turn keeps it far
below.
"""

_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-32768",
)


def database(url: str, data: Path) -> dict[str, Any]:
    """One DATABASES entry; raises `ConfigError` for a URL that is not PostgreSQL's."""
    if not url:
        return {
            "ENGINE": "controller.db",
            "NAME": str(database_path(data)),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": BUSY_SECONDS,
                "init_command": "; ".join(_PRAGMAS),
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        message = "CARETAKER_DATABASE must be empty or look like postgresql://user:password@host:5432/name."
        raise ConfigError(message)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        # On asyncio each page has a thread of its own, and its connection must end with it.
        "CONN_MAX_AGE": 0,
    }
