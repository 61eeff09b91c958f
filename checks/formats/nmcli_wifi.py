"""`nmcli device wifi list` as people run it: terse (`-t`), as a table, or one value a line.

Traps: the head and the word for the mode are translated and the table is aligned by width, so a row
of a table is read from its ends: the address of the access point on the left, channel, rate, signal
and security on the right; before 1.16 there was no column for that address; a name may hold colons
(escaped in the terse form), a newline (then the row has too few fields and is left out) or nothing
at all (`--`).
"""

import re
from typing import Final

import msgspec

from checks.formats import nmcli_terse
from checks.formats.errors import ParseError

_LONGEST: Final = 1_000
_ADDRESS: Final = re.compile(r"^(?:[0-9A-F]{2}:){5}[0-9A-F]{2}$")
_TABLE: Final = re.compile(
    r"^(\*?) *(?:((?:[0-9A-F]{2}:){5}[0-9A-F]{2}) +)?(\S.{0,127}?) {2,}(\S{1,20}) +(\d{1,3})"
    r" +(\d{1,5} \S{1,12}) +(\d{1,3}) +([▂▄▆█_*]{1,4}) *(.*)$"
)
_PAIR: Final = re.compile(r"^([A-Z][A-Z-]{2,14}):\s*(.*)$")
_NOTHING: Final = ("", "--")


class Network(msgspec.Struct, frozen=True):
    """One network heard. `security` in NetworkManager's words, empty for an open network."""

    in_use: bool
    bssid: str | None
    ssid: str
    mode: str
    channel: int | None
    rate: str
    signal_percent: int | None
    security: list[str]
    device: str | None = None


def parse(data: bytes) -> list[Network]:
    """Every network. Raises ParseError where there is text and no network in it."""
    text = data.decode("utf-8", "replace")
    lines = [line.rstrip("\r") for line in text.split("\n")]
    blocks = _blocks(lines)
    found = [_of_pairs(one) for one in blocks] if blocks else _rows(lines)
    if not found and text.strip() and not _only_head(lines):
        raise ParseError("nmcli: no network in this")
    return found


def _only_head(lines: list[str]) -> bool:
    """A table without networks: one line of words in capitals, `BSSID` and `SSID` among them."""
    rows = [line for line in lines if line.strip()]
    return len(rows) == 1 and {"BSSID", "SSID"} <= set(rows[0].split())


def _rows(lines: list[str]) -> list[Network]:
    found = []
    for line in lines:
        if not line.strip() or len(line) > _LONGEST:
            continue
        table = _TABLE.match(line)
        one = _of_table(table) if table else _of_fields(nmcli_terse.fields(line))
        if one is not None:
            found.append(one)
    return found


def _of_table(row: re.Match[str]) -> Network:
    return Network(
        in_use=row[1] == "*",
        bssid=row[2],
        ssid="" if row[3] in _NOTHING else row[3],
        mode=row[4],
        channel=int(row[5]),
        rate=row[6],
        signal_percent=int(row[7]),
        security=_words(row[9]),
    )


def _of_fields(cells: list[str]) -> Network | None:
    """Nine fields of today, eight without an address, or the seven our own question asks for."""
    if len(cells) == 9 and _ADDRESS.match(cells[1]) and cells[4].isdecimal():
        used, address, ssid, mode, channel, rate, signal, _, security = cells
    elif len(cells) == 8 and cells[3].isdecimal():
        address = ""
        used, ssid, mode, channel, rate, signal, _, security = cells
    elif len(cells) == 7 and _ADDRESS.match(cells[2]):
        used, device, address, security, _, _, ssid = cells
        words = _words(security)
        return Network(used == "*", address, ssid, "", None, "", None, words, device)
    else:
        return None
    return Network(
        in_use=used == "*",
        bssid=address or None,
        ssid=ssid,
        mode=mode,
        channel=_number(channel),
        rate=rate,
        signal_percent=_number(signal),
        security=_words(security),
    )


def _blocks(lines: list[str]) -> list[dict[str, str]]:
    """One value a line (`-m multiline`): a network begins where its first key comes again."""
    found: list[dict[str, str]] = []
    for line in lines:
        pair = _PAIR.match(line)
        if pair is None:
            continue
        if not found or pair[1] in found[-1]:
            found.append({})
        found[-1][pair[1]] = pair[2].strip()
    return [one for one in found if "SSID" in one]


def _of_pairs(values: dict[str, str]) -> Network:
    def told(key: str) -> str:
        return "" if values.get(key, "") in _NOTHING else values[key]

    return Network(
        in_use=told("IN-USE") == "*" or told("ACTIVE") in ("yes", "*"),
        bssid=told("BSSID") or None,
        ssid=told("SSID"),
        mode=told("MODE"),
        channel=_number(told("CHAN")),
        rate=told("RATE"),
        signal_percent=_number(told("SIGNAL")),
        security=_words(told("SECURITY")),
        device=told("DEVICE") or None,
    )


def _words(text: str) -> list[str]:
    return [] if text.strip() in _NOTHING else text.split()


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
