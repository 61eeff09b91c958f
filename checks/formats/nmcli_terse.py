"""`nmcli --terse`: fields separated by colons, `\\:` and `\\\\` escaped; and its `property:value`
lists.

Never under a person's language: terse output keeps states English but translates yes and no. A
network's name may hold a newline, so a row is only believed with the number of fields that was
asked for.
"""

import re
from typing import Final

import msgspec

from checks.formats import secret_values
from checks.formats.errors import ParseError

_FIELD = re.compile(r"(?:[^:\\]++|\\.)*+")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)

NMCLI: Final = ("env", "LC_ALL=C.UTF-8", "nmcli")
"""Under LC_ALL=C names lose every letter beyond ASCII, and then a link's alias is not its
profile's.
"""
WIFI_FIELDS: Final = ("IN-USE", "DEVICE", "BSSID", "SECURITY", "WPA-FLAGS", "RSN-FLAGS", "SSID")
WIFI_ARGV: Final = (
    *(*NMCLI, "-t", "-f", ",".join(WIFI_FIELDS)),
    *("device", "wifi", "list", "--rescan", "no"),
)


class Joined(msgspec.Struct, frozen=True):
    """The network a device is on. `security` in NetworkManager's words (`WPA1 WPA2 802.1X`)."""

    device: str
    security: list[str]
    ssid: str


def parse(data: bytes) -> list[list[str]]:
    """Each row's fields, unescaped; empty rows are left out."""
    text = data.decode("utf-8", "replace")
    return [fields(line) for line in text.split("\n") if line]


def parse_wifi(data: bytes) -> list[Joined]:
    """The networks in use, from `WIFI_ARGV`; the neighbours' are dropped unread.

    Raises ParseError where a device seems to be on two networks: then a name forged a row.
    """
    rows = [row for row in parse(data) if len(row) == len(WIFI_FIELDS) and row[0] == "*"]
    joined = [Joined(row[1], row[3].replace("--", "").split(), row[6]) for row in rows]
    if len({one.device for one in joined}) != len(joined):
        raise ParseError("nmcli: one device on two networks")
    return joined


def parse_properties(data: bytes) -> list[dict[str, str]]:
    """`nmcli -t -f a,b connection show X Y`: one dictionary per connection, in the order asked."""
    found: list[dict[str, str]] = [{}]
    for line in data.decode("utf-8", "replace").split("\n"):
        if not line:
            found.append({})
            continue
        key, colon, value = line.partition(":")
        if colon:
            # A line a value's newline made cannot overwrite what came before it.
            told = _ESCAPED.sub(r"\1", value)
            found[-1].setdefault(key, secret_values.without(key, told))
    return [one for one in found if one]


def fields(line: str) -> list[str]:
    """The fields of one row, unescaped."""
    found, at = [], 0
    while True:
        match = _FIELD.match(line, at)
        end = match.end() if match else at
        found.append(_ESCAPED.sub(r"\1", line[at:end]))
        if end >= len(line) or line[end] != ":":
            return found
        at = end + 1
