"""One 802.11 beacon or probe response out of a captured packet; any other frame is dropped unread.

What a card puts before the frame is passed over: radiotap (link type 127), Prism (119), AVS (163),
PPI (192), or nothing (105). Of the frame only what anybody is told on purpose is read: name,
channel and protection (IEEE 802.11 §9.3.3.2, §9.4.2). Struct and not scapy: a hundred times as
many per second (ADR 35).

Traps: a checksum may stand behind the frame whether or not anybody says so; Prism's numbers are in
the order of the machine that captured, and some drivers call AVS Prism; an element longer than the
frame is broken, and what stands behind it is unknown, never absent; a name may be any 32 bytes,
and one of NULs alone is as hidden as an empty one.
"""

import functools
from struct import Struct
from typing import Final, NamedTuple
from zlib import crc32

PLAIN, PRISM, RADIOTAP, AVS, PPI = 105, 119, 127, 163, 192
LINKS: Final = frozenset({PLAIN, PRISM, RADIOTAP, AVS, PPI})
"""Kinds of interface that hear 802.11."""
MOST_ELEMENTS: Final = 2
"""Protection elements of one kind that are kept of a frame; honest ones have one. More
are one that cannot be read: the weakest may stand last."""
_BROKEN: Final = (b"",)
MOST_SETS: Final = 32
"""Further networks that one frame may speak for."""

_BEACON, _PROBE_RESPONSE = 0x80, 0x50
_ENCRYPTED, _HAS_CONTROL = 0x40, 0x80
_PRIVACY: Final = 0x10
_HEADER, _FIXED = 24, 12
"""Bytes of a management frame's header; of timestamp, interval and capability after it."""
_CHECKSUM: Final = 4
_LONGEST_NAME: Final = 32
_SSID, _CHANNEL, _RSN, _HT_OPERATION, _SETS, _INDEX, _VENDOR = 0, 3, 48, 61, 71, 85, 221
_WANTED: Final = frozenset({_SSID, _CHANNEL, _RSN, _HT_OPERATION, _SETS, _INDEX, _VENDOR})
_EXTENDED: Final = 255
_NON_INHERITANCE: Final = b"\x38"
_CAPABILITIES: Final = b"\x53\x02"
_WPA: Final = b"\x00\x50\xf2\x01"
_WPS: Final = b"\x00\x50\xf2\x04"
_OWE: Final = b"\x50\x6f\x9a\x1c"

_u16: Final = Struct("<H").unpack_from
_u32: Final = Struct("<I").unpack_from
_u32_big: Final = Struct(">I").unpack_from
_AVS_MAGIC: Final = b"\x80\x21\x10"


class Protection(NamedTuple):
    """What one frame says of it, as bytes: equal for nearly every beacon of a network."""

    privacy: bool
    rsn: tuple[bytes, ...]
    """Bodies of element 48."""
    wpa: tuple[bytes, ...]
    """Bodies of Microsoft's WPA element, after its four bytes of kind."""
    wps: bool
    owe: bool
    """An open network names its OWE twin."""
    whole: bool
    """Nothing was cut off: what is not here was not sent."""


class Beacon(NamedTuple):
    """What one frame tells."""

    bssid: bytes
    ssid: bytes
    """Empty: hidden."""
    asked: bool
    """A probe response, which names hidden networks too."""
    channel: int | None
    signal_dbm: int | None
    protection: Protection
    also: tuple["Beacon", ...] = ()
    """Further networks of the same radio that the frame speaks for (multiple BSSID, Wi-Fi 6 on)."""


def read(link: int, packet: bytes, *, whole: bool = True) -> Beacon | None:
    """The beacon or probe response in a packet; None for any other frame, and for a broken one."""
    found = _unwrapped(link, packet)
    if found is None:
        return None
    at, frequency, signal = found
    if at + _HEADER + _FIXED > len(packet) or packet[at] not in (_BEACON, _PROBE_RESPONSE):
        return None
    flags = packet[at + 1]
    bssid = packet[at + 16 : at + 22]
    if flags & _ENCRYPTED or bssid[0] & 1:
        return None
    begin = at + _HEADER + (4 if flags & _HAS_CONTROL else 0)
    end = len(packet)
    if whole and crc32(packet[at:-_CHECKSUM]) == _u32(packet, end - _CHECKSUM)[0]:
        end -= _CHECKSUM
    if begin + _FIXED > end:
        return None
    privacy = bool(packet[begin + 10] & _PRIVACY)
    told = _elements(packet, begin + _FIXED, end, privacy=privacy, whole=whole)
    if told is None:
        return None
    asked = packet[at] == _PROBE_RESPONSE
    channel = told.channel or _channel(frequency)
    main = Beacon(bssid, told.ssid, asked, channel, signal, told.protection)
    return main._replace(also=_also(main, told.sets)) if told.sets else main


class _Told(NamedTuple):
    """What a list of elements says."""

    ssid: bytes
    channel: int
    """0: it does not say."""
    protection: Protection
    sets: list[bytes]
    number: int
    """Of a further network's own list: its number."""


def _elements(
    packet: bytes, at: int, end: int, *, privacy: bool, whole: bool, spare: int = _CHECKSUM
) -> _Told | None:
    """None where the name cannot be one. `spare`: bytes that may stand behind the last element."""
    found: dict[int, list[bytes]] = {}
    while at + 2 <= end:
        number, body = packet[at], at + 2
        stop = body + packet[at + 1]
        if stop > end:
            break
        at = stop
        if number in _WANTED:
            found.setdefault(number, []).append(packet[body:stop])
    name = found.get(_SSID, [b""])[0]
    name = name if name.strip(b"\0") else b""
    if len(name) > _LONGEST_NAME:
        return None
    # Up to four bytes behind the last element are a checksum that nobody announced.
    complete = whole and end - at <= spare
    makers = found.get(_VENDOR, [])
    wpa = [body[4:] for body in makers if body.startswith(_WPA)]
    wps = any(body.startswith(_WPS) for body in makers)
    owe = any(body.startswith(_OWE) for body in makers)
    told = Protection(privacy, _few(found.get(_RSN, [])), _few(wpa), wps, owe, complete)
    channel = _first(found.get(_CHANNEL)) or _first(found.get(_HT_OPERATION))
    return _Told(name, channel, told, found.get(_SETS, []), _first(found.get(_INDEX)))


def _first(bodies: list[bytes] | None) -> int:
    """The first byte of the first of them; 0: none."""
    return bodies[0][0] if bodies and bodies[0] else 0


def _also(main: Beacon, sets: list[bytes]) -> tuple[Beacon, ...]:
    """Each further network: its address is the radio's with its number added to the last bits, and
    what its own list does not say holds as for the radio's own (IEEE 802.11 §11.1.3.8)."""
    found: list[Beacon | None] = []
    for body in sets[:MOST_SETS]:
        bits, at = body[0] & 15 if body else 0, 1
        while bits and at + 2 <= len(body) and len(found) < MOST_SETS:
            number, begin = body[at], at + 2
            at = begin + body[at + 1]
            # Its own list begins with its capabilities, or is the rest of one in another element.
            if number == 0 and at <= len(body) and body[begin : begin + 2] == _CAPABILITIES:
                found.append(_one_more(main, body[begin:at], bits))
    return tuple(one for one in found if one is not None)


def _one_more(main: Beacon, profile: bytes, bits: int) -> Beacon | None:
    if len(profile) < 4:
        return None
    radio = main.protection
    privacy = bool(profile[2] & _PRIVACY)
    own = _elements(profile, 0, len(profile), privacy=privacy, whole=radio.whole, spare=0)
    if own is None or not own.number:
        return None
    told = own.protection
    if told.whole and privacy and not told.rsn and _RSN not in _not_inherited(profile):
        told = told._replace(rsn=radio.rsn)
    last = (1 << bits) - 1
    address = int.from_bytes(main.bssid, "big")
    address = address & ~last | (address + own.number) & last
    return main._replace(bssid=address.to_bytes(6, "big"), ssid=own.ssid, protection=told)


def _not_inherited(profile: bytes) -> bytes:
    """Numbers of elements that the radio's own network has and this one has not."""
    at = 0
    while at + 2 <= len(profile):
        body = profile[at + 2 : at + 2 + profile[at + 1]]
        if profile[at] == _EXTENDED and body[:1] == _NON_INHERITANCE and len(body) > 1:
            return body[2 : 2 + body[1]]
        at += 2 + profile[at + 1]
    return b""


def _few(bodies: list[bytes]) -> tuple[bytes, ...]:
    return tuple(bodies) if len(bodies) <= MOST_ELEMENTS else _BROKEN


_Start = tuple[int, int | None, int | None]
"""Where the frame begins; frequency in MHz and signal in dBm, where the card tells them."""


def _unwrapped(link: int, packet: bytes) -> _Start | None:
    """None: no such header, or a frame that the card itself calls broken."""
    if link == PLAIN:
        return 0, None, None
    if len(packet) < 8:
        return None
    if link == RADIOTAP:
        return _of_radiotap(packet)
    if link == PPI:
        (length,) = _u16(packet, 2)
        return (length, None, None) if _u32(packet, 4)[0] == PLAIN and length >= 8 else None
    if link not in (PRISM, AVS):
        return None
    if packet.startswith(_AVS_MAGIC):
        (length,) = _u32_big(packet, 4)
        return (length, None, None) if length >= 8 else None
    lengths = (_u32(packet, 4)[0], _u32_big(packet, 4)[0])
    fitting = [length for length in lengths if 8 <= length <= len(packet)]
    return (fitting[0], None, None) if link == PRISM and fitting else None


def _of_radiotap(packet: bytes) -> _Start | None:
    (length,) = _u16(packet, 2)
    if packet[0] != 0 or not 8 <= length <= len(packet):
        return None
    (present,) = _u32(packet, 4)
    at, more = 8, present
    while more & 0x8000_0000 and at + 4 <= length:
        (more,) = _u32(packet, at)
        at += 4
    flags_at, frequency_at, signal_at, end = _places(present & 0x3F, at)
    if end > length:
        return length, None, None
    if flags_at and packet[flags_at] & 0x40:
        return None  # its checksum did not fit
    frequency = _u16(packet, frequency_at)[0] if frequency_at else None
    signal = packet[signal_at] - 256 if signal_at and packet[signal_at] else None
    return length, frequency, signal


@functools.lru_cache(maxsize=512)
def _places(present: int, at: int) -> tuple[int, int, int, int]:
    """Where radiotap's first six fields put flags, frequency and signal (0: not there), and where
    they end. Each stands at a multiple of its own size."""
    found = {}
    for bit, (size, align) in enumerate(((8, 8), (1, 1), (1, 1), (4, 2), (2, 1), (1, 1))):
        if present >> bit & 1:
            found[bit] = at = -(-at // align) * align
            at += size
    return found.get(1, 0), found.get(3, 0), found.get(5, 0), at


def _channel(frequency: int | None) -> int | None:
    """Where the card listened, for a frame that does not say where it was sent."""
    if frequency is None:
        return None
    for first, last, base in ((2412, 2472, 2407), (5160, 5885, 5000), (5955, 7115, 5950)):
        if first <= frequency <= last and (frequency - base) % 5 == 0:
            return (frequency - base) // 5
    return 14 if frequency == 2484 else None
