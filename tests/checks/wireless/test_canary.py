"""No key or password of a saved network is in a fact, a parser's answer, a log or a recording."""

import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import load
from agent.hosts.tape import Tape
from checks.facts import encode_section
from checks.formats import ifupdown, iwd_profile, nm_keyfile, wpa_supplicant_conf
from checks.formats.redact import redact
from checks.unseen import known
from checks.wireless import linux
from checks.wireless.facts import WirelessFacts
from tests.checks.rooted import RootedHost
from tests.checks.wireless.conftest import Keyfile

CANARY = "canary7f3a"
NM = "/etc/NetworkManager/system-connections"
WPA = f"""
network={{
    ssid="a"
    psk="{CANARY}-psk"
    wep_key0="{CANARY}-wep"
    password="{CANARY}-password"
    private_key_passwd="{CANARY}-private"
    sae_password="{CANARY}-sae"
    key_mgmt=WPA-PSK SAE
"""
IWD = f"[Security]\nPassphrase={CANARY}-1\nPreSharedKey={CANARY}-2\nEAP-Password={CANARY}-3\n"
DEBIAN = (
    f"auto wlan0\niface wlan0 inet dhcp\n wpa-ssid a\n wpa-psk {CANARY}\n wireless-key {CANARY}\n"
)


def networks(keyfile: Keyfile) -> dict[str, bytes]:
    """One of each kind that holds a secret, as the programs write them."""
    eap = ("802-1x.eap", "peap", "802-1x.phase2-auth", "mschapv2", "802-1x.identity", "maya")
    password = ("802-1x.password", f"{CANARY}-eap")
    return {
        "psk": keyfile("a", "wifi-sec.key-mgmt", "wpa-psk", "wifi-sec.psk", f"{CANARY}-psk"),
        "wep": keyfile("b", "wifi-sec.key-mgmt", "none", "wifi-sec.wep-key0", CANARY + "wep"),
        "eap": keyfile("c", "wifi-sec.key-mgmt", "wpa-eap", *eap, *password),
        "broken": f"[connection]\ntype=wifi\n[wifi-security]\npsk={CANARY}\n[".encode(),
    }


@pytest.fixture
def host(tmp_path: Path, keyfile: Keyfile) -> RootedHost:
    """A machine that keeps a secret in every place there is."""
    host = RootedHost(tmp_path)
    host.put("/sys/class/net/wlan0/operstate", "down\n")
    kept = networks(keyfile)
    assert all(CANARY.encode() in text for text in kept.values())
    for name, text in kept.items():
        host.put(f"{NM}/School {name}.nmconnection", text)
    host.put("/etc/wpa_supplicant/wpa_supplicant.conf", WPA)
    host.put("/var/lib/iwd/a.psk", IWD)
    host.put("/etc/network/interfaces", DEBIAN)
    return host


def test_no_secret_leaves_the_reader(host: RootedHost, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    body = encode_section(linux.read(host)) + encode_section(linux.read_now(host))
    assert body.count(b'"security"') == 7
    assert CANARY not in body.decode().lower()
    assert CANARY not in caplog.text
    assert b"maya" not in body


def test_no_parser_keeps_a_secret_or_a_user_name(keyfile: Keyfile) -> None:
    parsed = [nm_keyfile.parse(text) for text in networks(keyfile).values()]
    shown = repr([*parsed, iwd_profile.parse(IWD.encode()), ifupdown.parse(DEBIAN.encode())])
    shown += repr(wpa_supplicant_conf.parse(WPA.encode()))
    assert CANARY not in shown.lower()
    assert "maya" not in shown


def test_no_secret_and_no_name_of_a_network_is_recorded(host: RootedHost, tmp_path: Path) -> None:
    tape = Tape(host)
    first = linux.read(tape)
    tape.save(tmp_path / "recording.json", "test")
    text = (tmp_path / "recording.json").read_text().lower()
    assert CANARY not in text
    assert '"maya' not in text
    assert "identity=maya" not in text
    recording = load(tmp_path / "recording.json")
    replayed = linux.read(RecordedHost(recording))
    assert isinstance(first, WirelessFacts)
    assert isinstance(replayed, WirelessFacts)
    assert classes(replayed) == classes(first)


def classes(facts: WirelessFacts) -> list[str]:
    """What the judge sees of every profile; aliases differ, names being replaced."""
    return sorted(
        f"{source.keeper} {profile.security} {profile.autoconnect} {profile.server_check}"
        for source in facts.sources
        for profile in known(source.profiles)
    )


@given(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), min_size=1))
def test_a_secret_goes_whole_whatever_it_holds(secret: str) -> None:
    value = f"{CANARY}{secret}{CANARY}"
    for key in (
        "psk=",
        "  password=",
        "wep-key0=",
        "wpa-psk ",
        "Passphrase=",
        "sae_password=",
        "802-11-wireless-security.psk:",
        "private-key-password=",
        "EAP-Password=",
        "wep_key1 = ",
    ):
        assert CANARY not in redact(f"[wifi]\n{key}{value}\nmode=1\n", str.upper)


@pytest.mark.parametrize(
    "line", ["key-mgmt=wpa-psk", "key_mgmt=WPA-PSK", "psk-flags=1", "ID=debian", "keys: 3", "ssid"]
)
def test_a_line_without_a_secret_stays_as_it_is(line: str) -> None:
    assert redact(f"{line}\n", str.upper) == f"{line}\n"


@given(st.text())
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = redact(text, lambda _: "wifi1")
    assert redact(once, lambda _: "wifi1") == once
