"""The only way from a page to the network: `queries(actor)` (O11)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from controller import clock
from controller.fleet.queries import queries as fleet_queries
from controller.network import airing, drawing, listing
from controller.network.drawing import Cable, Drawing
from controller.people.actor import Actor
from controller.people.queries import names as people
from controller.people.roles import Ability
from controller.policy.publishing import in_force
from controller.wording import moments
from controller.wording.shown import shown
from inventory.network import queries as network
from inventory.network.queries import View

SEE: Final = Ability.SEE_COMPUTERS
_FACTS: Final = (
    ("pages", "Pages printed"),
    ("battery", "Battery"),
    ("minutes_left", "Minutes on battery"),
)


@dataclass(frozen=True, slots=True)
class MapPage:
    """The map, the table beside it and when it is from; None: there was no round yet."""

    drawing: Drawing
    rows: list[listing.Equipment]
    newest: listing.Round | None
    unknown: int


@dataclass(frozen=True, slots=True)
class DevicePage:
    """One device with its ports; `ports`: (row, what leads on, things behind it)."""

    device: listing.Equipment
    ports: list["PortRow"]
    facts: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PortRow:
    """One port in words."""

    name: str
    alias: str
    up: str
    leads: str
    far: tuple[str, str] | None
    things: list[tuple[str, str]]
    more: int
    private: int


@dataclass(frozen=True, slots=True)
class AirPage:
    """The wireless page."""

    networks: list[airing.Network]
    silent: list[str]
    named: bool
    listeners: int
    blind: int
    others: int | None
    hotspots: int | None


@dataclass(frozen=True, slots=True)
class NetworkQueries:
    """What one person may read of a network at one moment."""

    actor: Actor
    now: int

    def today(self, site: str) -> str:
        """The day it is at a school."""
        school = self.actor.school(site)
        return moments.local(self.now, school.timezone if school else "").date().isoformat()

    def map(self, site: str) -> MapPage:
        """The whole of it: as many questions for a hundred devices as for one."""
        sites = self._sites(site)
        rounds = self.rounds(site)[:1]
        went = rounds[0].began_at if rounds else 0
        found = network.whole_map(sites)
        rows = [listing.equipment(row, went) for row in found.devices]
        things = [
            drawing.Thing(row.id, row.name, kind["kind"], _below(row), row.tone)
            for row, kind in zip(rows, found.devices, strict=True)
        ]
        cables = [Cable(one, far, shown(port, 16)) for one, far, port in found.cables]
        unknown = network.counts(sites, self.today(site))[""]
        ordered = sorted(rows, key=lambda one: (one.kind, one.name.casefold(), one.id))
        return MapPage(drawing.drawn(things, cables), ordered, next(iter(rounds), None), unknown)

    def device(self, device_id: str) -> tuple[str, DevicePage] | None:
        """(School, page); None where it is not theirs."""
        row = network.device(self.actor.sites(SEE), device_id)
        if row is None:
            return None
        sites = {row["site_id"]}
        rounds = network.surveys(sites)[:1]
        found = listing.equipment(row, rounds[0]["began_at"] if rounds else 0)
        ports = _ports(
            network.ports(sites, device_id),
            network.cables(sites, device_id),
            network.hanging_off(sites, device_id),
        )
        return row["site_id"], DevicePage(found, ports, _facts(row["facts"]))

    def things(self, site: str, view: View) -> list[listing.Unknown]:
        """What nobody knows, or what people said of it."""
        today = self.today(site)
        found = network.things(self._sites(site), view, today)
        who = people({one.row["decided_by"] for one in found})
        return [listing.unknown(one, today, who) for one in found]

    def thing(self, mac_id: str) -> tuple[str, listing.Unknown] | None:
        """(School, one of them); None where it is not theirs."""
        found = network.thing(self.actor.sites(SEE), mac_id)
        if found is None:
            return None
        site, who = found.row["site_id"], people({found.row["decided_by"]})
        return site, listing.unknown(found, self.today(site), who)

    def counts(self, site: str) -> dict[View, int]:
        """How many each view of them has."""
        return network.counts(self._sites(site), self.today(site))

    def air(self, site: str) -> AirPage:
        """The wireless networks."""
        found = network.air(self._sites(site))
        roles = {one.ssid: one.role for one in in_force(site).ssids}
        heard = {one for row in found.heard for one in row["heard_by"]}
        computers = dict(fleet_queries(self.actor).named(sorted(heard)))
        rows = airing.networks(found, roles, computers)
        return AirPage(
            networks=rows,
            silent=airing.silent(rows, roles),
            named=bool(roles),
            listeners=found.listeners,
            blind=found.blind,
            others=found.others,
            hotspots=found.hotspots,
        )

    def servers(self, site: str) -> list[dict[str, Any]]:
        """Who offered addresses."""
        return [
            {
                **row,
                "server": shown(row["server"]),
                "mac": shown(row["mac"]),
                "router": shown(row["router"]),
                "resolvers": ", ".join(shown(one, 45) for one in row["resolvers"][:4]),
            }
            for row in network.servers(self._sites(site))
        ]

    def rounds(self, site: str) -> list[listing.Round]:
        """Rounds, the newest first."""
        return self._rounds(network.surveys(self._sites(site)))

    def round(self, survey_id: str) -> tuple[str, listing.Round] | None:
        """(School, one round); None where it is not theirs."""
        row = network.survey(self.actor.sites(SEE), survey_id)
        return None if row is None else (row["site_id"], self._rounds([row])[0])

    def _rounds(self, rows: Sequence[dict[str, Any]]) -> list[listing.Round]:
        scanners = sorted({row["scanner"] for row in rows})
        computers = dict(fleet_queries(self.actor).named(scanners)) if scanners else {}
        return [listing.round_of(row, computers) for row in rows]

    def _sites(self, site: str) -> Collection[str]:
        return self.actor.sites(SEE) & {site}


def queries(actor: Actor) -> NetworkQueries:
    """The network as this person may see it, now."""
    return NetworkQueries(actor, clock.now())


def _below(row: listing.Equipment) -> str:
    if row.silent:
        return "not seen lately"
    behind = f"{row.behind} on it" if row.behind else ""
    parts = [row.what if row.what != row.name else "", behind]
    return " · ".join(filter(None, parts)) or row.kind


def _ports(
    ports: Sequence[dict[str, Any]],
    cables: Sequence[dict[str, Any]],
    hanging: Sequence[dict[str, Any]],
) -> list[PortRow]:
    far = {one["port"]: one for one in cables}
    things: dict[int, list[dict[str, Any]]] = {}
    for one in hanging:
        things.setdefault(one["port"], []).append(one)
    used = [row for row in ports if row["up"] is not False or row["macs"] or row["index"] in far]
    return [_port(row, far.get(row["index"]), things.get(row["index"], [])) for row in used]


def _port(
    row: dict[str, Any], far: dict[str, Any] | None, things: Sequence[dict[str, Any]]
) -> PortRow:
    leads = {"bridge": "a switch", "router": "a router", "access-point": "an access point"}
    named = "" if far is None else shown(far["far__name"] or far["name"] or far["chassis"], 40)
    listed = [_named(one) for one in things[:8]]
    return PortRow(
        name=shown(row["name"], 24) or str(row["index"]),
        alias=shown(row["alias"], 40),
        up={True: "in use", False: "nothing plugged in", None: "not known"}[row["up"]],
        leads=leads.get(row["leads_to"], "many things" if row["leads_to"] == "many" else ""),
        far=None if far is None else (far["far_id"] or "", named or "another device"),
        things=listed,
        more=max(0, row["macs"] - row["private"] - len(listed)),
        private=row["private"],
    )


def _named(one: dict[str, Any]) -> tuple[str, str]:
    """(Kind of link and id, words) of a thing behind a port."""
    vendor = shown(one["vendor"], 30)
    if one["equipment"]:
        return f"device {one['equipment']}", vendor or "equipment"
    if one["told_by"]:
        return f"computer {one['told_by']}", "a school computer"
    if one["asset"]:
        return f"entry {one['asset']}", "in the register"
    return f"thing {one['mac_id']}", vendor or "unknown"


def _facts(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """What a printer or a UPS said beyond, in words."""
    said = []
    for name, label in _FACTS:
        value = facts.get(name)
        if isinstance(value, int | str) and value not in ("", "unknown"):
            said.append((label, shown(value, 40)))
    return said
