"""Wireless on Windows: `netsh wlan` in any language, and profiles as XML."""

import re
from collections.abc import Callable
from typing import get_args

import pytest

from checks.formats import netsh, netsh_interfaces, netsh_networks, netsh_profiles
from checks.formats import wlan_profile_xml as profile_xml
from checks.formats.errors import ParseError
from checks.wireless.security import WifiSecurity
from tests.checks import corpus

FOLDER = "wifi-heatmapper"
SETS = set(get_args(WifiSecurity))

CARD = """
There is 1 interface on the system:

    Name                   : Wi-Fi
    Description            : Some Wireless Card
    GUID                   : 0f1e2d3c-0001-0002-0003-000000000001
    Physical address       : 02:00:00:00:00:01
    Interface type         : Primary
    State                  : connected
    SSID                   : a: b
    AP BSSID               : 02:00:00:00:00:02
    Band                   : 5 GHz
    Channel                : 40
    Connected Akm-cipher   : [ akm = 00-0f-ac:08, cipher = 00-0f-ac:04 ]
    Network type           : Infrastructure
    Radio type             : 802.11ax
    Authentication         : WPA3-Personal  (H2E)
    Cipher                 : CCMP
    Connection mode        : Auto Connect
    Receive rate (Mbps)    : 866.7
    Transmit rate (Mbps)   : 780
    Signal                 : 99%
    Rssi                   : -45
    Profile                : 1234
    QoS MSCS Configured         : 0

    Hosted network status  : Not available
"""
APART = """
    名前                     : Wi-Fi 2
    説明                     : 無線カード
    GUID                   : 0f1e2d3c-0001-0002-0003-000000000002
    物理アドレス             : 02:00:00:00:00:03
    状態                     : 切断されました
    無線の状態                : ハードウェア オン
                             ソフトウェア オン
"""


def test_a_card_and_its_link_are_read() -> None:
    [card] = netsh_interfaces.parse(CARD.encode())
    assert (card.name, card.mac) == ("Wi-Fi", "02:00:00:00:00:01")
    link = card.link
    assert link is not None
    assert (link.ssid, link.bssid, link.security) == ("a: b", "02:00:00:00:00:02", "wpa3-sae")
    assert (link.band_ghz, link.channel, link.signal_percent) == (5.0, 40, 99)
    assert (link.receive_mbps, link.transmit_mbps, link.profile) == (866.7, 780.0, "1234")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_a_second_card_that_is_not_joined_is_one_in_any_encoding(encoding: str) -> None:
    text = (CARD + APART).replace("\n", "\r\n")
    first, second = netsh_interfaces.parse(text.encode(encoding))
    assert first.link is not None
    assert (second.name, second.description) == ("Wi-Fi 2", "無線カード")
    assert second.link is None


@pytest.mark.parametrize(
    "ssid", ["02:00:00:00:00:09", "802.11ax", "80%", "36", "5 GHz", " x ", "GUID", ""]
)
def test_a_network_may_be_called_anything(ssid: str) -> None:
    [card] = netsh_interfaces.parse(CARD.replace("a: b", ssid).encode())
    assert card.link is not None
    assert (card.link.ssid, card.link.bssid) == (ssid, "02:00:00:00:00:02")
    assert (card.link.radio, card.link.channel, card.link.signal_percent) == ("802.11ax", 40, 99)


@pytest.mark.parametrize("parse", [netsh_interfaces.parse, netsh_networks.parse], ids=["i", "n"])
@pytest.mark.parametrize(
    "data", [b"", b"The Wireless AutoConfig Service (wlansvc) is not running.\r\n", b"\xff" * 99]
)
def test_a_message_is_no_listing(parse: Callable[[bytes], object], data: bytes) -> None:
    with pytest.raises(ParseError):
        parse(data)


@pytest.mark.parametrize(
    "line",
    [" " * 10**6, "a" * 10**6, ":" * 10**6, "a :" * 10**6],
    ids=["space", "a", "colon", "pairs"],
)
def test_a_line_of_any_length_is_looked_at_once(line: str) -> None:
    found = netsh.pair(line)
    assert found is None or len(found[0]) <= netsh.LONGEST_LABEL


NETWORKS = """
Nom de l\u2019interface\u00a0: Wi-Fi
Actuellement 2 r\u00e9seaux sont visibles.

SSID 1\u00a0: \u00c9cole
    Type de r\u00e9seau          : Infrastructure
    Authentification        : WPA2 - Entreprise
    Chiffrement             : CCMP
    BSSID 1                 : 02:00:00:00:00:01
         Signal             : 40%
         Type de radio      : 802.11ac
         Canal              : 36
         Taux de base (Mbits/s)\u00a0: 6 12 24
    BSSID 2                 : 02-00-00-00-00-AB

SSID 2\u00a0:
    Type de r\u00e9seau          : Infrastructure
    Authentification        : Ouvrir
    Chiffrement             : WEP

Nom de l\u2019interface\u00a0: Wi-Fi 2
Actuellement 1 r\u00e9seaux sont visibles.

SSID 1\u00a0: SSID 2 : x
    Type de r\u00e9seau          : Infrastructure
    Authentification        : Quelque chose
    Chiffrement             : Aucun
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_networks_are_read_by_card(encoding: str) -> None:
    text = NETWORKS.replace("\n", "\r\n")
    networks = netsh_networks.parse(text.encode(encoding))
    assert [(one.interface, one.ssid, one.security) for one in networks] == [
        ("Wi-Fi", "École", "wpa2-enterprise"),
        ("Wi-Fi", "", "wep"),
        ("Wi-Fi 2", "SSID 2 : x", "unknown"),
    ]
    first, second = networks[0].points
    assert (first.channel, first.signal_percent, first.radio) == (36, 40, "802.11ac")
    assert (second.bssid, second.signal_percent, second.channel) == (
        "02:00:00:00:00:ab",
        None,
        None,
    )


def test_no_network_is_a_list_too() -> None:
    text = "Interface name : Wi-Fi\r\nThere are 0 networks currently visible.\r\n"
    assert netsh_networks.parse(text.encode()) == []


LISTED = """
Profiles on interface Wi-Fi:

Group policy profiles (read only)
---------------------------------
    School: Staff
    School

User profiles
-------------
    All User Profile     : home: upstairs
    Current User Profile : <caf\u00e9>

Profiles on interface Wi-Fi 2:

Group policy profiles (read only)
---------------------------------
    <None>

User profiles
-------------
    <None>
"""


def test_profiles_are_those_of_policy_and_those_of_users() -> None:
    found = netsh_profiles.parse(LISTED.replace("\n", "\r\n").encode("cp850"))
    assert [(one.name, one.source) for one in found] == [
        ("School: Staff", "group-policy"),
        ("School", "group-policy"),
        ("home: upstairs", "user"),
    ]


DETAIL = """
Profile School on interface Wi-Fi:
=======================================================================

Applied: All User Profile

Profile information
-------------------
    Version                : 1
    Type                   : Wireless LAN
    Name                   : School
    Control options        :
        Connection mode    : Connect automatically

Connectivity settings
---------------------
    Number of SSIDs        : 1
    SSID name              : "School: 1"
    Network type           : Infrastructure

Security settings
-----------------
    Authentication         : WPA2-Personal
    Cipher                 : CCMP
    Authentication         : WPA2-Personal
    Cipher                 : GCMP
    Security key           : Present
    Key Content            : Canary12345

Cost settings
-------------
    Cost                   : Unrestricted
"""


def test_one_profile_is_read_without_its_key() -> None:
    [found] = netsh_profiles.parse(DETAIL.replace("\n", "\r\n").encode())
    assert (found.name, found.ssids) == ("School", ["School: 1"])
    assert [(way.cipher, way.security) for way in found.ways] == [
        ("CCMP", "wpa2-psk"),
        ("GCMP", "wpa2-psk"),
    ]
    assert "Canary" not in repr(found)


def test_a_text_that_begins_with_a_bar_is_read_or_refused() -> None:
    with pytest.raises(ParseError):
        netsh_profiles.parse(b"=====\nName : x\n")


@pytest.mark.parametrize("line", range(len(DETAIL.splitlines())))
def test_a_profile_with_a_line_missing_tells_no_key(line: int) -> None:
    lines = DETAIL.splitlines()
    text = "\n".join(lines[:line] + lines[line + 1 :])
    assert "Canary" not in repr(netsh_profiles.parse(text.encode()))


@pytest.mark.parametrize(
    ("said", "cipher", "security"),
    [
        ("Open", "None", "open"),
        ("オープン", "なし", "open"),
        ("Открытая", "Нет", "open"),
        ("Open", "CCMP", "unknown"),
        ("Something", "None", "unknown"),
        ("Open", "WEP", "wep"),
        ("Shared", "WEP", "wep"),
        ("OWE", "CCMP", "owe"),
        ("WPA-Personal", "TKIP", "wpa-psk"),
        ("WPA2-Personal", "TKIP", "wpa-psk"),
        ("WPA2-Persönlich", "CCMP", "wpa2-psk"),
        ("WPA2-パーソナル", "CCMP", "wpa2-psk"),
        ("WPA2-Enterprise", "CCMP", "wpa2-enterprise"),
        ("WPA2-企业", "CCMP", "wpa2-enterprise"),
        ("WPA2-Mystère", "CCMP", "unknown"),
        ("WPA-Enterprise", "TKIP", "unknown"),
        ("WPA3-Personal", "CCMP", "wpa3-sae"),
        ("WPA3-Enterprise 192 bit", "GCMP-256", "wpa3-enterprise"),
        ("", "", "unknown"),
    ],
)
def test_words_give_a_security_or_unknown(said: str, cipher: str, security: str) -> None:
    assert netsh.security(said, cipher) == security
    assert security in SETS


@pytest.mark.parametrize("number", [*range(1, 27)])
def test_each_key_management_suite_has_a_name_of_the_set(number: int) -> None:
    assert netsh.security("x", "y", f"[ akm = 00-0f-ac:{number:02x}, cipher = 00 ]") in SETS


XML = """<?xml version="1.0"?>
<WLANProfile xmlns="http://www.microsoft.com/networking/WLAN/profile/v1">
  <name>School</name>
  <SSIDConfig><SSID><hex>C389636F6C65</hex><name>?cole</name></SSID>
    <nonBroadcast>true</nonBroadcast></SSIDConfig>
  <connectionType>ESS</connectionType><connectionMode>manual</connectionMode>
  <MSM><security><authEncryption>
    <authentication>WPA3SAE</authentication><encryption>AES</encryption><useOneX>false</useOneX>
    <transitionMode xmlns="http://www.microsoft.com/networking/WLAN/profile/v4">true</transitionMode>
  </authEncryption>
  <sharedKey><keyType>passPhrase</keyType><protected>false</protected>
    <keyMaterial>Canary12345</keyMaterial></sharedKey></security></MSM>
  <MacRandomization xmlns="http://www.microsoft.com/networking/WLAN/profile/v3">
    <enableRandomization>false</enableRandomization></MacRandomization>
</WLANProfile>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_a_profile_is_read_without_its_key_in_any_encoding(encoding: str) -> None:
    found = profile_xml.parse(XML.replace("\n", "\r\n").encode(encoding))
    assert bytes.fromhex(found.ssids_hex[0]).decode() == "École"
    assert (found.hidden, found.automatic, found.infrastructure) == (True, False, True)
    assert (found.security, found.transition) == ("wpa3-transition", True)
    assert (found.has_key, found.key_protected, found.random_mac) == (True, False, False)
    assert "Canary" not in repr(found)


@pytest.mark.parametrize(
    ("said", "cipher", "security"),
    [
        ("open", "none", "open"),
        ("open", "WEP", "wep"),
        ("shared", "WEP", "wep"),
        ("shared", "none", "unknown"),
        ("WPAPSK", "TKIP", "wpa-psk"),
        ("WPA2PSK", "AES", "wpa2-psk"),
        ("WPA2PSK", "TKIP", "wpa-psk"),
        ("WPA2", "AES", "wpa2-enterprise"),
        ("WPA3", "GCMP256", "wpa3-enterprise"),
        ("WPA3ENT192", "GCMP256", "wpa3-enterprise"),
        ("WPA3ENT", "AES", "wpa3-enterprise"),
        ("WPA", "TKIP", "unknown"),
        ("OWE", "AES", "owe"),
        ("WPA9", "AES", "unknown"),
    ],
)
def test_each_authentication_is_one_of_the_set(said: str, cipher: str, security: str) -> None:
    text = XML.replace("WPA3SAE", said).replace("AES", cipher)
    assert (
        profile_xml.parse(text.replace(">true</trans", ">false</trans").encode()).security in SETS
    )
    assert profile_xml.parse(text.encode()).security == security


EAP = """<OneX><EAPConfig><EapHostConfig><EapMethod><Type>25</Type></EapMethod><Config><Eap>
<Type>25</Type><EapType><ServerValidation>
<DisableUserPromptForServerValidation>true</DisableUserPromptForServerValidation>
<ServerNames>radius.example;r2.example</ServerNames><TrustedRootCA>aa bb</TrustedRootCA>
</ServerValidation><Eap><Type>26</Type></Eap></EapType></Eap></Config></EapHostConfig></EAPConfig>
</OneX>"""


def test_an_enterprise_profile_names_its_servers() -> None:
    text = XML.replace("WPA3SAE", "WPA2").replace("</security>", EAP + "</security>")
    found = profile_xml.parse(text.encode())
    assert found.eap_types == [25, 26]
    assert found.server_names == ["radius.example", "r2.example"]
    assert (found.trusted_roots, found.asks_about_servers) == (1, False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<other/>",
        XML[:-20],
        "<!DOCTYPE a [<!ENTITY b 'c'>]>" + XML[21:],
        " " * (profile_xml.LONGEST + 1),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_another_file_is_refused_and_not_quoted(text: str, encoding: str) -> None:
    with pytest.raises(ParseError) as caught:
        profile_xml.parse(text.encode(encoding))
    assert "Canary" not in str(caught.value)


@pytest.mark.parametrize(
    "name", [name for name in corpus.names(FOLDER) if name.startswith(("win-netsh", "absent"))]
)
def test_every_real_listing_is_read(name: str) -> None:
    data = corpus.need(f"{FOLDER}/{name}").read_bytes()
    text = data.decode()
    if "interfaces" in name:
        [card] = netsh_interfaces.parse(data)
        assert card.link is not None
        assert (card.link.ssid, card.link.bssid) == ("SSID-1", "fe:dc:ba:09:87:02")
        assert card.link.security in {"open", "wpa2-psk"}
        assert None not in (card.link.channel, card.link.signal_percent, card.link.transmit_mbps)
    elif "networks" in name:
        networks = netsh_networks.parse(data)
        assert len(networks) == len(re.findall(r"(?m)^SSID \d+", text))
        points = [point for one in networks for point in one.points]
        assert [one.bssid for one in points] == re.findall(r"BSSID \d+ +: (\S+)", text)
        assert [one.signal_percent for one in points] == [
            int(share) for share in re.findall(r": (\d+)%", text)
        ]
        assert all(one.channel and one.band_ghz and one.radio for one in points)
        assert {one.security for one in networks} <= {"open", "wpa2-psk"}
    elif "profile-name" in name:
        [found] = netsh_profiles.parse(data)
        assert (found.name, found.ssids) == ("Profile1 2", ["SSID-1"])
        assert [way.security for way in found.ways] == ["open"]
    else:
        names = [one.name for one in netsh_profiles.parse(data)]
        assert names == ["Profile1 2", *(f"Profile{number}" for number in range(2, 7))]
