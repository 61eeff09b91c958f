"""What is with whom: loans as rows, one page at a time, and what one person, one handover or
everybody who leaves has.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final, Literal, get_args

import msgspec
from django.db.models import Count, Q, QuerySet

from inventory.many import parts
from inventory.models import Allocation, Asset, AssetText, Person
from inventory.paging import Key, page

View = Literal["lent", "overdue", "week", "home", "all"]
VIEWS: Final[tuple[View, ...]] = get_args(View)
PAGE_SIZE: Final = 100
MOST: Final = 500
"""Rows of a list that has no pages: one person's, one handover's, the leavers'."""
LONGEST_SEARCH: Final = 100
MOST_WORDS: Final = 6
_ORDER: Final = (Key("due_on", str), Key("id", str))


class Loan(msgspec.Struct, frozen=True):
    """One thing with one holder, from `since` until `until` (None: still). `thing`: the entry's
    values a page needs; `text`: the name and version of the school's words."""

    id: str
    site: str
    asset: str
    thing: Mapping[str, str]
    holder: str
    since: int
    given_by: str
    due_on: str
    goes_home: bool
    conditions: str
    text: str
    asks_scan: bool
    reason: str
    personal_use: str
    declared_at: int | None
    note: str
    until: int | None
    taken_by: str
    returned_as: str
    return_note: str
    scanned: str
    signature: str
    return_signature: str
    batch: str
    return_batch: str


class Asked(msgspec.Struct, frozen=True):
    """What to list. `view`: with a day to bring it back, past that day, within a week, gone home,
    or everything anybody has."""

    view: View = "lent"
    search: str = ""
    after: str = ""
    before: str = ""


class Listed(msgspec.Struct, frozen=True):
    """One page of loans, and the cursors around it, "" where the list ends."""

    rows: list[Loan]
    previous: str
    next: str


def read(query: Mapping[str, str]) -> Asked:
    """From an address bar: what is not understood is left out, never an error."""
    query = {name: value.replace("\0", "") for name, value in query.items()}
    view = query.get("view", "")
    return Asked(
        view=next((one for one in VIEWS if one == view), "lent"),
        search=query.get("q", "")[:LONGEST_SEARCH],
        after=query.get("after", ""),
        before=query.get("before", ""),
    )


def listed(sites: Collection[str], asked: Asked, today: str, week: str) -> Listed:
    """One page of what is out, the longest overdue first. `today` and `week`, the last day of the
    coming seven, are the school's, `YYYY-MM-DD`."""
    rows = _open(sites).filter(_views(today, week)[asked.view])
    for word in asked.search.casefold().split()[:MOST_WORDS]:
        said = AssetText.objects.filter(site__in=sites, text__contains=word).values("asset_id")
        rows = rows.filter(Q(asset__in=said) | _named(word, "person__"))
    found = page(rows, _ORDER, PAGE_SIZE, after=asked.after, before=asked.before)
    return Listed([told(row) for row in found.rows], found.previous, found.next)


def counts(sites: Collection[str], today: str, week: str) -> dict[View, int]:
    """How many loans each view has: one query."""
    wanted = {
        str(name): Count("id", filter=chosen or None)
        for name, chosen in _views(today, week).items()
    }
    found = Allocation.objects.filter(site__in=sites, until=None).aggregate(**wanted)
    return {name: found[name] for name in VIEWS}


def of_holder(sites: Collection[str], holder: str) -> tuple[list[Loan], list[Loan]]:
    """What somebody has, by day to bring it back, and what they had, newest first."""
    rows = _all(sites).filter(person_id=holder)
    has = [told(row) for row in rows.filter(until=None).order_by("due_on", "id")[:MOST]]
    had = [told(row) for row in rows.exclude(until=None).order_by("-until", "-id")[:MOST]]
    return has, had


def one(sites: Collection[str], loan_id: str) -> Loan | None:
    """One loan; None where it is not theirs."""
    row = _all(sites).filter(id=loan_id).first()
    return told(row) if row else None


def open_of(sites: Collection[str], asset_ids: Collection[str]) -> list[Loan]:
    """What is out of these things, in the order of their tags."""
    rows = [row for part in parts(asset_ids) for row in _open(sites).filter(asset_id__in=part)]
    return [told(row) for row in sorted(rows, key=lambda row: (row.asset.tag, row.id))]


def handover(sites: Collection[str], batch: str) -> tuple[list[Loan], bool]:
    """What was handed over in one step, and whether it came back in it rather than went out."""
    given = list(_all(sites).filter(batch=batch).order_by("asset__tag", "id")[:MOST])
    if given or not batch:
        return [told(row) for row in given], False
    back = _all(sites).filter(return_batch=batch).exclude(batch=batch)
    return [told(row) for row in back.order_by("asset__tag", "id")[:MOST]], True


def of_leavers(sites: Collection[str], until_day: str) -> list[Loan]:
    """What people have who left or leave by that day, person by person."""
    leaving = Q(person__left_on__gt="", person__left_on__lte=until_day)
    rows = _open(sites).filter(leaving).order_by("person__left_on", "person_id", "due_on", "id")
    return [told(row) for row in rows[:MOST]]


def past_due(sites: Collection[str], today: str) -> list[Loan]:
    """What should be back by now and is not with somebody who leaves."""
    rows = _open(sites).filter(due_on__gt="", due_on__lt=today).order_by("due_on", "id")
    return [told(row) for row in rows[:MOST]]


def numbers(sites: Collection[str], holders: Collection[str]) -> dict[str, int]:
    """How many things each of these has."""
    found: dict[str, int] = {}
    for part in parts(holders):
        rows = Asset.objects.filter(site__in=sites, holder__in=part).values_list("holder")
        found |= dict(rows.annotate(n=Count("id")).order_by())
    return found


def told(row: Allocation) -> Loan:
    """A row as pages read it; it must come with its thing and its text."""
    thing = row.asset
    names = ("tag", "name", "kind", "make", "model", "serial", "state")
    plain = set(Loan.__struct_fields__) - {"site", "asset", "thing", "holder", "text", "asks_scan"}
    values: dict[str, Any] = {name: getattr(row, name) for name in plain}
    return Loan(
        **values,
        site=row.site_id,
        asset=row.asset_id,
        thing={name: getattr(thing, name) for name in names},
        holder=row.person_id or row.room_id or row.pool_id or row.trolley_id or "",
        text=f"{row.terms.name}, version {row.terms.version}" if row.terms else "",
        asks_scan=bool(row.terms and row.terms.asks_scan),
    )


def _all(sites: Collection[str]) -> QuerySet[Allocation]:
    return Allocation.objects.filter(site__in=sites).select_related("asset", "terms")


def _open(sites: Collection[str]) -> QuerySet[Allocation]:
    return _all(sites).filter(until=None)


def _views(today: str, week: str) -> dict[View, Q]:
    return {
        "lent": Q(due_on__gt=""),
        "overdue": Q(due_on__gt="", due_on__lt=today),
        "week": Q(due_on__gte=today, due_on__lte=week),
        "home": Q(goes_home=True),
        "all": Q(),
    }


def _named(word: str, prefix: str = "") -> Q:
    """People whose name, reference or class has this in it. SQLite folds capitals of ASCII only,
    so others are asked for as they are commonly written."""
    spelt = {word, word.title(), word.upper()}
    found = Q()
    for column in ("name", "reference", "group"):
        for one_spelling in spelt:
            found |= Q(**{f"{prefix}{column}__icontains": one_spelling})
    return found


class AskedPeople(msgspec.Struct, frozen=True):
    """Which people to list: of a kind; here, leaving or gone (`who`); who have something."""

    search: str = ""
    kind: str = ""
    who: str = ""
    having: bool = False
    after: str = ""
    before: str = ""


class Somebody(msgspec.Struct, frozen=True):
    """One person of the register; `name` is "" once erased."""

    id: str
    site: str
    name: str
    kind: str
    reference: str
    group: str
    profile: str
    left_on: str


class ListedPeople(msgspec.Struct, frozen=True):
    """One page of people."""

    rows: list[Somebody]
    previous: str
    next: str


WHO: Final = ("leaving", "left")
_BY_NAME: Final = (Key("name", str), Key("id", str))


def read_people(query: Mapping[str, str], kinds: Collection[str]) -> AskedPeople:
    """From an address bar, likewise."""
    query = {name: value.replace("\0", "") for name, value in query.items()}
    kind, who = query.get("kind", ""), query.get("who", "")
    return AskedPeople(
        search=query.get("q", "")[:LONGEST_SEARCH],
        kind=kind if kind in kinds else "",
        who=who if who in WHO else "",
        having=query.get("having") == "yes",
        after=query.get("after", ""),
        before=query.get("before", ""),
    )


def people(sites: Collection[str], asked: AskedPeople, today: str) -> ListedPeople:
    """One page of the people who are known, by name."""
    found = page(
        chosen_people(sites, asked, today),
        _BY_NAME,
        PAGE_SIZE,
        after=asked.after,
        before=asked.before,
    )
    return ListedPeople([_somebody(row) for row in found.rows], found.previous, found.next)


def count_people(sites: Collection[str], asked: AskedPeople, today: str) -> int:
    """How many there are of them."""
    return chosen_people(sites, asked, today).count()


def chosen_people(sites: Collection[str], asked: AskedPeople, today: str) -> QuerySet[Person]:
    """Those asked for; whoever left is named only when asked for or while they have something."""
    rows = Person.objects.filter(site__in=sites).exclude(name="")
    having = Q(id__in=Asset.objects.filter(site__in=sites).values("holder"))
    here = Q(left_on="") | Q(left_on__gte=today)
    rows = rows.filter({"leaving": Q(left_on__gte=today), "left": ~here}.get(asked.who, Q()))
    if not asked.who and not asked.search:
        rows = rows.filter(here | having)
    rows = rows.filter(kind=asked.kind) if asked.kind else rows
    rows = rows.filter(having) if asked.having else rows
    for word in asked.search.casefold().split()[:MOST_WORDS]:
        rows = rows.filter(_named(word))
    return rows


def somebody(sites: Collection[str], person_id: str) -> Somebody | None:
    """One person; None where they are not theirs."""
    row = Person.objects.filter(site__in=sites, id=person_id).first()
    return _somebody(row) if row else None


def by_ids(sites: Collection[str], ids: Collection[str]) -> dict[str, Somebody]:
    """Several people."""
    rows = (r for part in parts(ids) for r in Person.objects.filter(site__in=sites, id__in=part))
    return {row.id: _somebody(row) for row in rows}


def to_choose(sites: Collection[str], today: str, most: int = 3_000) -> list[Somebody]:
    """People something may be given to: known and not gone."""
    here = Q(left_on="") | Q(left_on__gte=today)
    rows = Person.objects.filter(here, site__in=sites).exclude(name="").order_by("name", "id")
    return [_somebody(row) for row in rows[:most]]


def _somebody(row: Person) -> Somebody:
    values = {name: getattr(row, name) for name in Somebody.__struct_fields__ if name != "site"}
    return Somebody(site=row.site_id, **values)
