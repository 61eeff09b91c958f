"""Saved networks of every keeper, as the real programs write and read them, to one class each."""

import datetime
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from checks.formats import wpa_supplicant_conf
from checks.unseen import NotHere, Unseen, known
from checks.wireless import linux
from checks.wireless.facts import Profile, WirelessFacts
from tests import needs
from tests.checks.rooted import RootedHost
from tests.checks.wireless.conftest import Keyfile, wait

SYSTEM = "/etc/NetworkManager/system-connections"
PSK = ("wifi-sec.psk", "a-school-key")
PEAP = (
    *("wifi-sec.key-mgmt", "wpa-eap", "802-1x.eap", "peap", "802-1x.phase2-auth", "mschapv2"),
    *("802-1x.identity", "maya", "802-1x.password", "a-password"),
)


@pytest.fixture
def host(tmp_path: Path) -> RootedHost:
    return RootedHost(tmp_path)


def saved(host: RootedHost) -> list[Profile]:
    facts = linux.read(host)
    assert isinstance(facts, WirelessFacts)
    return [profile for source in facts.sources for profile in known(source.profiles)]


def only(host: RootedHost) -> Profile:
    [profile] = saved(host)
    return profile


@pytest.mark.parametrize(
    ("settings", "security"),
    [
        ((), "open"),
        (("wifi-sec.key-mgmt", "none", "wifi-sec.wep-key0", "abcde"), "wep"),
        (("wifi-sec.key-mgmt", "none"), "wep"),
        (("wifi-sec.key-mgmt", "wpa-psk", *PSK), "wpa2-psk"),
        (("wifi-sec.key-mgmt", "wpa-psk", "wifi-sec.proto", "rsn", *PSK), "wpa2-psk"),
        (("wifi-sec.key-mgmt", "wpa-psk", "wifi-sec.proto", "wpa", *PSK), "wpa-psk"),
        (("wifi-sec.key-mgmt", "wpa-psk", "wifi-sec.pairwise", "tkip", *PSK), "wpa-psk"),
        (("wifi-sec.key-mgmt", "sae", "wifi-sec.pmf", "3", *PSK), "wpa3-sae"),
        (("wifi-sec.key-mgmt", "owe"), "owe"),
        (PEAP, "wpa2-enterprise"),
        (("wifi-sec.key-mgmt", "ieee8021x", *PEAP[2:]), "wep"),
    ],
)
def test_what_networkmanager_saves_is_named(
    host: RootedHost, keyfile: Keyfile, settings: tuple[str, ...], security: str
) -> None:
    host.put(f"{SYSTEM}/a.nmconnection", keyfile("School WiFi", *settings))
    profile = only(host)
    assert profile.security == security
    assert profile.autoconnect
    assert profile.scope == "machine"


@pytest.mark.parametrize(
    "name", ["School WiFi", " leading", "a;b\\c", "Ünïcøde", "x\u2028[connection]", "99;", "a=b"]
)
def test_a_name_is_read_as_networkmanager_wrote_it(
    host: RootedHost, keyfile: Keyfile, name: str
) -> None:
    host.put(f"{SYSTEM}/a.nmconnection", keyfile(name))
    assert only(host).ssid == host.alias("ssid", name.encode().hex())


def test_autoconnect_scope_and_hidden_are_told(host: RootedHost, keyfile: Keyfile) -> None:
    settings = ("autoconnect", "no", "connection.permissions", "user:maya", "wifi.hidden", "yes")
    host.put(f"{SYSTEM}/a.nmconnection", keyfile("Home", *settings))
    profile = only(host)
    assert (profile.autoconnect, profile.scope, profile.hidden) == (False, "user", True)


SCHOOL_CA = ("802-1x.ca-cert", "{authority}")
SUFFIX = ("802-1x.domain-suffix-match", "radius.example.org")


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of the school's own; nmcli refuses a file that holds none."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "School")])
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    built = x509.CertificateBuilder(
        name, name, key.public_key(), 1, start, start.replace(year=2036)
    )
    path = tmp_path_factory.mktemp("ca") / "school.pem"
    path.write_bytes(built.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    return path


@pytest.mark.parametrize(
    ("settings", "check"),
    [
        ((), "anybody"),
        (SUFFIX, "anybody"),  # a name without an authority is checked by nobody
        (SCHOOL_CA, "authority"),
        ((*SCHOOL_CA, *SUFFIX), "name"),
        (("802-1x.system-ca-certs", "yes"), "anybody"),
        (("802-1x.system-ca-certs", "yes", *SUFFIX), "name"),
    ],
)
def test_an_enterprise_network_tells_who_may_ask_for_the_password(
    host: RootedHost, keyfile: Keyfile, authority: Path, settings: tuple[str, ...], check: str
) -> None:
    filled = [setting.format(authority=authority) for setting in settings]
    host.put(f"{SYSTEM}/a.nmconnection", keyfile("Staff", *PEAP, *filled))
    assert only(host).server_check == check


def test_the_first_of_a_uuid_wins_and_what_is_no_profile_is_left_out(
    host: RootedHost, keyfile: Keyfile
) -> None:
    text = keyfile("School", "wifi-sec.key-mgmt", "sae", *PSK)
    host.put("/run/NetworkManager/system-connections/netplan-wlan0-School.nmconnection", text)
    host.put(f"{SYSTEM}/School.nmconnection", text.replace(b"key-mgmt=sae", b"key-mgmt=none"))
    host.put(f"{SYSTEM}/School.nmconnection~", keyfile("Old"))
    host.put(f"{SYSTEM}/.swp.nmconnection", keyfile("Older"))
    host.put(f"{SYSTEM}/hotspot.nmconnection", keyfile("Mine", "wifi.mode", "ap"))
    host.put(f"{SYSTEM}/vpn.nmconnection", "[connection]\ntype=vpn\n")
    assert [profile.security for profile in saved(host)] == ["wpa3-sae"]


WPA_CONF = """
ctrl_interface={ctrl}
network={{
    ssid="plain"
    psk="a-school-key"
}}
network={{
    ssid="cafe"
    key_mgmt=NONE
}}
network={{
    ssid=P"na\\x6de\\n"
    key_mgmt=WPA-EAP SAE
    eap=PEAP
    disabled=1
}}
network={{
    ssid=6f6c64
    proto=WPA
    pairwise=TKIP
    psk="a-school-key"
}}
"""


@pytest.fixture
def supplicant(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """The real wpa_supplicant on the loopback interface, with the configuration above."""
    needs.root()
    program = needs.program("wpa_supplicant", package="wpasupplicant")
    ctrl, conf = tmp_path / "ctrl", tmp_path / "wpa.conf"
    conf.write_text(WPA_CONF.format(ctrl=ctrl))
    command = [program, "-Dwired", "-i", "lo", "-c", str(conf)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait((ctrl / "lo").exists)
        yield conf, ctrl
    finally:
        running.kill()
        running.wait()


def test_the_real_wpa_supplicant_reads_the_same_from_its_configuration(
    supplicant: tuple[Path, Path],
) -> None:
    conf, ctrl = supplicant
    cli = shutil.which("wpa_cli", path=needs.SEARCH) or "wpa_cli"

    def asked(number: int, name: str) -> str:
        command = [cli, "-p", str(ctrl), "-i", "lo", "get_network", str(number), name]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    for number, network in enumerate(wpa_supplicant_conf.parse(conf.read_bytes())):
        ways = network.key_mgmt or list(wpa_supplicant_conf.DEFAULT_KEY_MGMT)
        assert set(asked(number, "key_mgmt").split()) == set(ways)
        assert (asked(number, "disabled") == "0") == network.enabled
        ssid = asked(number, "ssid")
        told = ssid.strip('"').encode() if ssid.startswith('"') else bytes.fromhex(ssid)
        assert network.ssid_hex == told.hex()


def test_wpa_supplicants_networks_are_named(host: RootedHost) -> None:
    host.put("/etc/wpa_supplicant/wpa_supplicant-wlan0.conf", WPA_CONF.format(ctrl="/run/x"))
    found = {profile.ssid: profile.security for profile in saved(host)}
    names = [b"plain", b"cafe", b"name\n", b"old"]
    assert [found[host.alias("ssid", name.hex())] for name in names] == [
        "wpa2-psk",
        "open",
        "wpa2-enterprise",
        "wpa-psk",
    ]


def test_netplans_own_configuration_is_read_where_it_leaves_it(host: RootedHost) -> None:
    host.put("/run/netplan/wpa-wlan0.conf", 'network={\n  ssid="Cafe"\n  key_mgmt=NONE\n}\n')
    assert only(host).security == "open"


@pytest.mark.parametrize(
    ("name", "text", "security"),
    [
        ("School.psk", "[Security]\nPassphrase=a-school-key\n", "wpa2-psk"),
        ("School.psk", "[Settings]\nDisabledTransitionModes=personal\n", "wpa3-sae"),
        ("Cafe.open", "", "open"),
        ("=43616665.open", "", "open"),
        ("Staff.8021x", "[Security]\nEAP-Method=PEAP\n", "wpa2-enterprise"),
    ],
)
def test_iwds_networks_are_named_by_their_files(
    host: RootedHost, name: str, text: str, security: str
) -> None:
    host.put(f"/var/lib/iwd/{name}", text)
    assert only(host).security == security


def test_iwd_does_not_join_what_it_is_told_not_to(host: RootedHost) -> None:
    host.put("/var/lib/iwd/Cafe.open", "[Settings]\nAutoConnect=false\n")
    assert not only(host).autoconnect


@pytest.mark.parametrize(
    ("options", "security"),
    [
        ("wpa-ssid School\n  wpa-psk a-school-key", "wpa2-psk"),
        ("wpa-ssid School\n  wpa-proto WPA\n  wpa-psk a-school-key", "wpa-psk"),
        ("wpa-ssid Cafe\n  wpa-key-mgmt NONE", "open"),
        ("wireless-essid Cafe", "open"),
        ("wireless-essid Old\n  wireless-key 1234567890", "wep"),
    ],
)
def test_debians_own_interface_file_is_read(host: RootedHost, options: str, security: str) -> None:
    text = f"auto lo\niface lo inet loopback\n\nauto wlan0\niface wlan0 inet dhcp\n  {options}\n"
    host.put("/etc/network/interfaces", text)
    profile = only(host)
    assert (profile.security, profile.autoconnect) == (security, True)


@pytest.mark.parametrize(
    ("settings", "security"),
    [
        ("", "open"),
        ("SECURITYMODE=open\nDEFAULTKEY=1", "wep"),
        ("KEY_MGMT=WPA-PSK\nWPA_ALLOW_WPA=yes\nWPA_ALLOW_WPA2=yes", "wpa2-psk"),
        ("KEY_MGMT=WPA-PSK\nWPA_ALLOW_WPA=yes", "wpa-psk"),
        ("KEY_MGMT=SAE", "wpa3-sae"),
        ("KEY_MGMT=WPA-EAP\nIEEE_8021X_EAP_METHODS=PEAP", "wpa2-enterprise"),
    ],
)
def test_red_hats_older_files_are_read(host: RootedHost, settings: str, security: str) -> None:
    text = f"TYPE=Wireless\nESSID='School WiFi'\nMODE=Managed\nONBOOT=yes\n{settings}\n"
    host.put("/etc/sysconfig/network-scripts/ifcfg-School_WiFi", text)
    host.put("/etc/sysconfig/network-scripts/keys-School_WiFi", "WPA_PSK=a-school-key\n")
    host.put("/etc/sysconfig/network-scripts/ifcfg-eth0", "TYPE=Ethernet\nONBOOT=yes\n")
    profile = only(host)
    assert (profile.security, profile.autoconnect) == (security, True)
    assert profile.ssid == host.alias("ssid", b"School WiFi".hex())


def test_an_interface_nobody_starts_joins_nothing_by_itself(host: RootedHost) -> None:
    host.put("/etc/network/interfaces", "iface wlan0 inet dhcp\n  wireless-essid Cafe\n")
    assert not only(host).autoconnect


@pytest.mark.parametrize(
    "path",
    ["/var/lib/connman/wifi_0200_managed_psk/settings", "/etc/sysconfig/network/ifcfg-wlan0"],
)
def test_networks_kept_where_we_cannot_read_are_not_none(host: RootedHost, path: str) -> None:
    host.put(path, "")
    facts = linux.read(host)
    assert isinstance(facts, WirelessFacts)
    assert [source.profiles for source in facts.sources] == [Unseen("unsupported")]


def test_a_machine_without_radio_and_without_profiles_has_no_wireless(tmp_path: Path) -> None:
    assert linux.read(RootedHost(tmp_path, cards=[])) == NotHere("it has no wireless card")


def test_saved_networks_count_even_while_the_radio_is_unplugged(
    tmp_path: Path, keyfile: Keyfile
) -> None:
    host = RootedHost(tmp_path, cards=[])
    host.put(f"{SYSTEM}/a.nmconnection", keyfile("Cafe"))
    assert only(host).security == "open"


def test_a_link_planted_in_place_of_a_profile_is_not_followed(tmp_path: Path) -> None:
    host = RootedHost(tmp_path)
    folder = tmp_path / SYSTEM.lstrip("/")
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    (folder / "a.nmconnection").symlink_to("/etc/shadow")
    facts = linux.read(host)
    assert isinstance(facts, WirelessFacts)
    assert facts.sources[0].profiles == Unseen("denied")
