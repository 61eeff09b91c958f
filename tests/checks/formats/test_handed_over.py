"""Wireless lists and states of protection as people copy them: every column, age and language."""

import json

import pytest

from checks.formats import (
    bduitool,
    iw,
    lsblk,
    mdatp,
    nmcli_wifi,
    sentinelctl,
    smartctl,
    usbguard_rules,
)
from checks.formats.errors import ParseError
from tests.checks import corpus

TABLE = """IN-USE  BSSID              SSID          MODE   CHAN  RATE        SIGNAL  BARS  SECURITY
        9C:3D:CF:AA:BB:01  School  Staff  Infra  36    540 Mbit/s  100     ▂▄▆█  WPA2 802.1X
*       9C:3D:CF:AA:BB:02  --            Infra  1     65 Mbit/s   54      ▂▄__  --
"""


@pytest.mark.parametrize("name", ["linux-nmcli-dev-wifi-list.txt", "linux-single-line.txt"])
def test_real_terse_lists_give_every_network(name: str) -> None:
    data = corpus.need(f"wifi-heatmapper/{name}").read_bytes()
    found = nmcli_wifi.parse(data)
    assert len(found) == data.count(b"Mbit/s")
    assert all("\\foo:" in one.ssid or one.ssid.startswith("SSID-") for one in found)
    assert [one.ssid for one in found if one.in_use] == (["SSID-3"] if len(found) > 1 else [])


@pytest.mark.parametrize("head", [TABLE.splitlines()[0], "IN-GEBRAUCH  BSSID  SSID  MODUS  KANAL"])
def test_a_table_is_read_from_its_ends(head: str) -> None:
    rows = TABLE.split("\n", 1)[1]
    staff, open_one = nmcli_wifi.parse(f"{head}\n{rows}".encode())
    assert (staff.ssid, staff.security) == ("School  Staff", ["WPA2", "802.1X"])
    assert (open_one.in_use, open_one.ssid, open_one.security) == (True, "", [])
    assert (open_one.channel, open_one.signal_percent) == (1, 54)


def test_one_value_a_line_and_old_and_own_columns_are_read() -> None:
    lines = "IN-USE:    *\nBSSID:    9C:3D:CF:AA:BB:01\nSSID:    Home\nCHAN:  6\nSECURITY:   WPA2\n"
    home, other = nmcli_wifi.parse((lines + lines.replace("*", " ").replace("Home", "--")).encode())
    assert (home.in_use, home.ssid, home.channel, home.security) == (True, "Home", 6, ["WPA2"])
    assert (other.in_use, other.ssid) == (False, "")
    [old] = nmcli_wifi.parse("*:Home:Infra:6:54 Mbit/s:87:▂▄▆█:WPA2\n".encode())
    assert (old.bssid, old.ssid, old.signal_percent) == (None, "Home", 87)
    [own] = nmcli_wifi.parse(rb"*:wlan0:9C\:3D\:CF\:AA\:BB\:01:WPA2 WPA3:0:1:Ho\:me" + b"\n")
    assert (own.device, own.ssid, own.security) == ("wlan0", "Ho:me", ["WPA2", "WPA3"])


def test_an_empty_list_is_empty_and_another_text_is_refused() -> None:
    assert (
        nmcli_wifi.parse(b"") == nmcli_wifi.parse(TABLE.split("\n", maxsplit=1)[0].encode()) == []
    )
    with pytest.raises(ParseError):
        nmcli_wifi.parse(b"Error: NetworkManager is not running.\n")


@pytest.mark.parametrize("name", ["iw-scan1", "iw-scan2"])
def test_every_network_of_a_real_scan_is_as_another_parser_has_it(name: str) -> None:
    theirs = json.loads(corpus.need(f"jc/centos-7.7/{name}.json").read_text())
    ours = iw.parse(corpus.need(f"jc/centos-7.7/{name}.out").read_bytes())
    assert [(one.bssid, one.interface) for one in ours] == [
        (one["bssid"], one["interface"]) for one in theirs
    ]
    for seen, one in zip(ours, theirs, strict=True):
        told = {key: value for key, value in one.items() if key.endswith(("_ssid", "freq"))}
        assert seen.frequency_mhz in told.values()
        assert str(seen.ssid) in {str(value) for value in told.values()} or "\0" in seen.ssid


def test_a_link_tells_its_rate_and_anything_else_is_refused() -> None:
    data = corpus.need("wifi-heatmapper/linux-netsh-output.txt").read_bytes()
    link = iw.parse_link(data)
    assert link is not None
    assert (link.ssid, link.interface, link.frequency_mhz) == ("HomeNetwork_5G", "wlan0", 5180)
    assert (link.signal_dbm, link.sent_rate) == (-56, "866.7 MBit/s")
    assert iw.parse_link(b"Not connected.\n") is None
    for other in (b"command failed: No such device (-19)\n", b"x"):
        with pytest.raises(ParseError):
            iw.parse_link(other)
        with pytest.raises(ParseError):
            iw.parse(other)


def test_sizes_rounded_for_people_are_read_too() -> None:
    rows = [
        {"name": "sda", "type": "disk", "size": size}
        for size in ("238,5G", "20G", "1.5T", "512", "0B", "much")
    ]
    found = lsblk.parse(json.dumps({"blockdevices": rows}).encode())
    assert [one.size_bytes for one in found] == [
        *(256087425024, 20 << 30, 3 << 39),
        *(512, 0, 0),
    ]


LINES = b"""healthy                                     : true
health_issues                               : ["no_internet"]
licensed                                    : true
engine_version                              : "1.1.23100.2009"
app_version                                 : "101.23082.0009"
real_time_protection_enabled                : false [managed]
passive_mode_enabled                        : true
definitions_updated                         : Nov 20, 2023 at 08:01:18 PM
definitions_version                         : "1.401.851.0"
definitions_status                          : "up_to_date"
product_expiration                          : Jul 29, 2024 at 02:07:32 PM
"""


def test_defender_in_lines_tells_the_same_as_in_json() -> None:
    seen = mdatp.parse(LINES)
    assert (seen.realtime, seen.passive, seen.healthy) == (False, True, True)
    assert (seen.definitions_at, seen.definitions_version) == (1_700_510_478, "1.401.851.0")
    assert (seen.definitions_status, seen.health_issues) == ("up_to_date", ["no_internet"])
    said = b'{"realTimeProtectionEnabled":{"value":true,"source":"managed"},"definitionsStatus":'
    said += b'{"$type":"upToDate"},"productExpiration":"1722261998000","engineVersion":"1.1"}'
    other = mdatp.parse(said)
    assert (other.realtime, other.definitions_status) == (True, "upToDate")
    assert (other.expires_at, other.engine_version) == (1_722_261_998, "1.1")


@pytest.mark.parametrize(
    "data",
    [
        b"Error: not running\n",
        b'{"realTimeProtectionEnabled":"perhaps"}',
        b'{"appVersion":7}',
        LINES.replace(b"Nov 20", b"Brumaire 20"),
        LINES.replace(b"Nov 20", b"Nov 31"),
    ],
)
def test_what_defender_never_said_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        mdatp.parse(data)


def test_a_file_that_is_no_answer_of_defender_is_refused() -> None:
    name = "glpi-agent/linux/antivirus/not-expected-output.json"
    with pytest.raises(ParseError):
        mdatp.parse(corpus.need(name).read_bytes())


def test_real_answers_of_other_products() -> None:
    folder = "glpi-agent/linux/antivirus"
    linux = sentinelctl.parse(corpus.need(f"{folder}/sentinelone-30.1.1.10").read_bytes())
    assert (linux.version, linux.library_version) == ("30.1.1.10", "30.5.6.5")
    assert (linux.enabled, linux.connected, linux.tamper_protected) == (True, True, True)
    name = "glpi-agent/macos/antivirus/sentinelone-epp-24.1.2.7444-status"
    mac = sentinelctl.parse(corpus.need(name).read_bytes())
    assert (mac.version, mac.enabled, mac.infected) == ("24.1.2.7444", True, False)
    assert "12345abcdef6789" not in repr(linux)
    bit = bduitool.parse(corpus.need(f"{folder}/bduitool-7.0.3.2239").read_bytes())
    assert (bit.version, bit.engines, bit.antimalware) == ("7.0.3.2239", "7.95171", True)
    assert (bit.newer_content, bit.scan_type) == (False, "Full")


@pytest.mark.parametrize(
    ("protection", "state", "enabled"),
    [("enabled", "enabled", True), ("disabled", "enabled", False), ("enabled", "stopped", False)],
)
def test_sentinelone_on_a_mac_is_on_only_if_both_lines_say_so(
    protection: str, state: str, enabled: bool
) -> None:
    text = f"Agent\n   Version:  24.1\n   Agent Operational State: {state}\n"
    seen = sentinelctl.parse(f"{text}   Protection:   {protection}\n".encode())
    assert (seen.version, seen.enabled) == ("24.1", enabled)


def test_rules_with_other_line_ends_are_the_same_rules() -> None:
    text = b'allow id 1d6b:0002 serial "a"\n# note\n\nblock with-interface one-of { 08:*:* }\n'
    assert usbguard_rules.parse(text.replace(b"\n", b"\r\n")) == usbguard_rules.parse(text)
    listed = b'1: allow id 1d6b:0002 serial "a"\n2: block with-interface one-of { 08:*:* }\n'
    assert usbguard_rules.parse(listed) == usbguard_rules.parse(text)


def test_a_mark_that_windows_puts_before_a_text_is_no_part_of_it() -> None:
    mark = b"\xef\xbb\xbf"
    assert mdatp.parse(mark + LINES) == mdatp.parse(LINES)
    assert lsblk.parse(mark + b'{"blockdevices":[]}') == []
    assert smartctl.parse(mark + b'{"smartctl":{},"serial_number":"S1"}').serial == "S1"
