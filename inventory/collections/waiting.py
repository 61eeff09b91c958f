"""Steps that the papers allow, and that wait for a person who may vouch for them (I2, I8, I9).

A step is signed in the name of whoever took in the receipt or confirmed the certificate.
Where somebody else settled what was in its way, it waits: for the same person, or for another who
has compared the paper with it and says so.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final, Literal

import msgspec

from inventory.collections import differences
from inventory.collections.differences import Compared
from inventory.collections.gathering import Gathered, Thing
from inventory.collections.papers import Difference
from inventory.disposal.states import LEVELS
from inventory.models import Certificate, CertificateLine

Paper = Literal["receipt", "certificate", "end"]
_LEVELS: Final[tuple[str, ...]] = LEVELS


class Due(msgspec.Struct, frozen=True):
    """A step that waits. `paper_id`: of the receipt or certificate, "" for the end; `person`: who
    took it in or confirmed it, "" where it is anybody's; `barred`: who may not."""

    disposal: str
    paper: Paper
    paper_id: str = ""
    person: str = ""
    barred: frozenset[str] = frozenset()


def due(gathered: Gathered, how: Compared) -> tuple[Due, ...]:
    """What waits for a person, by thing."""
    lines = differences.certificate_lines(gathered)
    return tuple(one for thing in gathered.things for one in _of(gathered, how, thing, lines))


def key_of(waits: Sequence[Due]) -> str:
    """What a page shows of them, to be sent back by whoever moves them on."""
    told = sorted(f"{one.disposal} {one.paper} {one.paper_id}" for one in waits)
    return hashlib.sha256("\n".join(told).encode()).hexdigest() if told else ""


def _of(
    gathered: Gathered, how: Compared, thing: Thing, lines: Sequence[CertificateLine]
) -> Iterator[Due]:
    now, receipt = thing.now, gathered.receipt
    if receipt_agrees(gathered, how, thing) and receipt is not None:
        barred = frozenset({now.requester or now.withdrawn_by})
        yield Due(thing.disposal, "receipt", receipt.id, receipt.received_by, barred)
        return
    if now.state != "received":
        return
    certified = certified_lines(gathered, how, thing, lines)
    for paper, _ in certified:
        barred = frozenset({paper.entered_by})
        yield Due(thing.disposal, "certificate", paper.id, paper.decided_by, barred)
    if how.agrees and not certified:
        # What a later paper settled is closed by somebody who did not ask (I2, I10).
        still = any(row.id in now.exceptions for row in how.gone)
        asked = {now.requester or now.withdrawn_by} if still else set()
        yield Due(thing.disposal, "end", barred=frozenset(asked))


def receipt_agrees(gathered: Gathered, how: Compared, thing: Thing) -> bool:
    """Whether the receipt names a thing in full, which is not received yet (I8)."""
    if gathered.receipt is None or thing.now.state != "collected":
        return False
    return not any(one.paper == "receipt" and _concerns(one, thing) for one in how.open)


def certified_lines(
    gathered: Gathered, how: Compared, thing: Thing, lines: Sequence[CertificateLine]
) -> list[tuple[Certificate, dict[str, CertificateLine]]]:
    """What certificates say of its drives, each drive once, by certificate (I9). `lines`: those of
    `differences.certificate_lines`."""
    open_keys = {one.serial for one in how.open if one.paper == "certificate"}
    wanted = {
        key
        for key, medium in thing.now.media.items()
        if medium.leaves and not medium.certified and key not in open_keys
    }
    best: dict[str, CertificateLine] = {}
    for line in lines:
        key = how.same.get(line.key, line.key)
        if key in wanted and line.done and _stronger(line, best.get(key)):
            best[key] = line
    found = []
    for certificate in gathered.certificates:
        own = {k: line for k, line in best.items() if line.certificate_id == certificate.id}
        if own:
            found.append((certificate, own))
    return found


def _stronger(line: CertificateLine, than: CertificateLine | None) -> bool:
    return than is None or _LEVELS.index(line.level) > _LEVELS.index(than.level)


def _concerns(difference: Difference, thing: Thing) -> bool:
    """Whether a difference of a paper is about this thing."""
    if difference.serial:
        return difference.serial in thing.now.media
    return bool(difference.tag) and difference.tag == (thing.label.casefold() or thing.asset)
