"""The networks in a capture of the air: one line for each name of each access point.

Beacons are counted by what they say, and what they say is read once, so ten thousand of one access
point cost little. Where the frames of one network contradict each other, the weakest of what they
say counts and `conflicting` says so: whoever forges a frame can only make a network look worse than
it is. A broken element is nothing known, never "open".
"""

from collections import Counter
from collections.abc import Sequence
from itertools import product
from typing import Final, get_args

import msgspec

from checks.formats import beacons, rsn, ssids
from checks.formats.beacons import Beacon, Protection
from checks.formats.errors import ParseError
from checks.formats.pcap import Capture
from checks.formats.rsn import Suites
from checks.surveys import hearing
from checks.surveys.air import AirFacts
from checks.surveys.hearing import Pmf, Point
from checks.unseen import Unseen
from checks.wireless.security import WifiSecurity, of_network

MOST_NETWORKS: Final = 4_000
"""Of one capture; names are free to make up, so further ones are only counted."""
MOST_WAYS: Final = 8
"""Different things that frames of one network say; honest ones say one, or two after a change."""

WEAKEST_FIRST: Final[tuple[WifiSecurity, ...]] = (
    "open",
    "wep",
    "wpa-psk",
    "unknown",
    "owe",
    "wpa2-psk",
    "wpa3-transition",
    "wpa2-enterprise",
    "wpa3-sae",
    "wpa3-enterprise",
)
_PMF_WEAKEST_FIRST: Final[tuple[Pmf, ...]] = get_args(Pmf)


class Network(msgspec.Struct, frozen=True):
    """One name of one access point. Suites by the numbers IEEE gave them."""

    bssid: str
    ssid: str
    """As `checks.formats.ssids` shows it; empty: hidden, and nobody was told it."""
    ssid_hex: str
    hidden: bool
    """Its beacons do not say its name."""
    security: WifiSecurity
    akms: list[int]
    pairwise: list[int]
    group: int | None
    pmf: Pmf | None
    """None: what it says of protection could not be read."""
    wps: bool
    wpa1: bool
    """Takes the WPA of 2003 too, by an element of its own."""
    owe_twin: bool
    """Open, and names an encrypted twin that clients which know OWE use instead."""
    channel: int | None
    strongest_dbm: int | None
    frames: int
    conflicting: bool
    """Its frames, or the elements of one, contradict each other: this is the weakest of it."""
    broken: int
    """Frames whose elements were cut off or could not be read."""


class Heard(msgspec.Struct, frozen=True):
    """What is in a capture."""

    networks: list[Network]
    """By name and access point."""
    more_networks: int
    """Frames of networks beyond `MOST_NETWORKS`."""
    frames: int
    """Beacons and probe responses."""
    dropped: int
    """Packets of any other kind, unread."""
    cut: bool
    """The file ends within a packet."""


def parse(data: bytes) -> Heard:
    """The networks in a capture file. Raises ParseError, also where no interface heard 802.11."""
    capture = Capture(data)
    air = Air()
    others = set()
    for packet in capture:
        if packet.link not in beacons.LINKS:
            others.add(packet.link)
        air.hear(packet.link, packet.data, whole=packet.whole)
    if others and not air.heard_radio:
        kinds = ", ".join(map(str, sorted(others)[:5]))
        raise ParseError(f"a capture of other interfaces (link type {kinds}), none of Wi-Fi")
    return air.told(cut=capture.cut)


def facts(heard: Heard, ours: Sequence[str]) -> AirFacts:
    """What may leave the computer of a capture; frames beyond its limit make it too large to tell
    of absence. `ours`: the school's names."""
    found = hearing.facts("capture", map(_point, heard.networks), ours)
    if heard.more_networks and not isinstance(found.heard, Unseen):
        return msgspec.structs.replace(found, heard=Unseen("too-large"))
    return found


def _point(one: Network) -> Point:
    """What only broken frames tell of is no fact, but a name is heard all the same."""
    sure = one.frames > one.broken
    blind = Unseen("parse-error")
    return Point(
        bssid=one.bssid,
        ssid=one.ssid,
        security=one.security,
        akms=one.akms if sure else blind,
        pairwise=one.pairwise if sure else blind,
        group=one.group if sure else blind,
        pmf=blind if one.pmf is None else one.pmf,
        wps=one.wps if sure or one.wps else blind,
        wpa1=one.wpa1 if sure or one.wpa1 else blind,
        owe_twin=one.owe_twin if sure or one.owe_twin else blind,
        hidden=one.hidden,
        channel=one.channel,
        dbm=one.strongest_dbm,
    )


class Air:
    """Gathers beacons, from a file or as they come."""

    def __init__(self) -> None:
        """Nothing heard yet."""
        self.heard_radio = False
        self._networks: dict[tuple[bytes, bytes], _Gathered] = {}
        self._more = self._frames = self._dropped = 0

    def hear(self, link: int, packet: bytes, *, whole: bool = True) -> None:
        """Take in a packet as its interface of kind `link` gave it."""
        self.heard_radio = self.heard_radio or link in beacons.LINKS
        beacon = beacons.read(link, packet, whole=whole)
        if beacon is None:
            self._dropped += 1
            return
        self._frames += 1
        for one in (beacon, *beacon.also):
            self._gather(one)

    def _gather(self, beacon: Beacon) -> None:
        gathered = self._networks.get(key := (beacon.bssid, beacon.ssid))
        if gathered is None:
            if len(self._networks) >= MOST_NETWORKS:
                self._more += 1
                return
            gathered = self._networks[key] = _Gathered()
        gathered.add(beacon)

    def told(self, *, cut: bool = False) -> Heard:
        """Everything heard so far."""
        by_point: dict[bytes, dict[bytes, _Gathered]] = {}
        for (bssid, ssid), gathered in self._networks.items():
            by_point.setdefault(bssid, {})[ssid] = gathered
        networks = [
            network for bssid, named in by_point.items() for network in _of_point(bssid, named)
        ]
        networks.sort(key=lambda one: (one.ssid_hex, one.bssid))
        return Heard(networks, self._more, self._frames, self._dropped, cut)


class _Gathered:
    """Frames of one name of one access point."""

    def __init__(self) -> None:
        self.ways: Counter[Protection] = Counter()
        self.channels: Counter[int] = Counter()
        self.strongest: int | None = None
        self.frames = 0
        self.unnamed = False

    def add(self, beacon: Beacon) -> None:
        self.frames += 1
        if beacon.protection in self.ways or len(self.ways) < MOST_WAYS:
            self.ways[beacon.protection] += 1
        if beacon.channel is not None and (
            beacon.channel in self.channels or len(self.channels) < MOST_WAYS
        ):
            self.channels[beacon.channel] += 1
        signal = beacon.signal_dbm
        if signal is not None and (self.strongest is None or signal > self.strongest):
            self.strongest = signal

    def take(self, unnamed: "_Gathered") -> None:
        """With the beacons that did not say the name."""
        self.ways += unnamed.ways
        self.channels += unnamed.channels
        self.frames += unnamed.frames
        louder = [one for one in (self.strongest, unnamed.strongest) if one is not None]
        self.strongest = max(louder, default=None)
        self.unnamed = True


def _of_point(bssid: bytes, named: dict[bytes, _Gathered]) -> list[Network]:
    """A hidden network whose name one answer gave away is that network."""
    unnamed = named.get(b"")
    if unnamed is not None and len(named) == 2:
        named = {ssid: gathered for ssid, gathered in named.items() if ssid}
        next(iter(named.values())).take(unnamed)
    return [_network(bssid, ssid, gathered) for ssid, gathered in named.items()]


class _Read(msgspec.Struct, frozen=True):
    """What one way of announcing means."""

    security: WifiSecurity
    suites: tuple[Suites, ...]
    pmf: Pmf | None
    sure: bool
    agreed: bool
    """Elements of one kind say the same."""


def _network(bssid: bytes, ssid: bytes, gathered: _Gathered) -> Network:
    ways = [(_read(way), way, count) for way, count in gathered.ways.items()]
    sure = [one for one, _, _ in ways if one.sure] or [one for one, _, _ in ways]
    weakest = min(sure, key=_weakness)
    suites = [suite for one in sure for suite in one.suites]
    pmfs = [one.pmf for one in sure if one.pmf is not None]
    return Network(
        bssid=bssid.hex(":"),
        ssid=ssids.text(ssid),
        ssid_hex=ssid.hex(),
        hidden=gathered.unnamed or not ssid,
        security=weakest.security,
        akms=sorted({akm for suite in suites for akm in suite.akms}),
        pairwise=sorted({cipher for suite in suites for cipher in suite.pairwise}),
        group=weakest.suites[0].group if weakest.suites else None,
        pmf=min(pmfs, key=_PMF_WEAKEST_FIRST.index, default=None),
        wps=any(way.wps for way in gathered.ways),
        wpa1=any(way.wpa for way in gathered.ways),
        owe_twin=weakest.security == "open" and any(way.owe for way in gathered.ways),
        channel=min(
            gathered.channels, key=lambda one: (-gathered.channels[one], one), default=None
        ),
        strongest_dbm=gathered.strongest,
        frames=gathered.frames,
        conflicting=len({(one.security, one.pmf) for one in sure}) > 1
        or not all(one.agreed for one in sure),
        broken=sum(count for one, _, count in ways if not one.sure),
    )


def _weakness(one: _Read) -> tuple[int, int]:
    pmf = -1 if one.pmf is None else _PMF_WEAKEST_FIRST.index(one.pmf)
    return WEAKEST_FIRST.index(one.security), pmf


def _read(way: Protection) -> _Read:
    """Broken elements leave the rest unknown: a network with WPA alone left may have had RSN."""
    own = _bodies(way.rsn, of_rsn=True)
    old = _bodies(way.wpa, of_rsn=False)
    sure = way.whole and None not in own + old
    rsns = [suite for suite in own if suite is not None]
    wpas = [suite for suite in old if suite is not None]
    pairs = product(rsns or (None,), wpas or (None,))
    security = min((of_network(way.privacy, *pair) for pair in pairs), key=WEAKEST_FIRST.index)
    if not sure and (not rsns or None in own):
        security = "unknown"
    pmfs = {_pmf(one) for one in rsns}
    if sure and not rsns:
        pmfs = {"off"}
    return _Read(
        security=security,
        suites=(*rsns, *wpas),
        pmf=min(pmfs, key=_PMF_WEAKEST_FIRST.index, default=None),
        sure=sure,
        agreed=len(set(way.rsn)) < 2 and len(set(way.wpa)) < 2,
    )


def _bodies(bodies: tuple[bytes, ...], *, of_rsn: bool) -> list[Suites | None]:
    return [_suites(body, of_rsn) for body in bodies]


def _suites(body: bytes, of_rsn: bool) -> Suites | None:
    try:
        return rsn.parse_rsn(body) if of_rsn else rsn.parse_wpa(body)
    except ParseError:
        return None


def _pmf(suites: Suites) -> Pmf:
    if suites.mfp_required:
        return "required"
    return "capable" if suites.mfp_capable else "off"
