"""Keep a paper, photograph or signature, and take it off an entry's page again (O7)."""

from typing import Final

import msgspec
from django.db import transaction

from inventory.assets.errors import RegisterError
from inventory.assets.writing import By, Step, write
from inventory.documents.contents import Content, named, recognised
from inventory.documents.storage import store
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import Asset, Document

MOST_PER_ENTRY: Final = 20
"""Photographs and papers of one entry: its invoice, its warranty, every side of it and its damage.
More belongs to the order it came with."""
ADD: Final = "asset.attach"
REMOVE: Final = "asset.detach"


class Kept(msgspec.Struct, frozen=True):
    """A paper that is kept: its id and the SHA-256 of its content, in hex."""

    id: str
    sha256: str


def keep(
    site_id: str, kind: str, name: str, data: bytes, *, asset_id: str | None = None, by: By
) -> Kept:
    """Keep a file, on an entry's page if one is named; the same content twice on one page is once.

    `kind`: `photo`, `document` or `signature`; `name`: what it was called where it came from.
    Raises RegisterError, and then nothing of it shows anywhere.
    """
    content = recognised(kind, data)
    if asset_id is not None:
        _there(site_id, asset_id)  # before anything is written
    digest = store().put(site_id, content.data)
    with transaction.atomic():
        if asset_id is None:
            return _row(Document(site_id=site_id, kind=kind, name=name), content, digest, by)
        asset = _locked(site_id, asset_id)
        shown = Document.objects.filter(site_id=site_id, id__in=asset.papers, sha256=digest)
        if (there := shown.first()) is not None:
            return Kept(there.id, digest)
        if len(asset.papers) >= MOST_PER_ENTRY:
            raise RegisterError(
                "too_many", f"An entry has {MOST_PER_ENTRY} papers at most. Take one off first."
            )
        row = Document(site_id=site_id, asset=asset, kind=kind, name=name)
        kept = _row(row, content, digest, by)
        write(site_id, [Step(asset, ADD, {"papers": [*asset.papers, kept.id]})], by)
    return kept


def remove(site_id: str, asset_id: str, document_id: str, *, by: By) -> None:
    """Take a paper off an entry's page; the file and the history stay. Raises RegisterError."""
    with transaction.atomic():
        asset = _locked(site_id, asset_id)
        if document_id not in asset.papers:
            raise RegisterError("not_found", "That paper is not on this page any more.")
        left = [one for one in asset.papers if one != document_id]
        write(site_id, [Step(asset, REMOVE, {"papers": left})], by)


def _row(row: Document, content: Content, digest: str, by: By) -> Kept:
    row.id = new_id("doc", by.at)
    row.name, row.media_type = named(row.kind, row.name, content.media_type)
    row.sha256, row.size = digest, len(content.data)
    row.added_at, row.added_by = by.at, by.actor
    row.save(force_insert=True)
    ledger.append(
        site_id=row.site_id,
        at=by.at,
        actor=by.actor,
        verb="document.keep",
        subject=row.id,
        after={"kind": row.kind, "sha256": digest, "size": row.size},
    )
    return Kept(row.id, digest)


def _there(site_id: str, asset_id: str) -> None:
    if not Asset.objects.filter(site_id=site_id, id=asset_id).exists():
        raise RegisterError("not_found", "There is no such entry in this school's register.")


def _locked(site_id: str, asset_id: str) -> Asset:
    rows = Asset.objects.select_for_update().filter(site_id=site_id, id=asset_id)
    row = rows.first()
    if row is None:
        raise RegisterError("not_found", "There is no such entry in this school's register.")
    return row
