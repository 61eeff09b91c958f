"""Guards on collection, receipt, certificate and hand-over (I2, I5, I7, I8, I9, I10)."""

import re
from collections.abc import Iterable
from typing import Final

from inventory.disposal import events
from inventory.disposal.now import Now
from inventory.disposal.proving import leaving, uncertified, unproven
from inventory.disposal.refusing import Refused
from inventory.disposal.rules import Rules, at_least
from inventory.disposal.states import OUTCOMES
from inventory.disposal.values import Paper

PAPERS: Final = {
    "carrier": "registration as a waste carrier",
    "permit": "permit or exemption for treating waste",
    "accreditation": "accreditation",
    "agreement": "data-processing agreement",
    "guarantee": "written guarantee",
    "insurance": "insurance",
}
"""What people call a contractor's papers."""


_STRANGER: Final = re.compile("[0-9a-f]{64}")
"""A digest that stands for somebody who is nobody of the school."""


def _listed(serials: Iterable[str]) -> str:
    return ", ".join(sorted(serials)) or "none"


def route_is_waste(now: Now, event: events.Collected, rules: Rules) -> None:
    """A contractor collects what was approved as waste (I2)."""
    if now.route != "waste":
        raise Refused("other_route")


def all_proven(now: Now, event: events.Disposed | events.HandedOver, rules: Rules) -> None:
    """Every medium by serial, counted again at the door (I5, T6)."""
    open_ones = unproven(now, rules)
    if open_ones:
        raise Refused("not_proven", serials=_listed(open_ones))


def ready_or_offsite(now: Now, event: events.Collected, rules: Rules) -> None:
    """Nothing unproven is collected, unless the rules let the contractor do it (I5, I9)."""
    if not rules.wiping.offsite and unproven(now, rules):
        raise Refused("not_proven", serials=_listed(unproven(now, rules)))


def destructions_seen(now: Now, event: events.Collected, rules: Rules) -> None:
    """What is said to be destroyed is confirmed before the rest is gone (I2, I5)."""
    unsure = [serial for serial, medium in now.media.items() if medium.unconfirmed]
    if unsure:
        raise Refused("unconfirmed", serials=_listed(unsure))


def papers_in_force(now: Now, event: events.Collected, rules: Rules) -> None:
    """The contractor was authorised on that very day (I7, T3, T8)."""
    for kind in rules.contractors.papers:
        held = [paper for paper in event.papers if paper.kind == kind]
        if not any(_in_force(paper, event.day) for paper in held):
            _refuse_paper(kind, held, event.day)


def _in_force(paper: Paper, day: str) -> bool:
    return paper.valid_from <= day and (not paper.valid_until or day <= paper.valid_until)


def _refuse_paper(kind: str, held: list[Paper], day: str) -> None:
    name = PAPERS[kind]
    ended = [paper.valid_until for paper in held if paper.valid_until and paper.valid_until < day]
    if ended:
        raise Refused("paper_expired", paper=name, until=max(ended), day=day)
    if held:
        since = min(paper.valid_from for paper in held)
        raise Refused("paper_not_yet", paper=name, since=since, day=day)
    raise Refused("paper_missing", paper=name, day=day)


def manifest_complete(now: Now, event: events.Collected, rules: Rules) -> None:
    """The manifest lists exactly what goes along (I10)."""
    if sorted(event.manifest) != sorted(leaving(now)):
        raise Refused("manifest_differs", serials=_listed(leaving(now)))


def same_contractor(now: Now, event: events.Received | events.Certified, rules: Rules) -> None:
    """Receipt and certificate are of whoever took it away (I8)."""
    other = event.contractor != now.contractor
    if other or (isinstance(event, events.Received) and event.collection != now.collection):
        raise Refused("other_contractor")


def accepts(now: Now, event: events.Received, rules: Rules) -> None:
    """The receipt accepts responsibility for destroying personal data (I8, T5)."""
    if not event.accepts_responsibility:
        raise Refused("not_accepted")


def receipt_lists(now: Now, event: events.Received, rules: Rules) -> None:
    """The receipt lists the thing and every medium that went along (I8, T4)."""
    absent = sorted(leaving(now) - set(event.serials))
    if event.tag != now.tag:
        absent.insert(0, "the thing by its tag")
    if absent:
        raise Refused("receipt_short", missing=", ".join(absent))


def receiver_apart(now: Now, event: events.Received, rules: Rules) -> None:
    """Receiver ≠ requester (I2, S6)."""
    if now.requester in {event.receiver, event.actor}:
        raise Refused("same_receiver")


def receiver_speaks(now: Now, event: events.Received, rules: Rules) -> None:
    """The receiver records the receipt (I1, I2)."""
    if event.receiver != event.actor:
        raise Refused("speaks_for_other")


def confirmer_apart(now: Now, event: events.Certified, rules: Rules) -> None:
    """Who typed a certificate ≠ who confirms it (I2)."""
    if event.entered_by == event.confirmed_by:
        raise Refused("same_confirmer")


def confirmer_speaks(now: Now, event: events.Certified, rules: Rules) -> None:
    """Who confirms a certificate records it (I1, I2)."""
    if event.confirmed_by != event.actor:
        raise Refused("speaks_for_other")


def lines_left(now: Now, event: events.Certified, rules: Rules) -> None:
    """A certificate is about media that left with this (I10)."""
    for line in event.lines:
        medium = now.media.get(line.serial)
        if medium is None or not medium.leaves:
            state = medium.state if medium else "not in it"
            raise Refused("certified_not_left", serial=line.serial, state=state)


def lines_once(now: Now, event: events.Certified, rules: Rules) -> None:
    """No medium is certified twice (I10)."""
    before = {serial for serial, medium in now.media.items() if medium.certified}
    for line in event.lines:
        if line.serial in before:
            raise Refused("certified_twice", serial=line.serial)
        before.add(line.serial)


def lines_of_failed(now: Now, event: events.Certified, rules: Rules) -> None:
    """A wipe of a failed medium is fraud or a mix-up of serials (I6)."""
    for line in event.lines:
        medium = now.media.get(line.serial)
        if medium and medium.failed and line.level != "destroy":
            raise Refused("certified_failed", serial=line.serial)


def lines_succeeded(now: Now, event: events.Certified, rules: Rules) -> None:
    """“Erased with exceptions” is not erased (I5, I9)."""
    for line in event.lines:
        if not line.succeeded:
            raise Refused("certified_not_done", serial=line.serial)


def lines_after_collection(now: Now, event: events.Certified, rules: Rules) -> None:
    """A contractor does nothing to what they do not have (I9)."""
    for line in event.lines:
        if now.collected_at is not None and line.finished_at < now.collected_at:
            raise Refused("certified_before", serial=line.serial)


def lines_reach(now: Now, event: events.Certified, rules: Rules) -> None:
    """A certificate claims no level that its technique cannot reach (I5)."""
    for line in event.lines:
        medium = now.media.get(line.serial)
        if medium is None or line.level == "destroy":
            continue
        reaches = rules.reached(line.technique, medium.family) if line.technique else None
        if reaches is None or not at_least(reaches, line.level):
            said = f"“{reaches}”" if reaches else "nothing"
            raise Refused("level_not_reached", serial=line.serial, level=line.level, reaches=said)


def all_certified(now: Now, event: events.Disposed, rules: Rules) -> None:
    """A certificate names each medium that left, as the rules ask (I9, I10, T8)."""
    open_ones = uncertified(now, rules)
    if open_ones:
        raise Refused("certificate_missing", serials=_listed(open_ones))


def reconciled(now: Now, event: events.Disposed, rules: Rules) -> None:
    """Set = manifest = receipt = certificate, each serial once (I10).

    What turned up at the contractor's is not on the manifest, and what the receipt names besides
    had its exception; both were closed before this.
    """
    left = leaving(now)
    late = {serial for serial in left if now.media[serial].late}
    certified = {serial for serial in left if now.media[serial].certified}
    wanted = (
        ("The manifest", event.manifest, left - late, left),
        ("The receipt", event.receipt, left - late, left | set(now.receipt)),
        ("The certificate", event.certificate, certified, certified),
    )
    for paper, listed, least, most in wanted:
        doubled = {serial for serial in listed if listed.count(serial) > 1}
        wrong = (least - set(listed)) | (set(listed) - most) | doubled
        if wrong:
            raise Refused("not_reconciled", paper=paper, serials=_listed(wrong))


def on_no_other_entry(now: Now, event: events.Disposed, rules: Rules) -> None:
    """One medium does not leave with two things (I10)."""
    if event.elsewhere:
        raise Refused("on_other_entry", serials=_listed(event.elsewhere))


def outcome_of_route(now: Now, event: events.HandedOver, rules: Rules) -> None:
    """It goes the way that was approved (I2)."""
    if now.route is None or OUTCOMES.get(now.route) != event.outcome:
        raise Refused("other_route")


def outsider_vouched(now: Now, event: events.HandedOver, rules: Rules) -> None:
    """Of a recipient whom nobody here could tell, whoever hands over says that they had no part in
    it (I2)."""
    if _STRANGER.fullmatch(event.recipient) and not event.outsider:
        raise Refused("outsider_unsaid")


def recipient_apart(now: Now, event: events.HandedOver, rules: Rules) -> None:
    """Recipient ≠ requester, approver, or whoever hands it over (I2)."""
    if event.recipient in {now.requester, event.actor, *now.approvers}:
        raise Refused("same_recipient")
