"""The papers of `papers.toml`, and where each label lies on them. All lengths in millimetres."""

import functools
import tomllib
from pathlib import Path
from typing import Final

import msgspec

_FILE: Final = Path(__file__).with_name("papers.toml")
DEFAULT: Final = "L7160"


class Paper(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One paper; see the head of the file."""

    name: str
    page: tuple[float, float]
    columns: int
    rows: int
    label: tuple[float, float]
    first: tuple[float, float]
    pitch: tuple[float, float]
    source: str
    as_of: str
    roll: bool = False

    @property
    def on_page(self) -> int:
        """How many labels one sheet has."""
        return self.columns * self.rows

    def corner(self, place: int) -> tuple[float, float]:
        """Left and upper edge of a label; places count from 0, row by row from the upper left."""
        row, column = divmod(place, self.columns)
        return (
            round(self.first[0] + column * self.pitch[0], 4),
            round(self.first[1] + row * self.pitch[1], 4),
        )


@functools.cache
def papers() -> dict[str, Paper]:
    """Every paper by its id, in the order people pick from."""
    return msgspec.convert(tomllib.loads(_FILE.read_text(encoding="utf-8")), dict[str, Paper])
