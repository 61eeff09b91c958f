"""A round of a believable primary school, for the pages: four switches, access points, a printer,
and three things nobody knows."""

import msgspec

from checks.surveys.equipment import Equipment, Point, Printing, Ssid, Wireless
from checks.surveys.lan import Problem
from checks.unseen import Unseen
from inventory.models import Site
from inventory.network import computers, rounds
from inventory.network.computers import Said
from inventory.network.rounds import Told
from tests.controller.web import school
from tests.inventory.network import surveys as made

AT = school.NOW - 6 * 3_600
ROUTER, CORE, HALL, ICT, OFFICE = (f"00:1b:17:00:01:{n:02x}" for n in range(1, 6))
POINTS = [f"00:1b:17:00:02:{n:02x}" for n in range(1, 5)]
PRINTER = "00:1b:17:00:03:01"
CONSOLE, STRANGER, BOX = "00:04:1f:aa:bb:cc", "00:0c:43:12:34:56", "b0:a7:37:01:02:03"
FOREIGN = "00:0c:43:99:00:01"
UNSEEN = Unseen("timeout")


def _named(found: Equipment, name: str, location: str, description: str) -> Equipment:
    identity = msgspec.structs.replace(
        found.identity, name=name, location=location, description=description
    )
    return msgspec.structs.replace(found, identity=identity)


def _switches() -> list[Equipment]:
    bridge = ("bridge",)
    core = made.equipment(
        "10.20.0.2",
        "switch",
        "CN65FP42R3",
        CORE,
        ports=[
            made.port(1, OFFICE, PRINTER, own=CORE),
            made.port(23, HALL, CONSOLE, *POINTS[:2], count=30, alias="Hall cupboard"),
            made.port(24, ICT, *POINTS[2:], count=41),
            made.port(25, ROUTER, count=1),
        ],
        neighbours=[
            made.neighbour(25, ROUTER, "router", name="gateway"),
            made.neighbour(23, HALL, *bridge),
            made.neighbour(24, ICT, *bridge),
            made.neighbour(1, OFFICE, *bridge),
        ],
    )
    hall = made.equipment(
        "10.20.0.3",
        "switch",
        "CN221DE0YF",
        HALL,
        ports=[
            made.port(1, CORE, own=HALL, count=60),
            made.port(7, CONSOLE, alias="Stage"),
            made.port(11, POINTS[0]),
            made.port(12, POINTS[1]),
        ],
        neighbours=[
            made.neighbour(1, CORE, *bridge),
            made.neighbour(11, POINTS[0], "access-point", "bridge"),
            made.neighbour(12, POINTS[1], "access-point", "bridge"),
        ],
    )
    ict = made.equipment(
        "10.20.0.4",
        "switch",
        "CN4AFP40L9",
        ICT,
        ports=[
            made.port(1, CORE, own=ICT, count=60),
            made.port(5, STRANGER, BOX, alias="ICT suite, back wall"),
            made.port(11, POINTS[2]),
            made.port(12, POINTS[3]),
        ],
        neighbours=[
            made.neighbour(1, CORE, *bridge),
            made.neighbour(11, POINTS[2], "access-point", "bridge"),
            made.neighbour(12, POINTS[3], "access-point", "bridge"),
        ],
    )
    office = made.equipment(
        "10.20.0.5", "switch", "CN17FP4021", OFFICE, ports=UNSEEN, neighbours=UNSEEN
    )
    return [
        _named(core, "Server room", "Server room", "HP 2530-48G"),
        _named(hall, "Hall cupboard", "Hall", "HP 2530-24G"),
        _named(ict, "ICT suite", "ICT suite", "HP 2530-24G"),
        _named(office, "Office", "Office", "HP 1820-8G"),
    ]


def _others() -> list[Equipment]:
    router = made.equipment("10.20.0.1", "router", "RTR0001", ROUTER)
    points = [
        Point(mac, f"AP {room}", "R510", f"39170200012{n}", f"10.20.0.{20 + n}", [_bssid(n)])
        for n, (mac, room) in enumerate(
            zip(POINTS, ("Hall", "Year 2", "ICT", "Year 5"), strict=True)
        )
    ]
    air = Wireless(
        ssids=[
            Ssid("Willowbrook", True, "wpa2-enterprise", False, "capable", False),
            Ssid("Willowbrook-Guest", True, "wpa2-psk", False, "off", False),
        ],
        points=points,
        rogues=[],
        others=9,
    )
    controller = made.equipment(
        "10.20.0.6", "wireless-controller", "ZD1200001", "00:1b:17:00:01:09", wireless=air
    )
    return [
        _named(router, "gateway", "Server room", "Provider's router"),
        _named(controller, "Wireless controller", "Server room", "Ruckus ZD1200"),
        _named(
            made.equipment(
                "10.20.0.30", "printer", "", PRINTER, printing=Printing("", "VNB3K12345", 4_000, 0)
            ),
            "Office printer",
            "Office",
            "HP LaserJet M404",
        ),
    ]


def _bssid(n: int) -> str:
    return f"00:1b:17:00:04:{n:02x}"


def seen(site: Site) -> None:
    """Two nights of rounds, and what two computers hear."""
    hosts = [
        made.heard(CONSOLE, "10.20.0.77", vendor_class="PS5"),
        made.heard(STRANGER, "10.20.0.78"),
        made.heard(BOX, "10.20.0.79", services=["_googlecast._tcp"], model="Chromecast"),
        made.heard(PRINTER, "10.20.0.30"),
    ]
    for at in (AT - school.DAY, AT):
        problems = [Problem("10.20.0.5", "snmp", "no-answer")] if at == AT else []
        told = Told(
            made.SCANNER,
            made.lan(*hosts, at=at),
            made.asked(*_switches(), *_others(), at=at),
            made.run(*problems, at=at),
        )
        rounds.take(site.id, told, at + 120)
    heard = made.air(
        made.bss(_bssid(0), "Willowbrook"),
        made.bss(_bssid(2), "Willowbrook", channel=36),
        made.bss(_bssid(1), "Willowbrook-Guest", security="wpa2-psk", akms=[2], pmf="off"),
        made.bss(FOREIGN, "Willowbrook", security="open", akms=[], pairwise=[], pmf="off"),
        made.bss("00:0c:43:99:00:02", "Wiilowbrook", likeness="near", security="wpa2-psk"),
        others=14,
        hotspots=2,
    )
    computers.take(site.id, [Said("dev_LISTENER", 7, AT, air=heard)])
