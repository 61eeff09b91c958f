"""What a Linux computer's wireless cards hear: `iw` first, then NetworkManager.

- `iw dev CARD scan passive` listens without calling out, where the agent may (root); else, or where
  the card is busy, `… scan dump` gives what the kernel remembers, which is half a minute. iw tells
  ciphers, management frames, WPS, WPA beside RSN and the twin of an open network.
- `nmcli device wifi list --rescan no` gives what NetworkManager heard in the last minutes: the
  ciphers by flags, nothing of management frames or WPS. An access point that iw has is taken from
  there. A name with a newline makes a row that is no row, which is left out.
A machine without a wireless card hears nothing. Seen: iw 5.19 and NetworkManager 1.42 of Debian 12,
without a real radio; lists of other people's computers.
"""

from collections.abc import Callable, Sequence
from typing import Final

from checks.formats import iw, nmcli_terse, ssids
from checks.formats.errors import ParseError
from checks.formats.rsn import Suites
from checks.host import CannotLook, Host
from checks.policy import Policy
from checks.surveys import hearing
from checks.surveys.air import AirFacts, Via
from checks.surveys.hearing import NOT_SAID, Point
from checks.unseen import NotHere
from checks.wireless.security import of_network

FIELDS: Final = ("BSSID", "CHAN", "SIGNAL", "SECURITY", "WPA-FLAGS", "RSN-FLAGS", "SSID-HEX")
ARGV: Final = (
    *(*nmcli_terse.NMCLI, "-t", "-f", ",".join(FIELDS)),
    *("device", "wifi", "list", "--rescan", "no"),
)
_CIPHERS: Final = {"wpe40": 1, "wep40": 1, "tkip": 2, "ccmp": 4, "wpe104": 5, "wep104": 5}
"""`wpe` is how nmcli spells it."""
_AKMS: Final = {"802.1X": 1, "psk": 2, "sae": 8, "owe": 18, "wpa-eap-suite-b-192": 12}


def read_now(host: Host, policy: Policy) -> AirFacts | NotHere:
    """What the cards hear, of what the school's policy names. Raises CannotLook."""
    cards = [one.name for one in host.interfaces() if one.kind == "wireless"]
    if not cards:
        return NotHere("it has no wireless card")
    names = [one.ssid for one in policy.ssids]
    if not names:
        return AirFacts(via="iw", heard=NOT_SAID)
    points: dict[tuple[str, str], Point] = {}
    told: list[Via] = []
    why = CannotLook("tool-missing", "neither iw nor NetworkManager")
    for via, ask in _ASKED:
        try:
            heard = ask(host, cards)
        except CannotLook as blind:
            why = why if blind.reason == "tool-missing" else blind
            continue
        told.append(via)
        for point in heard:
            points.setdefault((point.bssid, point.ssid), point)
    if not told:
        raise why
    return hearing.facts(told[0], points.values(), names)


def _iw(host: Host, cards: Sequence[str]) -> list[Point]:
    return [_of_iw(bss) for card in cards for bss in _scanned(host, card)]


def _scanned(host: Host, card: str) -> list[iw.Bss]:
    if host.privileged and (heard := _listened(host, card)) is not None:
        return heard
    ran = host.run(["iw", "dev", card, *iw.SCAN])
    if ran.code != 0:
        raise CannotLook("denied" if b"not permitted" in ran.err else "unsupported", "iw")
    return _parsed(ran.out)


def _listened(host: Host, card: str) -> list[iw.Bss] | None:
    """A new scan; None where the card is busy or does not answer."""
    try:
        ran = host.run(["iw", "dev", card, *iw.LISTEN])
    except CannotLook as blind:
        if blind.reason == "tool-missing":
            raise
        return None
    return _parsed(ran.out) if ran.code == 0 else None


def _parsed(out: bytes) -> list[iw.Bss]:
    try:
        return iw.parse(out)
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error


def _of_iw(bss: iw.Bss) -> Point:
    suites = [one for one in (bss.rsn, bss.wpa) if one is not None]
    name = bytes.fromhex(bss.ssid_hex)
    return Point(
        bssid=bss.bssid,
        ssid=ssids.text(name if name.strip(b"\0") else b""),
        security=of_network(bss.privacy, bss.rsn, bss.wpa),
        akms=sorted({akm for one in suites for akm in one.akms}),
        pairwise=sorted({cipher for one in suites for cipher in one.pairwise}),
        group=suites[0].group if suites else None,
        pmf=_pmf(bss.rsn),
        wps=bss.wps,
        wpa1=bss.wpa is not None,
        owe_twin=bss.owe_twin and bss.rsn is None,
        channel=bss.channel,
        dbm=bss.signal_dbm,
    )


def _pmf(rsn: Suites | None) -> hearing.Pmf:
    if rsn is None:
        return "off"
    if rsn.mfp_required:
        return "required"
    return "capable" if rsn.mfp_capable else "off"


def _networkmanager(host: Host, _cards: Sequence[str]) -> list[Point]:
    ran = host.run(list(ARGV))
    if ran.code != 0:
        raise CannotLook("tool-missing", "NetworkManager is not running")
    rows = [row for row in nmcli_terse.parse(ran.out) if len(row) == len(FIELDS)]
    return [point for row in rows if (point := _of_row(*row)) is not None]


def _of_row(*row: str) -> Point | None:
    bssid, channel, signal, security, wpa, rsn, name = row
    own, old = _flags(rsn), _flags(wpa)
    words = security.split()
    suites = [one for one in (own, old) if one is not None]
    try:
        raw = bytes.fromhex(name)
    except ValueError:
        return None
    return Point(
        bssid=bssid.lower(),
        ssid=ssids.text(raw if raw.strip(b"\0") else b""),
        security=of_network("WEP" in words, own, old),
        akms=sorted({akm for one in suites for akm in one.akms}),
        pairwise=sorted({cipher for one in suites for cipher in one.pairwise}),
        group=suites[0].group if suites else None,
        wpa1=old is not None,
        owe_twin="OWE-TM" in words and own is None,
        channel=int(channel) if channel.isdecimal() and len(channel) < 4 else None,
        dbm=_dbm(signal),
    )


def _flags(text: str) -> Suites | None:
    """`pair_tkip pair_ccmp group_ccmp psk`; `(none)` for no such element. The open twin of an OWE
    network has a flag without a cipher, and no such element either."""
    words = text.split()
    pairwise = [_CIPHERS.get(one[5:], 0) for one in words if one.startswith("pair_")]
    group = [_CIPHERS.get(one[6:], 0) for one in words if one.startswith("group_")]
    akms = [_AKMS[one] for one in words if one in _AKMS]
    if not akms or (akms == [18] and not pairwise):
        return None
    # NetworkManager's words do not tell whether management frames must be protected.
    required = akms == [8]
    return Suites(group[0] if group else 4, pairwise or [4], akms, mfp_required=required)


def _dbm(signal: str) -> int | None:
    """NetworkManager's share of the best signal: -40 dBm and louder is 100, -100 is 0."""
    share = int(signal) if signal.isdecimal() and len(signal) < 4 else None
    return None if share is None else -100 + share * 60 // 100


_ASKED: Final[tuple[tuple[Via, Callable[[Host, Sequence[str]], list[Point]]], ...]] = (
    ("iw", _iw),
    ("networkmanager", _networkmanager),
)
