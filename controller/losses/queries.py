"""The only way from a page to what is lost or stolen: `queries(actor)` (O11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from controller import clock
from controller.disposal.cover import Cover, cover
from controller.disposal.reported import reported
from controller.fleet.queries import queries as fleet_queries
from controller.losses import pack
from controller.people.actor import Actor, School
from controller.people.queries import names as people_names
from controller.people.roles import SEE_DISPOSAL, Ability
from controller.wording.entries import name_of
from controller.wording.shown import shown
from inventory import naming
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.cover import services as covering
from inventory.cover.queries import Away, away, limit
from inventory.disposal import losses, rulings, services
from inventory.disposal.losses import Whole
from inventory.disposal.media import propose
from inventory.disposal.states import LossKind
from inventory.documents import queries as documents
from inventory.managed import queries as managed

MOST_PICTURE = 1_500_000
"""Bytes of a photograph that the pack still holds."""


@dataclass(frozen=True, slots=True)
class Row:
    """One that is missing."""

    disposal: str
    entry: str
    name: str
    tag: str
    kind: str
    clock: pack.Clock


@dataclass(frozen=True, slots=True)
class Page:
    """One loss; `open`: nobody found it or gave it up."""

    disposal: str
    entry: str
    site: str
    seq: int
    name: str
    tag: str
    kind: str
    open: bool
    clock: pack.Clock
    rows: list[tuple[str, str]]
    value: str


@dataclass(frozen=True, slots=True)
class LossQueries:
    """What one person may read and say of losses at one moment."""

    actor: Actor
    now: int

    def missing(self, site: str) -> list[Row]:
        """Those with a record."""
        return [
            Row(
                disposal=one.disposal,
                entry=one.entry["id"],
                name=name_of(one.entry),
                tag=shown(one.entry["tag"]),
                kind=one.told.kind,
                clock=pack.clock(one.told, self.now),
            )
            for one in losses.missing(self._sites() & {site})
        ]

    def without_record(self, site: str) -> list[tuple[str, str, str]]:
        """(id, name, state) of those that were only marked."""
        rows = losses.without_record(self._sites() & {site})
        return [(row["id"], name_of(row), row["state"]) for row in rows]

    def off_premises(self, school: School) -> tuple[Away, Cover, str]:
        """What is away from school, how that stands against what the insurance covers there, and
        who wrote the limit down."""
        sites = self._sites() & {school.id}
        out, held = away(sites), limit(school.id) if sites else None
        who = people_names([held.by]).get(held.by, "") if held else ""
        return out, cover(out, held), shown(who)

    def write_limit(self, site: str, form: Mapping[str, Any]) -> None:
        """Up to what sum is covered from now on. Raises RegisterError, StaleError."""
        covering.change(site, form["limit"], seen=form["seen"], by=By(self.actor.id, self.now))

    def entry(self, asset_id: str) -> dict[str, Any] | None:
        """One that this person may report."""
        return losses.entry(self.actor.sites(Ability.REPORT_LOSS), asset_id)

    def page(self, disposal_id: str) -> tuple[Page, School] | None:
        """One loss; None where there is none, or it is not theirs."""
        found = losses.one(self._sites(), disposal_id)
        school = self.actor.school(found.site) if found else None
        if found is None or school is None:
            return None
        return self._page(found, school), school

    def photograph(self, page: Page) -> bytes:
        """The newest picture on its page, b"" for none that fits on the paper."""
        papers = documents.listed({page.site}, page.entry)
        pictures = [one for one in papers if one.is_picture and not one.erased]
        if not pictures or pictures[-1].size > MOST_PICTURE:
            return b""
        try:
            whole = documents.read({page.site}, pictures[-1].id)
        except (RegisterError, OSError):
            return b""  # the paper is worth printing without it
        return whole.data if whole else b""

    def report(self, entry: Mapping[str, Any], form: Mapping[str, Any]) -> str:
        """Say that it is missing; the disposal's id. Raises RegisterError, StaleError."""
        site, by = entry["site_id"], By(self.actor.id, self.now)
        told = reported({site}, [entry["id"]])
        said = told.get(entry["id"])
        kind: LossKind = form["kind"]
        loss = services.Loss(
            kind=kind,
            discovered_at=form["discovered"],
            encryption=said.encryption if said else "unknown",
            reported_at=said.heard_at if said and said.encryption != "unknown" else None,
            reason=form["reason"],
        )
        if entry["disposal_id"]:
            seen = form["seen"]
            return services.lose(site, entry["disposal_id"], loss, by=by, seen=seen).disposal
        proposals = {one: propose(what, by.at) for one, what in told.items()}
        return services.report_lost(site, entry["id"], loss, told=proposals, by=by).disposal

    def find(self, page: Page, form: Mapping[str, Any]) -> None:
        """It is here again. Raises RegisterError, StaleError."""
        by, where = By(self.actor.id, self.now), form["reason"]
        services.find(page.site, page.disposal, reason=where, by=by, seen=form["seen"])

    def write_off(self, page: Page, school: School, form: Mapping[str, Any]) -> None:
        """Give it up. Raises RegisterError, StaleError."""
        pence = int(form["value"] * 100)
        enough = rulings.current(page.site).approvers(pence)
        held = sorted(role.value for role in school.roles)
        given_up = services.Assessment(
            role=next((one for one in held if one in enough), held[0]),
            value_pence=pence,
            breach=form["breach"],
            reason=form["reason"],
            minute=form["minute"],
        )
        by = By(self.actor.id, self.now)
        services.write_off(page.site, page.disposal, given_up, by=by, seen=form["seen"])

    def _page(self, found: Whole, school: School) -> Page:
        entry = found.entry
        cost = entry["cost_pence"]
        return Page(
            disposal=found.disposal,
            entry=entry["id"],
            site=found.site,
            seq=found.now.seq,
            name=name_of(entry),
            tag=shown(entry["tag"]),
            kind=found.told.kind,
            open=found.now.state == "missing",
            clock=pack.clock(found.told, self.now),
            rows=pack.rows(self._known(found, school)),
            value="" if cost is None else f"{cost / 100:.2f}",
        )

    def _known(self, found: Whole, school: School) -> pack.Known:
        site, asset = found.site, found.entry["id"]
        said = managed.said({site}, asset)
        live = fleet_queries(self.actor).of_entries([asset]).get(asset)
        holder = found.entry["holder"]
        return pack.Known(
            entry=found.entry,
            told=found.told,
            holder=shown(naming.names({site}, {holder}).get(holder, "")) if holder else "",
            heard_at=live.last_seen_at if live else None,
            reported=reported({site}, [asset]).get(asset),
            listed=said.facts if said else None,
            list_title=said.title if said else "",
            timezone=school.timezone,
        )

    def _sites(self) -> frozenset[str]:
        return self.actor.sites(SEE_DISPOSAL)


def queries(actor: Actor) -> LossQueries:
    """Losses as this person may see them, now."""
    return LossQueries(actor, clock.now())
