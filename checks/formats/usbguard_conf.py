"""`usbguard-daemon.conf`: `Key=value` lines; the last one of a key counts."""

from typing import Final, Literal, TypeAlias

import msgspec

from checks.formats import keyfile
from checks.formats.errors import ParseError

Target: TypeAlias = Literal["allow", "block", "reject"]
_TARGETS: Final[dict[str, Target]] = {"allow": "allow", "block": "block", "reject": "reject"}


class Config(msgspec.Struct, frozen=True):
    """What decides over devices that no rule names. Values as written, defaults as documented."""

    implicit: Target
    present: str
    inserted: str
    rule_file: str
    rule_folder: str


def parse(data: bytes) -> Config:
    """Read the settings; absent ones have USBGuard's defaults. Raises ParseError."""
    values = {key: entry.value for key, entry in keyfile.parse(data).get("", {}).items()}
    return Config(
        implicit=target(values.get("ImplicitPolicyTarget", "block")),
        present=values.get("PresentDevicePolicy", "apply-policy"),
        inserted=values.get("InsertedDevicePolicy", "apply-policy"),
        rule_file=values.get("RuleFile", ""),
        rule_folder=values.get("RuleFolder", "").rstrip("/"),
    )


def target(word: str) -> Target:
    """One of USBGuard's three targets. Raises ParseError."""
    known = _TARGETS.get(word)
    if known is None:
        raise ParseError("a target that USBGuard does not know")
    return known
