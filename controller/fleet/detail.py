"""One computer: is it safe, if not why and what to do, whose it is, and how we know."""

from dataclasses import dataclass

from controller.fleet.facts_shown import FactGroup, fact_groups
from controller.fleet.forks.shown import Told, told
from controller.fleet.lately import Lately, lately
from controller.fleet.listing import Row, row_of
from controller.fleet.models import Device
from controller.fleet.results import Result, Results, history, results
from controller.fleet.waiting import marks_of
from controller.wording.shown import shown
from controller.wording.words import count, words
from inventory.reinstalls import queries as reinstalls


@dataclass(frozen=True, slots=True)
class Identity:
    """How a computer is recognised and how it came in."""

    key_id: str
    words: tuple[str, ...]
    marks: list[tuple[str, str]]
    weak: bool
    joined_at: int
    join_code: str
    let_in_at: int | None
    agent_version: str
    reports: int
    forks: list[Told]
    fork_since: int | None
    fork_said: str
    sighted: int
    sighted_at: int | None
    sighting_known: bool
    doubt: str


@dataclass(frozen=True, slots=True)
class Detail:
    """The device page: six queries."""

    row: Row
    entry: str
    state: str
    school: str
    timezone: str
    headline: str
    results: Results
    history: list[Result]
    facts: list[FactGroup]
    identity: Identity
    lately: Lately
    left_at: int | None
    left_how: str
    profile_source: str
    goes_home: bool
    ruled: str
    judged_at: int | None
    upgrade_pending: bool
    replaced_by: str
    """The computer that took its place when it was set up anew, "" for none."""


def detail(device: Device, now: int) -> Detail:
    """Put the page together."""
    row, found = row_of(device, now), results(device)
    after = reinstalls.replaced_by(device.id) if device.state == "revoked" else None
    return Detail(
        row=row,
        entry=device.asset_id or "",
        state=device.state,
        school=device.site.name,
        timezone=device.site.timezone,
        headline=headline(row, device.state),
        results=found,
        history=history(device),
        facts=fact_groups(device),
        identity=_identity(device),
        lately=lately(device),
        left_at=device.left_at,
        left_how=device.left_how,
        profile_source=device.profile_source,
        goes_home=device.goes_home,
        ruled=ruled(device.ruled),
        judged_at=device.judged_at,
        upgrade_pending=device.judge_due,
        replaced_by=after["device"] if after else "",
    )


def ruled(code: str) -> str:
    """How the computer's own policy stands, in a sentence; "" when it is the one in force."""
    known = words().ruled
    return known.get(code, known["other"]) if code else ""


def headline(row: Row, state: str) -> str:
    """The one sentence a person reads first."""
    if state == "pending":
        return "It is waiting to be let in, so nothing it says counts yet."
    if state == "revoked":
        return "It was withdrawn. Its reports stay as evidence, and it is no longer checked."
    if state == "refused":
        return "It was turned away and is not checked."
    if row.last_seen_at is None:
        return "It was let in, but has not reported yet."
    parts = [
        count(row.n_fail, "thing needs attention", "things need attention") if row.n_fail else "",
        count(row.n_warn, "is worth a look", "are worth a look") if row.n_warn else "",
        f"{row.n_unknown} couldn’t be checked" if row.n_unknown else "",
    ]
    said = [part for part in parts if part]
    if not said and not row.n_pass:
        return "Its first report is being looked at."
    if not said:
        everything = f"All {row.n_pass} checks are kept"
        return f"{everything}, as it last said." if row.silent else f"{everything}."
    return _listed(said) + f"; {row.n_pass} kept."


def _listed(parts: list[str]) -> str:
    text = parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
    return text[:1].upper() + text[1:]


def _identity(device: Device) -> Identity:
    return Identity(
        key_id=device.key_id,
        words=tuple(device.words.split()),
        marks=marks_of(device.factors),
        weak=device.weak_binding,
        joined_at=device.enrolled_at,
        join_code=shown(device.join_code.label) if device.join_code else "",
        let_in_at=device.approved_at,
        agent_version=shown(device.agent_version, 24),
        reports=device.head_seq,
        forks=told(device),
        fork_since=device.fork_since,
        fork_said=device.fork_cure,
        sighted=device.n_sighted,
        sighted_at=device.sighted_at,
        sighting_known=device.sighting_known,
        doubt=device.asset_doubt,
    )
