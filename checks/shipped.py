"""Reads the data files that travel with this package.

By path, not `importlib.resources`: that costs an audit as much as a domain's reader, and buys only
running from a zip file.
"""

import tomllib
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent


def toml(name: str) -> dict[str, Any]:
    """A file such as `software/watchlists.toml`.

    Raises tomllib.TOMLDecodeError.
    """
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
