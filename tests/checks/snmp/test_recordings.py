"""Recorded switches, firewalls, controllers, UPSs and others: what is said of each, and that no
recording of any kind breaks anything. Expected values were read in the recordings by eye."""

import collections
import functools
from pathlib import Path

import msgspec
import pytest

from agent.commands import main
from checks.facts import decode_section, encode_section
from checks.formats.errors import ParseError
from checks.formats.snmp_values import Recording, Value
from checks.snmp import denied, recorded, values
from checks.snmp.collecting import collect
from checks.snmp.recorded import Recorded
from checks.surveys.equipment import Equipment, EquipmentSurvey
from checks.unseen import Unseen
from tests.checks import corpus
from tests.checks.snmp.devices import Watched

FOLDER = corpus.FOLDER / "snmprec/data"
LARGEST = 80_000
"""Bytes, as packed, of a recording that every run can afford: beyond that are routers of whole
universities."""


def names() -> list[str]:
    """Recordings of the corpus, by their place in it."""
    found = [
        p for p in FOLDER.rglob("*.snmprec*") if p.stat().st_size <= LARGEST or ".bz2" not in p.name
    ]
    return sorted(str(path.relative_to(FOLDER)) for path in found) or ["absent"]


@functools.cache
def raw(name: str) -> Recording:
    return recorded.read(corpus.need(f"snmprec/data/{name}").read_bytes())


@functools.cache
def device(name: str) -> Equipment:
    return collect(Recorded(raw(name)))


@pytest.mark.parametrize("name", names())
def test_any_recording_gives_a_section_that_is_read_back(name: str) -> None:
    found = device(name)
    survey = EquipmentSurvey(scope="", asked_at=0, devices=[found])
    kind = EquipmentSurvey
    assert encode_section(decode_section(encode_section(survey), 1, kind)) == encode_section(survey)
    if not isinstance(found.ports, Unseen):
        assert all(not values.private(mac) for port in found.ports for mac in port.macs)


@pytest.mark.parametrize("name", names())
def test_of_any_recording_only_what_is_allowed_is_asked(name: str) -> None:
    watched = Watched(raw(name))
    collect(watched)
    for asked in {*watched.asked, *watched.walked}:
        assert not any(asked.startswith(secret) for secret in denied.DENIED)
    assert len(watched.walked) < 60


SWITCH, FIREWALL, ROUTER = "network/switch", "network/firewall", "network/router"
SAID = {
    f"{SWITCH}/cisco-c3750": ("switch", ["FDO1622Y10H"], "WS-C3750G-12S-S", "f4:7f:35:93:af:80"),
    f"{SWITCH}/cisco-c3560": ("switch", ["FOC1408Z61U"], "WS-C3560G-48TS-E", "e8:04:62:78:f2:00"),
    f"{SWITCH}/cisco-n5000-uk9": (
        "switch",
        ["SSI183706KP", "FOC1842819V", "FOC16347APX"],
        "N5K-C5548UP",
        "8c:60:4f:19:16:7c",
    ),
    f"{SWITCH}/h3c-e528-2": (
        "switch",
        ["210235A0GKC158000929"],
        "H3C Switch E528",
        "38:91:d5:30:75:77",
    ),
    f"{SWITCH}/dcs-3726c": ("switch", ["A308023010"], "", "00:30:f1:77:d8:c0"),
    f"{SWITCH}/dlink-des3200": ("switch", ["R3MD1DB002523"], "", "9c:d6:43:fc:e2:c0"),
    f"{SWITCH}/brocade-icx6430-24": ("switch", ["BZN3215N09A"], "", "60:9c:9f:8a:75:c0"),
    f"{SWITCH}/hpe-procurve-516733-b21": (
        "switch",
        ["3C421900TX"],
        "516733-B21",
        "ac:16:2d:92:7d:21",
    ),
    f"{SWITCH}/zte-zrx10": ("switch", [], "9900", "74:4a:a4:1f:f3:80"),
    f"{SWITCH}/h3c-wx6103": (
        "wireless-controller",
        ["210231A76JX091000041"],
        "H3C WX6103",
        "00:0f:e2:87:c3:1a",
    ),
    "cloud/arista-dcs-7150s-52-cl": (
        "switch",
        ["JPE15151458"],
        "DCS-7150S-52-CL",
        "00:1c:73:b4:fd:69",
    ),
    f"{FIREWALL}/paloalto-pa-5000": ("firewall", ["0009C100761"], "PA-5050", ""),
    f"{ROUTER}/juniper-mx960-13-3r9-13": (
        "router",
        ["JN12002C1AFA"],
        "Juniper MX960 Internet Backbone Router",
        "a8:d0:e5:f5:af:d0",
    ),
    "UPS/apc-7902b": ("pdu", ["5A1551F39430"], "AP7902B", ""),
    "UPS/eaton-9px-partial": ("ups", ["GX13G45099"], "Eaton 9PX", ""),
    "UPS/eaton-93e-80": ("ups", ["4K234LXX06"], "93E HV", ""),
    "UPS/phoenixtec-power": ("ups", [], "", ""),
    "camera/semac-ipcam-500": ("camera", [], "", ""),
    "storage/netapp-fas3270": ("storage", ["940001051000"], "FAS3270", ""),
    "network/wifi/aruba-7010": ("wireless-controller", [], "", ""),
    "network/appliance/meru-networks-controller": ("wireless-controller", [], "", ""),
    "os/windows/XP": ("computer", [], "", ""),
}


@pytest.mark.parametrize("name", SAID)
def test_what_each_recorded_device_is(name: str) -> None:
    kind, serials, model, base = SAID[name]
    plain = (FOLDER / f"{name}.snmprec").exists()
    found = device(f"{name}.snmprec" + ("" if plain else ".bz2"))
    assert isinstance(found.parts, list)
    assert (found.kind, found.identity.base_mac) == (kind, base)
    assert [part.serial for part in found.parts if part.serial] == serials
    assert (found.parts[0].model if found.parts else "") == model


@pytest.mark.parametrize("name", names())
def test_each_address_hangs_where_a_join_by_hand_puts_it(name: str) -> None:
    text = {".".join(map(str, oid)): value for oid, value in raw(name).values.items()}
    base = _below(text, "1.3.6.1.2.1.17.1.4.1.2.")
    own = {value for value in _below(text, "1.3.6.1.2.1.2.2.1.6.").values() if value}
    own |= {value for oid, value in text.items() if oid.startswith("1.3.6.1.2.1.17.1.1.0")}
    rows = _below(text, "1.3.6.1.2.1.17.7.1.2.2.1.2.")
    rows = rows if any(rows.values()) else _below(text, "1.3.6.1.2.1.17.4.3.1.2.")
    expected = collections.defaultdict[int, set[bytes]](set)
    for index, port in rows.items():
        mac = bytes(map(int, index.split(".")[-6:]))
        interface = base.get(str(port), 0)
        assert isinstance(interface, int)
        if interface > 0 and mac not in own and any(mac) and not mac[0] & 1:
            expected[interface].add(mac)
    found = device(name)
    assert isinstance(found.ports, list)
    counts = {port.index: port.count for port in found.ports if port.count}
    for interface, macs in expected.items():
        assert counts[interface] == len(macs)


def _below(text: dict[str, Value], root: str) -> dict[str, Value]:
    return {oid.removeprefix(root): value for oid, value in text.items() if oid.startswith(root)}


def test_neighbours_of_recorded_switches_are_on_the_ports_their_own_names_say() -> None:
    found = device(f"{SWITCH}/cisco-n5000-uk9.snmprec.bz2")
    assert isinstance(found.ports, list)
    assert isinstance(found.neighbours, list)
    names = {port.index: port.name for port in found.ports}
    lldp = {one.name: names.get(one.port) for one in found.neighbours if one.protocol == "lldp"}
    assert lldp["NWPU-CA-5548-02"] in ("mgmt0", "Ethernet1/21", "Ethernet1/22")
    assert lldp["H3C-1"] == "Ethernet1/1"
    one = device(f"{SWITCH}/h3c-e528-2.snmprec.bz2")
    assert isinstance(one.neighbours, list)
    assert isinstance(one.ports, list)
    ports = {port.index: port.name for port in one.ports}
    assert [(ports[far.port], far.name) for far in one.neighbours] == [
        ("GigabitEthernet1/0/24", "WRD-Huiju-2")
    ]


@pytest.mark.parametrize("name", ["sample1", "sample3", "sample5"])
def test_what_snmpwalk_printed_is_a_device_too(name: str) -> None:
    found = recorded.device(corpus.need(f"glpi-agent/walks/{name}.walk").read_bytes())
    said = {
        "sample1": ("oyapock CR2", "switch"),
        "sample3": ("AL-CX11-CF9D9F", "printer"),
        "sample5": ("", "switch"),
    }
    assert (found.identity.name, found.kind) == said[name]


def test_the_command_prints_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "hall.snmprec"
    path.write_bytes(b"1.3.6.1.2.1.1.5.0|4|hall\nnonsense\n1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9.1.1\n")
    assert main.main(["parse", "snmp-device", str(path)]) == 0
    printed = msgspec.json.decode(capsys.readouterr().out)
    assert printed["parsed"]["identity"]["name"] == "hall"
    assert printed["parsed"]["identity"]["maker"] == "Cisco"
    path.write_bytes(b"nothing of the kind\n")
    assert main.main(["parse", "snmp-device", str(path)]) == 1


@pytest.mark.parametrize("data", [b"", b"\n" * 50, b"\0" * 1_000, b"BZh91AY&SY", b"1.3|2|1\n"])
def test_what_is_no_recording_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        recorded.device(data)


def test_a_table_longer_than_anybody_reads_is_cut_and_says_so() -> None:
    rows = b"".join(
        b"1.3.6.1.2.1.17.7.1.2.2.1.2.%d.0.0.94.0.%d.%d|2|1\n" % (v, at // 256, at % 256)
        for v in range(2)
        for at in range(40_000)
    )
    found = recorded.device(b"1.3.6.1.2.1.1.5.0|4|x\n" + rows)
    assert found.learnt == Unseen("too-large")
