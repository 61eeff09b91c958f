"""Holds the stored steps of disposals against the ledger's lines about them, which a chain of its
own protects: steps cut off the end of a history, or a whole disposal, are missed there (I1, I12).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from inventory.disposal.spelling import KINDS
from inventory.ledger import services as ledger
from inventory.ledger.models import Event
from inventory.models import DisposalEvent

PREFIX: Final = "disp_"
_VERBS: Final = [f"disposal.{tag}" for tag in KINDS]
Line = tuple[str, str, str]
"""Verb, subject, digest."""


def misfits(site_id: str) -> set[str]:
    """Disposals, and batches of steps, of which the ledger says something else than is stored."""
    alone: Counter[Line] = Counter()
    batches: dict[tuple[str, str], list[str]] = defaultdict(list)
    rows = DisposalEvent.objects.filter(site_id=site_id).order_by("pk")
    names = ("type", "disposal_id", "seq", "hash", "batch", "disposal__asset_id")
    for tag, disposal, seq, digest, batch, asset in rows.values_list(*names).iterator():
        if batch:
            batches[f"disposal.{tag}", batch].append(digest)
        else:
            after = ledger.digest({"seq": seq, "event": digest, "asset": asset})
            alone[f"disposal.{tag}", disposal, after] += 1
    told: Counter[Line] = Counter()
    told_batches: dict[tuple[str, str], list[str]] = defaultdict(list)
    for verb, subject, after in _lines(site_id):
        if subject.startswith(PREFIX):
            told[verb, subject, after] += 1
        else:
            told_batches[verb, subject].append(after)
    wrong = {subject for _, subject, _ in (alone - told) + (told - alone)}
    for key in batches.keys() | told_batches.keys():
        if not _covers(told_batches.get(key, ()), batches.get(key, [])):
            wrong.add(key[1])
    return wrong


def _lines(site_id: str) -> Iterator[Line]:
    """The ledger's of steps; those of entries that followed have the entry as subject."""
    rows = Event.objects.filter(site_id=site_id, verb__in=_VERBS).exclude(
        subject__startswith="asset_"
    )
    yield from rows.order_by("seq").values_list("verb", "subject", "after_digest").iterator()


def _covers(lines: Iterable[str], hashes: list[str]) -> bool:
    """Whether the lines of a batch, one after the other, are about exactly these steps."""
    at = 0
    for line in lines:
        ends = range(at + 1, len(hashes) + 1)
        found = (end for end in ends if ledger.digest({"events": hashes[at:end]}) == line)
        at = next(found, 0)
        if not at:
            return False
    return at == len(hashes)
