"""Parsers of wireless outputs: any bytes, and the captures of real machines."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats import (
    ifcfg,
    ifupdown,
    iw,
    iwd_profile,
    nm_keyfile,
    nmcli_terse,
    wpa_cli_status,
    wpa_supplicant_conf,
)
from checks.formats.errors import ParseError
from checks.wireless.security import of_network
from tests.checks import corpus

PARSERS: list[Callable[[bytes], object]] = [
    ifcfg.parse,
    ifupdown.parse,
    iw.parse,
    iw.parse_link,
    iwd_profile.parse,
    nm_keyfile.parse,
    nmcli_terse.parse,
    nmcli_terse.parse_wifi,
    nmcli_terse.parse_properties,
    wpa_cli_status.parse,
    wpa_supplicant_conf.parse,
]
WORDS = [
    *("[connection]", "type=wifi", "[wifi]", "ssid=", "ssid=1;300;", "ssid=\\", "[wifi-security]"),
    *("network={", "}", 'ssid="', 'ssid=P"\\x"', "key_mgmt=", "mode=9", "psk=x", "disabled=1"),
    *("iface", "iface wlan0", "auto", "wpa-ssid", "wpa-ssid x", "wpa-conf", "wireless-essid"),
    *("BSS 02:00:00:00:00:01(on w) -- associated", "\tRSN:\t * Version: 1", "\t\t * Pairwise"),
    *("\t\t * Authentication suites: 00-0f-ac:999 x", "SSID: \\x", "wpa_state=", "ssid=\\777"),
    *("TYPE=Wireless", "ESSID=0xzz", "ESSID='", "USERS=a", "KEY_MGMT=WPA-PSK"),
    *("*:wlan0:a:b:c:d:e", "a\\", ":", "x:y", "Connected to 02:00:00:00:00:01", "="),
]
lines = st.lists(st.sampled_from(WORDS)).map("\n".join).map(str.encode)


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: f"{parse.__module__}.{parse.__name__}")
@given(data=st.binary() | st.text().map(str.encode) | lines)
def test_no_bytes_break_a_parser(parse: Callable[[bytes], object], data: bytes) -> None:
    try:
        parse(data)
    except ParseError:
        pass  # the one way a parser may refuse


@given(st.text())
def test_no_file_name_breaks_the_parser_of_iwds_names(name: str) -> None:
    try:
        iwd_profile.parse_name(name)
    except ParseError:
        assert name.startswith("=")


@given(st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]))))
def test_terse_fields_come_back_as_they_went_in(fields: list[str]) -> None:
    escaped = ":".join(field.replace("\\", "\\\\").replace(":", "\\:") for field in fields)
    if escaped:
        assert nmcli_terse.parse(escaped.encode()) == [fields]


def test_real_terse_lists_split_at_colons_that_are_not_escaped() -> None:
    text = corpus.need("wifi-heatmapper/linux-nmcli-dev-wifi-list.txt").read_text()
    rows = [row for row in nmcli_terse.parse(text.encode()) if row[0] in (" ", "*")]
    assert {len(row) for row in rows} == {9}
    assert rows[1][2] == "SSID-2-\\foo:bar"
    assert [row[2] for row in rows if row[0] == "*"] == ["SSID-3"]


def test_a_scan_of_real_air_names_every_network_and_the_one_it_is_on() -> None:
    wanted = json.loads(corpus.need("jc/centos-7.7/iw-scan1.json").read_text())
    found = iw.parse(corpus.need("jc/centos-7.7/iw-scan1.out").read_bytes())
    assert [bss.bssid for bss in found] == [one["bssid"] for one in wanted]
    assert sum(bss.joined for bss in found) == 1
    named: dict[str, set[bytes]] = {}
    for bss in found:
        security = of_network(bss.privacy, bss.rsn, bss.wpa)
        named.setdefault(security, set()).add(bytes.fromhex(bss.ssid_hex))
    assert named["open"] == {b"Vodafone Hotspot"}
    assert named["wpa3-transition"] == {b"Nexus"}
    assert set(named) == {"open", "wpa2-psk", "wpa3-transition"}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        pytest.param(rb"\8", b"8", id="no-octal"),
        pytest.param(rb"\9a\\", b"9a\\", id="a-nine"),
        pytest.param(rb"\x4f\117\0", b"OO\0", id="both-bases"),
        pytest.param(rb"\xg\"\n", b'xg"\n', id="letters"),
    ],
)
def test_an_escape_that_is_none_stands_for_itself(written: bytes, name: bytes) -> None:
    assert wpa_supplicant_conf.unescape(written) == name
    (found,) = wpa_supplicant_conf.parse(b'network={\n ssid=P"' + written + b'"\n}\n')
    assert found.ssid_hex == name.hex()
