"""What a Mac prints: property lists, system_profiler and the wireless card, old systems and new."""

import json
import plistlib
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats import airport, plist, system_profiler
from checks.formats.errors import ParseError
from tests.checks import corpus

MACS = "glpi-agent/macos/system_profiler"
MACS_SEEN = "glpi-agent/expected/t_agent_tools_macos.json"
TEXTS = ["10.4-powerpc", "10.5-powerpc", "10.6-intel", "10.6.6-intel"]

scalars = st.text(max_size=8) | st.integers(-(1 << 62), 1 << 62) | st.booleans()
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=20,
)


@pytest.mark.parametrize("form", [plistlib.FMT_XML, plistlib.FMT_BINARY], ids=["xml", "binary"])
@given(tree=st.dictionaries(st.sampled_from(["a", "b", "c"]), trees))
def test_a_list_comes_back_as_it_went_in(form: plistlib.PlistFormat, tree: dict[str, Any]) -> None:
    try:
        data = plistlib.dumps(tree, fmt=form)
    except (ValueError, OverflowError):
        return  # control characters have no place in XML
    try:
        found = plist.parse(data)
    except ParseError:
        assert "\r" in str(tree) or not str(tree).isprintable()  # lone surrogates and the like
        return
    if form is plistlib.FMT_BINARY and "://" not in str(tree) and "-" not in str(tree):
        assert found == tree


def test_dates_and_bytes_become_text() -> None:
    text = b"<plist><dict><key>d</key><date>2022-08-01T09:02:31Z</date>"
    text += b"<key>b</key><data>AQID</data><key>r</key><real>nan</real></dict></plist>"
    assert plist.parse(text) == {"d": "2022-08-01T09:02:31Z", "b": "010203", "r": None}


def test_the_old_form_is_read_as_another_parser_reads_it() -> None:
    found = plist.parse(corpus.need("jc/generic/plist-nextstep2.plist").read_bytes())
    assert found == {
        "key1": "Value1",
        "key2": "value3",
        "DateOfStateChange": "2022-12-18 05:51:30 +0000",
        "Destination": "F134545",
        "Progress": {"Percent": "0.4563777755358589"},
    }


OLD = """// !$*UTF8*$!
{
    name = "M\\U00e4\\303\\"x";  /* a comment */
    bytes = <0fbd 77>;
    list = ( a, 'b c', { inner = 1; } );
    empty = ();
}
"""


def test_the_old_form_has_comments_bytes_and_escapes() -> None:
    assert plist.parse(OLD.encode()) == {
        "name": 'Mä√"x',
        "bytes": "0fbd77",
        "list": ["a", "b c", {"inner": "1"}],
        "empty": [],
    }
    assert plist.parse(OLD.encode("utf-16")) == plist.parse(OLD.encode())


@pytest.mark.parametrize(
    ("escaped", "text"), [("\\8", "8"), ("\\1", "1"), ("\\101", "A"), ("\\q", "q")]
)
def test_an_escape_that_is_none_is_its_own_letter(escaped: str, text: str) -> None:
    assert plist.parse(f'("{escaped}")'.encode()) == [text]


def binary(*objects: bytes) -> bytes:
    """A binary list of such objects, the first its root."""
    body, places = b"bplist00", []
    for one in objects:
        places.append(len(body))
        body += one
    table = b"".join(struct.pack(">H", place) for place in places)
    return body + table + struct.pack(">6xBBQQQ", 2, 1, len(objects), 0, len(body))


def test_a_list_that_holds_itself_or_grows_without_end_is_refused() -> None:
    with pytest.raises(ParseError):
        plist.parse(binary(b"\xa1\x00"))
    doubling = [bytes([0xA2, one + 1, one + 1]) for one in range(60)]
    with pytest.raises(ParseError):
        plist.parse(binary(*doubling, b"\x51x"))
    assert plist.parse(binary(b"\xa2\x01\x01", b"\x51x")) == ["x", "x"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"word",
        b"{" * 50_000,
        b"(" * 50_000,
        b"/* " * 50_000,
        b'{a="' + b"x" * 100_000,
        b"{a=b}",
        b"{a=<0>;}",
        b"(a b)",
        b"<plist><date>soon</date></plist>",
        b"<plist><integer>" + b"9" * 9_000 + b"</integer></plist>",
        b"<plist><dict><string>a</string></dict></plist>",
        b"<plist/>",
        b"<?xml version='1.0'?><!DOCTYPE p [<!ENTITY a 'b'>]><plist><string>&a;</string></plist>",
        b"<?xml version='1.0'?><Battery/>",
        b"bplist00" + b"\xff" * 40,
    ],
    ids=range(16),
)
def test_what_is_no_list_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        plist.parse(data)


@pytest.mark.parametrize(
    "data",
    [
        plistlib.dumps({"Wi-Fi": {"Password": "canary-7", "SSID_STR": "x"}}),
        plistlib.dumps({"Wi-Fi": {"Password": b"canary-7"}}, fmt=plistlib.FMT_BINARY),
        b'{ Password = "canary-7"; }',
        b'{"SPAirPortDataType":[{"_name":"x","password":"canary-7"}]}',
    ],
    ids=["xml", "binary", "old", "json"],
)
def test_no_password_is_handed_on(data: bytes) -> None:
    found = system_profiler.parse(data) if data.startswith(b'{"') else plist.parse(data)
    shown = repr(found)
    assert "canary" not in shown
    assert b"canary-7".hex() not in shown


def test_no_password_in_a_text_is_handed_on() -> None:
    text = b"AirPort:\n\n  en0:\n\n    WPA Password: canary-7\n    Status: On\n"
    [kind] = system_profiler.parse_text(text)
    assert kind.items[0].values == {"WPA Password": "removed", "Status": "On"}


def nested(item: system_profiler.Item) -> dict[str, Any]:
    """As another parser shows it: things of one name are numbered, nothing is null."""
    found: dict[str, Any] = {key: value or None for key, value in item.values.items()}
    again: dict[str, int] = {}
    for one in item.items:
        name = one.name
        if name in found:
            name = f"{one.name}_{again.get(one.name, 0)}"
            again[one.name] = again.get(one.name, 0) + 1
        found[name] = nested(one)
    return found


def differences(ours: Any, theirs: Any, path: str = "") -> list[str]:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        keys = sorted(ours.keys() | theirs.keys())
        # A key that stands twice is kept by us, and lost by others but for the last.
        again = {key.rsplit(" (", 1)[0] for key in keys if key.endswith(")")}
        return [
            one
            for key in keys
            if key not in again and key.rsplit(" (", 1)[0] not in again
            for one in differences(ours.get(key), theirs.get(key), f"{path}/{key}")
        ]
    left, right = (one.strip() if isinstance(one, str) else one or None for one in (ours, theirs))
    return [] if left == right else [f"{path}: {left!r}, not {right!r}"]


@pytest.mark.parametrize("name", TEXTS)
def test_the_text_of_a_real_mac_is_the_tree_another_parser_has(name: str) -> None:
    theirs = json.loads(corpus.need(MACS_SEEN).read_text())["system_profiler_tests"][name]
    ours = system_profiler.parse_text(corpus.need(f"{MACS}/{name}").read_bytes())
    assert differences({one.name: nested(one) for one in ours}, theirs) == []


@pytest.mark.parametrize("name", [n for n in corpus.names(MACS) if "results" not in n])
def test_every_inventory_of_a_mac_is_read(name: str) -> None:
    data = corpus.need(f"{MACS}/{name}").read_bytes()
    read = system_profiler.parse if data.startswith(b"<") else system_profiler.parse_text
    assert all(one.name for one in read(data))


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("sample1.SPApplicationsDataType", 349),
        ("sample5.SPApplicationsDataType-xml", 367),
        ("sample6.SPApplicationsDataType-xml", 362),
    ],
)
def test_every_application_is_counted_once(name: str, count: int) -> None:
    data = corpus.need(f"{MACS}/{name}").read_bytes()
    read = system_profiler.parse if data.startswith(b"<") else system_profiler.parse_text
    [kind] = read(data)
    assert len(kind.items) == count
    wish = [one for one in kind.items if one.name == "Wish"]
    assert all("\n" in str(one.values.get("Get Info String", "\n")) for one in wish[:1])


def find(items: list[system_profiler.Item], name: str) -> list[system_profiler.Item]:
    """Things of that name, however deep."""
    return [
        found
        for one in items
        for found in ([one] if one.name == name else []) + find(one.items, name)
    ]


def told(items: list[system_profiler.Item]) -> set[str]:
    """Every value, however deep."""
    found = {str(value).strip() for one in items for value in one.values.values()}
    return found.union(*(told(one.items) for one in items))


@pytest.mark.parametrize(
    ("file", "value"),
    [
        ("SPSerialATADataType.xml", "WD-WCARY1264478"),
        ("SPUSBDataType2.xml", "AASOP1QMSZ0XG051"),
        ("SPDiscBurningDataType.xml", "1AHN"),
        ("SPCardReaderDataType_with_inserted_card.xml", "000000000820"),
    ],
)
def test_serials_of_real_macs_are_told(file: str, value: str) -> None:
    data = corpus.need(f"{MACS}/{file}").read_bytes()
    assert value in told(system_profiler.parse(data))


def airports() -> list[str]:
    names = corpus.names("wifi-heatmapper")
    return [name for name in names if name.startswith("mac-sp")] or ["absent"]


@pytest.mark.parametrize("name", airports())
def test_a_real_macs_wireless_card_tells_what_it_is_joined_to(name: str) -> None:
    data = corpus.need(f"wifi-heatmapper/{name}").read_bytes()
    raw = json.loads(data)["SPAirPortDataType"][0]["spairport_airport_interfaces"]
    found = system_profiler.parse(data)
    [cards] = find(found, "spairport_airport_interfaces")
    assert [one.name for one in cards.items] == [one["_name"] for one in raw]
    wanted = raw[0].get("spairport_current_network_information")
    joined = cards.items[0].find("spairport_current_network_information")
    assert (joined.values if joined else None) == wanted


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"null", b'{"a":' * 3_000, b"<plist/>", b"1"])
def test_what_system_profiler_never_said_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        system_profiler.parse(data)


def test_a_text_without_a_heading_is_refused_and_a_long_one_is_cut() -> None:
    with pytest.raises(ParseError):
        system_profiler.parse_text(b"zsh: command not found\n")
    long = "Applications:\n\n    A:\n\n      Info: x\n" + "more text\n" * 3_000
    [kind] = system_profiler.parse_text(long.encode())
    assert len(str(kind.items[0].values["Info"])) < 2 * system_profiler.LONGEST
    deep = "".join(" " * depth + "a:\n" for depth in range(200))
    with pytest.raises(ParseError):
        system_profiler.parse_text(deep.encode())


def test_a_real_link_is_as_another_parser_has_it() -> None:
    theirs = json.loads(corpus.need("jc/osx-10.14.6/airport-I.json").read_text())
    seen = airport.parse(corpus.need("jc/osx-10.14.6/airport-I.out").read_bytes())
    named = {key.lower().replace(" ", "_").replace(".", "_"): v for key, v in seen.values.items()}
    assert named == {key: str(value) for key, value in theirs.items()}
    assert seen.link is not None
    assert (seen.link.ssid, seen.link.security) == (theirs["ssid"], theirs["link_auth"])
    assert (seen.link.rssi_dbm, seen.link.rate_mbps) == (-66, 195)


@pytest.mark.parametrize(
    ("name", "joined", "ssid"),
    [
        ("mac-wdutil-nosignal-en.txt", False, None),
        ("macOS12-wdutil-2.4GHz-en.txt", True, "SomeSSID-2.4"),
    ],
)
def test_wdutil_tells_a_link_from_a_card_that_only_listens(
    name: str, joined: bool, ssid: str | None
) -> None:
    link = airport.parse(corpus.need(f"wifi-heatmapper/{name}").read_bytes()).link
    assert link is not None
    assert (link.power, link.joined, link.ssid) == (True, joined, ssid)
    assert link.security == ("None" if joined else None)


JOINED = "  agrCtlRSSI: -50\n  state: running\n  op mode: station \nlastAssocStatus: 0\n"
JOINED += (
    "802.11 auth: open\n  link auth: none\n  BSSID: 3c:37:6:1:2:f\n  SSID: a: b\n  channel: 6\n"
)


@pytest.mark.parametrize(
    ("text", "power", "joined"),
    [
        ("AirPort: Off\n", False, False),
        ("state: init\n802.11 auth: open\nlink auth: none\nchannel: 1\n", True, False),
        (JOINED, True, True),
    ],
)
def test_a_card_is_off_free_or_joined(text: str, power: bool, joined: bool) -> None:
    link = airport.parse(text.encode()).link
    assert link is not None
    assert (link.power, link.joined) == (power, joined)
    if joined:
        assert (link.ssid, link.bssid, link.security) == ("a: b", "3c:37:06:01:02:0f", "none")


def test_a_list_of_neighbours_is_read_from_their_addresses() -> None:
    text = "                            SSID BSSID             RSSI CHANNEL HT CC SECURITY\n"
    text += "          a 00:11 b 6 Y -- X 00:67:eb:2a:a7:3b -90  6       Y  -- WPA2(PSK/AES/AES)\n"
    text += "                     xfinity 6e:e3:0e:b8:45:99 -83  11,-1   Y  US NONE\n"
    first, second = airport.parse(text.encode()).heard
    assert (first.ssid, first.bssid) == ("a 00:11 b 6 Y -- X", "00:67:eb:2a:a7:3b")
    assert (second.channel, second.security) == ("11,-1", "NONE")
    with pytest.raises(ParseError):
        airport.parse(text.encode() + b"warning: the tool is deprecated\n")


@pytest.mark.parametrize("data", [b"", b"zsh: command not found: airport", b"state: running\n"])
def test_what_airport_never_said_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        airport.parse(data)
