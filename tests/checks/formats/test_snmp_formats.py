"""Recorded SNMP answers: every tag, every fold, and whatever else lies in such files."""

import bz2
import gzip
import json

import pytest

from checks.formats import packed, snmp_values, snmp_walk, snmprec
from checks.formats.errors import ParseError
from tests.checks import corpus

RECORDED = b"""# a switch, typed by hand
1.3.6.1.2.1.1.5.0|4|hall switch
1.3.6.1.2.1.1.1.0|4x|48616c6c
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9.1.516
1.3.6.1.2.1.1.3.0|67|4200
1.3.6.1.2.1.2.2.1.7.1|2|-1
1.3.6.1.2.1.4.20.1.1|64|10.20.0.1
1.3.6.1.2.1.4.20.1.2|64x|0a140002
1.3.6.1.2.1.2.2.1.10.1|65|4294967295
1.3.6.1.2.1.2.2.1.5.1|66|1000000000
1.3.6.1.2.1.31.1.1.1.6.1|70|18446744073709551615
1.3.6.1.4.1.1.1|68x|9f780441c80000
1.3.6.1.4.1.1.2|4e|tab\\there
1.3.6.1.4.1.1.3|4:writecache|value=Server 1
1.3.6.1.4.1.1.4|2:numeric|min=1,initial=2
1.3.6.1.4.1.1.5|5|
1.3.6.1.4.1.1.6|4|a|b
"""

WALKED = b"""iso.3.6.1.2.1.1.1.0 = STRING: "H3C Comware
H3C S5500
Copyright \\"H3C\\""
.1.3.6.1.2.1.1.2.0 = OID: iso.3.6.1.4.1.25506.1.2
iso.3.6.1.2.1.1.3.0 = Timeticks: (199049804) 23 days, 0:54:58.04
iso.3.6.1.2.1.1.4.0 = ""
iso.3.6.1.2.1.2.2.1.6.1 = Hex-STRING: 00 18 71 C1
E0 00
iso.3.6.1.2.1.2.2.1.8.1 = INTEGER: up(1)
iso.3.6.1.2.1.4.20.1.1 = IpAddress: 10.20.0.1
iso.3.6.1.2.1.4.20.1.2 = Network Address: 0A:14:00:02
iso.3.6.1.2.1.2.2.1.10.1 = Counter32: 7
iso.3.6.1.2.1.2.2.1.10.2 = No Such Instance currently exists at this OID
SNMPv2-MIB::sysName.0 = STRING: by name
End of MIB
"""


def test_every_tag_is_read() -> None:
    found = snmprec.parse(RECORDED)
    assert found.skipped == 0
    assert found.values == {
        "1.3.6.1.2.1.1.1.0": "Hall",
        "1.3.6.1.2.1.1.2.0": "1.3.6.1.4.1.9.1.516",
        "1.3.6.1.2.1.1.3.0": 4200,
        "1.3.6.1.2.1.1.5.0": "hall switch",
        "1.3.6.1.2.1.2.2.1.5.1": 1_000_000_000,
        "1.3.6.1.2.1.2.2.1.7.1": -1,
        "1.3.6.1.2.1.2.2.1.10.1": 4_294_967_295,
        "1.3.6.1.2.1.4.20.1.1": "0x0a140001",
        "1.3.6.1.2.1.4.20.1.2": "0x0a140002",
        "1.3.6.1.2.1.31.1.1.1.6.1": (1 << 64) - 1,
        "1.3.6.1.4.1.1.1": "0x9f780441c80000",
        "1.3.6.1.4.1.1.2": "tab\there",
        "1.3.6.1.4.1.1.3": "Server 1",
        "1.3.6.1.4.1.1.4": 2,
        "1.3.6.1.4.1.1.6": "a|b",
    }


@pytest.mark.parametrize(
    "line",
    [
        b"1.3.6.1.2.1.1.5.0",
        b"1.3.6.1.2.1.1.5.0|4",
        b"1.3.6.1..2|4|x",
        b"1.3.6.1.x|4|x",
        b"3.3.6.1|4|x",
        b"1|2|1",
        b"1.3.4294967296|2|1",
        b"1" + b".1" * 128 + b"|2|1",
        b"1.3.6|2|",
        b"1.3.6|2|one",
        b"1.3.6|70|" + b"9" * 30,
        b"1.3.6|4x|abc",
        b"1.3.6|64|10.20.0.256",
        b"1.3.6|64x|0a14",
        b"1.3.6|6|1.3.x",
        b"1.3.6|99|1",
        b"1.3.6||1",
        b"1.3.6|67:numeric|rate=100",
        b"1.3.6|4|" + b"x" * 65_537,
        "1.3.٣|2|1".encode(),
        b"\xff\xfe|\xff|\xff",
    ],
)
def test_a_line_that_cannot_be_read_is_counted_and_the_next_one_is_read(line: bytes) -> None:
    found = snmprec.parse(line + b"\n1.3.6.1.2.1.1.5.0|4|still here\n")
    assert found.values == {"1.3.6.1.2.1.1.5.0": "still here"}
    assert found.skipped == 1


def test_lines_need_no_order_and_of_two_the_first_holds() -> None:
    found = snmprec.recording(b"1.3.2|2|9\r\n1.3.1|2|1\n1.3.2|2|5\n")
    assert found.values == {(1, 3, 2): 9, (1, 3, 1): 1}


def test_only_what_lies_below_the_roots_is_kept() -> None:
    found = snmprec.recording(b"1.3.1.5|2|9\n1.3.11.5|2|1\nrubbish\n", ("1.3.1.",))
    assert found.values == {(1, 3, 1, 5): 9}
    assert found.skipped == 1
    below = snmp_walk.recording(b".1.3.1.5 = INTEGER: 9\n.1.3.11.5 = INTEGER: 1\n", ("1.3.1.",))
    assert below.values == found.values


def test_a_recording_without_end_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snmprec, "MOST_KEPT", 3)
    found = snmprec.recording(b"".join(b"1.3.%d|2|1\n" % n for n in range(10)))
    assert (len(found.values), found.skipped) == (3, 7)
    monkeypatch.setattr(snmp_values, "MOST_LINES", 3)
    with pytest.raises(ParseError):
        snmprec.parse(b"\n" * 4)


@pytest.mark.parametrize("pack", [bz2.compress, gzip.compress], ids=["bzip2", "gzip"])
def test_a_packed_recording_is_read_and_a_bomb_is_not(
    pack: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(pack)
    assert snmprec.parse(pack(RECORDED)) == snmprec.parse(RECORDED)
    for broken in (pack(RECORDED)[:-20], pack(RECORDED)[:14] + b"\0" * 40):
        with pytest.raises(ParseError):
            packed.plain(broken, 1 << 20)
    with pytest.raises(ParseError, match="too large"):
        packed.plain(pack(b"a" * 10_000), 9_999)
    assert len(packed.plain(pack(b"a" * 10_000), 10_000)) == 10_000


def test_what_net_snmp_prints_is_read() -> None:
    found = snmp_walk.parse(WALKED)
    assert found.skipped == 1, "names of MIBs are not read"
    assert found.values == {
        "1.3.6.1.2.1.1.1.0": 'H3C Comware\nH3C S5500\nCopyright "H3C"',
        "1.3.6.1.2.1.1.2.0": "1.3.6.1.4.1.25506.1.2",
        "1.3.6.1.2.1.1.3.0": 199_049_804,
        "1.3.6.1.2.1.1.4.0": "",
        "1.3.6.1.2.1.2.2.1.6.1": "0x001871c1e000",
        "1.3.6.1.2.1.2.2.1.8.1": 1,
        "1.3.6.1.2.1.2.2.1.10.1": 7,
        "1.3.6.1.2.1.4.20.1.1": "0x0a140001",
        "1.3.6.1.2.1.4.20.1.2": "0x0a140002",
    }


def test_the_two_formats_are_told_apart() -> None:
    assert snmp_walk.looks_like(WALKED)
    assert not snmp_walk.looks_like(RECORDED)
    with pytest.raises(ParseError):
        snmp_walk.parse(RECORDED)


@pytest.mark.parametrize("name", ["sample1", "sample3", "sample5"])
def test_walks_of_another_project_hold_what_it_expects(name: str) -> None:
    folder = corpus.need("glpi-agent")
    expected = json.loads((folder / "expected/t_agent_snmp_mock.json").read_bytes())["walks"][name]
    found = snmp_walk.parse((folder / f"walks/{name}.walk").read_bytes()).values
    # Ticks are in its own words there.
    known = {oid[1:]: said for oid, said in expected["get"].items() if " days" not in said}
    assert {oid: str(found[oid]).lower() for oid in known} == {
        oid: said.lower() for oid, said in known.items()
    }
    for column, rows in expected.get("walk", {}).items():
        assert {row: str(found[f"{column[1:]}.{row}"]) for row in rows} == rows
