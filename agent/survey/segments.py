"""What to make of all that the worker heard: the sections' own words. Pure.

It was said by strangers: every text is cleaned and cut here, every list is bounded, and addresses
that a device made up are counted and go no further.
"""

import ipaddress
from typing import Final

import msgspec

from agent.survey.parts import Alive
from agent.survey.planning import Plan
from agent.survey.said import Thing, Walked
from agent.survey.scope import Scope
from agent.survey.worker.task import Task
from checks.surveys.lan import (
    LONGEST,
    MOST_HOSTS,
    MOST_OFFERS,
    MOST_SERVICES,
    Heard,
    Offer,
    Problem,
    Segment,
)
from checks.unseen import Maybe, Reason, Unseen
from checks.words import clean

_MADE_UP: Final = 0x02
"""The locally administered bit of a MAC's first byte (IEEE 802)."""


class Seen(msgspec.Struct, frozen=True):
    """One subnet after the walk."""

    segment: Segment
    alive: list[Alive]
    problems: list[Problem]


def blind(plan: Plan, code: str) -> Seen:
    """A subnet where nobody could walk: unknown, never empty."""
    unseen = Unseen(_REASONS.get(code, "unsupported"))
    segment = Segment(plan.subnet, 0, unseen, unseen, unseen)
    return Seen(segment, [], [Problem(plan.subnet, "sweep", code)])


_REASONS: Final[dict[str, Reason]] = {
    "denied": "denied",
    "tool-missing": "tool-missing",
    "timeout": "timeout",
    "crashed": "crashed",
    "too-large": "too-large",
    "outside-hours": "deferred",
}


def seen(scope: Scope, plan: Plan, task: Task, walked: Walked) -> Seen:
    """A subnet as the walk found it."""
    allowed = [_allowed(scope, one) for one in walked.things]
    things = [one for one in allowed if one is not None]
    own = [one for one in things if not _made_up(one.mac)]
    hosts: Maybe[list[Heard]] = sorted(map(_heard, own), key=_by_address)
    private: Maybe[int] = len(things) - len(own)
    if walked.done.cut or len(own) > MOST_HOSTS:
        hosts = private = Unseen("too-large")
    segment = Segment(plan.subnet, len(task.targets), hosts, private, _offers(task, walked))
    problems = []
    if walked.done.cut:
        problems.append(Problem(plan.subnet, "sweep", "too-large"))
    if walked.done.passed_over:
        problems.append(Problem(plan.subnet, "names", "budget"))
    if len(things) < len(allowed):
        problems.append(Problem(plan.subnet, "sweep", "excluded"))
    # Whatever else speaks for an address of theirs (a repeater, a liar) leads back to them.
    theirs = {
        address for one in walked.things if not scope.may_mac(one.mac) for address in one.addresses
    }
    alive = [
        Alive(address, one.mac)
        for one in things
        for address in one.addresses
        if address not in theirs and scope.may(address, one.mac)
    ]
    return Seen(segment, alive, problems)


def _allowed(scope: Scope, thing: Thing) -> Thing | None:
    """Without what the scope bars: then nothing is told of it at all."""
    if not scope.may_mac(thing.mac):
        return None
    addresses = [text for text in thing.addresses if not _barred(scope, text)]
    if thing.addresses and not addresses:
        return None
    return msgspec.structs.replace(thing, addresses=addresses)


def _barred(scope: Scope, text: str) -> bool:
    """What is no address is nobody's."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return True
    return any(found.version == one.version and found in one for one in scope.barred)


def _made_up(mac: str) -> bool:
    return bool(int(mac[:2], 16) & _MADE_UP)


def _heard(thing: Thing) -> Heard:
    return Heard(
        mac=thing.mac,
        addresses=sorted(thing.addresses, key=_order),
        by=sorted(set(thing.by)),
        vendor_class=clean(thing.vendor_class, LONGEST),
        asked=thing.asked,
        services=sorted({clean(one, LONGEST) for one in thing.services})[:MOST_SERVICES],
        model=clean(thing.model, LONGEST),
    )


def _offers(task: Task, walked: Walked) -> Maybe[list[Offer]]:
    if not task.offers:
        return Unseen("deferred")
    if len(walked.offers) > MOST_OFFERS:
        return Unseen("too-large")
    found = [
        Offer(
            server=_plain(one.server),
            mac="" if _made_up(one.mac) else one.mac,
            relayed=one.relayed,
            router=_plain(one.router),
            resolvers=[text for text in map(_plain, one.resolvers) if text],
        )
        for one in walked.offers
    ]
    return sorted(found, key=lambda one: (one.server, one.mac))


def _plain(text: str) -> str:
    try:
        return str(ipaddress.IPv4Address(text))
    except ValueError:
        return ""


def _by_address(heard: Heard) -> tuple[tuple[int, int], str]:
    return (_order(heard.addresses[0]) if heard.addresses else (9, 0)), heard.mac


def _order(text: str) -> tuple[int, int]:
    found = ipaddress.ip_address(text)
    return found.version, int(found)
