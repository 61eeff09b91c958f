"""The page of one thing that leaves, put together so that it reads as a story (screen 12). Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from controller.disposal.drives import Drive, drives
from controller.disposal.happened import Happened, actors, digests, happened
from controller.disposal.headline import Headline, Moment, headline
from controller.disposal.saying import Names, pounds
from controller.disposal.steps import Step
from controller.disposal.words import words
from controller.wording.entries import name_of
from controller.wording.shown import shown
from inventory.assets.kinds import kind_of
from inventory.disposal.events import Event
from inventory.disposal.now import Now
from inventory.disposal.states import BACK, TERMINAL


class Stop(msgspec.Struct, frozen=True):
    """One stage on the way. `mark`: done, here or ahead."""

    label: str
    mark: str


class Chain(msgspec.Struct, frozen=True):
    """Whether every line of the record is chained to the one before and signed by our key."""

    whole: bool
    lines: int
    last: str
    signer: str
    said: str


class Story(msgspec.Struct, frozen=True):
    """All of the page; every string may be shown as it is."""

    id: str
    seq: int
    name: str
    kind: str
    tag: str
    asset: str
    state: str
    headline: Headline
    trail: list[Stop]
    facts: list[tuple[str, str]]
    drives: list[Drive]
    none_confirmed: bool
    can: list[Step]
    cannot: list[Step]
    past: list[Happened]
    chain: Chain
    ended: bool
    proved: bool
    links: list[tuple[str, str]] = []
    """Steps that are taken on other pages: what they are called, and where."""
    kept: list[tuple[str, str]] = []
    """What is kept of it, and until when."""
    origin: tuple[str, str] | None = None
    """Of a drive that was replaced in a repair: the thing it was in, by id and name."""


class Told(msgspec.Struct, frozen=True):
    """What the page is made of: the folded state, its events with the digest of each, the entry."""

    id: str
    now: Now
    events: Sequence[Event]
    proofs: Mapping[int, str]
    entry: Mapping[str, Any]
    chain: Chain


def story(told: Told, names: Names, moment: Moment, steps: Sequence[Step]) -> Story:
    """Put it together; `steps` as this person may take them."""
    now, entry = told.now, told.entry
    found = drives(now, told.events, names, steps)
    past = [happened(one, names, told.proofs.get(one.seq, "")) for one in told.events]
    return Story(
        id=told.id,
        seq=now.seq,
        name=name_of(entry),
        kind=kind_of(entry["kind"]).title,
        tag=shown(entry["tag"]),
        asset=entry["id"],
        state=now.state or "",
        headline=headline(now, names, moment),
        trail=trail(now),
        facts=facts(now, names, entry),
        drives=found,
        none_confirmed=now.none_confirmed,
        can=[one for one in steps if one.may and not one.drive],
        cannot=_cannot(steps, names),
        past=past[::-1],
        chain=told.chain,
        ended=now.ended,
        proved=bool(found or now.none_confirmed) and all(one.proved for one in found),
    )


def _cannot(steps: Sequence[Step], names: Names) -> list[Step]:
    """What is refused now; the drive it is about is named where there is one."""
    return [
        msgspec.structs.replace(one, label=f"{one.label}: {names.drive(one.drive)}")
        if one.drive
        else one
        for one in steps
        if not one.may
    ]


_START: Final = ("withdrawn", "requested", "approved", "sanitising", "ready")
_STAGES: Final[Mapping[str, str]] = {
    "withdrawn": "Out of use",
    "requested": "Asked for",
    "approved": "Approved",
    "sanitising": "Wiping",
    "ready": "Ready",
    "collected": "Collected",
    "received": "Receipt",
    "disposed": "Certified, gone",
}


def trail(now: Now) -> list[Stop]:
    """The stages of its way, with the one it is at; none for what is missing or back."""
    state = now.state or "withdrawn"
    if state in ("missing", "written_off", "reinstated"):
        return []
    waste = now.route in (None, "waste")
    stages = [*_START, *(("collected", "received", "disposed") if waste else ("end",))]
    here = len(stages) - 1 if state in TERMINAL else stages.index(state)
    last = "Used again" if now.route == "internal_reuse" else "Handed over"
    return [
        Stop(_STAGES.get(one, last), _mark(at, here, over=state in TERMINAL))
        for at, one in enumerate(stages)
    ]


def _mark(at: int, here: int, *, over: bool) -> str:
    if at < here or over:
        return "done"
    return "here" if at == here else "ahead"


def facts(now: Now, names: Names, entry: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What it is and how it goes, as pairs; empty ones are left out."""
    approvers = ", ".join(names.who(one) for one in now.approvers)
    found = (
        ("Make and model", shown(f"{entry['make']} {entry['model']}".strip())),
        ("Serial number", shown(entry["serial"])),
        ("Way out", words().routes[now.route] if now.route and now.state not in BACK else ""),
        ("Worth about", pounds(now.value_pence) if now.route else ""),
        ("Personal data on it", words().personal_data[now.personal_data]),
        ("Taken out of use by", names.who(now.withdrawn_by) if now.withdrawn_by else ""),
        ("Asked for by", names.who(now.requester) if now.requester else ""),
        ("Approved by", approvers),
        ("Waste company", names.company(now.contractor) if now.contractor else ""),
    )
    return [(title, text) for title, text in found if text]


def named(told: Told) -> tuple[set[str], set[str]]:
    """The ids of people, machines and companies a page names, and the digests of its files."""
    ids: set[str] = set()
    files: set[str] = set()
    for event in told.events:
        ids.update(actors(event))
        ids.update(one for name in ("contractor", "entry") if (one := getattr(event, name, "")))
        files.update(digests(event))
    return ids, files
