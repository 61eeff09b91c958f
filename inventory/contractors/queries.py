"""What others may read of companies: how each stands on a day, and which papers end soon (I7)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, Final

import msgspec

from inventory.contractors.kinds import Rules
from inventory.contractors.rules import rules
from inventory.contractors.standing import (
    SOON_DAYS,
    Paper,
    Standing,
    days_left,
    newest,
)
from inventory.contractors.standing import standing as judged
from inventory.models import Contractor, ContractorPaper

MOST: Final = 500
_FIELDS: Final = tuple(field.attname for field in Contractor._meta.concrete_fields)


class Expiring(msgspec.Struct, frozen=True):
    """A paper of a company in use that ends within SOON_DAYS, or is over and was not renewed;
    `days_left` is below 0 then."""

    site: str
    contractor: str
    name: str
    paper: str
    kind: str
    scheme: str
    scheme_name: str
    valid_to: str
    days_left: int


class Listed(msgspec.Struct, frozen=True):
    """A company with its papers that count, and what its school asks for."""

    values: dict[str, Any]
    papers: list[Paper]
    rules: Rules


def listed(sites: Collection[str], *, left: bool = False) -> list[Listed]:
    """Companies by name, at most MOST; with `left` those that are used no more."""
    rows = Contractor.objects.filter(site__in=sites, left_at__isnull=not left)
    found = list(rows.order_by("name", "id").values(*_FIELDS)[:MOST])
    papers = _papers([row["id"] for row in found])
    held = {site: rules(site) for site in {row["site_id"] for row in found}}
    return [Listed(row, papers[row["id"]], held[row["site_id"]]) for row in found]


def one(sites: Collection[str], contractor_id: str) -> Listed | None:
    """One company, whether it is used or not; None where it is not theirs."""
    row = Contractor.objects.filter(site__in=sites, id=contractor_id).values(*_FIELDS).first()
    if row is None:
        return None
    return Listed(row, _papers([contractor_id])[contractor_id], rules(row["site_id"]))


def papers(sites: Collection[str], contractor_id: str) -> list[dict[str, Any]]:
    """Everything that was ever entered, newest last day first."""
    rows = ContractorPaper.objects.filter(site__in=sites, contractor=contractor_id)
    names = [field.attname for field in ContractorPaper._meta.concrete_fields]
    found = rows.values(*names, "document__sha256", "document__name")
    return sorted(found, key=lambda row: (row["valid_to"] or "9999", row["id"]), reverse=True)


def paper(sites: Collection[str], contractor_id: str, paper_id: str) -> dict[str, Any] | None:
    """One of them; None where it is not theirs."""
    return next((one for one in papers(sites, contractor_id) if one["id"] == paper_id), None)


def standing(site_id: str, contractor_id: str, day: str, handover: str = "recycle") -> Standing:
    """How a company stands on a day, `YYYY-MM-DD`. A company of no school, of another one, or one
    that left has no papers here."""
    known = Contractor.objects.filter(site_id=site_id, id=contractor_id, left_at=None).exists()
    held = _papers([contractor_id])[contractor_id] if known else []
    return judged(held, handover, day, rules(site_id), contractor_id)


def expiring(sites: Collection[str], today: str) -> list[Expiring]:
    """Papers that end soon or are over, of companies in use, the soonest first: what the front
    page and the jobs say. What a later paper of the same scheme replaces is left out."""
    rows = Contractor.objects.filter(site__in=sites, left_at=None).order_by("id")
    firms = {row["id"]: row for row in rows.values("id", "site_id", "name")[:MOST]}
    names = dict(
        ContractorPaper.objects.filter(contractor__in=firms, ended_at=None)
        .exclude(scheme_name="")
        .values_list("id", "scheme_name")
    )
    found = []
    for contractor_id, held in _papers(firms).items():
        for one in newest(held):
            left = days_left(one.valid_to, today)
            if left is None or left > SOON_DAYS:
                continue
            firm = firms[contractor_id]
            found.append(
                Expiring(
                    firm["site_id"],
                    contractor_id,
                    firm["name"],
                    one.id,
                    one.kind,
                    one.scheme,
                    names.get(one.id, ""),
                    one.valid_to,
                    left,
                )
            )
    return sorted(found, key=lambda one: (one.valid_to, one.name, one.paper))


def _papers(contractors: Iterable[str]) -> dict[str, list[Paper]]:
    """The papers that were not ended, by company: one question for all of them."""
    found: dict[str, list[Paper]] = defaultdict(list)
    rows = ContractorPaper.objects.filter(contractor__in=list(contractors), ended_at=None)
    for row in rows.select_related("document").order_by("id"):
        found[row.contractor_id].append(
            Paper(
                id=row.id,
                kind=row.kind,
                scheme=row.scheme,
                level=row.level,
                number=row.number,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                sha256=row.document.sha256 if row.document else "",
                terms=tuple(row.terms),
                listed=bool(row.lines),
            )
        )
    return found
