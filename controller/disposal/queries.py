"""The only way from a page to what leaves the school: `queries(actor)` (O11)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from django.urls import reverse

from controller import clock
from controller.config import current
from controller.data.datafolder import DataFolderError, is_demo
from controller.disposal import certificate, receipt
from controller.disposal.board import Board, Card, Viewer, board, card
from controller.disposal.cover import on_overview
from controller.disposal.drives import labels
from controller.disposal.headline import Moment
from controller.disposal.jobs import Line, jobs
from controller.disposal.keeping import kept
from controller.disposal.saying import File, Names
from controller.disposal.sheets import lines
from controller.disposal.signing import publics
from controller.disposal.steps import Step, Trying, settled_here, steps
from controller.disposal.story import Chain, Story, Told, named, story
from controller.disposal.words import words
from controller.fleet.queries import queries as fleet_queries
from controller.people.actor import Actor, School
from controller.people.queries import names as people_names
from controller.people.queries import roles_at
from controller.people.roles import SEE_DISPOSAL, Ability
from controller.wording import moments
from controller.wording.shown import shown
from controller.wording.words import words as common
from inventory import naming
from inventory.collections import queries as collections
from inventory.contractors import queries as contractors
from inventory.cover.queries import away, limit
from inventory.disposal import chain, lists, rulings, spelling
from inventory.disposal.lists import Asked, Whole
from inventory.disposal.proof import storing
from inventory.disposal.proof.storing import Evidence
from inventory.disposal.reducing import replay
from inventory.disposal.waiting import waiting
from inventory.repairs import drives

_MACHINE: Final = "machine:"


@dataclass(frozen=True, slots=True)
class DisposalQueries:
    """What one person may read of what leaves, at one moment."""

    actor: Actor
    now: int

    def board(self, school: School, asked: Asked) -> Board:
        """Everything on its way out of a school: six queries, however much it is."""
        rows = lists.listed(self._sites() & {school.id}, asked, self.now)
        ids = [row["id"] for row in rows]
        waits, owns = lists.undecided(ids, self.actor.id), lists.owned(ids, self.actor.id)
        none = {"verified": 0, "unconfirmed": 0, "witness": 0}
        told = [row | waits.get(row["id"], none) | {"mine": owns.get(row["id"], 0)} for row in rows]
        return board(told, viewer(self.actor, school), self.now)

    def jobs(self, school: School) -> list[Line]:
        """What the front page says: seven queries at most, however much there is."""
        sites = self._sites() & {school.id}
        today = moments.local(self.now, school.timezone).date().isoformat()
        papers = len(contractors.expiring(sites, today)) if sites else 0
        who = viewer(self.actor, school)
        held = limit(school.id) if sites else None
        out = on_overview(away(sites), held, writes=who.approves) if sites else None
        return jobs(waiting(sites, self.actor.id, self.now), papers, who, out)

    def told(self, disposal_id: str) -> tuple[Told, School] | None:
        """One disposal, folded, with its chain checked; None where it is not theirs."""
        found = lists.one(self._sites(), disposal_id)
        school = self.actor.school(found.row["site_id"]) if found else None
        if found is None or school is None:
            return None
        events = [spelling.decode(one.body) for one in found.links]
        proofs = {one.seq: one.hash for one in found.links}
        folded = replay(events, rulings.book(school.id))
        return Told(disposal_id, folded, events, proofs, found.entry, checked(found)), school

    def page(self, told: Told, school: School) -> Story:
        """Its story, with the steps as this person may take them."""
        taken = steps(told.now, self.trying(school))
        made = story(
            told, self.names(told, school), self.moment(school), _with_addresses(told, taken)
        )
        note = collections.note_kind({school.id}, told.now.collection)
        kept_until = kept(told.now, note, self.moment(school))
        found = drives.origin({school.id}, told.entry["id"])
        origin = (found.asset, shown(found.name) or "another thing") if found else None
        return msgspec.structs.replace(made, links=_elsewhere(told), kept=kept_until, origin=origin)

    def trying(self, school: School) -> Trying:
        """Who tries a step, by the rules in force."""
        who, held = viewer(self.actor, school), tuple(sorted(role.value for role in school.roles))
        return Trying(who, held, self.now, rulings.current(school.id))

    def moment(self, school: School) -> Moment:
        """When and where they read."""
        return Moment(self.now, school.timezone)

    def names(self, told: Told, school: School) -> Names:
        """What the ids of one disposal stand for."""
        ids, digests = named(told)
        machines = [one.removeprefix(_MACHINE) for one in ids if one.startswith(_MACHINE)]
        known = {**naming.names({school.id}, ids), **people_names(ids)}
        return Names(
            people=known,
            machines=dict(fleet_queries(self.actor).named(machines)) if machines else {},
            companies=self._companies(school, {told.now.contractor} - {""}),
            entries=known,
            files=self.files(school.id, digests),
            drives=labels(told.now),
        )

    def files(self, site: str, digests: set[str]) -> dict[str, File]:
        """Kept files by digest; what is past its keeping has no address any more."""
        return {
            row["sha256"]: File(
                row["sha256"],
                shown(row["name"], 120),
                words().files.get(row["kind"], ""),
                "" if row["erased_at"] else row["id"],
                row["added_at"],
                row["added_by"],
            )
            for row in lists.files(site, digests)
        }

    def certificate(self, told: Told, school: School, page: Story, base: str) -> dict[str, Any]:
        """What stands on the certificate."""
        return certificate.document(told, page, *self._on_paper(told, school, base))

    def receipt(self, told: Told, school: School, page: Story, base: str) -> dict[str, Any]:
        """What stands on the receipt that the recipient signs, once it is `printable`."""
        return receipt.document(told, page, *self._on_paper(told, school, base))

    def _on_paper(
        self, told: Told, school: School, base: str
    ) -> tuple[Names, Moment, dict[str, Any]]:
        """People with what they are here; when it is printed; what else a paper needs."""
        names = self.names(told, school)
        held = roles_at(school.id, names.people)
        titles = common().roles
        people = {
            one: f"{name} ({', '.join(titles[role] for role in sorted(held[one]))})"
            if held.get(one)
            else name
            for one, name in names.people.items()
        }
        about = {
            "school": school.name,
            "address": f"{base}{reverse('disposal', args=[told.id])}",
            "demo": is_demo(current().folder),
        }
        return msgspec.structs.replace(names, people=people), self.moment(school), about

    def file(self, disposal_id: str, file_id: str) -> tuple[Evidence, bytes] | None:
        """A file that this story names; None for any other. Raises RegisterError where its content
        is gone."""
        told = self.told(disposal_id)
        if told is None:
            return None
        _, digests = named(told[0])
        kept = self.files(told[1].id, digests)
        if all(one.id != file_id for one in kept.values()):
            return None
        found = storing.by_id({told[1].id}, file_id)
        return (found, storing.original(found)) if found else None

    def register(self, school: School, asked: Asked) -> list[Card]:
        """Every disposal there was, the newest first, at most as many as `lists.MOST`."""
        asked = msgspec.structs.replace(asked, ended=True)
        rows = lists.listed(self._sites() & {school.id}, asked, self.now)
        return [card(row, self.now) for row in rows]

    def sheet(self, school: School, asked: Asked) -> list[list[str]]:
        """The same as lines of a sheet, drive by drive."""
        asked = msgspec.structs.replace(asked, ended=True)
        rows = lists.listed(self._sites() & {school.id}, asked, self.now)
        drives: dict[str, list[Mapping[str, Any]]] = {}
        for one in lists.media([row["id"] for row in rows]):
            drives.setdefault(one["disposal_id"], []).append(one)
        firms = {row["contractor"] for row in rows if row["contractor"]}
        names = Names(
            people=people_names({row["requested_by"] for row in rows}),
            companies=self._companies(school, firms),
        )
        return lines(rows, drives, names, school.timezone)

    def _companies(self, school: School, ids: Collection[str]) -> dict[str, str]:
        if not ids:
            return {}
        every = (
            *contractors.listed({school.id}),
            *contractors.listed({school.id}, left=True),
        )
        return {one.values["id"]: one.values["name"] for one in every if one.values["id"] in ids}

    def _sites(self) -> frozenset[str]:
        return self.actor.sites(SEE_DISPOSAL)


def checked(found: Whole) -> Chain:
    """Whether every line is what it was and follows the one before, signed by a key of ours."""
    row, links = found.row, found.links
    last = links[-1].hash if links else ""
    signer = links[-1].key if links else ""
    try:
        known = publics(current().folder)
    except DataFolderError:
        said = "Our own keys cannot be read, so the signatures could not be checked."
        return Chain(False, len(links), last, signer, said)
    begin = chain.start(row["site_id"], row["id"])
    wrong = chain.verify(links, begin, known, row["head"])
    if wrong:
        said = f"Line {wrong[0].seq}: {wrong[0].sentence} Tell whoever runs Caretaker."
        return Chain(False, len(links), last, signer, said)
    said = f"All {len(links)} lines follow each other and are signed by this controller."
    return Chain(True, len(links), last, signer, said)


def _with_addresses(told: Told, taken: Sequence[Step]) -> list[Step]:
    return [msgspec.structs.replace(one, url=address(told.id, one)) for one in taken]


def _elsewhere(told: Told) -> list[tuple[str, str]]:
    """What comes next where it is done on other pages, or on paper."""
    now, known = told.now, words().steps
    found = []
    if receipt.printable(now):
        title = "Print the receipt to be signed" if now.state == "ready" else "The receipt again"
        found.append((f"{title} (PDF)", reverse("disposal_receipt", args=[told.id])))
    if now.state == "ready" and now.route == "waste":
        found.append((known["collect"], reverse("collections")))
    if now.collection and now.state in ("collected", "received"):
        found.append((known["papers"], reverse("collection_papers", args=[now.collection])))
    if now.state == "missing":
        found.append((known["lose"], reverse("loss", args=[told.id])))
    if len(settled_here(now)) < len(now.exceptions) and not now.ended:
        found.append((known["differences"], reverse("differences")))
    return found


def address(disposal_id: str, step: Step) -> str:
    """Where a step is taken."""
    decides = step.name in ("approve", "reject", "validate", "hand_over")
    if step.name in ("hold", "release_hold"):
        return reverse("disposal_stop", args=[disposal_id, step.name])
    if step.name == "close_exception":
        return reverse("disposal_clear_up", args=[disposal_id])
    if step.name in ("verify", "retain", "witness"):
        return reverse(f"disposal_drive_{step.name}", args=[disposal_id, step.drive])
    if step.drive:
        name = "disposal_drive_decide" if decides else "disposal_drive_work"
        return reverse(name, args=[disposal_id, step.drive, step.name])
    return reverse("disposal_decide" if decides else "disposal_work", args=[disposal_id, step.name])


def viewer(actor: Actor, school: School) -> Viewer:
    """What somebody may do there."""
    return Viewer(
        actor.id,
        requests=school.allows(Ability.REQUEST_DISPOSAL),
        approves=school.allows(Ability.APPROVE_DISPOSAL),
        receives=school.allows(Ability.RECEIVE_DISPOSAL),
        holds=school.allows(Ability.HOLD_DISPOSAL),
    )


def queries(actor: Actor) -> DisposalQueries:
    """What leaves, as this person may see it, now."""
    return DisposalQueries(actor, clock.now())
