"""Evidence on disk and in its row: the original bytes by their SHA-256, read once, never changed
and never replaced (I12). A correction is another event, not another file.
"""

from collections.abc import Collection
from typing import Any, Final

import msgspec
from django.db import IntegrityError, transaction

from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.disposal.proof import content, reading
from inventory.disposal.proof.claims import Claim
from inventory.documents.storage import store
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import DisposalEvidence

KINDS: Final = (
    *("wipe_log", "reading", "certificate", "receipt", "destruction", "handover", "photo"),
    *("minute", "offer", "release", "paper", "other"),
)
SOURCES: Final = ("upload", "command", "device")
KEEP: Final = "evidence.keep"
MOST_CLAIMS: Final = 2_000


class Evidence(msgspec.Struct, frozen=True):
    """A file that is kept. `sentence`: why nothing was read from it, "" where something was.
    `erased`: its keeping is past, only the digest is left."""

    id: str
    site: str
    sha256: str
    size: int
    media_type: str
    name: str
    kind: str
    format: str
    claims: list[Claim]
    sentence: str
    added_at: int
    added_by: str
    erased: bool


def keep(
    site_id: str, kind: str, name: str, data: bytes, *, by: By, source: str = "upload"
) -> Evidence:
    """Keep a file as it came and read what it claims. The same content twice is one, whatever it
    was called the second time. Raises RegisterError, and then nothing of it is kept."""
    if kind not in KINDS or source not in SOURCES:
        raise RegisterError("bad_value", "There is no such kind of evidence.", "kind")
    media_type = content.recognised(data)
    found = reading.read(data)
    digest = store().put(site_id, data)
    row = DisposalEvidence(
        id=new_id("ev", by.at),
        site_id=site_id,
        sha256=digest,
        size=len(data),
        media_type=media_type,
        name=content.named(name, media_type),
        kind=kind,
        source=source,
        added_at=by.at,
        added_by=by.actor,
    )
    if isinstance(found, reading.Reading):
        row.parser, row.parser_version = found.format, found.version
        row.parsed = msgspec.to_builtins(found.claims[:MOST_CLAIMS])
    return _shown(_insert(row, by), found)


def by_digest(sites: Collection[str], sha256: str) -> Evidence | None:
    """A kept file by its digest; None where it is not theirs."""
    row = DisposalEvidence.objects.filter(site__in=sites, sha256=sha256).first()
    return _shown(row) if row else None


def by_id(sites: Collection[str], evidence_id: str) -> Evidence | None:
    """A kept file by its id; None where it is not theirs."""
    row = DisposalEvidence.objects.filter(site__in=sites, id=evidence_id).first()
    return _shown(row) if row else None


def original(evidence: Evidence) -> bytes:
    """The bytes as they came. Raises RegisterError where they are past their keeping, or the disk
    has not kept them."""
    if evidence.erased:
        raise RegisterError("erased", "This file is past its keeping; only its digest is left.")
    return store().read(evidence.site, evidence.sha256)


def _insert(row: DisposalEvidence, by: By) -> DisposalEvidence:
    """The row, or the one that was there first. A content that is past its keeping and comes again
    is kept again: its digest is the same, so nothing is replaced."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            rows = DisposalEvidence.objects.select_for_update()
            there = rows.get(site_id=row.site_id, sha256=row.sha256)
            if there.erased_at is None:
                return there
            there.erased_at = None
            there.save(update_fields=["erased_at"])
            row = there
        ledger.append(
            site_id=row.site_id,
            at=by.at,
            actor=by.actor,
            verb=KEEP,
            subject=row.id,
            after={"kind": row.kind, "sha256": row.sha256, "size": row.size},
        )
    return row


def _shown(row: DisposalEvidence, found: Any = None) -> Evidence:
    sentence = found.sentence if isinstance(found, reading.Unreadable) else ""
    if not row.parser and not sentence:
        sentence = "Nothing here is read by a program: somebody types what it says."
    return Evidence(
        id=row.id,
        site=row.site_id,
        sha256=row.sha256,
        size=row.size,
        media_type=row.media_type,
        name=row.name,
        kind=row.kind,
        format=row.parser,
        claims=msgspec.convert(row.parsed, list[Claim]),
        sentence=sentence,
        added_at=row.added_at,
        added_by=row.added_by,
        erased=row.erased_at is not None,
    )
