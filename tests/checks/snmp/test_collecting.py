"""What is made of a device's answers, and what of their lack."""

from collections.abc import Mapping

import msgspec
import pytest

from checks.formats.snmp_values import Value
from checks.snmp import asking
from checks.snmp.asking import CannotAsk
from checks.snmp.collecting import collect
from checks.snmp.recorded import Recorded
from checks.surveys.equipment import MOST_MACS, MOST_NEIGHBOURS, Equipment, Part, Port, Power
from checks.unseen import Unseen
from tests.checks.snmp.devices import (
    CISCO,
    Failing,
    Watched,
    column,
    dots,
    mac,
    own,
    recording,
    sockets,
    stranger,
    system,
)

ENT = "1.3.6.1.2.1.47.1.1.1.1"
BASE = "1.3.6.1.2.1.17.1.4.1.2"
FDB = "1.3.6.1.2.1.17.4.3.1.2"
VLANS = "1.3.6.1.2.1.17.7.1.2.2.1.2"
FAR = "1.0.8802.1.1.2.1.4.1.1"
NEAR = "1.0.8802.1.1.2.1.3.7.1"
BRIDGE, PHONE, STATION, AP = b"\x20", b"\x24", b"\x01", b"\x30"
PHONE_MAC = bytes.fromhex("00005e005370")


def ports(device: Equipment) -> dict[int, Port]:
    assert isinstance(device.ports, list)
    return {port.index: port for port in device.ports}


def behind(device: Equipment) -> dict[int, list[str]]:
    return {index: port.macs for index, port in ports(device).items() if port.count}


def neighbour(
    index: str,
    *,
    chassis: bytes,
    kind: int = 4,
    can: bytes = BRIDGE,
    name: bytes = b"",
    port: bytes = b"24",
) -> dict[str, Value]:
    """One LLDP row."""
    said: dict[int, Value] = {4: kind, 5: chassis, 6: 5, 7: port, 9: name, 10: name, 12: can}
    return {f"{FAR}.{at}.{index}": value for at, value in said.items()}


def asked(*parts: Mapping[str, Value]) -> Equipment:
    """One device from its answers."""
    return collect(Recorded(recording(*parts)))


def test_a_stack_is_its_members_with_serials_trimmed_and_its_own_empty_row_left_out() -> None:
    found = asked(
        system(object_id=CISCO),
        column(f"{ENT}.5", {"1": 11, "1001": 3, "2001": 3, "1005": 9}),
        column(f"{ENT}.11", {"1": b"", "1001": b"FDO1 \0\0", "2001": b" FDO2", "1005": b"FDO1"}),
        column(f"{ENT}.13", {"1001": b"WS-C3750", "2001": b"WS-C3750"}),
        column(f"{ENT}.10", {"1001": b"12.2", "2001": b"12.2"}),
    )
    assert found.parts == [
        Part("chassis", "FDO1", "WS-C3750", "12.2"),
        Part("chassis", "FDO2", "WS-C3750", "12.2"),
    ]


def test_a_switch_that_is_a_module_of_an_empty_stack_is_a_chassis() -> None:
    found = asked(
        system(),
        column(f"{ENT}.5", {"1": 11, "201": 9}),
        column(f"{ENT}.11", {"1": b"", "201": b"A308023010"}),
    )
    assert found.parts == [Part("chassis", "A308023010", "", "")]


@pytest.mark.parametrize("said", [b"", b"   ", b"\0\0", b"XXXXXXXX", b"N/A", b"BUILTIN", b"0"])
def test_a_serial_that_tells_nothing_apart_is_none(said: bytes) -> None:
    found = asked(
        system(object_id=CISCO),
        column(f"{ENT}.5", {"1": 3}),
        column(f"{ENT}.11", {"1": said}),
        column(f"{ENT}.13", {"1": b"WS-C2960"}),
    )
    assert found.parts == [Part("chassis", "", "WS-C2960", "")]


@pytest.mark.parametrize(
    ("said", "serial"),
    [(b"CN 91827 ", "CN 91827"), (b"\x01\xa2\xb3\xc4\xd5", "01A2B3C4D5"), (own(1), "")],
)
def test_a_serial_that_is_no_text_is_its_bytes_and_no_mac(said: bytes, serial: str) -> None:
    found = asked(
        system(),
        sockets(1),
        column(f"{ENT}.5", {"1": 3}),
        column(f"{ENT}.11", {"1": said}),
        column(f"{ENT}.13", {"1": b"M1"}),
    )
    assert found.parts == [Part("chassis", serial, "M1", "")]


def test_a_device_without_entities_gives_its_makers_serial() -> None:
    found = asked(
        system(b"ProCurve J9019B Switch 2510B-24"),
        {
            "1.3.6.1.4.1.11.2.36.1.1.2.9.0": b"CN221DE0YF ",
            "1.3.6.1.4.1.11.2.36.1.1.2.5.0": b"J9019B",
        },
    )
    assert found.parts == [Part("chassis", "CN221DE0YF", "J9019B", "")]
    assert found.kind == "switch"


def test_a_ups_that_gives_its_mac_as_serial_has_none() -> None:
    found = asked(
        system(b"UPS card", "1.3.6.1.4.1.705.1"),
        sockets(1),
        {
            "1.3.6.1.4.1.705.1.1.7.0": mac(own(1)).upper().encode(),
            "1.3.6.1.4.1.705.1.1.1.0": b"Eaton 5P",
            "1.3.6.1.4.1.705.1.7.3.0": 1,
            "1.3.6.1.4.1.705.1.5.1.0": 600,
            "1.3.6.1.2.1.33.1.2.1.0": 3,
        },
    )
    assert found.kind == "ups"
    assert found.power == Power("Eaton 5P", "", "low", on_battery=True, minutes_left=10)


def test_addresses_hang_on_the_interface_behind_the_bridges_port() -> None:
    found = asked(
        system(),
        sockets(2, first=101, names=[b"A1", b"A2"]),
        column(BASE, {"1": 101, "2": 102}),
        column(FDB, {dots(stranger(1)): 1, dots(stranger(2)): 2, dots(own(101)): 1}),
    )
    assert behind(found) == {101: [mac(stranger(1))], 102: [mac(stranger(2))]}
    assert found.learnt is True


def test_a_table_for_each_vlan_is_read_where_the_other_is_empty_and_counts_nobody_twice() -> None:
    rows = {f"{vlan}.{dots(stranger(1))}": 1 for vlan in (1, 20, 30)}
    found = asked(system(), sockets(1), column(BASE, [1]), column(VLANS, rows))
    assert behind(found) == {1: [mac(stranger(1))]}
    assert ports(found)[1].count == 1


def test_addresses_that_phones_make_up_are_counted_and_not_told() -> None:
    made_up = bytes.fromhex("da5e00005301")
    found = asked(
        system(),
        sockets(1),
        column(BASE, [1]),
        column(FDB, {dots(made_up): 1, dots(stranger(1)): 1}),
    )
    port = ports(found)[1]
    assert (port.macs, port.count, port.private) == ([mac(stranger(1))], 2, 1)
    assert mac(made_up).encode() not in msgspec.json.encode(found)


def test_a_way_to_another_switch_tells_a_number_and_some() -> None:
    many = {dots(stranger(at)): 1 for at in range(200)}
    port = ports(asked(system(), sockets(1), column(BASE, [1]), column(FDB, many)))[1]
    assert (len(port.macs), port.count) == (MOST_MACS, 200)


def test_an_address_on_a_port_that_is_nowhere_leaves_the_rest_and_says_so() -> None:
    found = asked(
        system(),
        sockets(2),
        column(BASE, [1, 2]),
        column(FDB, {dots(stranger(1)): 1, dots(stranger(2)): 99, dots(stranger(3)): 0}),
    )
    assert behind(found) == {1: [mac(stranger(1))]}
    assert found.learnt == Unseen("parse-error")


def test_of_an_old_cisco_only_the_first_vlan_is_known() -> None:
    fdb = column(FDB, {dots(stranger(1)): 1})
    found = asked(system(object_id=CISCO), sockets(1), column(BASE, [1]), fdb)
    assert behind(found) == {1: [mac(stranger(1))]}
    assert found.learnt == Unseen("unsupported")


def test_what_is_no_bridge_has_learnt_nothing_and_that_is_known() -> None:
    assert asked(system(), sockets(1)).learnt is False


@pytest.mark.parametrize(
    ("kind", "said"), [(5, b"A2"), (5, b"a2"), (5, b"Port 102"), (3, own(102)), (7, b"102")]
)
def test_lldp_counts_ports_its_own_way_and_is_understood(kind: int, said: bytes) -> None:
    found = asked(
        system(),
        sockets(2, first=101, names=[b"A1", b"A2"]),
        column(f"{NEAR}.2", {"7": kind}),
        column(f"{NEAR}.3", {"7": said}),
        neighbour("0.7.1", chassis=stranger(9), name=b"core"),
    )
    assert isinstance(found.neighbours, list)
    assert [(one.port, one.chassis, one.name) for one in found.neighbours] == [
        (102, mac(stranger(9)), "core")
    ]


def test_a_far_port_that_is_a_bare_number_goes_by_what_is_printed_on_it() -> None:
    row = neighbour("0.1.1", chassis=stranger(9), port=b"141")
    row |= {f"{FAR}.6.0.1.1": 7, f"{FAR}.8.0.1.1": b"F21"}
    found = asked(system(), sockets(1), row)
    assert isinstance(found.neighbours, list)
    assert [one.far_port for one in found.neighbours] == ["F21"]


def test_a_port_that_could_be_two_is_none() -> None:
    # Bridge port 1 is interface 2, and there is an interface 1: LLDP's 1 may be either.
    found = asked(
        system(),
        sockets(2),
        column(BASE, {"1": 2}),
        neighbour("0.1.1", chassis=stranger(9)),
    )
    assert isinstance(found.neighbours, list)
    assert [one.port for one in found.neighbours] == [0]


@pytest.mark.parametrize("can", [PHONE, STATION, b"\x21", b"", b"\x00"])
def test_what_may_be_a_persons_is_not_told_nor_even_asked(can: bytes) -> None:
    answers = recording(
        system(),
        sockets(2),
        neighbour("0.1.1", chassis=b"Anne's laptop", kind=7, can=can, name=b"Anne Other"),
        neighbour("0.2.1", chassis=PHONE_MAC, can=can, name=b"Anne Other", port=b"Anne"),
    )
    watched = Watched(answers)
    found = collect(watched)
    assert isinstance(found.neighbours, list)
    assert [(one.chassis, one.far_port, one.name) for one in found.neighbours] == [
        ("", "", ""),
        (mac(PHONE_MAC), "", ""),
    ]
    assert b"Anne" not in msgspec.json.encode(found)
    assert not any(oid.startswith((f"{FAR}.8", f"{FAR}.9", f"{FAR}.10")) for oid in watched.asked)


def test_a_made_up_address_of_a_phone_is_not_told_by_lldp_either() -> None:
    row = neighbour("0.1.1", chassis=bytes.fromhex("da5e00005301"), can=STATION)
    found = asked(system(), sockets(1), row)
    assert isinstance(found.neighbours, list)
    assert [one.chassis for one in found.neighbours] == [""]


def test_cdp_tells_of_access_points_and_not_of_phones() -> None:
    cdp = "1.3.6.1.4.1.9.9.23.1.2.1.1"
    found = asked(
        system(object_id=CISCO),
        sockets(1),
        column(f"{cdp}.6", {"1.1": b"ap-hall", "1.2": b"SEP00005E005370"}),
        column(f"{cdp}.7", {"1.1": b"Gi0", "1.2": b"Port 1"}),
        column(f"{cdp}.8", {"1.1": b"cisco AIR-CAP1602I", "1.2": b"Cisco IP Phone 7945"}),
        column(f"{cdp}.9", {"1.1": b"\0\0\0\x02", "1.2": b"\0\0\0\x90"}),
    )
    assert isinstance(found.neighbours, list)
    told = {(one.name, one.description, one.chassis, one.port) for one in found.neighbours}
    assert told == {("ap-hall", "cisco AIR-CAP1602I", "ap-hall", 1), ("", "", "", 1)}


def test_both_tables_of_addresses_are_one_list_without_made_up_ones() -> None:
    found = asked(
        system(),
        column("1.3.6.1.2.1.4.22.1.2", {"1.10.20.0.9": stranger(1), "1.10.20.0.8": b"\0" * 6}),
        column(
            "1.3.6.1.2.1.4.35.1.4",
            {
                "1.1.4.10.20.0.9": stranger(1),
                "1.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1": stranger(2),
                "1.1.4.10.20.0.7": bytes.fromhex("da5e00005301"),
                "1.1.4.239.1.1.1": stranger(3),
            },
        ),
    )
    assert isinstance(found.bindings, list)
    assert [(one.address, one.mac) for one in found.bindings] == [
        ("10.20.0.9", mac(stranger(1))),
        ("2001:db8::1", mac(stranger(2))),
    ]


def test_a_printer_is_asked_a_handful_and_no_more() -> None:
    watched = Watched(
        recording(
            system(b"HP ETHERNET MULTI-ENVIRONMENT", "1.3.6.1.4.1.11.2.3.9.1"),
            sockets(1),
            {
                "1.3.6.1.2.1.25.3.2.1.3.1": b"HP LaserJet 500 color M551 ",
                "1.3.6.1.2.1.43.5.1.1.17.1": b"CN65FP42R3 ",
                "1.3.6.1.2.1.43.10.2.1.4.1.1": 81_337,
            },
            column("1.3.6.1.2.1.43.18.1.1.2", {"1.1": 4, "1.2": 1, "1.3": 3}),
        )
    )
    found = collect(watched)
    assert found.kind == "printer"
    assert found.printing is not None
    assert msgspec.structs.astuple(found.printing) == (
        "HP LaserJet 500 color M551",
        "CN65FP42R3",
        81_337,
        2,
    )
    assert found.learnt is False
    assert found.neighbours == Unseen("deferred")
    assert len(watched.walked) < 12
    assert not any(walked.startswith(("1.3.6.1.2.1.17", "1.0.8802")) for walked in watched.walked)


WHOLE = (
    system(),
    sockets(2),
    column(BASE, [1, 2]),
    column(FDB, {dots(stranger(at)): 1 for at in range(5)}),
    column(f"{ENT}.5", {"1": 3}),
    column(f"{ENT}.11", {"1": b"SN12345"}),
    neighbour("0.1.1", chassis=stranger(9)),
    column("1.3.6.1.2.1.4.22.1.2", {"1.10.20.0.9": stranger(1)}),
)


@pytest.mark.parametrize("code", asking.CODES)
@pytest.mark.parametrize(
    ("at", "group"),
    [
        ("1.3.6.1.2.1.2.2.1", "ports"),
        (ENT, "parts"),
        (FDB, "learnt"),
        (BASE, "learnt"),
        (FAR, "neighbours"),
        ("1.3.6.1.2.1.4.22", "bindings"),
    ],
)
def test_a_group_that_fails_says_why_and_leaves_the_rest(at: str, group: str, code: str) -> None:
    whole = recording(*WHOLE)
    found, complete = collect(Failing(whole, at, code)), collect(Recorded(whole))
    assert getattr(found, group) == Unseen(asking.CODES[code])
    for other in {"parts", "bindings"} - {group}:
        assert getattr(found, other) == getattr(complete, other)


def test_of_a_table_that_breaks_off_what_came_is_kept_and_marked() -> None:
    found = collect(Failing(recording(*WHOLE), FDB, "never-ends"))
    assert sum(port.count for port in ports(found).values()) == 2
    assert found.learnt == Unseen("parse-error")


def test_a_device_that_says_nothing_of_itself_is_no_device() -> None:
    with pytest.raises(CannotAsk, match="no-answer"):
        collect(Failing(recording(*WHOLE), "1.3.6.1.2.1.1.", "no-answer"))


def test_a_budget_that_runs_out_is_too_large_and_not_the_end() -> None:
    many = {f"{vlan}.{dots(stranger(at))}": 1 for vlan in range(50) for at in range(200)}
    whole = recording(system(), sockets(2), column(BASE, [1, 2]), column(VLANS, many))
    found = collect(Recorded(whole, rows=300))
    assert found.learnt == Unseen("too-large")
    assert found.bindings == [] or isinstance(found.bindings, Unseen)


def test_neighbours_beyond_the_most_are_not_cut_in_silence() -> None:
    rows = [
        neighbour(f"0.1.{at}", chassis=at.to_bytes(6, "big"))
        for at in range(256, 258 + MOST_NEIGHBOURS)
    ]
    found = asked(system(), sockets(1), *rows)
    assert found.neighbours == Unseen("too-large")


def test_hostile_texts_come_out_harmless() -> None:
    found = asked(
        system("\x1b[31mhall\u202e".encode() + b"\xff" * 5_000, name=b"a\nb\0\0"),
        sockets(1, names=[b"\x07" * 40 + b"A1"]),
    )
    assert found.identity.name == "a b"
    assert "\x1b" not in found.identity.description
    assert len(found.identity.description) <= 255
    assert ports(found)[1].name == "A1"
