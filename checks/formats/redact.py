"""Takes keys, passwords and the names in wireless configurations out of any text. Pure.

Line by line, `key=value`, `key: value` or `key value`: a key that names a secret keeps its name and
loses its whole value, whatever that holds (commas, quotes, spaces). Names of networks and of their
users go only where the text is a wireless configuration, because `id=` is harmless elsewhere. Used
before a recording of a machine is written.
"""

import re
from collections.abc import Callable
from typing import Final

BLANK: Final = "removed"

_LINE: Final = re.compile(r"(?m)^([ \t]*)([\w.@-]{2,64})([ \t]*[=: \t][ \t]*)(\S.*)$")
_SECRETS: Final = re.compile(
    r"(?:.*-)?(?:psk|pass|passwd|password|passphrase|secret|pin)(?:-raw|-hash)?"
    r"|pre-?shared-?key|.*wep-key\d?|wireless-key\d?|netkey|csign"
)
_NAMES: Final = frozenset(
    {
        *("ssid", "id", "identity", "anonymous-identity", "eap-identity", "interface-name"),
        *("wpa-ssid", "wpa-identity", "wireless-essid", "essid", "permissions", "seen-bssids"),
    }
)
_WIRELESS: Final = re.compile(
    r"(?m)^\[(?:wifi|802-11-wireless|802-1x|Security)\]|^\s*network=\{|^\s*(?:wpa|wireless)-e?ssid\b"
)


def redact(text: str, fake: Callable[[str], str]) -> str:
    """The text without secrets; `fake` gives what stands in for the name of a network or user."""
    wireless = _WIRELESS.search(text) is not None

    def line(found: re.Match[str]) -> str:
        indent, key, between, value = found.groups()
        plain = key.lower().replace("_", "-").rpartition(".")[2]
        if _SECRETS.fullmatch(plain):
            return f"{indent}{key}{between}{BLANK}"
        if wireless and plain in _NAMES:
            return f"{indent}{key}{between}{fake(value)}"
        return found[0]

    return _LINE.sub(line, text)
