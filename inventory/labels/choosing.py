"""Which entries to print labels for: some, a room, a set, those without a label, by their tags."""

from typing import Any, Final

import msgspec
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from inventory.assets.fields import clean
from inventory.assets.states import GONE
from inventory.models import Asset, LabelCode

MOST_TYPED: Final = 20_000
"""Characters of tags typed or pasted."""
_NAMED: Final = ("id", "tag", "kind", "name", "make", "model", "serial", "room_id", "parent_id")


class Wanted(msgspec.Struct, frozen=True):
    """What was asked for; the first of these that says anything counts. `tags` in lower case."""

    ids: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    room: str = ""
    pool: str = ""
    unlabelled: bool = False

    @property
    def anything(self) -> bool:
        """Whether something was asked for at all."""
        return bool(self.ids or self.tags or self.room or self.pool or self.unlabelled)


class Found(msgspec.Struct, frozen=True):
    """Entries as rows of `id`, `tag`, `kind`, `name`, `make`, `model`, `serial`, `room`, `parent`
    and `code` ("" for none), in order of tag; `more`: there are others beyond `most`; `missing`:
    tags nothing has."""

    rows: list[dict[str, Any]]
    more: bool
    missing: list[str]


def typed(text: str) -> tuple[str, ...]:
    """Tags as somebody typed or pasted them, between spaces, commas or lines; each once."""
    parts = text[:MOST_TYPED].replace(",", " ").replace(";", " ").split()
    return tuple(dict.fromkeys(str(clean("tag", part[:64])).lower() for part in parts))


def find(site_id: str, wanted: Wanted, most: int) -> Found:
    """The entries of one school: at most `most`."""
    there = Asset.objects.filter(site_id=site_id).exclude(state__in=GONE)
    good = LabelCode.objects.filter(asset_id=OuterRef("id"), void_at=None)
    rows = list(
        _narrowed(there, wanted, Exists(good))
        .annotate(code=good.values("code")[:1])
        .order_by("tag", "name", "id")
        .values(*_NAMED, "code")[: most + 1]
    )
    has = {row["tag"].lower() for row in rows}
    missing = [tag for tag in wanted.tags if tag not in has] if not wanted.ids else []
    return Found([_row(row) for row in rows[:most]], len(rows) > most, missing)


def unlabelled(site_id: str) -> int:
    """How many entries of a school have no label that is good."""
    there = Asset.objects.filter(site_id=site_id).exclude(state__in=GONE)
    good = LabelCode.objects.filter(asset_id=OuterRef("id"), void_at=None)
    return there.filter(~Exists(good)).count()


def _narrowed(rows: QuerySet[Asset], wanted: Wanted, has_code: Exists) -> QuerySet[Asset]:
    if wanted.ids:
        return rows.filter(id__in=wanted.ids)
    if wanted.tags:
        return rows.exclude(tag="").alias(low=Lower("tag")).filter(low__in=wanted.tags)
    if wanted.room:
        return rows.filter(Q(room=wanted.room) | Q(parent__room=wanted.room))
    if wanted.pool:
        return rows.filter(pool=wanted.pool)
    return rows.filter(~has_code) if wanted.unlabelled else rows.none()


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **{name.removesuffix("_id"): row[name] or "" for name in _NAMED if name != "id"},
        "id": row["id"],
        "code": row["code"] or "",
    }
