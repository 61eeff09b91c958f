"""A medium, the school's rules and a job for the tests of evidence."""

import datetime
from typing import Final

import msgspec

from inventory.disposal.proof import judging, reading
from inventory.disposal.proof.claims import Claim
from inventory.disposal.proof.judging import Accepted, Verdict, Window
from tests.checks.formats.nwipe_logs import SERIAL, SIZE

NOON: Final = int(datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC).timestamp())
DAY: Final = 86_400
WINDOW: Final = Window(NOON - DAY, NOON + DAY)


class Medium(msgspec.Struct, frozen=True):
    """The drive of the recorded logs."""

    serial: str = SERIAL
    kind: str = "hdd_ata"
    size_bytes: int = SIZE
    serial_raw: str = ""
    failed: bool = False


class Rules:
    """Overwriting clears everything but flash that is soldered in; firmware purges."""

    def level_of(self, technique: str, kind: str) -> str:
        """As `judging.Rules`."""
        if technique == "overwrite":
            return "" if kind == "emmc" else "clear"
        return "purge"


RULES: Final = Rules()


def claims(data: bytes) -> list[Claim]:
    """What a file claims; the test fails where it cannot be read."""
    found = reading.read(data)
    assert isinstance(found, reading.Reading), found
    return found.claims


def verdict(data: bytes, medium: Medium = Medium(), window: Window = WINDOW) -> Verdict | None:  # noqa: B008  (frozen)
    """What becomes of the claim of a medium's serial, or of the first; None: nothing is claimed."""
    found = reading.read(data)
    if not isinstance(found, reading.Reading) or not found.claims:
        return None
    mine = [one for one in found.claims if one.serial == medium.serial] or found.claims
    return judging.judged(mine[0], medium, RULES, window)


def accepts(data: bytes, medium: Medium = Medium()) -> bool:  # noqa: B008  (frozen)
    """Whether any claim in a file is taken for a medium."""
    found = reading.read(data)
    return isinstance(found, reading.Reading) and any(
        isinstance(judging.judged(one, medium, RULES, WINDOW), Accepted) for one in found.claims
    )
