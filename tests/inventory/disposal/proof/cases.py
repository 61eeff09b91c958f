"""A medium, the school's rules and a job for the tests of evidence."""

import datetime
from typing import Any, Final

import msgspec

from inventory.disposal import rules
from inventory.disposal.now import Medium
from inventory.disposal.proof import judging, reading
from inventory.disposal.proof.claims import Claim
from inventory.disposal.proof.judging import Accepted, Verdict, Window
from tests.checks.formats.nwipe_logs import SERIAL, SIZE

NOON: Final = int(datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC).timestamp())
DAY: Final = 86_400
WINDOW: Final = Window(NOON - DAY, NOON + DAY)


def medium(serial: str = SERIAL, **more: Any) -> Medium:
    """The drive of the recorded logs, or one that differs."""
    plain = Medium(serial=serial, kind="hdd_ata", size_bytes=SIZE)
    return msgspec.structs.replace(plain, **more)


DRIVE: Final = medium()
RULES: Final = rules.default()


def claims(data: bytes) -> list[Claim]:
    """What a file claims; the test fails where it cannot be read."""
    found = reading.read(data)
    assert isinstance(found, reading.Reading), found
    return found.claims


def verdict(data: bytes, of: Medium = DRIVE, window: Window = WINDOW) -> Verdict | None:
    """What becomes of the claim of a medium's serial, or of the first; None: nothing is claimed."""
    found = reading.read(data)
    if not isinstance(found, reading.Reading) or not found.claims:
        return None
    mine = [one for one in found.claims if one.serial == of.serial] or found.claims
    return judging.judged(mine[0], of, RULES, window)


def accepts(data: bytes, of: Medium = DRIVE) -> bool:
    """Whether any claim in a file is taken for a medium."""
    found = reading.read(data)
    return isinstance(found, reading.Reading) and any(
        isinstance(judging.judged(one, of, RULES, WINDOW), Accepted) for one in found.claims
    )
