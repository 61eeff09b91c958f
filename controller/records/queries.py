"""The only way from a page to what was judged of the register: `queries(actor)` (O11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from checks.records.catalogue import records
from checks.verdicts import Verdict
from controller import clock
from controller.people.actor import Actor
from controller.people.roles import Ability
from controller.records import judging, page
from controller.records.models import RecordCount, RecordVerdict
from controller.wording.entries import name_of
from controller.wording.shown import shown
from controller.wording.words import Label, words
from inventory.assets import queries as assets
from inventory.paging import Key
from inventory.paging import page as paged

PAGE_SIZE: Final = 100
STATUSES: Final = ("fail", "unknown", "warn")
_ORDER: Final = (Key("subject", str),)


@dataclass(frozen=True, slots=True)
class Overall:
    """The whole page; `judged_at` None: not once yet."""

    groups: list[page.Group]
    judged_at: int | None


@dataclass(frozen=True, slots=True)
class Subject:
    """An entry of which a check says something. `id` "" for the register as a whole."""

    id: str
    name: str
    tag: str
    told: page.Told
    since: int


@dataclass(frozen=True, slots=True)
class Behind:
    """The entries behind one count."""

    line: page.Line
    label: Label
    subjects: list[Subject]
    previous: str
    next: str


@dataclass(frozen=True, slots=True)
class RecordQueries:
    """What one person may read of it at one moment."""

    actor: Actor
    now: int

    def overall(self, site: str) -> Overall:
        """Every check with its counts, as of the last night."""
        counts, judged_at = self._counts(site)
        return Overall(page.groups(counts), judged_at)

    def behind(self, site: str, check_id: str, asked: Mapping[str, str]) -> Behind | None:
        """The entries of one check, or None. `asked` may say state, after and before."""
        domain = records().domain_of(check_id)
        if domain is None or site not in self.actor.sites(Ability.SEE_COMPUTERS):
            return None
        counts, _ = self._counts(site)
        state = asked.get("state", "")
        status = state if state in STATUSES else _worst(counts, check_id)
        rows = RecordVerdict.objects.filter(site_id=site, check_id=check_id, status=status)
        found = paged(rows, _ORDER, PAGE_SIZE, **_edges(asked))
        return Behind(
            line=page.line(domain, check_id, counts),
            label=words().status(status),
            subjects=self._subjects(site, found.rows),
            previous=found.previous,
            next=found.next,
        )

    def of_entry(self, site: str, asset_id: str) -> list[page.Told]:
        """How one entry stands now."""
        if site not in self.actor.sites(Ability.SEE_COMPUTERS):
            return []
        return page.told(judging.judge_entry(site, asset_id, self.now))

    def _counts(self, site: str) -> tuple[page.Counts, int | None]:
        sites = self.actor.sites(Ability.SEE_OVERVIEW) & {site}
        rows = list(RecordCount.objects.filter(site__in=sites))
        at = max((row.judged_at for row in rows), default=None)
        return {(row.check_id, row.status): row.n for row in rows}, at

    def _subjects(self, site: str, rows: list[RecordVerdict]) -> list[Subject]:
        known = {one["id"]: one for one in assets.some([site], [row.subject for row in rows])}
        found = []
        for row in rows:
            said = Verdict(row.check_id, row.status, row.severity, row.says, row.args)  # type: ignore[arg-type]  # closed sets, written by us
            (told,) = page.told([said])
            entry = known.get(row.subject)
            name = name_of(entry) if entry else "The register as a whole"
            found.append(
                Subject(
                    id=row.subject if entry else "",
                    name=name,
                    tag=shown(entry["tag"]) if entry else "",
                    told=told,
                    since=row.since,
                )
            )
        return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def _edges(asked: Mapping[str, str]) -> dict[str, str]:
    return {name: asked.get(name, "") for name in ("after", "before")}


def _worst(counts: page.Counts, check_id: str) -> str:
    return next((one for one in STATUSES if counts.get((check_id, one))), STATUSES[0])


def queries(actor: Actor) -> RecordQueries:
    """What was judged of the register, as this person may see it, now."""
    return RecordQueries(actor, clock.now())
