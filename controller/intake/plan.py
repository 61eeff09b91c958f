"""What a batch of verified reports changes, worked out in memory from what the store holds. Pure.

Both stores load a `Holding` per device, call `plan`, and write the `Changes`: so SQLite and
PostgreSQL cannot come to different answers. A device is changed by its own reports only, whatever
else is in the batch. Each accepted report is given its line in the log of its school (O6).
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from controller.intake.chain import link
from controller.intake.outcomes import Outcome, Refused, Taken
from inventory.ledger.log import Tail
from wire.problem import Head
from wire.report import Content, Report

CONTENT: Final = ""
"""The name under which the content itself is wanted."""
MAX_FORKS: Final = 16
"""Second envelopes kept per device: enough for proof, too few to fill a disk with."""


class Arrival(msgspec.Struct, frozen=True):
    """One report whose signature fitted its device's key. `content` is None when it came by its
    digest."""

    device: str
    report: Report
    digest: str
    packed: bytes
    content_digest: str
    content: Content | None
    received_at: int


class Want(msgspec.Struct, frozen=True):
    """One body the device has yet to send."""

    name: str
    schema: int
    digest: str
    size: int


class Holding(msgspec.Struct):
    """What the store holds of one device; `plan` moves it along."""

    device: str
    site: str
    state: str
    head_seq: int
    head_hash: str
    content_digest: str
    binding: str
    n_forks: int
    policy: str
    profile: str
    scope: str
    credentials: str
    held: dict[str, tuple[int, str]]
    """Section name → schema and digest of what the device supplied."""
    wanted: dict[str, Want]


class Place(NamedTuple):
    """A report already stored: its digest, when it came, and its line (None before there were
    any)."""

    digest: str
    received_at: int
    line: int | None


class Accepted(NamedTuple):
    """A report to store, and its line in the log of its school."""

    site: str
    arrival: Arrival
    line: int


class Changes(msgspec.Struct):
    """What to write, in the order of arrival."""

    reports: list[Accepted] = []
    heads: dict[str, tuple[Arrival, bool]] = {}
    """Device → its newest arrival, and whether judging is due."""
    manifests: dict[str, Arrival] = {}
    wanted: dict[str, Sequence[Want]] = {}
    """Device → its whole new list."""
    forks: list[tuple[str, Arrival, bool]] = []
    """Site, arrival, whether the hardware is the same."""


_NOT_ACTIVE: Final = {"pending": 3_600, "revoked": 86_400, "refused": None}
"""State → seconds to wait before asking again (trust §4.2)."""


def plan(
    arrivals: Sequence[Arrival],
    holdings: Mapping[str, Holding],
    taken: Mapping[tuple[str, int], Place],
    tails: Mapping[str, Tail],
) -> tuple[list[Outcome], Changes]:
    """Answer each arrival and say what to write.

    `taken` holds the places of reports already stored, by device and seq, for every arrival that
    is not ahead of its head; `tails` the logs of the devices' schools. Moves `holdings` and `tails`
    along.
    """
    changes = Changes()
    places = dict(taken)
    outcomes = [
        _one(arrival, holdings.get(arrival.device), places, changes, tails) for arrival in arrivals
    ]
    return _with_root(arrivals, outcomes, holdings, tails), changes


def _with_root(
    arrivals: Sequence[Arrival],
    outcomes: Sequence[Outcome],
    holdings: Mapping[str, Holding],
    tails: Mapping[str, Tail],
) -> list[Outcome]:
    """Say in each receipt how far its school's log reaches after this batch."""
    reach = {
        site: (tail.size, base64.b64encode(tail.extent().root).decode())
        for site, tail in tails.items()
    }
    out: list[Outcome] = []
    for arrival, outcome in zip(arrivals, outcomes, strict=True):
        if isinstance(outcome, Taken):
            size, root = reach[holdings[arrival.device].site]
            out.append(msgspec.structs.replace(outcome, size=size, root=root))
        else:
            out.append(outcome)
    return out


def _one(
    arrival: Arrival,
    holding: Holding | None,
    places: dict[tuple[str, int], Place],
    changes: Changes,
    tails: Mapping[str, Tail],
) -> Outcome:
    if holding is None:
        return Refused("unknown_key")
    if holding.state != "active":
        return Refused(holding.state, retry_after_seconds=_NOT_ACTIVE[holding.state])
    report = arrival.report
    place = places.get((arrival.device, report.seq))
    head = Head(seq=holding.head_seq, hash=holding.head_hash)
    how = link(
        head,
        seq=report.seq,
        prev=report.prev,
        digest=arrival.digest,
        held=place.digest if place else None,
    )
    if how == "fork":
        return _fork(arrival, holding, changes)
    if how == "gap":
        return Refused(how, head=head)
    if how == "next":
        place = _logged(arrival, holding.site, tails, changes)
        places[(arrival.device, report.seq)] = place
        _accept(arrival, holding, changes)
    return _taken(arrival, holding, place, is_new=how == "next")


def _taken(arrival: Arrival, holding: Holding, place: Place | None, *, is_new: bool) -> Taken:
    """What its receipt says."""
    seq = arrival.report.seq
    return Taken(
        device=arrival.device,
        seq=seq,
        status="accepted" if is_new else "duplicate",
        received_at=place.received_at if place else arrival.received_at,
        need=needs(holding) if seq == holding.head_seq else [],
        policy=holding.policy,
        site=holding.site,
        profile=holding.profile,
        scope=holding.scope,
        credentials=holding.credentials,
        index=place.line if place else None,
    )


def _logged(arrival: Arrival, site: str, tails: Mapping[str, Tail], changes: Changes) -> Place:
    """Give an accepted report its line."""
    line = tails[site].add(
        arrival.received_at,
        f"report {arrival.device} {arrival.report.seq}",
        bytes.fromhex(arrival.digest.removeprefix("sha256:")),
    )
    changes.reports.append(Accepted(site, arrival, line))
    return Place(arrival.digest, arrival.received_at, line)


def needs(holding: Holding) -> list[str]:
    """Digests the device has yet to send, each once."""
    return list(dict.fromkeys(want.digest for want in holding.wanted.values()))


def wanted_of(content: Content, held: Mapping[str, tuple[int, str]]) -> list[Want]:
    """The sections of `content` whose bytes this very device has not supplied."""
    return [
        Want(ref.section, ref.schema, ref.sha256, ref.size)
        for ref in content.sections
        if held.get(ref.section) != (ref.schema, ref.sha256)
    ]


def _accept(arrival: Arrival, holding: Holding, changes: Changes) -> None:
    report = arrival.report
    holding.head_seq, holding.head_hash = report.seq, arrival.digest
    holding.binding = report.binding
    missing_content = CONTENT in holding.wanted
    changed = arrival.content_digest != holding.content_digest or missing_content
    if changed and arrival.content is not None:
        holding.content_digest = arrival.content_digest
        changes.manifests[arrival.device] = arrival
        _want(holding, wanted_of(arrival.content, holding.held), changes)
    elif changed:
        _want(holding, [Want(CONTENT, 1, arrival.content_digest, 0)], changes)
    due = not holding.wanted and (changed or bool(report.now))
    earlier = changes.heads.get(arrival.device)
    changes.heads[arrival.device] = (arrival, due or (earlier is not None and earlier[1]))


def _want(holding: Holding, wants: Sequence[Want], changes: Changes) -> None:
    wanted = {want.name: want for want in wants}
    if wanted != holding.wanted:
        holding.wanted = wanted
        changes.wanted[holding.device] = wants


def _fork(arrival: Arrival, holding: Holding, changes: Changes) -> Refused:
    same_hardware = arrival.report.binding == holding.binding
    if holding.n_forks < MAX_FORKS:
        holding.n_forks += 1
        changes.forks.append((holding.site, arrival, same_hardware))
    return Refused("fork", head=Head(seq=holding.head_seq, hash=holding.head_hash))
