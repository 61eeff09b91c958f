"""A scope: what a scanner may ask on a school's network, until when, and who authorised it.

Asking other people's equipment is lawful only where somebody who may say so did (network.md §4), so
nothing is asked without this paper: one scanner, a few private subnets, hours, a pace, and what is
never asked. The roots say who may sign it: a person in `scope_signers`, with `ssh-keygen -Y sign -n
scope@caretaker`, or a controller key where they say `delegated` (`wire.signing`). Secrets are not
in it: a credential has a name here, and lies sealed on the scanner.

Bounds are of the format, so nobody can sign beyond them: private addresses only, no subnet larger
than /22, few addresses in all, no port at which printers print what they are sent. An IPv6 subnet
is never gone through address by address: only what answers a call to all is asked.

Trap: a reader passes over fields that it does not know. What would forbid something more has to
come with a new version of the payload type, or an older scanner would not heed it.
"""

import datetime
import ipaddress
import re
from collections.abc import Sequence
from typing import Annotated, Final, Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Meta

from wire import canonical, fields, sealed, signing, types
from wire.errors import WireError
from wire.roots import Roots

NAMESPACE: Final = "scope@caretaker"
"""What `ssh-keygen -Y sign -n` must be given."""
DECISION: Final = signing.Decision(types.SCOPE, NAMESPACE, "scope")

LONGEST_SECONDS: Final = 400 * 86_400
"""An authority is given again each school year, and somebody has to look at it then."""
LARGEST_SUBNET: Final = 1_024  # addresses: /22
MOST_ADDRESSES: Final = 8_192
DAY_MINUTES: Final = 24 * 60
POLITE_ARP: Final = 100
"""Frames a second; faster only by an explicit figure, for a bench."""
PRINTER_PORTS: Final = frozenset({515, *range(9100, 9110), *range(9112, 9117), 9999})
"""A printer prints whatever arrives here (nmap issue 2237)."""
PRIVATE: Final = tuple(
    map(
        ipaddress.ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
    )
)
PRIVATE_6: Final = tuple(map(ipaddress.ip_network, ("fc00::/7", "fe80::/10")))
LARGEST_SUBNET_6: Final = 64  # its prefix: the ordinary one

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

Minute = Annotated[int, Meta(ge=0, le=DAY_MINUTES)]
Port = Annotated[int, Meta(ge=1, le=65_535)]
Name = Annotated[str, Meta(pattern=r"\A[0-9A-Za-z][0-9A-Za-z_-]{0,47}\Z", max_length=48)]
"""Of a credential or a service: the school's own word, which reports repeat."""
Said = Annotated[str, Meta(pattern=r"\A\S(.{0,118}\S)?\Z", max_length=120)]
"""What a person wrote: nothing at either end, and something in it."""
Place = Annotated[str, Meta(min_length=2, max_length=50)]
"""An address, a subnet, or a MAC address or its first three groups or more."""
Places = Annotated[list[Place], Meta(max_length=256)]
Zone = Annotated[
    str, Meta(pattern=r"\A[A-Za-z][0-9A-Za-z_+-]*(/[0-9A-Za-z_+-]+)*\Z", max_length=64)
]
Interface = Annotated[str, Meta(pattern=r"\A([0-9A-Za-z][0-9A-Za-z _.:@-]*)?\Z", max_length=64)]
Day = Annotated[str, Meta(pattern=r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", max_length=10)]

_MAC: Final = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){2,5}")


class Hours(msgspec.Struct, frozen=True, kw_only=True):
    """When it may ask, in minutes of the day there: 1080 to 360 is from 18:00 to 06:00 next day, 0
    to 1440 always. The end is not part of it."""

    begins_minute: Minute
    ends_minute: Minute
    timezone: Zone


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """One port at which to try one connection, such as `telnet` 23."""

    name: Name
    port: Port


class Credential(msgspec.Struct, frozen=True, kw_only=True):
    """A secret that the scanner holds, by its name, and where alone it may be used."""

    id: Name
    kind: Literal["snmp-v2c", "snmp-v3", "ssh"]
    addresses: Annotated[Places, Meta(min_length=1)]


class Others(msgspec.Struct, frozen=True, kw_only=True):
    """Equipment that somebody else runs, such as the payment tills: never asked. `statement_on`:
    the day of that somebody's own word on how it is kept."""

    what: Said
    by: Said
    statement_on: Day
    addresses: Places


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """One version of what one scanner may do. Times are epoch seconds UTC."""

    v: fields.Version = 1
    site: fields.Identifier
    version: fields.Seq
    issued_at: fields.Seconds
    expires_at: fields.Seconds
    authorised_by: Said
    role: Said
    contact: Said
    """Of whoever is to be called when something does not like being asked."""
    scanner: fields.Identifier
    """The device that may."""
    subnets: Annotated[list[Place], Meta(min_length=1, max_length=32)]
    exclude: Places
    hours: Hours
    arp_per_second: Annotated[int, Meta(ge=1, le=1_000)] = POLITE_ARP
    snmp_at_once: Annotated[int, Meta(ge=1, le=8)] = 8
    dhcp: bool = False
    """Whether to ask, once a round and subnet, who would offer an address."""
    listens: bool = False
    """Whether to ask all, by mDNS and SSDP, what they announce themselves to be."""
    default_communities: bool = False
    """Whether to try the two communities that everybody knows, on the school's own equipment."""
    services: Annotated[list[Service], Meta(max_length=16)] = []
    credentials: Annotated[list[Credential], Meta(max_length=32)] = []
    air: Interface = ""
    """The radio to look round with; "" leaves the air alone."""
    equipment_of_others: Annotated[list[Others], Meta(max_length=32)] = []


def payload_of(scope: Scope) -> bytes:
    """Give the bytes to sign: for a person, the file to hand to ssh-keygen.

    Raises WireError `schema`, with a sentence for whoever wrote it, `not_canonical` or `too_large`.
    """
    data = canonical.encode(scope)
    read_payload(data)
    return data


def read_payload(data: bytes) -> Scope:
    """Read such a file before anybody signed it. Raises as `payload_of` does."""
    scope = canonical.decode(data, Scope)
    _check_times(scope)
    held = _check_subnets(scope.subnets)
    _check_named(scope, held)
    return scope


def sign_scope(scope: Scope, key: Ed25519PrivateKey) -> bytes:
    """Sign with a controller key, where the roots delegate; raises as `payload_of` does."""
    payload_of(scope)
    return sealed.seal(scope, types.SCOPE, key)


def join(payload: bytes, signature: bytes, signers: Sequence[bytes]) -> bytes:
    """Put what ssh-keygen wrote about a payload's file into an envelope (`signing.join`).

    Raises WireError as that and `payload_of` do.
    """
    read_payload(payload)
    return signing.join(payload, signature, signers, DECISION)


def open_scope(envelope: bytes, roots: Roots) -> tuple[Scope, str]:
    """Verify a scope by the roots held; give it, and the id of the key that signed.

    Whether it is for this scanner, and now, is not asked here. Raises WireError: `bad_type`,
    `bad_signature` for who may not sign, and as `dsse.parse` and `payload_of` do.
    """
    parsed = signing.verify(envelope, roots, roots.scope_signers, DECISION)
    return read_payload(parsed.payload), parsed.keyid


def for_keygen(envelope: bytes, public: bytes) -> tuple[bytes, bytes]:
    """Give payload and signature as `ssh-keygen -Y verify` takes them (`signing.for_keygen`)."""
    return signing.for_keygen(envelope, public, DECISION)


def subnet(text: str) -> Network:
    """Read a subnet that may be asked; raises WireError `schema` with a sentence."""
    network = _network(text)
    if "/" not in text:
        raise _wrong(f"“{text}” is one address; write a subnet such as {text}/32.")
    if isinstance(network, ipaddress.IPv6Network):
        if not any(network.subnet_of(one) for one in PRIVATE_6):  # type: ignore[arg-type]  # IPv6
            raise _wrong(f"{text} is not private: only fc00::/7 and fe80::/10 may be asked.")
        if network.prefixlen < LARGEST_SUBNET_6:
            raise _wrong(f"{text} is larger than /{LARGEST_SUBNET_6}, the largest for IPv6.")
        return network
    if not any(network.subnet_of(one) for one in PRIVATE):  # type: ignore[arg-type]  # IPv4
        raise _wrong(
            f"{text} is not private: only addresses in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 "
            "and 169.254.0.0/16 may be asked."
        )
    if network.num_addresses > LARGEST_SUBNET:
        raise _wrong(f"{text} is larger than /22; name the parts of it that are in use.")
    return network


def place(text: str) -> Network | str:
    """Read an address or subnet (as a network), or a MAC address or its beginning (as it stands).

    Raises WireError `schema` with a sentence.
    """
    return text if _MAC.fullmatch(text) else _network(text)


def _network(text: str) -> Network:
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        raise _wrong(
            f"“{text}” is not an address, a subnet such as 10.20.0.0/24, or a MAC address in lower "
            "case such as 00:1b:63:aa:bb:cc or its beginning."
        ) from None
    spelled = str(network) if "/" in text else str(network.network_address)
    if spelled != text or "%" in text:
        raise _wrong(f"“{text}” is written {spelled.partition('%')[0]}.")
    return network


def _check_times(scope: Scope) -> None:
    lasts = scope.expires_at - scope.issued_at
    if lasts <= 0:
        raise _wrong("A scope ends after it begins.")
    if lasts > LONGEST_SECONDS:
        raise _wrong("A scope ends within 400 days; make a new one each school year.")
    if scope.hours.begins_minute == scope.hours.ends_minute:
        raise _wrong("The hours begin and end at the same minute; always is from 0:00 to 24:00.")
    if scope.hours.begins_minute == DAY_MINUTES or scope.hours.ends_minute == 0:
        raise _wrong("Hours begin from 0:00 on and end by 24:00; midnight ends a day as 24:00.")


def _check_subnets(texts: Sequence[str]) -> list[Network]:
    held = [subnet(text) for text in texts]
    for at, one in enumerate(held):
        for other in held[:at]:
            if one.version == other.version and one.overlaps(other):
                raise _wrong(f"{other} and {one} overlap; name each address once.")
    if sum(one.num_addresses for one in held if one.version == 4) > MOST_ADDRESSES:
        raise _wrong(f"The subnets have more than {MOST_ADDRESSES:,} addresses together.")
    return held


def _check_named(scope: Scope, held: Sequence[Network]) -> None:
    _check_places(scope.exclude, "what is never asked")
    for other in scope.equipment_of_others:
        _check_places(other.addresses, other.what)
        _check_day(other.statement_on)
    _check_once([one.id for one in scope.credentials], "the credentials")
    for credential in scope.credentials:
        for one in _check_places(credential.addresses, credential.id):
            if isinstance(one, str) or not any(within(one, subnet) for subnet in held):
                raise _wrong(f"{credential.id} is for {one}, which is in none of the subnets.")
    _check_once([one.name for one in scope.services], "the services")
    _check_once([str(one.port) for one in scope.services], "the services' ports")
    for service in scope.services:
        if service.port in PRINTER_PORTS:
            raise _wrong(f"Port {service.port} is never tried: a printer prints what it is sent.")


def within(inner: Network, outer: Network) -> bool:
    """Whether all of `inner` lies in `outer`."""
    return inner.version == outer.version and inner.subnet_of(outer)  # type: ignore[arg-type]  # one version


def _check_places(texts: Sequence[str], of: str) -> list[Network | str]:
    _check_once(texts, of)
    return [place(text) for text in texts]


def _check_once(texts: Sequence[str], of: str) -> None:
    twice = {text for text in texts if texts.count(text) > 1}
    if twice:
        raise _wrong(f"{min(twice)} stands twice in {of}.")


def _check_day(text: str) -> None:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        raise _wrong(f"{text} is not a day of any year.") from None


def _wrong(sentence: str) -> WireError:
    return WireError("schema", sentence)
