"""Rounds of an invented school: a core switch, one in the hall, an access point, a printer."""

from typing import Any

from checks.surveys.air import AirFacts, Bss
from checks.surveys.equipment import (
    Binding,
    Equipment,
    EquipmentSurvey,
    Identity,
    Neighbour,
    Part,
    Point,
    Port,
    Printing,
    Rogue,
    Ssid,
    Wireless,
)
from checks.surveys.lan import Heard, LanSurvey, Offer, Problem, Segment, SurveyRun
from checks.unseen import Unseen
from inventory.network.rounds import Told

NOW = 1_795_334_400
DAY = 86_400
SCANNER, SCOPE = "dev_SCANNER", "sha256:" + "5" * 64
CORE, HALL, AP, PRINTER = (f"00:1b:17:00:00:{n:02x}" for n in (1, 2, 3, 4))
LAPTOP, CONSOLE, STRANGER = "a4:4c:c8:11:22:33", "00:04:1f:aa:bb:cc", "00:0c:43:12:34:56"
BSSID = "00:1b:17:00:00:30"
BLIND = Unseen("timeout")


def heard(mac: str, ip: str = "10.20.0.9", **more: Any) -> Heard:
    return Heard(mac, [ip], ["arp"], **more)


def port(index: int, *macs: str, own: str = "", count: int = 0, **more: Any) -> Port:
    told: dict[str, Any] = {"name": f"{index}", "alias": "", "up": True, "own_mac": own}
    told |= {"macs": list(macs), "count": count or len(macs)}
    return Port(index=index, **(told | more))


def neighbour(at: int, chassis: str, *capabilities: Any, name: str = "") -> Neighbour:
    return Neighbour(at, "lldp", chassis, "1", name, "", list(capabilities))


def equipment(address: str, kind: Any, serial: str, mac: str, **more: Any) -> Equipment:
    told: dict[str, Any] = {
        "address": address,
        "way": "snmp-v3",
        "credential": "switches",
        "kind": kind,
        "identity": Identity(f"name-{address}", "ProCurve 2530 YA.16", "1.3.6.1.4.1.11", "", "", 9),
        "parts": [Part("chassis", serial, "2530-24G", "YA.16.11")] if serial else [],
        "ports": [port(1, own=mac)],
        "neighbours": [],
        "bindings": [],
        "wireless": None,
        "printing": None,
        "power": None,
        "default_community": "none",
    }
    return Equipment(**(told | more))


def core(**more: Any) -> Equipment:
    ports = [port(1, AP, own=CORE), port(2, HALL, PRINTER, CONSOLE, count=40)]
    near = [neighbour(2, HALL, "bridge"), neighbour(1, AP, "access-point", "bridge")]
    bindings = [Binding(PRINTER, "10.20.0.4")]
    told = {"ports": ports, "neighbours": near, "bindings": bindings} | more
    return equipment("10.20.0.1", "switch", "CN65FP42R3", CORE, **told)


def hall(**more: Any) -> Equipment:
    ports = [port(1, CORE, own=HALL, count=30), port(7, PRINTER), port(9, CONSOLE, STRANGER)]
    told = {"ports": ports, "neighbours": [neighbour(1, CORE, "bridge")]} | more
    return equipment("10.20.0.2", "switch", "CN221DE0YF", HALL, **told)


def printer(**more: Any) -> Equipment:
    printing = Printing("LaserJet", "VNB3K12345", 4_000, 0)
    return equipment("10.20.0.4", "printer", "", PRINTER, printing=printing, **more)


def wireless(**more: Any) -> Wireless:
    told: dict[str, Any] = {
        "ssids": [Ssid("Hill Staff", True, "wpa2-enterprise", False, "capable", False)],
        "points": [Point(AP, "hall-ap", "R510", "391702000123", "10.20.0.3", [BSSID])],
        "rogues": [],
        "others": 7,
    }
    return Wireless(**(told | more))


def controller(**more: Any) -> Equipment:
    told = {"wireless": wireless()} | more
    return equipment("10.20.0.5", "wireless-controller", "ZD1200001", "00:1b:17:00:00:05", **told)


def rogue(bssid: str = "00:0c:43:99:00:01", **more: Any) -> Rogue:
    told: dict[str, Any] = {"ours": True, "on_wire": True, "verdict": "malicious"}
    return Rogue(bssid, **(told | more))


def segment(*hosts: Heard, **more: Any) -> Segment:
    told: dict[str, Any] = {
        "subnet": "10.20.0.0/24",
        "asked": 254,
        "hosts": list(hosts),
        "private": 3,
        "offers": [Offer("10.20.0.1", CORE, False, "10.20.0.1", ["10.20.0.1"])],
    }
    return Segment(**(told | more))


def lan(*hosts: Heard, at: int = NOW, segments: Any = None, **more: Any) -> LanSurvey:
    return LanSurvey(SCOPE, at, at + 60, segments or [segment(*hosts)], **more)


def asked(*devices: Equipment, at: int = NOW) -> EquipmentSurvey:
    return EquipmentSurvey(SCOPE, at + 30, list(devices))


def run(*problems: Problem, at: int = NOW, refused: str = "") -> SurveyRun:
    return SurveyRun(SCOPE, refused, at, at + 60, 600, 400, list(problems), 0)


def night(*devices: Equipment, hosts: list[Heard] | None = None, at: int = NOW) -> Told:
    seen = [heard(CONSOLE), heard(STRANGER), heard(LAPTOP)] if hosts is None else hosts
    return Told(SCANNER, lan(*seen, at=at), asked(*devices, at=at), run(at=at))


def whole(at: int = NOW) -> Told:
    return night(core(), hall(), printer(), controller(), at=at)


def bss(bssid: str = BSSID, ssid: str = "Hill Staff", **more: Any) -> Bss:
    told: dict[str, Any] = {
        "bssid": bssid,
        "ssid": ssid,
        "likeness": "same",
        "security": "wpa2-enterprise",
        "akms": [1],
        "pairwise": [4],
        "group": 4,
        "pmf": "capable",
        "wps": False,
        "hidden": False,
        "channel": 6,
        "strong": True,
    }
    return Bss(**(told | more))


def air(*found: Bss, **more: Any) -> AirFacts:
    told: dict[str, Any] = {"via": "iw", "heard": list(found), "others": 4, "hotspots": 0}
    return AirFacts(**(told | more))
