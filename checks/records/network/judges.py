"""Judges of the school's network as a whole, each by its reasons (`air`, `wire`).

What was never looked at, or too long ago, is unknown and says since when. A school that never had
a round has one thing to do, not nine.
"""

from typing import Final

from msgspec.structs import replace

from checks.judging import Judge, Moment, Settings, judge
from checks.records.network import air, wire
from checks.records.network.facts import AirRecordFacts, RoundFacts, WireFacts
from checks.records.network.reasons import Reason, verdict
from checks.verdicts import Finding, not_applicable, passed


class AirSettings(Settings, frozen=True):
    """How old what was heard may be."""

    age_seconds: int


class RogueSettings(Settings, frozen=True):
    """`known`: access points that are the school's though nothing else says so, with * for any
    digits."""

    age_seconds: int
    known: list[str]


class WireSettings(Settings, frozen=True):
    """How old the newest round may be."""

    age_seconds: int


class StrangerSettings(Settings, frozen=True):
    """`wait_seconds`, `rounds`: how long a thing is there, and in how many rounds, before it is
    more than a visit."""

    age_seconds: int
    wait_seconds: int
    rounds: int


class FirmwareSettings(Settings, frozen=True):
    """`minimum`: a model (with * for any letters) and the version it must have at least."""

    age_seconds: int
    minimum: list[str]


@judge("net-wifi-encryption")
def encryption(found: AirRecordFacts, settings: AirSettings, moment: Moment) -> Finding:
    """Every network of the school is encrypted as it should be."""
    reasons = encryption_reasons(found, settings, moment)
    names = {one.ssid for one in found.named}
    if any(one.security == "wpa3-transition" and one.ssid in names for one in found.heard):
        return verdict(reasons, passed("kept-transition", count=len(names)))
    return verdict(reasons, passed("kept", count=len(names)))


@judge("net-wifi-enterprise")
def enterprise(found: AirRecordFacts, settings: AirSettings, moment: Moment) -> Finding:
    """The staff's network asks who somebody is."""
    reasons = enterprise_reasons(found, settings, moment)
    if found.named and not any(one.role == "staff" for one in found.named):
        return verdict(reasons, not_applicable("no-staff-network"))
    return verdict(reasons, passed("asks"))


@judge("net-rogue-ap")
def rogue(found: AirRecordFacts, settings: RogueSettings, moment: Moment) -> Finding:
    """Nobody else's access point bears the school's name or hangs on its wire."""
    return verdict(rogue_reasons(found, settings, moment), passed("none-strange"))


@judge("net-guest-isolation")
def isolation(found: AirRecordFacts) -> Finding:
    """Nothing looks yet at whether guests can reach the school's own: unknown, never fine."""
    if found.named and not any(one.role == "guest" for one in found.named):
        return not_applicable("no-guests")
    return verdict([Reason("unknown", "no-probe")], passed("apart"))


@judge("net-unknown-device")
def strangers(
    rounds: RoundFacts, found: WireFacts, settings: StrangerSettings, moment: Moment
) -> Finding:
    """Everything on the wire is in the register, a guest, or explained."""
    reasons = stranger_reasons(rounds, found, settings, moment)
    return verdict(reasons, passed("all-known", private=found.private))


@judge("net-games-console")
def consoles(
    rounds: RoundFacts, found: WireFacts, settings: WireSettings, moment: Moment
) -> Finding:
    """No games console is on the school's network."""
    return verdict(console_reasons(rounds, found, settings, moment), passed("no-console"))


@judge("net-weak-management")
def management(
    rounds: RoundFacts, found: WireFacts, settings: WireSettings, moment: Moment
) -> Finding:
    """Switches and access points are looked after through doors that keep a secret."""
    return verdict(management_reasons(rounds, found, settings, moment), passed("well-kept"))


@judge("net-insecure-services")
def services(
    rounds: RoundFacts, found: WireFacts, settings: WireSettings, moment: Moment
) -> Finding:
    """Nothing on the wire offers what no school machine should."""
    return verdict(service_reasons(rounds, found, settings, moment), passed("none-open"))


@judge("net-firmware-supported")
def firmware(
    rounds: RoundFacts, found: WireFacts, settings: FirmwareSettings, moment: Moment
) -> Finding:
    """The software of switches and access points is new enough."""
    return verdict(firmware_reasons(rounds, found, settings, moment), passed("new-enough"))


def encryption_reasons(
    found: AirRecordFacts, settings: AirSettings, moment: Moment
) -> list[Reason]:
    """Everything to say of it, for the page."""
    since = moment.seen - settings.age_seconds
    nothing = air.blind(found, since)
    return [nothing] if nothing else list(air.protection(found, since))


def enterprise_reasons(
    found: AirRecordFacts, settings: AirSettings, moment: Moment
) -> list[Reason]:
    """Likewise."""
    since = moment.seen - settings.age_seconds
    nothing = air.blind(found, since)
    return [nothing] if nothing else list(air.access(found, since))


def rogue_reasons(found: AirRecordFacts, settings: RogueSettings, moment: Moment) -> list[Reason]:
    """Likewise. What a controller found on the wire counts though the names are not set."""
    since = moment.seen - settings.age_seconds
    reasons = list(air.strangers(found, since, settings.known))
    # How its own networks are set up says nothing of strangers.
    nothing = air.blind(replace(found, set_up=[]), since)
    return [*reasons, nothing] if nothing else reasons


def stranger_reasons(
    rounds: RoundFacts, found: WireFacts, settings: StrangerSettings, moment: Moment
) -> list[Reason]:
    """Likewise."""
    if nothing := wire.blind(rounds, moment.seen, settings.age_seconds):
        return [nothing]
    told = wire.unknown_things(found, moment.seen, settings.wait_seconds, settings.rounds)
    return [*told, *_partly(rounds)]


def console_reasons(
    rounds: RoundFacts, found: WireFacts, settings: WireSettings, moment: Moment
) -> list[Reason]:
    """Likewise."""
    if nothing := wire.blind(rounds, moment.seen, settings.age_seconds):
        return [nothing]
    return [*wire.consoles(found), *_partly(rounds)]


def management_reasons(
    rounds: RoundFacts, found: WireFacts, settings: WireSettings, moment: Moment
) -> list[Reason]:
    """Likewise."""
    if nothing := wire.blind(rounds, moment.seen, settings.age_seconds):
        return [nothing]
    since = moment.seen - settings.age_seconds
    if not any(one.way and one.asked_at >= since for one in found.gear):
        return [Reason("unknown", "nothing-asked")]
    return list(wire.management(found, since))


def service_reasons(
    rounds: RoundFacts, found: WireFacts, settings: WireSettings, moment: Moment
) -> list[Reason]:
    """Likewise."""
    since = moment.seen - settings.age_seconds
    if nothing := wire.blind(rounds, moment.seen, settings.age_seconds):
        return [nothing]
    if found.doors_at is None or found.doors_at < since:
        return [Reason("unknown", "none-tried")]
    return list(wire.services(found, since))


def firmware_reasons(
    rounds: RoundFacts, found: WireFacts, settings: FirmwareSettings, moment: Moment
) -> list[Reason]:
    """Likewise."""
    if nothing := wire.blind(rounds, moment.seen, settings.age_seconds):
        return [nothing]
    if not any(one.way for one in found.gear):
        return [Reason("unknown", "nothing-asked")]
    since = moment.seen - settings.age_seconds
    return list(wire.firmware(found, settings.minimum, since))


def _partly(rounds: RoundFacts) -> list[Reason]:
    """What was not gone through may hold anything."""
    if rounds.left_out:
        return [Reason("unknown", "left-out", args={"left": rounds.left_out})]
    return [Reason("unknown", "partly", subnet) for subnet in rounds.blind]


JUDGES: Final[tuple[Judge, ...]] = (
    encryption,
    enterprise,
    rogue,
    isolation,
    strangers,
    consoles,
    management,
    services,
    firmware,
)
