"""What others may read of licences, and what of them the check judges."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

import msgspec

from checks.records.licences.facts import Entitlement, Group, LicenceFacts
from inventory.installed.packing import unpack
from inventory.models import (
    ComputerSoftware,
    Document,
    Licence,
    LicenceTitle,
    SoftwareName,
    SoftwareTitle,
)

MOST: Final = 2_000
"""Licences of one school that a page shows."""
_FIELDS: Final = (
    *("id", "seq", "name", "counts", "seats", "given", "supplier", "order", "cost_pence"),
    *("bought_on", "expires_on", "renews", "key_kept", "document", "notes", "ended_at"),
)


class Held(msgspec.Struct, frozen=True):
    """A licence, the titles it covers (id → name), and the computers that have any of them."""

    values: dict[str, Any]
    titles: dict[str, str]
    used: int


class Overview(msgspec.Struct, frozen=True):
    """All licences by name; and titles that should have one and do not, with their computers."""

    held: list[Held]
    bare: list[tuple[str, str, int]]


def overview(sites: Collection[str]) -> Overview:
    """Licences against what is installed: as many queries for many as for one."""
    rows = list(Licence.objects.filter(site__in=sites, ended_at=None).order_by("name", "id")[:MOST])
    covered = _covered([row.id for row in rows])
    names = _names({title for titles in covered.values() for title in titles})
    had = _had(sites, names)
    used = {row.id: _using(had, covered[row.id]) for row in rows}
    bare = SoftwareTitle.objects.filter(site__in=sites, computers__gt=0)
    bare = bare.filter(needs_licence="yes") | bare.filter(needs_licence="", paid=True)
    lacking = bare.exclude(id__in=names).order_by("-computers", "title")[:MOST]
    return Overview(
        [
            Held(_values(row), {one: names[one] for one in covered[row.id]}, used[row.id])
            for row in rows
        ],
        [(row.id, row.title, row.computers) for row in lacking],
    )


def facts(site_id: str) -> LicenceFacts:
    """What `software-licensed` judges."""
    found = overview([site_id])
    groups = [Group(title, number, []) for _, title, number in found.bare]
    names = {one: name for held in found.held for one, name in held.titles.items()}
    had = _had([site_id], names)
    groups += [_group(together, names, had) for together in _together(found.held)]
    return LicenceFacts(sorted(groups, key=lambda group: group.title.casefold()))


def one(sites: Collection[str], licence_id: str) -> dict[str, Any] | None:
    """A licence with `site` and `titles` (id → name); None where it is not theirs."""
    row = Licence.objects.filter(site__in=sites, id=licence_id).first()
    if row is None:
        return None
    titles = _names(_covered([row.id])[row.id])
    return {**_values(row), "site": row.site_id, "titles": titles}


def covering(site_id: str, title_id: str) -> list[dict[str, Any]]:
    """The licences a title is covered by."""
    rows = Licence.objects.filter(site_id=site_id, ended_at=None, titles__title=title_id)
    return [_values(row) for row in rows.order_by("name", "id")[:MOST]]


def titles(sites: Collection[str]) -> dict[str, str]:
    """Titles by id, by name: what a licence can be for. Those that are bought come first."""
    rows = SoftwareTitle.objects.filter(site__in=sites, computers__gt=0)
    return dict(rows.order_by("-paid", "title", "id").values_list("id", "title")[:MOST])


def proof(sites: Collection[str], licence_id: str) -> Document | None:
    """The paper that shows a licence."""
    row = Licence.objects.filter(site__in=sites, id=licence_id).exclude(document="").first()
    return Document.objects.filter(site_id=row.site_id, id=row.document).first() if row else None


def _group(held: list[Held], names: Mapping[str, str], had: Iterable[set[str]]) -> Group:
    """Licences that cover the same titles, as one."""
    titles = {one for each in held for one in each.titles}
    number: Counter[str] = Counter()
    installs = 0
    for have in had:
        mine = have.intersection(titles)
        installs += bool(mine)
        number.update(mine)
    best = max(titles, key=lambda one: (number[one], names[one]))
    told = [
        Entitlement(*(one.values[name] for name in ("counts", "seats", "given", "expires_on")))
        for one in held
    ]
    return Group(names[best], installs, told)


def _together(held: Iterable[Held]) -> list[list[Held]]:
    """Licences that share a title, directly or through others."""
    groups: list[tuple[set[str], list[Held]]] = []
    for one in held:
        mine, members = set(one.titles), [one]
        apart = []
        for titles, others in groups:
            if mine.isdisjoint(titles):
                apart.append((titles, others))
            else:
                mine |= titles
                members = others + members
        groups = [*apart, (mine, members)]
    return [members for titles, members in groups if titles]


def _had(sites: Collection[str], titles: Collection[str]) -> list[set[str]]:
    """For each computer that counts, which of these titles it has."""
    if not titles:
        return []
    rows = SoftwareName.objects.filter(site__in=sites, title__in=list(titles))
    owners = dict(rows.values_list("id", "title_id"))
    computers = ComputerSoftware.objects.filter(site__in=sites, counted=True)
    found = (
        {owners[one] for one in unpack(packed) if one in owners}
        for packed in computers.values_list("names", flat=True)
    )
    return [mine for mine in found if mine]


def _using(had: Iterable[set[str]], titles: Collection[str]) -> int:
    return sum(not one.isdisjoint(titles) for one in had)


def _covered(licences: Collection[str]) -> dict[str, list[str]]:
    covered: dict[str, list[str]] = defaultdict(list)
    rows = LicenceTitle.objects.filter(licence__in=licences)
    for licence, title in rows.order_by("id").values_list("licence_id", "title_id"):
        covered[licence].append(title)
    return covered


def _names(titles: Collection[str]) -> dict[str, str]:
    return dict(SoftwareTitle.objects.filter(id__in=titles).values_list("id", "title"))


def _values(row: Licence) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _FIELDS}
