"""Rows of the network's pages: what the register holds, in words and fit to be looked at. Pure.

Every string of a device is hostile and goes through `shown`. What an unknown thing looks like is
said as a guess with its ground, never as what it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from controller.network.drawing import Tone
from controller.network.wording import words
from controller.wording.shown import shown
from controller.wording.words import count
from inventory.network.queries import Hanging, Thing

DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Equipment:
    """One device of the map. `blind`: what it did not say, in words; `silent`: the round did not
    see it lately, which is not the same as gone."""

    id: str
    name: str
    kind: str
    icon: str
    what: str
    serials: list[str]
    firmware: str
    location: str
    address: str
    way: str
    asset: str
    asset_name: str
    doubt: bool
    behind: int
    first_at: int
    last_at: int
    silent: bool
    blind: list[str]
    by: str
    tone: Tone


def equipment(row: Mapping[str, Any], newest: int) -> Equipment:
    """`newest`: when the newest round began; epoch seconds."""
    say = words()
    kind, icon = say.kind(row["kind"])
    what = " ".join(filter(None, (shown(row["make"], 40), shown(row["model"], 60))))
    blind = [
        f"{say.say('groups', group)} ({say.say('unseen', why)})"
        for group, why in sorted(row["unseen"].items())
        if why != "unsupported"
    ]
    silent = row["last_at"] < newest - 2 * DAY
    bound = row["asset_id"] is not None
    return Equipment(
        id=row["id"],
        name=shown(row["name"], 60) or what or kind,
        kind=kind,
        icon=icon,
        what=what or shown(row["description"], 120),
        serials=[shown(one, 40) for one in row["serials"][:12]],
        firmware=shown(row["firmware"], 60),
        location=shown(row["location"], 60),
        address=shown(row["address"], 45),
        way={"snmp-v2c": "SNMP v2c", "snmp-v3": "SNMP v3", "ssh": "SSH"}.get(row["way"], ""),
        asset=row["asset_id"] or "",
        asset_name=shown(row["asset__name"] or row["asset__tag"] or "its entry") if bound else "",
        doubt=bool(row["asset_doubt"]),
        behind=row.get("behind", 0),
        first_at=row["first_at"],
        last_at=row["last_at"],
        silent=silent,
        blind=blind,
        by=shown(row.get("looked_after_by__name") or "", 60),
        tone=_tone(silent=silent, blind=bool(blind), bound=bound),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing hangs, in words; `href`: the device."""

    text: str
    device: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """One thing nobody knows, or that somebody said something of."""

    id: str
    seq: int
    address: str
    vendor: str
    guess: str
    because: str
    place: Place | None
    doors: str
    ip: str
    first_at: int
    last_at: int
    rounds: int
    trust: str
    until: str
    reason: str
    decided_at: int | None
    decided_by: str
    over: bool


def unknown(thing: Thing, today: str, people: Mapping[str, str]) -> Unknown:
    """`today`: the school's day; `people`: names by id."""
    row = thing.row
    likely = words().say("likely", row["likely"]) if row["likely"] else ""
    return Unknown(
        id=row["id"],
        seq=row["seq"],
        address=shown(row["address"]),
        vendor=shown(row["vendor"], 60),
        guess=f"{'Says it is' if row['sure'] == 'high' else 'May be'} {likely}" if likely else "",
        because=shown(row["because"], 120),
        place=None if thing.place is None else _place(thing.place),
        doors=", ".join(shown(one, 24) for one in thing.doors),
        ip=shown(row["ip"]),
        first_at=row["first_at"],
        last_at=row["last_at"],
        rounds=row["rounds"],
        trust=row["trust"],
        until=row["until"],
        reason=shown(row["reason"], 300),
        decided_at=row["decided_at"],
        decided_by=shown(people.get(row["decided_by"], "")) or "somebody",
        over=bool(row["until"]) and row["until"] < today,
    )


def _place(at: Hanging) -> Place:
    device = shown(at.device_name, 40) or "a switch"
    alias = f" ({shown(at.alias, 40)})" if at.alias else ""
    where = f", {shown(at.device_location, 40)}" if at.device_location else ""
    radio = "through the access point on " if at.by_radio else ""
    more = at.behind - 1
    others = f", with {more} {'other' if more == 1 else 'others'}" if more > 0 else ""
    return Place(f"{radio}port {shown(at.port, 24)}{alias} of {device}{where}{others}", at.device)


@dataclass(frozen=True, slots=True)
class Problem:
    """What a round could not do."""

    about: str
    question: str
    says: str


@dataclass(frozen=True, slots=True)
class Round:
    """One round: whole, in part, or not at all."""

    id: str
    began_at: int
    took: int
    scanner: str
    scanner_name: str
    refused: str
    partial: bool
    frames: int
    questions: int
    found: int
    devices: int
    problems: list[Problem]
    more: int
    segments: list["Subnet"]
    scope: str


@dataclass(frozen=True, slots=True)
class Subnet:
    """One subnet of a round; `blind`: why nobody was seen there."""

    subnet: str
    asked: int
    hosts: int
    private: int
    blind: str
    offers: str


def round_of(row: Mapping[str, Any], computers: Mapping[str, str]) -> Round:
    """`computers`: names by id, of those this person may see."""
    say = words()
    return Round(
        id=row["id"],
        began_at=row["began_at"],
        took=max(0, row["ended_at"] - row["began_at"]),
        scanner=row["scanner"] if row["scanner"] in computers else "",
        scanner_name=shown(computers.get(row["scanner"], "")) or "a scanner",
        refused=say.refusal(row["refused"]) if row["refused"] else "",
        partial=row["partial"],
        frames=row["frames"],
        questions=row["questions"],
        found=int(row["counts"].get("hosts", 0)),
        devices=int(row["counts"].get("devices", 0)),
        problems=[
            Problem(shown(about, 60), say.say("questions", question), say.problem(code))
            for about, question, code in row["problems"]
        ],
        more=row["more_problems"],
        segments=[_subnet(one) for one in row["segments"]],
        scope=shown(row["scope"], 80),
    )


def _subnet(one: Mapping[str, Any]) -> Subnet:
    say = words()
    blind, dumb = one.get("unseen", ""), one.get("offers_unseen", "")
    return Subnet(
        subnet=shown(one.get("subnet", ""), 50),
        asked=_number(one.get("asked")),
        hosts=_number(one.get("hosts")),
        private=_number(one.get("private")),
        blind=say.say("unseen", blind) if blind else "",
        offers=_offers(one.get("offers"), dumb),
    )


def _offers(found: object, why: str) -> str:
    if why:
        return f"not asked: {words().say('unseen', why)}"
    n = _number(found)
    return f"{count(n, 'server', 'servers')} offered addresses" if n else "nobody offered addresses"


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _tone(*, silent: bool, blind: bool, bound: bool) -> Tone:
    if silent or blind:
        return "blind"
    return "good" if bound else "warn"
