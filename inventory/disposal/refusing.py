"""Why a step of a disposal is refused: codes, invariants and sentences are `refusals.toml`."""

import functools
import tomllib
from pathlib import Path
from typing import Final

import msgspec

from inventory.assets.errors import RegisterError

TWO_PEOPLE: Final = (
    "Two people are enough: one asks and wipes; the other approves, accepts the wipe and takes in "
    "the receipt; a computer's own signed reading of the drive is the verifier."
)
"""How a school of three keeps duties apart (S6); `{two_people}` in a sentence."""
_FILE: Final = Path(__file__).with_name("refusals.toml")


class Refusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the table: `cites` are numbers of spec §5.3 and §0, or S6."""

    cites: tuple[str, ...]
    sentence: str


class Refused(RegisterError):  # noqa: N818 - an answer to a person, not a fault; the domain's word
    """A step that cannot be; nothing was changed. `invariants` names what it would break."""

    def __init__(self, code: str, **said: object) -> None:
        """`said` fills the sentence in: serials, days, numbers; never what somebody typed."""
        refusal = refusals()[code]
        super().__init__(code, refusal.sentence.format(two_people=TWO_PEOPLE, **said))
        self.invariants: Final = refusal.cites


@functools.cache
def refusals() -> dict[str, Refusal]:
    """Every refusal by code."""
    return msgspec.convert(tomllib.loads(_FILE.read_text(encoding="utf-8")), dict[str, Refusal])
