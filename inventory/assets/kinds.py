"""The kinds of things a school owns, from `kinds.toml`."""

import functools
import tomllib
from pathlib import Path
from typing import Final

import msgspec

_FILE: Final = Path(__file__).with_name("kinds.toml")


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind; see the head of the file."""

    title: str
    group: str
    reports: bool = False
    holds: bool = False
    media: bool = False
    carried: bool = False
    managed: bool = False


@functools.cache
def kinds() -> dict[str, Kind]:
    """Every kind by id, in the order people pick from."""
    return msgspec.convert(tomllib.loads(_FILE.read_text(encoding="utf-8")), dict[str, Kind])


def kind_of(kind: str) -> Kind:
    """One kind; what this release does not know is something else."""
    return kinds().get(kind, kinds()["other"])
