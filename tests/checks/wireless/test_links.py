"""The network a card is on, as wpa_supplicant or iw tell it without NetworkManager."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from checks.host import RUN_TIMEOUT, CannotLook, Ran
from checks.unseen import Unseen, known
from checks.wireless import linux
from checks.wireless.facts import Link
from checks.wireless.linux_links import of_agreed, of_words
from tests.checks import corpus
from tests.checks.rooted import RootedHost

LINK = b"Connected to 02:00:00:00:09:02 (on wlan0)\n\tSSID: School\\x20WiFi\n\tfreq: 5180\n"
MINE = "BSS 02:00:00:00:09:02(on wlan0) -- associated\n\tcapability: ESS{privacy} (0x0411)\n"
MINE += "\tSSID: School\\x20WiFi\n{rsn}"
NEIGHBOUR = "BSS 02:00:00:00:09:01(on wlan0)\n\tcapability: ESS (0x0401)\n\tSSID: Free\\x20Cafe\n"
RSN = "\tRSN:\t * Version: 1\n\t\t * Group cipher: CCMP\n\t\t * Pairwise ciphers: {ciphers}\n"
RSN += "\t\t * Authentication suites: {akms}\n\t\t * Capabilities: 1-PTKSA-RC {mfp} (0x0080)\n"


class Joined(RootedHost):
    """A joined card; programs answer what a test gives, all others are not installed."""

    def __init__(self, root: Path, answers: dict[str, Ran | CannotLook]) -> None:
        super().__init__(root)
        self.answers = answers
        self.put("/sys/class/net/wlan0/operstate", "up\n")

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        asked = " ".join(argv)
        answer = next((a for part, a in self.answers.items() if part in asked), None)
        if isinstance(answer, Ran):
            return answer
        raise answer or CannotLook("tool-missing", argv[0])


def link_of(host: RootedHost) -> Link:
    [link] = known(linux.read_now(host).links)
    return link


def by_iw(root: Path, scan: str) -> Link:
    answers: dict[str, Ran | CannotLook] = {
        "wlan0 link": Ran(0, LINK),
        "scan dump": Ran(0, scan.encode()),
    }
    return link_of(Joined(root, answers))


@pytest.mark.parametrize(
    ("akms", "mfp", "security"),
    [
        ("PSK", "", "wpa2-psk"),
        ("PSK SAE", "MFP-capable", "wpa3-transition"),
        ("SAE", "MFP-required MFP-capable", "wpa3-sae"),
        ("IEEE 802.1X", "", "wpa2-enterprise"),
        ("IEEE 802.1X/SHA-256", "MFP-required MFP-capable", "wpa3-enterprise"),
        ("00-0f-ac:8", "MFP-required", "wpa3-sae"),
        ("00-0f-ac:24 00-0f-ac:8", "MFP-required", "wpa3-sae"),
        ("OWE", "MFP-required", "owe"),
        ("SOMETHING-NEW", "", "unknown"),
    ],
)
def test_iw_names_the_network_by_its_suites(
    tmp_path: Path, akms: str, mfp: str, security: str
) -> None:
    rsn = RSN.format(ciphers="CCMP", akms=akms, mfp=mfp)
    link = by_iw(tmp_path, NEIGHBOUR + MINE.format(privacy=" Privacy", rsn=rsn))
    assert link.security == security
    assert link.ssid == RootedHost(tmp_path).alias("ssid", b"School WiFi".hex())


def test_iw_tells_open_from_wep_by_the_privacy_bit(tmp_path: Path) -> None:
    assert by_iw(tmp_path, MINE.format(privacy="", rsn="")).security == "open"
    assert by_iw(tmp_path, MINE.format(privacy=" Privacy", rsn="")).security == "wep"


def test_a_scan_that_does_not_hold_our_network_tells_nothing_about_it(tmp_path: Path) -> None:
    assert isinstance(by_iw(tmp_path, NEIGHBOUR).security, Unseen)


STATUS = "wpa_state=COMPLETED\nmode=station\nssid=School\\x20WiFi\n{more}"


@pytest.mark.parametrize(
    ("more", "security"),
    [
        ("key_mgmt=WPA2-PSK\npairwise_cipher=CCMP\n", "wpa2-psk"),
        ("key_mgmt=WPA2-PSK-SHA256\npairwise_cipher=CCMP\n", "wpa2-psk"),
        ("key_mgmt=FT-PSK\npairwise_cipher=CCMP\n", "wpa2-psk"),
        ("key_mgmt=WPA-PSK\npairwise_cipher=TKIP\n", "wpa-psk"),
        ("key_mgmt=WPA2-PSK\npairwise_cipher=TKIP\n", "wpa-psk"),
        ("key_mgmt=SAE\npairwise_cipher=CCMP\n", "wpa3-sae"),
        ("key_mgmt=WPA2/IEEE 802.1X/EAP\npairwise_cipher=CCMP\n", "wpa2-enterprise"),
        ("key_mgmt=WPA2-EAP-SUITE-B-192\npairwise_cipher=GCMP-256\n", "wpa3-enterprise"),
        ("key_mgmt=OWE\npairwise_cipher=CCMP\n", "owe"),
        ("key_mgmt=NONE\npairwise_cipher=NONE\n", "open"),
        ("key_mgmt=NONE\npairwise_cipher=WEP-104\n", "wep"),
        ("key_mgmt=IEEE 802.1X (no WPA)\npairwise_cipher=NONE\n", "wep"),
        ("key_mgmt=WPA/IEEE 802.1X/EAP\npairwise_cipher=TKIP\n", "unknown"),
        ("key_mgmt=\npairwise_cipher=\n", "unknown"),
    ],
)
def test_wpa_supplicant_names_what_was_agreed(tmp_path: Path, more: str, security: str) -> None:
    host = Joined(tmp_path, {"wpa_cli": Ran(0, STATUS.format(more=more).encode())})
    link = link_of(host)
    assert link.security == security
    assert link.ssid == host.alias("ssid", b"School WiFi".hex())


def test_an_access_point_of_our_own_is_no_link_and_its_passphrase_is_not_read(
    tmp_path: Path,
) -> None:
    text = b"wpa_state=COMPLETED\nmode=AP\nssid=Mine\nkey_mgmt=WPA2-PSK\npassphrase=canary\n"
    link = link_of(Joined(tmp_path, {"wpa_cli": Ran(0, text)}))
    assert link.security == Unseen("tool-missing")
    assert "canary" not in str(link)


def test_a_socket_that_is_not_ours_to_ask_is_denied(tmp_path: Path) -> None:
    refused = Ran(
        255, b"", b"Failed to connect to non-global ctrl_ifname: wlan0 error: Permission denied\n"
    )
    assert link_of(Joined(tmp_path, {"wpa_cli": refused})).security == Unseen("denied")


def test_a_slow_program_is_the_reason_and_not_the_missing_one(tmp_path: Path) -> None:
    host = Joined(tmp_path, {"nmcli": CannotLook("timeout", "nmcli")})
    assert link_of(host).security == Unseen("timeout")


def test_a_card_that_is_not_joined_has_no_link(tmp_path: Path) -> None:
    host = Joined(tmp_path, {})
    host.put("/sys/class/net/wlan0/operstate", "dormant\n")
    assert known(linux.read_now(host).links) == []


@pytest.mark.parametrize("words", [[], ["WEP"], ["WPA1"], ["WPA1", "WPA2"], ["?"], ["WPA2", "?"]])
def test_words_nobody_knows_are_never_a_good_network(words: list[str]) -> None:
    good = ("wpa2-psk", "wpa2-enterprise", "wpa3-sae", "wpa3-transition", "wpa3-enterprise", "owe")
    assert (of_words(words) in good) == ("WPA2" in words)
    assert of_agreed("?", "?") == "unknown"


def test_iw_scans_of_real_air_show_nothing_of_neighbours(tmp_path: Path) -> None:
    scan = corpus.need("jc/centos-7.7/iw-scan1.out").read_text()
    joined = scan.replace(
        "BSS ac:22:05:db:4d:5b(on wlan0)", "BSS ac:22:05:db:4d:5b(on wlan0) -- associated"
    )
    answers: dict[str, Ran | CannotLook] = {
        "wlan0 link": Ran(0, b"Connected to ac:22:05:db:4d:5b (on wlan0)\n\tSSID: x\n"),
        "scan dump": Ran(0, joined.encode()),
    }
    assert link_of(Joined(tmp_path, answers)).security == "wpa2-psk"
    answers["scan dump"] = Ran(0, scan.encode())
    assert link_of(Joined(tmp_path, answers)).security == Unseen("stale")
