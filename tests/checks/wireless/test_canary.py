"""No key or password of any saved network is in a fact, a parser's answer, an error or a log."""

import logging
from pathlib import Path

import pytest

from checks.facts import encode_section
from checks.formats import ifupdown, iwd_profile, nm_keyfile, wpa_supplicant_conf
from checks.wireless import linux
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
    key_mgmt=WPA-PSK {CANARY.upper()}
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


def test_no_secret_leaves_the_reader(
    tmp_path: Path, keyfile: Keyfile, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    host = RootedHost(tmp_path)
    host.put("/sys/class/net/wlan0/operstate", "down\n")
    kept = networks(keyfile)
    assert all(CANARY.encode() in text for text in kept.values())
    for name, text in kept.items():
        host.put(f"{NM}/{name}.nmconnection", text)
    host.put("/etc/wpa_supplicant/wpa_supplicant.conf", WPA)
    host.put("/var/lib/iwd/a.psk", IWD)
    host.put("/etc/network/interfaces", DEBIAN)
    body = encode_section(linux.read(host)) + encode_section(linux.read_now(host))
    assert body.count(b'"security"') == 7
    assert CANARY not in body.decode().lower()
    assert CANARY not in caplog.text
    assert b"maya" not in body


def test_no_parser_keeps_a_secret_or_a_user_name(keyfile: Keyfile) -> None:
    parsed = [nm_keyfile.parse(text) for text in networks(keyfile).values()]
    shown = repr([*parsed, iwd_profile.parse(IWD.encode()), ifupdown.parse(DEBIAN.encode())])
    shown += repr(wpa_supplicant_conf.parse(WPA.replace(CANARY.upper(), "SAE").encode()))
    assert CANARY not in shown.lower()
    assert "maya" not in shown
