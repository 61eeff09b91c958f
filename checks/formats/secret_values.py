"""Which named values hold a password or key, so that no parser hands one on.

Names are compared without case, spaces, dots, dashes and underscores. A value that is a number, or
only says yes or no, is a setting about passwords and stays. A password within an address goes too.
"""

import re
from typing import Final

REMOVED: Final = "removed"
"""What stands where a secret stood; that there was one is a fact."""

_SECRET: Final = re.compile(
    r"(?:password|passwd|passphrase|passcode|pwd|psk|secret|privatekey|presharedkey|networkkey"
    r"|keymaterial|keycontent|recoverykey|wepkey|apikey|(?:auth|access|refresh|bearer)token)"
    r"(?:hash|data|verifier|encrypted|enc|raw|plain|text|value|\d{1,2})?$"
)
_WHOLE: Final = frozenset({"pin", "puk", "milenage", "saeptgroup19", "saeptgroup20"})
"""Of cards in telephones and wireless profiles."""
_BETWEEN: Final = str.maketrans("", "", " ._-")
_ADDRESS: Final = re.compile(r"(://[^/\s:@]{0,256}:)[^/\s@]{1,256}@")
_RECOVERY: Final = re.compile(r"(?<!\d)\d{6}(?:-\d{6}){7}(?!\d)")
_HARMLESS: Final = frozenset({"", "0", "1", "true", "false", "yes", "no", "on", "off"})


def is_secret(name: str) -> bool:
    """Whether a value of this name is a password or a key."""
    plain = name[-64:].lower().translate(_BETWEEN)
    return plain in _WHOLE or _SECRET.search(plain) is not None


def without(name: str, value: str) -> str:
    """The value, or what may be told of it."""
    if is_secret(name) and value.lower() not in _HARMLESS:
        return REMOVED
    if "://" in value and "@" in value:
        value = _ADDRESS.sub(rf"\1{REMOVED}@", value)
    return _RECOVERY.sub(REMOVED, value) if value.count("-") >= 7 else value
