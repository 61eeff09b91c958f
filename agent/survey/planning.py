"""What to hand to the worker for each subnet of the scope. Pure."""

import ipaddress
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from agent.hosts.addressed import Card
from agent.survey.scope import Scope
from agent.survey.worker.task import MOST_TARGETS, Task
from wire.scope import Network

WAIT_MS: Final = 500
OFFER_SECONDS: Final = 3
LISTEN_SECONDS: Final = 30


class Plan(msgspec.Struct, frozen=True):
    """One subnet of the scope: how to ask there, or why not (a code of `Problem`)."""

    subnet: str
    task: Task | None
    code: str = ""


def plans(scope: Scope, cards: Sequence[Card], listen_seconds: int) -> Iterator[Plan]:
    """One for each subnet of the scope, in its order.

    What is asked of everybody on a wire (DHCP, mDNS, SSDP, IPv6) goes with the first subnet of each
    card: once. A subnet of IPv6 goes with a card that has an address in it.
    """
    greeted: set[str] = set()
    sixes = [one for one in scope.subnets if one.version == 6]
    attached: set[Network] = set()
    for one in scope.subnets:
        card = _card(one, cards)
        if card is None or one.version == 6:
            continue
        first = card.name not in greeted
        greeted.add(card.name)
        task = _task(scope, one, card, listen_seconds if first else None)
        attached.update(six for six in sixes if first and _own(card, six))
        yield Plan(str(one), task)
    for one in sixes:
        card = _card(one, cards)
        if one in attached:
            continue
        if card is None or card.name in greeted:
            yield Plan(str(one), None, "not-attached")
            continue
        greeted.add(card.name)
        attached.update(six for six in sixes if _own(card, six))
        yield Plan(str(one), _task(scope, one, card, listen_seconds))
    for one in scope.subnets:
        if one.version == 4 and _card(one, cards) is None:
            yield Plan(str(one), None, "not-attached")


def _card(subnet: Network, cards: Sequence[Card]) -> Card | None:
    return next((card for card in cards if card.up and _own(card, subnet)), None)


def _own(card: Card, subnet: Network) -> list[str]:
    """The card's addresses from which the subnet is next door."""
    near = []
    for text in card.addresses:
        own = ipaddress.ip_interface(text)
        # An IPv4 card may be of a wider network than the scope names, or of a part of it.
        if own.version == subnet.version and (
            own.ip in subnet or (own.version == 4 and own.network.overlaps(subnet))
        ):
            near.append(str(own.ip))
    return near


def _task(scope: Scope, subnet: Network, card: Card, listen_seconds: int | None) -> Task:
    own = [ipaddress.ip_interface(text) for text in card.addresses]
    wires = [one.network for one in own if one.version == 4]
    ours = {str(one.ip) for one in own}
    targets = [
        text
        for text in scope.targets(str(subnet))
        if text not in ours and any(ipaddress.ip_address(text) in wire for wire in wires)
    ]
    everybody = listen_seconds is not None
    six = [one for one in scope.subnets if one.version == 6] if everybody else []
    source = next(iter(_own(card, subnet)), "") if subnet.version == 4 else ""
    listens = scope.said.listens and everybody
    return Task(
        card=card.name,
        mac=card.mac,
        source=source,
        targets=targets[:MOST_TARGETS],
        per_second=scope.said.arp_per_second,
        tries=2,
        networks=[*dict.fromkeys(map(str, (subnet, *six)))],
        offers=scope.said.dhcp and everybody,
        clients=(scope.said.dhcp or scope.said.listens) and everybody,
        names=listens,
        wait_ms=WAIT_MS,
        offer_seconds=OFFER_SECONDS if scope.said.dhcp and everybody else 0,
        listen_seconds=listen_seconds or 0 if scope.said.dhcp or listens else 0,
        six_sources=[address for one in six for address in _own(card, one)][:8],
    )


def seconds(task: Task) -> float:
    """How long a walk may take before it is taken for hung: twice what it should, and some."""
    asking = len(task.targets) * task.tries / task.per_second + 3 * task.wait_ms / 1_000
    return 10 + 2 * asking + max(task.listen_seconds, task.offer_seconds)


def least(task: Task) -> float:
    """How long a walk takes that is as quick as it can be."""
    return max(len(task.targets) / task.per_second, task.listen_seconds, task.offer_seconds)
