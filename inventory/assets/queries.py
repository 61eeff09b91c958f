"""The list of what a school owns: what may be asked of it, one page of it, and its numbers.

A page costs the same at 50 entries and at 50,000: it reads as many rows as it shows, by an index.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final, Literal, get_args

import msgspec
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from inventory.assets.folding import Change, fold
from inventory.assets.kinds import kinds
from inventory.assets.states import GONE, OWNED, STATES
from inventory.assets.writing import values_of
from inventory.many import by_id
from inventory.models import Asset, AssetEvent, AssetTally, AssetText
from inventory.paging import Key, decode, page

Sort = Literal["name", "tag", "newest", "room"]
Gap = Literal["no_tag", "no_serial", "no_room", "no_holder", "no_kind", "no_cost", "no_bought_on"]
Due = Literal["overdue", "warranty_over", "review", "replace", "support_over"]
SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
GAPS: Final[tuple[Gap, ...]] = get_args(Gap)
DUES: Final[tuple[Due, ...]] = get_args(Due)

PAGE_SIZE: Final = 100
LONGEST_SEARCH: Final = 100
MOST_WORDS: Final = 6
MOST_CONTAINERS: Final = 500
MOST_COUNTED: Final = 5_000
"""Of what words find, which are then named in further questions; beyond it the number tells nobody
more, and counting on cost half the page."""

_ORDERS: Final[Mapping[Sort, tuple[Key, ...]]] = {
    "name": (Key("name", str), Key("id", str)),
    "tag": (Key("tag", str), Key("id", str)),
    "newest": (Key("created_at", int, descending=True), Key("id", str, descending=True)),
    "room": (Key("room_id", str, nullable=True), Key("name", str), Key("id", str)),
}
_EMPTY: Final[Mapping[Gap, Q]] = {
    "no_tag": Q(tag=""),
    "no_serial": Q(serial=""),
    "no_room": Q(room=None, parent=None),
    "no_holder": Q(holder=""),
    "no_kind": Q(kind="other"),
    "no_cost": Q(cost_pence=None),
    "no_bought_on": Q(bought_on=""),
}
_DAYS: Final[Mapping[Due, str]] = {
    "overdue": "due_on",
    "warranty_over": "warranty_until",
    "review": "review_on",
    "replace": "replace_on",
    "support_over": "support_ends",
}


class Asked(msgspec.Struct, frozen=True):
    """What to list. Empty means any; `states` empty means everything that is not gone."""

    search: str = ""
    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    room: str = ""
    pool: str = ""
    holder: str = ""
    parent: str = ""
    gap: Gap | Literal[""] = ""
    due: Due | Literal[""] = ""
    sort: Sort = "name"
    after: str = ""
    before: str = ""


class Listed(msgspec.Struct, frozen=True):
    """One page: entries as rows of values, and the cursors around it, "" where the list ends."""

    rows: list[dict[str, Any]]
    previous: str
    next: str


class Past(msgspec.Struct, frozen=True):
    """One event of an entry, for its page and its export."""

    seq: int
    at: int
    actor: str
    source: str
    verb: str
    before: dict[str, Any]
    after: dict[str, Any]
    batch: str


def read(query: Mapping[str, str]) -> Asked:
    """From an address bar: what is not understood is left out, never an error."""
    query = {name: value.replace("\0", "") for name, value in query.items()}  # no column holds it
    sort, gap, due = query.get("sort", ""), query.get("gap", ""), query.get("due", "")
    return Asked(
        search=query.get("q", "")[:LONGEST_SEARCH],
        kinds=tuple(k for k in query.get("kind", "").split(",") if k in kinds()),
        states=tuple(s for s in query.get("state", "").split(",") if s in STATES),
        room=query.get("room", "")[:32],
        pool=query.get("pool", "")[:32],
        holder=query.get("holder", "")[:32],
        parent=query.get("in", "")[:32],
        gap=next((one for one in GAPS if one == gap), ""),
        due=next((one for one in DUES if one == due), ""),
        sort=next((one for one in SORTS if one == sort), "name"),
        after=query.get("after", ""),
        before=query.get("before", ""),
    )


def written(asked: Asked) -> dict[str, str]:
    """A search as an address has it, without where one is in the list; `read` gives it back."""
    found = {
        "q": asked.search,
        "kind": ",".join(asked.kinds),
        "state": ",".join(asked.states),
        "room": asked.room,
        "pool": asked.pool,
        "holder": asked.holder,
        "in": asked.parent,
        "gap": asked.gap,
        "due": asked.due,
        "sort": "" if asked.sort == "name" else asked.sort,
    }
    return {name: value for name, value in found.items() if value}


def knows(asked: Asked) -> bool:
    """Whether its cursors are ours; a page shows its beginning otherwise, a program is told."""
    order = _ORDERS[asked.sort]
    return all(not one or decode(one, order) is not None for one in (asked.after, asked.before))


def listed(sites: Collection[str], asked: Asked, today: str, size: int = PAGE_SIZE) -> Listed:
    """One page of the entries of these schools. `today`: the school's day, `YYYY-MM-DD`."""
    order = _ORDERS[asked.sort]
    rows = chosen(sites, asked, today)
    found = page(rows, order, size, after=asked.after, before=asked.before)
    return Listed([_row(row) for row in found.rows], found.previous, found.next)


def count(sites: Collection[str], asked: Asked, today: str) -> int:
    """How many entries that is; kept where only states and kinds are asked for."""
    kept = msgspec.structs.replace(Asked(), states=asked.states, kinds=asked.kinds)
    if msgspec.structs.replace(asked, sort="name", after="", before="") != kept:
        return chosen(sites, asked, today).count()
    states = asked.states or OWNED
    return sum(
        n
        for (state, kind), n in by_state(sites).items()
        if state in states and (not asked.kinds or kind in asked.kinds)
    )


def found(
    sites: Collection[str], asked: Asked, today: str, size: int = PAGE_SIZE
) -> tuple[Listed, int]:
    """One page, and how many entries there are on all of them: exact up to MOST_COUNTED where words
    are sought, and one more for any number above."""
    rows = _narrowed(sites, asked, today)
    if asked.search.split():
        texts = _holding(sites, asked.search)
        few, ids = _few(texts)
        if few is not None:
            rows = rows.filter(id__in=few)
            number = rows.count()
        else:
            # Most that hold the words are listed, so twice as many hold enough; where they do not,
            # what else was asked for leaves few rows to look through.
            number = rows.filter(id__in=ids[: 2 * MOST_COUNTED])[: MOST_COUNTED + 1].count()
            rows = rows.filter(Exists(texts.filter(asset_id=OuterRef("id"))))
            if number <= MOST_COUNTED:
                number = rows[: MOST_COUNTED + 1].count()
    else:
        number = count(sites, asked, today)
    shown = page(rows, _ORDERS[asked.sort], size, after=asked.after, before=asked.before)
    return Listed([_row(row) for row in shown.rows], shown.previous, shown.next), number


def by_state(sites: Collection[str]) -> dict[tuple[str, str], int]:
    """(state, kind) → number of entries."""
    rows = AssetTally.objects.filter(site__in=sites, n__gt=0).values_list("state", "kind")
    return {(state, kind): n for state, kind, n in rows.annotate(sum=Sum("n")).order_by()}


def chosen(sites: Collection[str], asked: Asked, today: str) -> QuerySet[Asset]:
    """The entries asked for, in no order."""
    rows = _narrowed(sites, asked, today)
    if not asked.search.split():
        return rows
    few, ids = _few(_holding(sites, asked.search))
    return rows.filter(id__in=few if few is not None else ids)


def _narrowed(sites: Collection[str], asked: Asked, today: str) -> QuerySet[Asset]:
    """Likewise, whatever words were sought."""
    rows = Asset.objects.filter(site__in=sites)
    rows = rows.filter(state__in=asked.states) if asked.states else rows.exclude(state__in=GONE)
    if asked.kinds:
        rows = rows.filter(kind__in=asked.kinds)
    for name in ("room", "pool", "parent", "holder"):
        if wanted := getattr(asked, name):
            rows = rows.filter(**{name: wanted})
    if asked.gap:
        rows = rows.filter(_EMPTY[asked.gap])
    if asked.due:
        name = _DAYS[asked.due]
        rows = rows.filter(**{f"{name}__gt": "", f"{name}__lt": today})
    return rows


def _holding(sites: Collection[str], search: str) -> QuerySet[AssetText]:
    """Texts that hold all of these words."""
    texts = AssetText.objects.filter(site__in=sites)
    for word in search.casefold().split()[:MOST_WORDS]:
        texts = texts.filter(GreaterThan(StrIndex("text", Value(word)), 0))
    return texts


def _few(texts: QuerySet[AssetText]) -> tuple[list[str] | None, QuerySet[AssetText, str]]:
    """Ids of their entries where they are few (None: many), and the question for all of them.

    Few are named, so that texts are looked through once. Of many, a list in order soon meets enough
    that are among them.
    """
    ids = texts.values_list("asset_id", flat=True)
    few = list(ids[: MOST_COUNTED + 1])
    return (few if len(few) <= MOST_COUNTED else None), ids


def one(sites: Collection[str], asset_id: str) -> dict[str, Any] | None:
    """An entry's values with `id`, `site`, `seq` and `created_at`; None where it is not theirs."""
    row = Asset.objects.filter(site__in=sites, id=asset_id).first()
    return _row(row) if row else None


def some(sites: Collection[str], asset_ids: Collection[str]) -> list[dict[str, Any]]:
    """Those of the entries that are theirs, by id."""
    return [_row(row) for row in by_id(Asset.objects.filter(site__in=sites), asset_ids)]


def history(sites: Collection[str], asset_id: str) -> list[Past]:
    """Everything that happened to an entry, newest first."""
    events = AssetEvent.objects.filter(site__in=sites, asset_id=asset_id).order_by("-seq")
    names = Past.__struct_fields__
    return [Past(*(getattr(event, name) for name in names)) for event in events]


def values_at(sites: Collection[str], asset_id: str, seq: int) -> dict[str, Any] | None:
    """An entry's values after its event number `seq`; None where it has no such event or is not
    theirs."""
    events = AssetEvent.objects.filter(site__in=sites, asset_id=asset_id, seq__lte=seq)
    changes = [Change(event.seq, event.before, event.after) for event in events.order_by("seq")]
    return fold(changes) if changes and len(changes) == seq else None


def containers(sites: Collection[str]) -> list[tuple[str, str]]:
    """Id and name of what other things may be kept in, by name; the first 500 of them."""
    holding = [name for name, kind in kinds().items() if kind.holds]
    rows = Asset.objects.filter(site__in=sites, kind__in=holding).exclude(state__in=GONE)
    found = rows.order_by("name", "tag", "id").values_list("id", "name", "tag")
    return [(asset_id, name or tag) for asset_id, name, tag in found[:MOST_CONTAINERS]]


def _row(row: Asset) -> dict[str, Any]:
    extra = {"id": row.id, "site": row.site_id, "seq": row.seq, "created_at": row.created_at}
    return {**extra, **values_of(row)}
