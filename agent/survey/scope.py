"""What a signed scope lets this scanner ask, and when; pure, and the only place that decides it.

`read` believes an envelope or says why not. `Scope.may` is asked before every question that goes to
one address, `Scope.targets` gives the addresses to go through; whatever is not plainly inside is
outside. The hours are those of the clock on the school's wall: on the night the clocks go back the
repeated hour counts twice, on the other one the missing hour not at all.

Traps: a subnet's first and last address mean all of it, so a question to either would reach what is
excluded; they are never asked. What is excluded by its MAC address still hears a question to all
(ARP, DHCP, mDNS), as everything on the wire does: nothing is ever asked of it alone, which is why
`may` wants the MAC as soon as anybody knows it.
"""

import datetime
import ipaddress
import re
import zoneinfo
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import msgspec

from wire import dsse, keys
from wire import scope as signed
from wire.errors import WireError
from wire.roots import Roots
from wire.scope import Network

IPV4: Final = 4
_MAC: Final = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")
_EDGES_PREFIX: Final = 30
"""The longest prefix of an IPv4 subnet whose first and last address mean all of it (RFC 3021)."""
_MINUTE: Final = 60
_DAY: Final = 24 * 3_600


class Refused(msgspec.Struct, frozen=True):
    """Why nothing is asked: a stable code as `SurveyRun.refused` says, and a sentence that says
    what to do."""

    code: str
    sentence: str


class Scope(msgspec.Struct, frozen=True):
    """A scope that was signed, is for this scanner, and is in date at the moment it was read."""

    said: signed.Scope
    digest: str
    """Of the envelope: what a survey names as its scope."""
    zone: zoneinfo.ZoneInfo
    subnets: tuple[Network, ...]
    barred: tuple[Network, ...]
    barred_macs: tuple[str, ...]
    """MAC addresses and beginnings of them, lower case with colons."""

    def may(self, address: str, mac: str = "") -> bool:
        """Whether this one address may be asked anything at all; `mac` as soon as it is known.

        False for what is no address, and for a `mac` that is not six groups in lower case.
        """
        found = _address(address)
        return (
            found is not None
            and any(_inside(found, one) and not _is_edge(found, one) for one in self.subnets)
            and not any(_inside(found, one) for one in self.barred)
            and (not mac or self.may_mac(mac))
        )

    def may_mac(self, mac: str) -> bool:
        """Whether nothing bars the thing at a MAC address."""
        if not _MAC.fullmatch(mac):
            return False
        return not any(f"{mac}:".startswith(f"{one}:") for one in self.barred_macs)

    def targets(self, subnet: str) -> Iterator[str]:
        """The addresses to go through in one subnet of the scope, in order; none of an IPv6 one,
        and none of any other subnet."""
        for one in self.subnets:
            if str(one) == subnet and one.version == IPV4:
                yield from (text for text in map(str, one) if self.may(text))

    def credentials(self, address: str) -> list[signed.Credential]:
        """Those that may be used at an address, in the order in which the scope names them."""
        found = _address(address)
        if found is None or not self.may(address):
            return []
        return [one for one in self.said.credentials if _covered(found, one.addresses)]

    def is_open(self, now: int) -> bool:
        """Whether it may ask at `now` (epoch seconds): in date, and within its hours."""
        if not self.said.issued_at <= now < self.said.expires_at:
            return False
        hours = self.said.hours
        here = datetime.datetime.fromtimestamp(now, tz=self.zone)
        minute = here.hour * 60 + here.minute
        if hours.begins_minute < hours.ends_minute:
            return hours.begins_minute <= minute < hours.ends_minute
        return minute >= hours.begins_minute or minute < hours.ends_minute

    def closes_at(self, now: int) -> int:
        """When it has to have stopped, from a moment at which it is open; `now` if it is not.

        A day later at most: whoever asks that long asks again.
        """
        if not self.is_open(now):
            return now
        begins = now - now % _MINUTE + _MINUTE
        minutes = range(begins, now + _DAY, _MINUTE)
        closes = next((at for at in minutes if not self.is_open(at)), now + _DAY)
        return min(closes, self.said.expires_at)


class _Barred(NamedTuple):
    networks: tuple[Network, ...]
    macs: tuple[str, ...]


def read(envelope: bytes, roots: Roots, device: str, now: int) -> Scope | Refused:
    """Believe a scope, or say why not.

    `device` is this scanner's id, `now` epoch seconds, by the later of this computer's clock and
    the newest receipt: a clock set back shall not lengthen an authority.
    """
    try:
        said, _ = signed.open_scope(envelope, roots)
    except WireError as error:
        return _unbelieved(envelope, roots, error)
    if said.scanner != device:
        return Refused(
            "not-this-scanner",
            "This scope names another computer as the scanner; make one for this computer.",
        )
    if now < said.issued_at:
        return Refused("not-yet", f"This scope begins on {_day(said.issued_at)}.")
    if now >= said.expires_at:
        return Refused(
            "expired",
            f"This scope ended on {_day(said.expires_at)}; whoever may authorise a survey has to "
            "sign a new one.",
        )
    return _understood(said, dsse.digest(envelope))


def outside_hours(scope: Scope) -> Refused:
    """What to say when a scope is sound and the hour is not."""
    hours = scope.said.hours
    return Refused(
        "outside-hours",
        f"This scope lets the scanner ask from {_clock(hours.begins_minute)} to "
        f"{_clock(hours.ends_minute)} ({hours.timezone}) only.",
    )


def _understood(said: signed.Scope, digest: str) -> Scope | Refused:
    try:
        zone = zoneinfo.ZoneInfo(said.hours.timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return Refused(
            "no-timezone",
            f"This computer does not know the time zone {said.hours.timezone}; correct the scope, "
            "or install Python's tzdata here.",
        )
    places = [*said.exclude, *(text for one in said.equipment_of_others for text in one.addresses)]
    barred = _barred(places)
    subnets = tuple(signed.subnet(text) for text in said.subnets)
    return Scope(said, digest, zone, subnets, barred.networks, barred.macs)


def _barred(texts: Sequence[str]) -> _Barred:
    found = [signed.place(text) for text in texts]
    return _Barred(
        tuple(one for one in found if not isinstance(one, str)),
        tuple(one for one in found if isinstance(one, str)),
    )


def _unbelieved(envelope: bytes, roots: Roots, error: WireError) -> Refused:
    """Tell a scope that was changed after somebody signed it from one that nobody signed."""
    try:
        named = dsse.parse(envelope).keyid
    except WireError:
        return Refused(
            "altered", "This file is not a scope as it was signed; fetch or copy it again."
        )
    if error.code == "bad_type":
        return Refused("not-signed", "This file is signed, but it is not a scope.")
    if error.code != "bad_signature":
        return Refused(
            "not-understood", f"This scope was made by a newer release. {error.sentence}"
        )
    listed = [*roots.scope_signers, *(roots.controllers if roots.delegated else [])]
    if named in {keys.key_id(keys.from_text(text)) for text in listed}:
        return Refused("altered", "This scope was changed after it was signed; sign it again.")
    return Refused(
        "not-signed",
        "Nobody who may, by the school's list of keys, signed this scope; who may is said by "
        "“caretaker key show” on the controller.",
    )


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address; of an IPv6 one without the interface behind `%`, which no exclusion names."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.scope_id:
        return ipaddress.IPv6Address(int(found))
    return found


def _inside(address: ipaddress.IPv4Address | ipaddress.IPv6Address, network: Network) -> bool:
    return address.version == network.version and address in network


def _is_edge(address: ipaddress.IPv4Address | ipaddress.IPv6Address, network: Network) -> bool:
    """Whether an address stands for all of its subnet, or (IPv6) for any of its routers."""
    if isinstance(network, ipaddress.IPv6Network):
        return network.num_addresses > 1 and address == network.network_address
    edges = (network.network_address, network.broadcast_address)
    return network.prefixlen <= _EDGES_PREFIX and address in edges


def _covered(address: ipaddress.IPv4Address | ipaddress.IPv6Address, texts: Sequence[str]) -> bool:
    networks = (signed.place(text) for text in texts)
    return any(not isinstance(one, str) and _inside(address, one) for one in networks)


def _day(at: int) -> str:
    """A day in UTC, as the sentence of a refusal says it."""
    return datetime.datetime.fromtimestamp(at, tz=datetime.UTC).strftime("%d %B %Y").lstrip("0")


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
