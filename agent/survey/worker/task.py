"""What the worker is asked to do on one card, checked again here: it trusts nobody.

A task is one line of JSON of these fields, all of them, and no others.
"""

import dataclasses
import ipaddress
import json
import re
from typing import Final, TypeAlias

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

VERSION: Final = 1
LONGEST_LINE: Final = 128 << 10
"""Bytes of one line, both ways: a task for a whole /22 takes a quarter of it."""
MOST_TARGETS: Final = 1_024
MOST_NETWORKS: Final = 64
FASTEST: Final = 1_000
LONGEST_SECONDS: Final = 600
_MAC: Final = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")
_CARD: Final = re.compile(r"[^\s/]{1,15}")
_SITE: Final = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
        *("fe80::/10", "fc00::/7"),
    )
)
"""RFC 1918, RFC 4193 and link-local: what can be a school's own."""


class BadTaskError(Exception):
    """The task cannot be what anybody meant; the words say which part, and leave as `refused`."""


@dataclasses.dataclass(frozen=True)
class Task:
    """One walk. Addresses of `targets` are asked for, one by one, and no others are.

    `networks`: whose addresses count as the school's when they announce themselves.
    """

    card: str
    mac: str
    source: str
    """IPv4 of the card within the subnet; "" sends no IPv4 but DHCP's."""
    targets: list[str]
    """IPv4, one by one."""
    per_second: int
    tries: int
    networks: list[str]
    offers: bool
    """Send one DHCPDISCOVER and wait for all that offer."""
    clients: bool
    """Hear what DHCP clients ask for."""
    names: bool
    """Hear mDNS and SSDP, and ask once in each."""
    wait_ms: int
    """How long an answer may take."""
    offer_seconds: int
    listen_seconds: int
    six_sources: list[str]
    """IPv6 of the card; a greeting to all nodes of the link goes out from each."""


def read(line: bytes) -> Task:
    """Raises BadTaskError."""
    if len(line) > LONGEST_LINE:
        raise BadTaskError("line")
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadTaskError("json") from error
    if not isinstance(value, dict) or value.pop("v", None) != VERSION:
        raise BadTaskError("v")
    fields = {field.name: field.type for field in dataclasses.fields(Task)}
    if value.keys() != fields.keys():
        raise BadTaskError("fields")
    for name, kind in fields.items():
        _typed(name, value[name], kind)
    task = Task(**value)
    _check(task)
    return task


def private(address: Address) -> bool:
    """Whether it can be a school's own."""
    return any(address.version == one.version and address in one for one in _SITE)


def _typed(name: str, value: object, kind: object) -> None:
    if kind == list[str]:
        right = isinstance(value, list) and all(isinstance(one, str) for one in value)
    else:
        right = type(value) is kind
    if not right:
        raise BadTaskError(name)


def _check(task: Task) -> None:
    limits = (
        ("per_second", task.per_second, 1, FASTEST),
        ("tries", task.tries, 1, 2),
        ("wait_ms", task.wait_ms, 1, 10_000),
        ("offer_seconds", task.offer_seconds, 0, 30),
        ("listen_seconds", task.listen_seconds, 0, LONGEST_SECONDS),
        ("targets", len(task.targets), 0, MOST_TARGETS),
        ("networks", len(task.networks), 0, MOST_NETWORKS),
        ("six_sources", len(task.six_sources), 0, 8),
    )
    for name, value, least, most in limits:
        if not least <= value <= most:
            raise BadTaskError(name)
    if not _MAC.fullmatch(task.mac) or not _CARD.fullmatch(task.card):
        raise BadTaskError("card")
    try:
        _check_addresses(task)
    except ValueError as error:
        raise BadTaskError("address") from error


def _check_addresses(task: Task) -> None:
    """Raises BadTaskError, ValueError."""
    networks = [ipaddress.ip_network(one) for one in task.networks]
    if not all(private(one.network_address) and private(one.broadcast_address) for one in networks):
        raise BadTaskError("networks")
    if task.source:
        _private(ipaddress.IPv4Address(task.source), "source")
    elif task.targets:
        raise BadTaskError("source")
    for one in task.six_sources:
        _private(ipaddress.IPv6Address(one), "six_sources")
    for target in map(ipaddress.IPv4Address, task.targets):
        _private(target, "targets")
        if not any(one.version == 4 and target in one for one in networks):
            raise BadTaskError("targets")


def _private(address: Address, name: str) -> None:
    if not private(address):
        raise BadTaskError(name)
