"""Reports carried by hand: the names on a stick that both ends agree on (S16). No I/O.

    caretaker-reports/<device>/<seq, ten digits>/envelope.json    as it would be posted
    caretaker-reports/<device>/<seq>/<hex>.gz                     bodies and content, by SHA-256
    caretaker-reports/<device>/<seq>/receipt.json, problem.json   the controller's signed answers
    caretaker-reports/<device>/<seq>/policy.json                  the policy that the receipt names

Nothing here is trusted for where it lies: a report counts by its signature, an answer by the
controller's, a body by its digest.
"""

import re
from typing import Final

FOLDER: Final = "caretaker-reports"
ENVELOPE: Final = "envelope.json"
ANSWERS: Final = ("receipt.json", "problem.json")
POLICY: Final = "policy.json"
DEVICE: Final = re.compile(r"\Adev_[0-9A-HJKMNP-TV-Z]{26}\Z")
REPORT: Final = re.compile(r"\A[0-9]{10}\Z")
DEVICES: Final = 5_000
"""Computers on one stick."""
REPORTS: Final = 1_000
"""Reports of one computer: more than may ever wait on it."""


def report_name(seq: int) -> str:
    """The folder of a report."""
    return f"{seq:010d}"


def body_name(digest: str) -> str:
    """The file of a body."""
    return f"{digest.removeprefix('sha256:')}.gz"
