"""Ports that the scope names, tried with one connection each: nothing is said, and nothing read.

Only on equipment that an earlier part asked and knows (network §4): never on a printer, which may
print what it is sent, nor on a thing that nobody has identified. Its own port list is checked here
once more, for a printer may call itself a server.
"""

import errno
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from agent.survey.pace import BudgetError
from agent.survey.parts import Asked, Progress, Told
from checks.surveys.equipment import Equipment
from checks.surveys.lan import MOST_DOORS, Door, Problem
from wire.scope import PRINTER_PORTS

AT_ONCE: Final = 8
SECONDS: Final = 2.0
NEVER: Final = frozenset({"printer", "unknown"})
_AWAY: Final = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EACCES})

Tries = Callable[[str, int, float], bool]


class AwayError(Exception):
    """There was no way to the thing, so nobody knows."""


def run(asked: Asked) -> Told:
    """This part of a round (`agent.survey.parts`)."""
    return doors(asked, tried)


def doors(asked: Asked, tries: Tries) -> Told:
    """What answered where; unseen where the scope names no port."""
    if not asked.scope.said.services:
        return Told()
    targets = [*_targets(asked)]
    found: list[Door] = []
    problems: list[Problem] = []
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="doors") as crew:
        came = crew.map(lambda one: _thing(asked, one[0], one[1], tries), targets)
        for done, (some, more) in enumerate(came, 1):
            found += some
            problems += more
            asked.told(Progress("service", done, len(targets), sum(one.open for one in found)))
    if len(found) > MOST_DOORS:
        problems.append(Problem("", "service", "too-large"))
    return Told(doors=found[:MOST_DOORS], problems=problems, questions=len(found))


def tried(address: str, port: int, seconds: float) -> bool:
    """Whether a connection comes about; it is closed at once. Raises AwayError."""
    try:
        socket.create_connection((address, port), seconds).close()
    except OSError as error:
        if error.errno in _AWAY:
            raise AwayError from error
        return False  # refused, or whoever guards it says nothing
    return True


def _targets(asked: Asked) -> Iterator[tuple[str, str]]:
    """Addresses that may be tried, with their MACs where the wire told them."""
    macs = {one.address: one.mac for one in asked.alive}
    for one in asked.equipment:
        mac = macs.get(one.address, "")
        if _known(one) and asked.scope.may(one.address, mac):
            yield one.address, mac


def _known(one: Equipment) -> bool:
    return one.kind not in NEVER and one.printing is None


def _thing(asked: Asked, address: str, mac: str, tries: Tries) -> tuple[list[Door], list[Problem]]:
    found: list[Door] = []
    try:
        with asked.pace.target(address) as turn:
            for service in asked.scope.said.services:
                if service.port in PRINTER_PORTS:
                    continue
                if asked.now() >= asked.closes_at:
                    return found, [Problem(address, "service", "outside-hours")]
                turn.ask("service")
                is_open = tries(address, service.port, SECONDS)
                found.append(Door(mac, address, service.name, service.port, is_open))
    except BudgetError:
        return found, [Problem(address, "service", "budget")]
    except AwayError:
        return found, [Problem(address, "service", "no-answer")]
    return found, []
