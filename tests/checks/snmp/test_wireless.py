"""Networks as controllers have them set up. No recording holds the columns on their protection but
Aruba's, so the others are typed by hand from the makers' enums: constructed, all of them.
"""

from collections.abc import Mapping

import msgspec
import pytest

from checks.formats.snmp_values import Value
from checks.snmp import denied, recorded
from checks.snmp.collecting import collect
from checks.snmp.recorded import Recorded
from checks.surveys.equipment import Point, Rogue, Ssid, Wireless
from checks.unseen import Unseen
from tests.checks import corpus
from tests.checks.snmp.devices import Failing, Watched, column, dots, mac, recording, system

UNSUPPORTED = Unseen("unsupported")
CANARY = b"Canary-Key-1234"


def air(*parts: Mapping[str, Value]) -> Wireless:
    """What one device knows of the air. In every column that holds a key a key stands."""
    keys = {f"{secret}.1": CANARY for secret in denied.DENIED}
    watched = Watched(recording(keys, *parts))
    found = collect(watched)
    assert CANARY not in msgspec.json.encode(found)
    assert not any(oid.startswith(tuple(denied.DENIED)) for oid in watched.asked + watched.walked)
    assert found.wireless is not None
    return found.wireless


def only(wireless: Wireless) -> Ssid:
    assert isinstance(wireless.ssids, list)
    assert len(wireless.ssids) == 1
    return wireless.ssids[0]


BSN = "1.3.6.1.4.1.14179.2.1.1.1"
LWAPP = "1.3.6.1.4.1.9.9.521.1.1.1.1"
WLC = system(b"Cisco Controller", "1.3.6.1.4.1.9.1.1069")
AES, TKIP = b"\x40", b"\x80"
DOT1X, PSK, SAE, OWE, SAE_AND_PSK = b"\x80", b"\x20", b"\x00\x80", b"\x00\x40", b"\x20\x80"


def bsn(**columns: Value) -> dict[str, Value]:
    return {f"{BSN}.{at.removeprefix('c')}.1": value for at, value in columns.items()}


@pytest.mark.parametrize(
    ("row", "security", "tkip", "pmf"),
    [
        ({1: 1, 2: 2, 4: 1, 5: AES, 6: DOT1X, 13: 0}, "wpa2-enterprise", False, "off"),
        ({1: 1, 2: 2, 4: 1, 5: AES, 6: PSK, 13: 1}, "wpa2-psk", False, "capable"),
        ({1: 1, 2: 1, 3: TKIP, 4: 1, 5: AES, 6: PSK, 13: 0}, "wpa2-psk", True, "off"),
        ({1: 1, 2: 1, 3: TKIP, 4: 2, 6: PSK, 13: 0}, "wpa-psk", True, "off"),
        ({1: 1, 2: 2, 4: 1, 5: TKIP, 6: PSK, 13: 0}, "wpa-psk", True, "off"),
        ({1: 1, 2: 2, 4: 1, 17: 1, 5: AES, 6: SAE, 13: 2}, "wpa3-sae", False, "required"),
        ({1: 1, 4: 1, 17: 1, 5: AES, 6: SAE_AND_PSK, 13: 1}, "wpa3-transition", False, "capable"),
        ({1: 1, 4: 2, 17: 1, 5: AES, 6: OWE, 13: 2}, "owe", False, "required"),
        ({1: 1, 4: 1, 5: AES, 6: b"\0", 13: 0}, "unknown", False, "off"),
    ],
)
def test_a_cisco_network_is_as_its_security_row_says(
    row: dict[int, Value], security: str, tkip: bool, pmf: str
) -> None:
    rows: dict[str, Value] = {f"{LWAPP}.{at}.1": value for at, value in row.items()}
    one = only(air(WLC, bsn(c2=b"Staff", c6=1, c51=0), rows))
    assert (one.ssid, one.enabled, one.security, one.tkip, one.pmf, one.hidden) == (
        *("Staff", True, security, tkip),
        *(pmf, True),
    )


@pytest.mark.parametrize(
    ("row", "security", "tkip"),
    [
        ({"c8": 1, "c16": 0, "c53": 0}, "wep", False),
        ({"c13": 1}, "wep", False),
        ({"c8": 0, "c13": 0, "c16": 0, "c53": 0}, "open", False),
        ({"c8": 0, "c53": 1, "c55": 0}, UNSUPPORTED, False),
        ({"c8": 0, "c53": 1, "c55": 1}, UNSUPPORTED, True),
    ],
)
def test_an_old_cisco_tells_wep_and_open_and_does_not_guess_keys(
    row: dict[str, Value], security: object, tkip: bool
) -> None:
    one = only(air(WLC, bsn(c2=b"Staff", c6=0, **row)))
    assert one.enabled is False
    assert one.tkip is tkip
    if isinstance(security, Unseen):
        assert one.security == security
    else:
        assert one.security == security


def test_a_9800_without_airespace_is_read_by_its_newer_tables() -> None:
    one = only(
        air(
            WLC,
            {"1.3.6.1.4.1.9.9.512.1.1.1.1.4.17": b"Pupils"},
            column(LWAPP, {"1.17": 1, "4.17": 1, "5.17": AES, "6.17": PSK}),
        )
    )
    assert (one.ssid, one.security, one.enabled) == ("Pupils", "wpa2-psk", UNSUPPORTED)


def test_of_foreign_access_points_only_those_that_matter_are_told() -> None:
    ours, wire, bad, neighbour = (bytes.fromhex(f"00005e00530{at}") for at in range(1, 5))
    table, names = "1.3.6.1.4.1.14179.2.1.7.1", "1.3.6.1.4.1.14179.2.1.8.1.6"
    by_mac = [dots(one) for one in (ours, wire, bad, neighbour)]
    found = air(
        WLC,
        bsn(c2=b"Willowbrook", c6=1, c8=0),
        column(f"{table}.7", dict(zip(by_mac, [0, 1, 0, 0], strict=True))),
        column(f"{table}.25", dict(zip(by_mac, [3, 3, 2, 1], strict=True))),
        column(names, {f"{by_mac[0]}.{dots(bad)}.0": b"Willowbr00k"}),
        column(names, {f"{by_mac[3]}.{dots(bad)}.0": b"BTHub6-XYZ"}),
    )
    assert found.rogues == [
        Rogue(mac(ours), ours=True, on_wire=False, verdict="unclassified"),
        Rogue(mac(wire), ours=False, on_wire=True, verdict="unclassified"),
        Rogue(mac(bad), ours=False, on_wire=False, verdict="malicious"),
    ]
    assert found.others == 1
    assert b"BTHub6" not in msgspec.json.encode(found)


def test_ciscos_access_points_are_listed() -> None:
    point = bytes.fromhex("00005e005310")
    table = f"1.3.6.1.4.1.14179.2.2.1.1.{{}}.{dots(point)}"
    found = air(
        WLC,
        bsn(c2=b"Staff", c6=1),
        {
            table.format(3): b"ap-hall",
            table.format(16): b"AIR-AP2802I",
            table.format(17): b"KWC1 ",
        },
    )
    assert found.points == [Point(mac(point), "ap-hall", "AIR-AP2802I", "KWC1", "")]


@pytest.mark.parametrize(
    ("bits", "security", "tkip"),
    [
        ({0}, "open", False),
        ({1}, "wep", False),
        ({2}, "wep", False),
        ({3}, "wpa-psk", True),
        ({4}, "unknown", True),
        ({5}, "wpa2-psk", False),
        ({6}, "wpa2-enterprise", False),
        ({3, 5}, "wpa2-psk", True),
        ({9}, "wpa-psk", False),
        ({11}, "wpa-psk", True),
        ({16}, "owe", False),
        ({17}, "wpa3-sae", False),
        ({5, 17}, "wpa3-transition", False),
        ({18}, "wpa3-enterprise", False),
        ({30}, UNSUPPORTED, UNSUPPORTED),
    ],
)
def test_an_aruba_network_is_as_its_bits_say(
    bits: set[int], security: object, tkip: object
) -> None:
    said = sum(1 << (31 - bit) for bit in bits).to_bytes(4, "big")
    index = ".".join(map(str, [5, *b"Staff"]))
    one = only(
        air(
            system(b"ArubaOS", "1.3.6.1.4.1.14823.1.1.40"),
            {f"1.3.6.1.4.1.14823.2.2.1.5.2.1.8.1.5.{index}": said},
        )
    )
    assert (one.ssid, msgspec.to_builtins(one.security), msgspec.to_builtins(one.tkip)) == (
        "Staff",
        msgspec.to_builtins(security),
        msgspec.to_builtins(tkip),
    )


def test_a_recorded_aruba_controller_tells_its_networks_and_access_points() -> None:
    path = corpus.need("snmprec/data/network/wifi/aruba-7010.snmprec.bz2")
    found = recorded.device(path.read_bytes())
    assert found.wireless is not None
    assert isinstance(found.wireless.ssids, list)
    assert isinstance(found.wireless.points, list)
    told = {one.ssid: one.security for one in found.wireless.ssids}
    assert told["wrd-dot1x"] == "wpa2-enterprise"
    assert told["wrd-iot"] == "wpa2-psk"
    assert told["wrd-portal"] == "open"
    hall = next(one for one in found.wireless.points if one.name == "WRD-WS-1")
    assert (hall.serial, hall.model, hall.address) == ("CT0283728", "225", "10.123.31.3")
    assert len(hall.bssids) == 6
    assert found.kind == "wireless-controller"


INSTANT = "1.3.6.1.4.1.14823.2.3.3.1"


def test_aruba_instant_tells_names_and_not_how_they_are_protected() -> None:
    point = bytes.fromhex("00005e005310")
    found = air(
        system(b"ArubaOS (MODEL: 315)", "1.3.6.1.4.1.14823.1.2.80"),
        column(f"{INSTANT}.1.7.1.2", {"1": b"Guest", "2": b"Staff"}),
        column(f"{INSTANT}.1.7.1.3", {"1": 0, "2": 1}),
        column(f"{INSTANT}.1.7.1.5", {"1": 0, "2": 1}),
        {f"{INSTANT}.2.1.1.2.{dots(point)}": b"ap-hall"},
        {f"{INSTANT}.2.3.1.4.{dots(point)}.0": bytes.fromhex("00005e005311")},
    )
    assert isinstance(found.ssids, list)
    assert [(one.ssid, one.enabled, one.hidden) for one in found.ssids] == [
        ("Guest", True, False),
        ("Staff", False, True),
    ]
    assert all(one.security == UNSUPPORTED for one in found.ssids)
    assert found.points == [Point(mac(point), "ap-hall", "", "", "", ["00:00:5e:00:53:11"])]


ZD, SZ = "1.3.6.1.4.1.25053.1.2.2.2.1.1.1.1", "1.3.6.1.4.1.25053.1.4.2.2.1.1.1.1"
SCG = "1.3.6.1.4.1.25053.1.3.2.2.1.1.1.1"
RUCKUS = system(b"Ruckus Wireless", "1.3.6.1.4.1.25053.3.1.5.15")


@pytest.mark.parametrize(
    ("table", "row", "security", "tkip"),
    [
        (ZD, (1, 2, 2), "wpa2-psk", False),
        (ZD, (3, 2, 2), "wpa2-enterprise", False),
        (ZD, (1, 3, 3), "wpa2-psk", True),
        (ZD, (1, 1, 1), "wpa-psk", True),
        (ZD, (1, 2, 1), "wpa-psk", True),
        (ZD, (1, 4, 0), "wep", False),
        (ZD, (2, 5, 0), "wep", False),
        (ZD, (1, 6, 0), "open", False),
        (ZD, (1, 9, 0), UNSUPPORTED, UNSUPPORTED),
        (SZ, (1, 1, 1), "wpa2-psk", False),
        (SZ, (2, 1, 1), "wpa2-enterprise", False),
        (SZ, (1, 2, 2), "wpa2-psk", True),
        (SZ, (1, 3, 3), "wep", False),
        (SZ, (1, 5, 3), "open", False),
        (SZ, (1, 6, 1), "wpa3-sae", False),
        (SZ, (2, 6, 4), "wpa3-enterprise", False),
        (SZ, (1, 7, 1), "wpa3-transition", False),
        (SZ, (1, 8, 1), "owe", False),
        (SCG, (1, 5, 3), "open", False),
    ],
)
def test_each_ruckus_counts_its_own_way(
    table: str, row: tuple[int, int, int], security: object, tkip: object
) -> None:
    told: dict[str, Value] = {f"{table}.2.1": b"Staff", f"{table}.50.1": 1}
    told |= {f"{table}.{at}.1": number for at, number in zip((10, 12, 20), row, strict=True)}
    one = only(air(RUCKUS, told))
    assert (one.ssid, msgspec.to_builtins(one.security), msgspec.to_builtins(one.tkip)) == (
        "Staff",
        msgspec.to_builtins(security),
        msgspec.to_builtins(tkip),
    )
    assert one.hidden is True


@pytest.mark.parametrize(
    ("mode", "authentication", "cipher", "security"),
    [
        (1, 1, 1, "open"),
        (2, 1, 1, "wep"),
        (3, 1, 3, "wpa2-psk"),
        (3, 4, 3, "wpa2-enterprise"),
        (3, 1, 2, "wpa-psk"),
        (3, 1, 4, "wpa2-psk"),
    ],
)
def test_a_ruckus_on_its_own(mode: int, authentication: int, cipher: int, security: str) -> None:
    base = "1.3.6.1.4.1.25053.1.1.6.1.1"
    table = column(f"{base}.1.1.1", {"1.7": b"Staff", "12.7": 1, "15.7": 2})
    keys = column(f"{base}.3.1.1", {"5.7": mode, "8.7": authentication, "10.7": cipher})
    one = only(air(RUCKUS, table, keys))
    assert (one.ssid, one.enabled, one.security, one.hidden) == ("Staff", True, security, False)


@pytest.mark.parametrize(
    ("object_id", "ssid"),
    [
        ("1.3.6.1.4.1.41112", "1.3.6.1.4.1.41112.1.6.1.2.1.6"),
        ("1.3.6.1.4.1.8072.3.2.10", "1.3.6.1.4.1.41112.1.6.1.2.1.6"),
        ("1.3.6.1.4.1.14988.1", "1.3.6.1.4.1.14988.1.1.1.3.1.4"),
        ("1.3.6.1.4.1.29671.1", "1.3.6.1.4.1.29671.1.1.3.1.3"),
    ],
)
def test_who_shows_protection_to_nobody_is_unseen_and_never_open(object_id: str, ssid: str) -> None:
    found = air(system(b"", object_id), column(ssid, [b"Staff", b"Staff", b"Pupils\xff"]))
    assert isinstance(found.ssids, list)
    assert [one.ssid for one in found.ssids] == ["Pupils\\xff", "Staff"]
    assert all(one.security == UNSUPPORTED for one in found.ssids)


def test_a_controller_that_breaks_off_is_unseen_and_stands_with_the_rest() -> None:
    whole = recording(WLC, bsn(c2=b"Staff", c6=1, c8=0))
    found = collect(Failing(whole, f"{BSN}.2", "no-answer"))
    assert found.wireless is not None
    assert found.wireless.ssids == Unseen("timeout")
    later = collect(Failing(whole, "1.3.6.1.4.1.14179.2.1.7", "no-answer"))
    assert later.wireless is not None
    assert only(later.wireless).security == "open"
    assert later.wireless.rogues == Unseen("timeout")


def test_a_switch_of_the_same_maker_has_no_air() -> None:
    assert collect(Recorded(recording(system(b"", "1.3.6.1.4.1.9.1.516")))).wireless is None


def test_more_networks_than_anybody_has_are_not_cut_in_silence() -> None:
    many = column("1.3.6.1.4.1.14988.1.1.1.3.1.4", [b"net-%d" % at for at in range(200)])
    assert air(system(b"", "1.3.6.1.4.1.14988.1"), many).ssids == Unseen("too-large")
