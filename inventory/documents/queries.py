"""What papers there are, and one of them with its content."""

from collections.abc import Collection

import msgspec

from inventory.assets.errors import RegisterError
from inventory.documents.storage import store
from inventory.models import Asset, Document


class Paper(msgspec.Struct, frozen=True):
    """One paper, photograph or signature; `erased`: its content is gone for good."""

    id: str
    site: str
    kind: str
    name: str
    media_type: str
    sha256: str
    size: int
    added_at: int
    added_by: str
    erased: bool

    @property
    def is_picture(self) -> bool:
        """Whether a page can show it."""
        return self.media_type.startswith("image/")


class Whole(msgspec.Struct, frozen=True):
    """A paper with its content."""

    paper: Paper
    data: bytes


def listed(sites: Collection[str], asset_id: str) -> list[Paper]:
    """The papers on an entry's page, oldest first."""
    papers = Asset.objects.filter(site__in=sites, id=asset_id).values_list("papers", flat=True)
    wanted = [one for those in papers for one in those]
    if not wanted:
        return []
    rows = Document.objects.filter(site__in=sites, id__in=wanted)
    return sorted((_paper(row) for row in rows), key=lambda paper: wanted.index(paper.id))


def names(sites: Collection[str], ids: Collection[str]) -> dict[str, str]:
    """Id → what it is called, also of those that were taken off."""
    rows = Document.objects.filter(site__in=sites, id__in=set(ids)) if ids else ()
    return {row.id: row.name for row in rows}


def one(sites: Collection[str], document_id: str) -> Paper | None:
    """A paper without its content; None where it is not theirs."""
    row = Document.objects.filter(site__in=sites, id=document_id).first()
    return _paper(row) if row else None


def by_digest(sites: Collection[str], sha256: str) -> Paper | None:
    """The first paper of this content: how a loan or a count finds its signature."""
    rows = Document.objects.filter(site__in=sites, sha256=sha256, erased_at=None)
    row = rows.order_by("id").first()
    return _paper(row) if row else None


def read(sites: Collection[str], document_id: str) -> Whole | None:
    """A paper with its content; None where it is not theirs. Raises RegisterError where the
    content was erased, or the disk has not kept it."""
    paper = one(sites, document_id)
    if paper is None:
        return None
    if paper.erased:
        raise RegisterError("erased", "What this paper said was erased.")
    return Whole(paper, store().read(paper.site, paper.sha256))


def _paper(row: Document) -> Paper:
    return Paper(
        id=row.id,
        site=row.site_id,
        kind=row.kind,
        name=row.name,
        media_type=row.media_type,
        sha256=row.sha256,
        size=row.size,
        added_at=row.added_at,
        added_by=row.added_by,
        erased=row.erased_at is not None,
    )
