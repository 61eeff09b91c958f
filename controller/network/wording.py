"""The words of the network's pages, from `words.toml`."""

import functools
import tomllib
from pathlib import Path
from typing import Literal

import msgspec

from controller.network.drawing import Tone
from controller.wording.shown import shown


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every table of it."""

    kinds: dict[str, tuple[str, str]]
    likely: dict[str, str]
    groups: dict[str, str]
    unseen: dict[str, str]
    questions: dict[str, str]
    problems: dict[str, str]
    refused: dict[str, str]
    security: dict[str, tuple[str, Tone]]

    def kind(self, code: str) -> tuple[str, str]:
        """What a page calls a kind of equipment, and its icon."""
        return self.kinds.get(code, self.kinds["unknown"])

    def protection(self, code: str) -> tuple[str, Tone]:
        """How a network is protected, and whether that is good."""
        return self.security.get(code, self.security["unknown"])

    def say(self, table: Literal["likely", "groups", "unseen", "questions"], code: str) -> str:
        """A code in words; one of a newer release stands as it is."""
        found: dict[str, str] = getattr(self, table)
        return found.get(code) or shown(code.replace("-", " "), 40)

    def problem(self, code: str) -> str:
        """What could not be done, as the rest of a sentence about a thing."""
        return self.problems.get(code) or f"could not be asked ({shown(code, 40)})."

    def refusal(self, code: str) -> str:
        """Why a round did not go."""
        return self.refused.get(code) or f"The scanner refused ({shown(code, 40)})."


@functools.cache
def words() -> Words:
    """Loaded once. Raises msgspec.ValidationError."""
    data = (Path(__file__).parent / "words.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(data), Words)
