"""Reads `words.toml`: how pages, lists and certificates of disposals speak (S38)."""

import functools
import tomllib
from pathlib import Path
from typing import Any, Final

import msgspec

from controller.wording.words import Label

_FILE: Final = Path(__file__).with_name("words.toml")


class DisposalWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file; each table is by the values of `inventory.disposal.states`."""

    states: dict[str, Label]
    routes: dict[str, str]
    personal_data: dict[str, str]
    holds: dict[str, str]
    media: dict[str, str]
    levels: dict[str, str]
    methods: dict[str, str]
    techniques: dict[str, str]
    found: dict[str, str]
    decisions: dict[str, str]
    destroyed: dict[str, str]
    places: dict[str, str]
    differences: dict[str, str]
    ends: dict[str, str]
    standings: dict[str, Label]
    steps: dict[str, str]
    events: dict[str, Label]
    honest: dict[str, str]
    files: dict[str, str]


@functools.cache
def words() -> DisposalWords:
    """The words, read once. Raises msgspec.ValidationError when the file is malformed."""
    raw: dict[str, Any] = tomllib.loads(_FILE.read_text("utf-8"))
    return msgspec.convert(raw, DisposalWords)
