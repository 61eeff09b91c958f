"""macOS `profiles status -type enrollment`: whether a Mac is in device management.

    Enrolled via DEP: Yes
    MDM enrollment: Yes (User Approved)
    MDM server: https://example.jamfcloud.com/mdm/ServerURL

The words are in no language. Anything else behind a label is a ParseError: "no" must have been
said. Before macOS 10.13.4 there is no such answer.
"""

from typing import Final

import msgspec

from checks.formats.errors import ParseError

LONGEST: Final = 1 << 16
_AUTOMATED: Final = "Enrolled via DEP"
_ENROLLED: Final = "MDM enrollment"
_SERVER: Final = "MDM server"
_APPROVED: Final = "Yes (User Approved)"


class Status(msgspec.Struct, frozen=True):
    """What it says. `server` None: no such line."""

    enrolled: bool
    approved: bool
    """Somebody at the Mac agreed to it."""
    automated: bool
    """By the school's list at Apple, from the first start."""
    server: str | None


def parse(data: bytes) -> Status:
    """Read the answer. Raises ParseError for another text."""
    if len(data) > LONGEST:
        raise ParseError("profiles: too long")
    values: dict[str, str] = {}
    for line in data.decode("utf-8", "replace").splitlines():
        name, colon, value = line.partition(":")
        if colon:
            values.setdefault(name.strip(), value.strip())
    enrolled = values.get(_ENROLLED, "")
    automated = values.get(_AUTOMATED, "No")
    if enrolled not in ("Yes", "No", _APPROVED) or automated not in ("Yes", "No"):
        raise ParseError("profiles: neither enrolled nor not")
    return Status(
        enrolled=enrolled != "No",
        approved=enrolled == _APPROVED,
        automated=automated == "Yes" and enrolled != "No",
        server=values.get(_SERVER) or None,
    )
