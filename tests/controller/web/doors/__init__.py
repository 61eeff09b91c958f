"""The table of every address: a module for each part of the product, found by being here.

A module has `DOORS`, and `NAMES` for what its paths and data name in braces, made when it is asked
for.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import Door

_PARTS: list[Any] = [
    import_module(f"{__name__}.{part.name}")
    for part in iter_modules(__path__)
    if part.name != "door"
]
DOORS: dict[str, Door] = {name: door for part in _PARTS for name, door in part.DOORS.items()}
NAMES: Mapping[str, Callable[[Place], str]] = {
    name: made for part in _PARTS for name, made in getattr(part, "NAMES", {}).items()
}


class Names(dict[str, str]):
    """What stands in braces, of one school."""

    def __init__(self, place: Place) -> None:
        """Nothing is made yet."""
        super().__init__()
        self._place = place

    def __missing__(self, key: str) -> str:
        """Make it, once."""
        self[key] = NAMES[key](self._place)
        return self[key]
