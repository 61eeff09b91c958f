"""What the real nmcli tells of a mocked NetworkManager: the link now, and profiles without root."""

from pathlib import Path

import pytest

from checks.facts import encode_section
from checks.host import READ_LIMIT, CannotLook
from checks.unseen import Unseen, known
from checks.wireless import linux
from checks.wireless.facts import Link, Profile, WirelessFacts
from tests.checks.rooted import RootedHost
from tests.checks.wireless.conftest import MockedNetworkManager

TKIP, CCMP = 0x4 | 0x40, 0x8 | 0x80
PSK, EAP, SAE, OWE, OWE_TM = 0x100, 0x200, 0x400, 0x800, 0x1000
UUID = "00000000-0000-4000-8000-00000000000{}"
KEYFILES = "/etc/NetworkManager/system-connections"


def host_of(mocked: MockedNetworkManager, root: Path) -> RootedHost:
    host = RootedHost(root, programs=["env"], environment=mocked.environment)
    host.put("/sys/class/net/wlan0/operstate", "up\n")
    return host


def link_of(host: RootedHost) -> Link:
    [link] = known(linux.read_now(host).links)
    return link


@pytest.mark.parametrize(
    ("offer", "security"),
    [
        ((0, 0, False), "open"),
        ((0, 0, True), "wep"),
        ((TKIP | PSK, 0, True), "wpa-psk"),
        ((TKIP | PSK, CCMP | PSK, True), "wpa2-psk"),
        ((0, CCMP | PSK, True), "wpa2-psk"),
        ((0, CCMP | PSK | SAE, True), "wpa3-transition"),
        ((0, CCMP | SAE, True), "wpa3-sae"),
        ((0, CCMP | EAP, True), "wpa2-enterprise"),
        ((TKIP | EAP, CCMP | EAP, True), "wpa2-enterprise"),
        ((TKIP | EAP, 0, True), "unknown"),
        ((0, CCMP | OWE, True), "owe"),
        ((0, OWE_TM, False), "unknown"),
    ],
)
def test_the_network_in_use_is_named_by_what_it_offers(
    network_manager: MockedNetworkManager,
    tmp_path: Path,
    offer: tuple[int, int, bool],
    security: str,
) -> None:
    wpa, rsn, privacy = offer
    network_manager.access_point("Neighbour", rsn=CCMP | SAE)
    network_manager.access_point("School WiFi", wpa=wpa, rsn=rsn, privacy=privacy, joined=True)
    link = link_of(host_of(network_manager, tmp_path))
    assert link.security == security


def test_a_neighbours_name_cannot_forge_the_row_of_our_own_network(
    network_manager: MockedNetworkManager, tmp_path: Path
) -> None:
    network_manager.access_point("School WiFi", privacy=False, joined=True)
    forged = "x\n*:wlan0:02\\:00\\:00\\:00\\:09\\:09:WPA3:(none):sae:School WiFi"
    network_manager.access_point(forged, rsn=CCMP | SAE)
    assert link_of(host_of(network_manager, tmp_path)).security == "open"


def test_a_name_leaves_as_the_same_alias_in_profile_and_link(
    network_manager: MockedNetworkManager, tmp_path: Path
) -> None:
    name = "Höme:Net\\5"
    network_manager.access_point(name, rsn=CCMP | PSK, joined=True)
    host = host_of(network_manager, tmp_path)
    host.put(
        f"{KEYFILES}/home",
        f"[connection]\ntype=wifi\n[wifi]\nssid={name.replace(chr(92), chr(92) * 2)}\n",
    )
    facts = linux.read(host)
    assert isinstance(facts, WirelessFacts)
    [source] = facts.sources
    [profile] = known(source.profiles)
    assert profile.ssid == link_of(host).ssid == host.alias("ssid", name.encode().hex())
    assert "Höme".encode() not in encode_section(facts) + encode_section(linux.read_now(host))


class OrdinaryUser(RootedHost):
    """The keyfiles are there and root's alone."""

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes | None:
        if path.startswith(KEYFILES):
            raise CannotLook("denied", path)
        return super().read(path, limit)


def profiles_of(mocked: MockedNetworkManager, root: Path) -> list[Profile]:
    host = OrdinaryUser(root, programs=["env"], environment=mocked.environment)
    host.put(f"{KEYFILES}/any.nmconnection", "")
    facts = linux.read(host)
    assert isinstance(facts, WirelessFacts)
    return known(facts.sources[0].profiles) if facts.sources else []


def test_without_root_nmcli_tells_the_profiles_but_no_key(
    network_manager: MockedNetworkManager, tmp_path: Path
) -> None:
    secret = ("psk", "s", "canary-psk-1")
    network_manager.profile(UUID.format(1), b"School", "key-mgmt", "s", "wpa-psk", *secret)
    network_manager.profile(UUID.format(2), b"Cafe", autoconnect=False)
    network_manager.profile(UUID.format(3), b"Old", "key-mgmt", "s", "none")
    found = profiles_of(network_manager, tmp_path)
    assert sorted((p.security, p.autoconnect) for p in found) == [
        ("open", False),
        ("wep", True),
        ("wpa2-psk", True),
    ]
    assert "canary" not in str(found)


def test_a_saved_name_with_a_newline_cannot_make_its_open_network_look_protected(
    network_manager: MockedNetworkManager, tmp_path: Path
) -> None:
    forged = b"x\n802-11-wireless-security.key-mgmt:sae\n\nconnection.autoconnect:no"
    network_manager.profile(UUID.format(1), forged)
    [profile] = profiles_of(network_manager, tmp_path)
    assert (profile.security, profile.autoconnect) == ("open", True)


def test_without_root_and_without_networkmanager_nobody_could_look(tmp_path: Path) -> None:
    host = OrdinaryUser(tmp_path)
    host.put(f"{KEYFILES}/any.nmconnection", "")
    facts = linux.read(host)
    assert isinstance(facts, WirelessFacts)
    assert facts.sources[0].profiles == Unseen("denied")
