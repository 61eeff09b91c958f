"""The only way from a page to a row of the fleet: `queries(actor)` (O11).

Everything starts from the rows of the schools where the person has the ability, so another school's
computer looks exactly like one that does not exist.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from controller import clock
from controller.fleet import arrivals, codes, detail, doubts, listing, readings
from controller.fleet.forks import proof, shown
from controller.fleet.models import Device, JoinCode
from controller.people.actor import Actor
from controller.people.roles import SEE_DISPOSAL, Ability
from controller.wording.shown import shown as shown_text
from inventory.reinstalls.queries import Expected

_DECIDED_ON = ("pending", "active")


@dataclass(frozen=True, slots=True)
class FleetQueries:
    """What one person may read of the fleet at one moment."""

    actor: Actor
    now: int

    def page(self, sites: frozenset[str], filters: listing.Filters) -> listing.Listing:
        """One page of the computers that were let in."""
        whose = ",".join(sorted(self.actor.sites(Ability.SEE_COMPUTERS) & sites))
        return listing.listing(self._active(sites), filters, self.now, whose)

    def every_row(self, sites: frozenset[str], filters: listing.Filters) -> Iterator[listing.Row]:
        """All of them, for a file."""
        return listing.every_row(self._active(sites), filters, self.now)

    def by_condition(self, sites: frozenset[str]) -> dict[str, int]:
        """How many computers are in each condition; numbers only, so the overview may ask too."""
        active = self._devices(Ability.SEE_OVERVIEW, sites).filter(state="active")
        return listing.by_condition(active, self.now)

    def detail(self, device_id: str) -> detail.Detail | None:
        """One computer; None when there is none that this person may see."""
        device = (
            self._devices(Ability.SEE_COMPUTERS)
            .select_related("asset", "site", "join_code")
            .filter(id=device_id)
            .first()
        )
        return detail.detail(device, self.now) if device else None

    def proof(self, device_id: str) -> bytes | None:
        """What proves its forks; None when there is no such computer for this person."""
        device = self._devices(Ability.SEE_COMPUTERS).filter(id=device_id).first()
        return proof.bundle(device) if device else None

    def named(self, device_ids: list[str]) -> list[tuple[str, str]]:
        """Id and name of those of the computers that this person may see, by name."""
        rows = self._devices(Ability.SEE_COMPUTERS).filter(id__in=device_ids).order_by("name", "id")
        return [(device_id, shown_text(name)) for device_id, name in rows.values_list("id", "name")]

    def of_entries(self, asset_ids: list[str]) -> dict[str, listing.Row]:
        """The computers that report as these entries of the register, by the entry's id."""
        rows = self._devices(Ability.SEE_COMPUTERS).filter(asset_id__in=asset_ids, state="active")
        found = rows.select_related("asset").order_by("last_seen_at", "id")
        return {str(row.asset_id): listing.row_of(row, self.now) for row in found}

    def read_back(self, site_id: str, serial: str = "", device: str = "") -> list[readings.Found]:
        """What reading wiped drives back came to at one school, newest first: of the drive with
        this serial number, or by this computer. The reading is a machine's: whoever uses it as
        proof asks `inventory.disposal.proof.machine`."""
        rows = self._devices(SEE_DISPOSAL, frozenset({site_id}))
        return readings.found(site_id, rows, serial, device)

    def alarms(self, sites: frozenset[str], ability: Ability) -> list[shown.Alarm]:
        """Computers of which a person has to say something about their identity."""
        return shown.alarms(self._devices(ability, sites))

    def queue(self, sites: frozenset[str]) -> arrivals.Queue:
        """Computers that ask to be let in: what was expected, then first come first."""
        return arrivals.queue(self._pending(sites), self.now)

    def delivered(self) -> dict[str, str]:
        """Computer → entry, of those that are let in with their delivery, wherever this person
        decides."""
        return arrivals.delivered(arrivals.look(self._pending(None), self.now))

    def waits_as(self, site_id: str) -> set[str]:
        """Entries of a school's deliveries whose computers ask to be let in; none for who does not
        decide about that."""
        looked = arrivals.look(self._pending(frozenset({site_id})), self.now)
        return set(arrivals.delivered(looked).values())

    def returns(self) -> tuple[dict[str, tuple[str, str]], Mapping[str, Expected]]:
        """Computer → entry and old computer, of those that come back set up anew wherever this
        person decides; and what is expected, by entry."""
        looked = arrivals.look(self._pending(None), self.now)
        return arrivals.returns(looked), looked.expected

    def waiting_count(self, sites: frozenset[str]) -> int:
        """How many ask."""
        rows = self._devices(Ability.SEE_OVERVIEW, sites)
        return rows.filter(state="pending").count()

    def to_decide(self, sites: frozenset[str]) -> tuple[int, int]:
        """How many ask to be let in, and of how many the entry is in doubt: one query for every
        page's frame."""
        rows = self._devices(Ability.SEE_OVERVIEW, sites)
        either = rows.filter(Q(state="pending") | ~Q(asset_doubt=""), state__in=_DECIDED_ON)
        counted = either.values_list("state").annotate(n=Count("id")).order_by()
        found = dict(counted)
        return found.get("pending", 0), found.get("active", 0)

    def in_doubt(self, sites: frozenset[str], most: int) -> list[doubts.InDoubt]:
        """Computers whose entry in the register a person has to say."""
        return doubts.in_doubt(self._devices(Ability.EDIT_REGISTER, sites), most, self.now)

    def may_say_entry(self, device_id: str) -> bool:
        """Whether this is a computer of which this person may say which entry it is."""
        return self._devices(Ability.EDIT_REGISTER).filter(id=device_id).exists()

    def may_decide(self, device_ids: list[str]) -> list[str]:
        """Those of the ids that wait at a school where this person decides, in the order given."""
        rows = self._devices(Ability.LET_IN).filter(id__in=device_ids)
        known = set(rows.values_list("id", flat=True))
        return [device_id for device_id in device_ids if device_id in known]

    def join_codes(self, sites: frozenset[str]) -> list[codes.CodeRow]:
        """The join codes of a school, newest first."""
        return codes.code_rows(self._codes().filter(site__in=sites), self.now)

    def join_code(self, code_id: str) -> codes.CodeRow | None:
        """One join code; None when this person may not see it."""
        return next(iter(codes.code_rows(self._codes().filter(id=code_id), self.now)), None)

    def _pending(self, sites: frozenset[str] | None) -> QuerySet[Device]:
        return self._devices(Ability.LET_IN, sites).filter(state="pending")

    def _active(self, sites: frozenset[str]) -> QuerySet[Device]:
        return self._devices(Ability.SEE_COMPUTERS, sites).filter(state="active")

    def _devices(self, ability: Ability, asked: frozenset[str] | None = None) -> QuerySet[Device]:
        """Rows of the schools asked for where this person has the ability; None asks for all."""
        allowed = self.actor.sites(ability)
        sites = list(allowed if asked is None else allowed & asked)
        # One school is compared, not searched in a list: only then is the index's order used.
        return (
            Device.objects.filter(site=sites[0])
            if len(sites) == 1
            else (Device.objects.filter(site__in=sites))
        )

    def _codes(self) -> QuerySet[JoinCode]:
        return JoinCode.objects.filter(site__in=self.actor.sites(Ability.MANAGE_CODES))


def queries(actor: Actor) -> FleetQueries:
    """The fleet as this person may see it, now."""
    return FleetQueries(actor, clock.now())
