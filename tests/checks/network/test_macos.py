"""Firewall, doors and ways out of a Mac as Apple's tools are known to answer; never run on one."""

import json
import plistlib
from collections.abc import Sequence
from typing import Any

import pytest

from agent.hosts.recorded import alias
from checks.host import READ_LIMIT, RUN_TIMEOUT, CannotLook, Listener, Listeners, Ran
from checks.network import macos
from checks.network.facts import Guard, NetworkFacts, Service, Uplink
from checks.unseen import Unseen, known

PROFILER = "/usr/sbin/system_profiler"
ALF = "/Library/Preferences/com.apple.alf.plist"
MANAGED = "/Library/Managed Preferences/com.apple.security.firewall.plist"
RESOLV = "/private/var/run/resolv.conf"
HEAD = "Routing tables\n\nInternet:\nDestination        Gateway            Flags  Netif Expire\n"
ONE_WAY = f"{HEAD}default            192.0.2.1          UGScg    en0\n"


class Mac:
    """Answers what it was given."""

    platform = "macos"
    privileged = True

    def __init__(self, **files: bytes) -> None:
        self.files = dict(files)
        self.kinds: dict[str, Any] = {"SPFirewallDataType": state("limit_connections")}
        self.told = {"inet": ONE_WAY, "inet6": HEAD, "192.0.2.1": "", "-productVersion": "14.8\n"}
        self.sockets: Listeners = []

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        if argv[0] == PROFILER:
            if argv[-1] not in self.kinds:
                raise CannotLook("timeout", argv[-1])
            return Ran(0, json.dumps({argv[-1]: self.kinds[argv[-1]]}).encode())
        return Ran(0, self.told[argv[-1]].encode())

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes | None:
        return self.files.get(path)

    def listeners(self) -> Listeners:
        return self.sockets

    def alias(self, kind: str, text: str) -> str:
        return alias(kind, text)


def state(word: str) -> list[dict[str, str]]:
    return [{"_name": "firewall", "spfirewall_globalstate": f"spfirewall_globalstate_{word}"}]


def read(mac: Mac) -> NetworkFacts:
    return macos.read(mac)  # type: ignore[arg-type]  # answers what this reader asks


def guard(mac: Mac) -> Guard:
    (found,) = known(read(mac).guards)
    return found


@pytest.mark.parametrize(
    ("word", "on", "inbound"),
    [
        ("allow_all", False, "allow"),
        ("limit_connections", True, "chosen"),
        ("block_all", True, "block"),
    ],
)
def test_the_firewall_has_three_states(word: str, on: bool, inbound: str) -> None:
    mac = Mac()
    mac.kinds["SPFirewallDataType"] = state(word)
    assert guard(mac) == Guard("all", on, inbound, "local-policy")  # type: ignore[arg-type]  # as parametrised


def test_a_state_nobody_knows_is_unseen() -> None:
    mac = Mac()
    mac.kinds["SPFirewallDataType"] = state("something_new")
    assert guard(mac).on == Unseen("parse-error")


@pytest.mark.parametrize("release", ["15.7", "26.1", "", "next"])
def test_a_file_left_from_before_an_upgrade_proves_no_firewall(release: str) -> None:
    mac = Mac(**{ALF: plistlib.dumps({"globalstate": 1})})
    mac.kinds["SPFirewallDataType"] = []
    mac.told["-productVersion"] = f"{release}\n"
    assert guard(mac).on == Unseen("parse-error")


def test_the_older_file_counts_only_where_the_newer_answer_has_no_state() -> None:
    off = plistlib.dumps({"globalstate": 0})
    stale = Mac(**{ALF: off})
    assert guard(stale).on is True
    older = Mac(**{ALF: plistlib.dumps({"globalstate": 2})})
    older.kinds["SPFirewallDataType"] = []
    assert (guard(older).on, guard(older).inbound) == (True, "block")
    older.files[ALF] = plistlib.dumps({"globalstate": 7})
    assert guard(older).on == Unseen("parse-error")
    del older.files[ALF]
    assert guard(older).on == Unseen("parse-error")


def test_a_profile_that_asks_for_it_decided() -> None:
    assert guard(Mac(**{MANAGED: plistlib.dumps({"EnableFirewall": True})})).by == "mdm"
    assert guard(Mac(**{MANAGED: plistlib.dumps({"EnableFirewall": False})})).by == "local-policy"
    silent = Mac()
    del silent.kinds["SPFirewallDataType"]
    assert guard(silent).on == Unseen("timeout")


def tcp(port: int, process: str | None = None) -> Listener:
    return Listener("tcp", "::", port, process)


def test_what_apple_shares_is_seen_by_its_ports() -> None:
    mac = Mac()
    mac.sockets = [tcp(22, "launchd"), tcp(5900, "launchd"), tcp(3283, "ARDAgent"), tcp(7000)]
    facts = read(mac)
    assert facts.services == [Service("ssh", 22), Service("vnc", 3283), Service("vnc", 5900)]
    assert (facts.unnamed, facts.nla, facts.smb1) == (0, None, None)


def test_doors_nobody_knows_on_a_mac_are_unseen() -> None:
    mac = Mac()
    mac.sockets = [tcp(445, "launchd"), tcp(3389), tcp(49_200), tcp(49_201, "rapportd")]
    facts = read(mac)
    assert facts.smb1 == Unseen("unsupported")
    assert facts.nla == Unseen("unsupported")
    assert facts.unnamed == 1


NETWORK = "SPNetworkDataType"


@pytest.mark.parametrize(
    ("name", "hardware", "by"),
    [
        ("Wi-Fi", "AirPort", "wireless"),
        ("WLAN", "AirPort", "wireless"),
        ("Ethernet", "Ethernet", "wired"),
        ("iPhone USB", "Ethernet", "mobile"),
        ("Bluetooth PAN", "Ethernet", "mobile"),
    ],
)
def test_a_way_out_is_known_by_its_card_and_who_answers(name: str, hardware: str, by: Any) -> None:
    mac = Mac()
    mac.kinds[NETWORK] = [{"_name": name, "hardware": hardware, "interface": "en0"}]
    mac.told["192.0.2.1"] = "? (192.0.2.1) at 2:0:5e:10:0:1 on en0 ifscope [ethernet]\n"
    assert read(mac).uplinks == [Uplink(by, alias("gateway", "02:00:5e:10:00:01"))]


def test_a_card_of_no_known_kind_and_a_gateway_that_is_silent() -> None:
    assert read(Mac()).uplinks == [Uplink("other", Unseen("unsupported"))]
    odd = Mac()
    odd.told["inet"] = f"{HEAD}default            --help          UGScg    en0\n"
    assert read(odd).uplinks == [Uplink("other", Unseen("parse-error"))]


def test_tunnels_and_ways_by_ipv6_alone() -> None:
    mac = Mac()
    mac.told["inet"] = f"{HEAD}default            link#22            UCSg     utun4\n"
    assert read(mac).uplinks == [Uplink("tunnel", None)]
    mac.told["inet"] = HEAD
    assert read(mac).uplinks == []
    # Every Mac has ways by IPv6 through tunnels of its own, which lead nowhere.
    mac.told["inet6"] = (
        f"{HEAD}default                       fe80::%utun0      UGcIg  utun0\n"
        "default                       fe80::1%en0       UGcg   en0\n"
    )
    assert read(mac).uplinks == [Uplink("other", Unseen("unsupported"))]


def test_name_servers_are_in_the_systems_own_file() -> None:
    assert read(Mac()).resolvers == Unseen("unsupported")
    assert read(Mac(**{RESOLV: b"nameserver 192.0.2.53\n"})).resolvers == ["192.0.2.53"]
