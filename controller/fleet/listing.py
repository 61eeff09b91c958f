"""The list of computers: what may be asked of it, and its rows.

Only columns of `Device` and its register entry are read, so a page costs the same at 50 computers
and at 45,000.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from checks.catalogue import catalogue
from controller.fleet.conditions import (
    CONDITIONS,
    Condition,
    condition_of,
    condition_q,
    condition_sql,
    heard,
    is_silent,
    left,
    silent,
)
from controller.fleet.models import OPEN, SEVERITY_RANK, Device, Verdict
from controller.wording.shown import shown
from controller.wording.words import Label, words
from inventory import paging
from inventory.paging import Key

Sort = Literal["worst", "name", "heard"]
PAGE_SIZE: Final = 50
LONGEST_SEARCH: Final = 100
LARGE: Final = 10_000
"""Computers from which on counting all of them anew for each page is felt (0.1 s at 45,000)."""

TABS_SECONDS: Final = 20
_URGENCY: Final = {rank: severity for severity, rank in SEVERITY_RANK.items()}

ORDERS: Final[dict[Sort, tuple[Key, ...]]] = {
    "worst": (
        Key("worst", int, descending=True),
        Key("n_fail", int, descending=True),
        Key("name", str),
        Key("id", str),
    ),
    "name": (Key("name", str), Key("id", str)),
    "heard": (Key("last_seen_at", int, nullable=True), Key("id", str)),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked for; anything not understood is left out, never an error."""

    search: str = ""
    condition: Condition | Literal[""] = ""
    area: str = ""
    check: str = ""
    profile: str | None = None
    platform: str = ""
    sort: Sort = "worst"
    after: str = ""
    before: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Filters":
        """From the address bar."""

        def one_of(name: str, allowed: Mapping[str, object] | tuple[str, ...]) -> str:
            value = query.get(name, "")
            return value if value in allowed else ""

        known = words()
        profile = query.get("for")
        return cls(
            search=shown(query.get("q", "").replace("\0", ""), LONGEST_SEARCH),
            condition=one_of("state", CONDITIONS),  # type: ignore[arg-type]  # closed by one_of
            area=one_of("area", tuple(domain.name for domain in catalogue().domains)),
            check=query.get("check", "") if catalogue().check(query.get("check", "")) else "",
            profile=_profile(profile) if profile else None,
            platform=one_of("runs", known.platforms),
            sort=one_of("sort", get_args(Sort)) or "worst",  # type: ignore[arg-type]  # checked
            after=query.get("after", ""),
            before=query.get("before", ""),
        )

    def narrowed(self) -> bool:
        """Whether anything but the order was asked for."""
        asked = (self.search, self.condition, self.area, self.check, self.platform)
        return any(asked) or self.profile is not None


def _profile(value: str) -> str | None:
    if value == "unset":
        return ""
    return value if value in words().profiles else None


@dataclass(frozen=True, slots=True)
class Row:
    """One computer in the list; every string may be shown as it is."""

    id: str
    site: str
    name: str
    model: str
    tag: str
    serial: str
    profile: str
    platform: str
    os_name: str
    condition: Condition
    label: Label
    silent: bool
    urgency: str
    severity: str
    n_fail: int
    n_warn: int
    n_unknown: int
    n_pass: int
    last_seen_at: int | None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list, and what stands around it."""

    rows: list[Row]
    previous: str
    next: str
    total: int
    tabs: dict[str, int]


def listing(devices: QuerySet[Device], filters: Filters, now: int, whose: str) -> Listing:
    """One page: four queries on the first page, a few more further on, whatever the length."""
    found = narrow(devices, filters, now)
    order = ORDERS[filters.sort]
    page = paging.page(
        found.select_related("asset"),
        order,
        PAGE_SIZE,
        after=filters.after,
        before=filters.before,
    )
    counted = _kept_tabs(devices, now, whose)
    return Listing(
        rows=[row_of(device, now) for device in page.rows],
        previous=page.previous,
        next=page.next,
        total=found.count() if filters.narrowed() else counted["all"],
        tabs=counted,
    )


def every_row(devices: QuerySet[Device], filters: Filters, now: int) -> Iterator[Row]:
    """All rows, for a file; read in pieces so that 45,000 do not stand in memory."""
    order = ["-worst", "-n_fail", "name", "id"] if filters.sort == "worst" else ["name", "id"]
    found = narrow(devices, filters, now).select_related("asset").order_by(*order)
    for device in found.iterator(chunk_size=2000):
        yield row_of(device, now)


def _kept_tabs(devices: QuerySet[Device], now: int, whose: str) -> dict[str, int]:
    """The counts of the tabs; in a large trust they may be some seconds old, rows never are."""
    key = f"tabs:{whose}"
    found: dict[str, int] | None = cache.get(key)
    if found is None:
        found = tabs(devices, now)
        if found["all"] > LARGE:
            cache.set(key, found, TABS_SECONDS)
    return found


def tabs(devices: QuerySet[Device], now: int) -> dict[str, int]:
    """How many computers each tab holds, in one query that looks at each of them once."""
    counts = by_condition(devices, now)
    return {"all": sum(counts.values()), **counts}


def by_condition(devices: QuerySet[Device], now: int) -> dict[str, int]:
    """How many computers are in each condition; the numbers add up to all of them."""
    rows = devices.values_list(condition_sql(now)).annotate(n=Count("pk")).order_by()
    return {**dict.fromkeys(CONDITIONS, 0), **dict(rows)}


def narrow(devices: QuerySet[Device], filters: Filters, now: int) -> QuerySet[Device]:
    """The computers the filters leave."""
    if filters.search:
        devices = devices.filter(_matches(filters.search))
    if filters.platform:
        devices = devices.filter(platform=filters.platform)
    if filters.profile is not None:
        devices = devices.filter(profile=filters.profile)
    if filters.check or filters.area:
        return devices.filter(_of_checks(filters, now))
    if filters.condition:
        devices = devices.filter(condition_q(filters.condition, now))
    return devices


def _matches(search: str) -> Q:
    fields = ("name", "model", "os_name", "asset__tag", "asset__serial", "asset__name")
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__icontains": search})
    return found


_STATUS: Final[dict[str, str]] = {
    "attention": "fail",
    "look": "warn",
    "unchecked": "unknown",
    "order": "pass",
}


def _of_checks(filters: Filters, now: int) -> Q:
    """With a check or an area, the state asked for is how those checks stand there."""
    checks = [filters.check] if filters.check else _checks_of(filters.area)
    those = Verdict.objects.filter(device=OuterRef("pk"), check_id__in=checks)
    if filters.condition in ("", "silent", "left"):
        still_open = Q(Exists(those.filter(status__in=OPEN)))
        return still_open & condition_q(filters.condition, now) if filters.condition else still_open
    so = heard(now) & Q(Exists(those.filter(status=_STATUS[filters.condition])))
    if filters.condition != "unchecked":
        return so
    # What a computer last said that is not heard from any more could not be checked either.
    return so | ((silent(now) | left()) & Q(Exists(those.exclude(status="not-applicable"))))


def _checks_of(area: str) -> list[str]:
    return next(list(domain.checks) for domain in catalogue().domains if domain.name == area)


def row_of(device: Device, now: int) -> Row:
    """One computer as a row."""
    asset = device.asset
    condition = condition_of(device, now)
    severity = _URGENCY.get(device.worst, "")
    return Row(
        id=device.id,
        site=device.site_id,
        name=shown(device.name, 60) or shown(device.id),
        model=shown(device.model),
        tag=shown(asset.tag) if asset else "",
        serial=shown(asset.serial) if asset else "",
        profile=device.profile,
        platform=device.platform,
        os_name=shown(device.os_name),
        condition=condition,
        label=words().conditions[condition],
        silent=is_silent(device, now),
        urgency=words().urgency.get(severity, "") if device.n_fail else "",
        severity=severity,
        n_fail=device.n_fail,
        n_warn=device.n_warn,
        n_unknown=device.n_unknown,
        n_pass=device.n_pass,
        last_seen_at=device.last_seen_at,
    )
