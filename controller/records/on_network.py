"""Everything there is to say of a school's network, check by check: the reasons behind each
verdict, as pages list them. The verdict itself is only the worst of them, with a few names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from checks.judging import Moment, Settings
from checks.records.catalogue import records
from checks.records.network import judges
from checks.records.network.facts import AirRecordFacts, RoundFacts, WireFacts
from checks.records.network.reasons import Reason, order
from checks.verdicts import Status
from checks.words import sentence
from controller.policy.publishing import in_force
from controller.records.gathering import on_network
from controller.records.judging import moment_of, settings_of

_AIR: Final[Mapping[str, Callable[..., list[Reason]]]] = {
    "net-wifi-encryption": judges.encryption_reasons,
    "net-wifi-enterprise": judges.enterprise_reasons,
    "net-rogue-ap": judges.rogue_reasons,
}
_WIRE: Final[Mapping[str, Callable[..., list[Reason]]]] = {
    "net-unknown-device": judges.stranger_reasons,
    "net-games-console": judges.console_reasons,
    "net-weak-management": judges.management_reasons,
    "net-insecure-services": judges.service_reasons,
    "net-firmware-supported": judges.firmware_reasons,
}


@dataclass(frozen=True, slots=True)
class Said:
    """One reason. `about`: the id of the row it is about, or an access point's address, "" for the
    network as a whole; `name`: as devices call themselves, so as hostile. `sentence` is safe."""

    status: Status
    severity: str
    says: str
    name: str
    about: str
    sentence: str


def reasons(site: str, at: int) -> dict[str, list[Said]]:
    """By check, the worst first; none for a check that has nothing to say."""
    moment = moment_of(site, at)
    facts: Mapping[Any, Any] = on_network(site, moment)
    numbers = settings_of(site, in_force(site))
    air, rounds, wire = facts[AirRecordFacts], facts[RoundFacts], facts[WireFacts]
    found = {one: ask(air, *_asked(numbers, one, moment)) for one, ask in _AIR.items()}
    found |= {one: ask(rounds, wire, *_asked(numbers, one, moment)) for one, ask in _WIRE.items()}
    return {check: _said(check, some) for check, some in found.items() if some}


def _asked(
    numbers: Mapping[tuple[str, str], Any], check: str, moment: Moment
) -> tuple[Settings, Moment]:
    return numbers["network", check], moment


def _said(check_id: str, some: list[Reason]) -> list[Said]:
    check = records().check(check_id)
    own = check.severity if check else "medium"
    found = []
    for one in sorted(some, key=order):
        args = {**one.args, "count": 1, "names": one.name}
        words = sentence(check, one.says, args)
        severity = one.severity or own
        found.append(Said(one.status, severity, one.says, one.name, one.about, words))
    return found
