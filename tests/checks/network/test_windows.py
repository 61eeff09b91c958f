"""Firewall, doors and ways out of Windows as Microsoft's documentation describes them."""

from collections.abc import Mapping
from typing import Any

import pytest

from agent.hosts.recorded import alias
from checks.host import CannotLook, Listener, Listeners, Stat
from checks.network import windows
from checks.network.facts import Guard, NetworkFacts, Scope, Service, Uplink
from checks.network.windows_uplinks import ROUTES, ROUTES_IPV6
from checks.unseen import Unseen, known
from tests.checks.windows_host import Given, WindowsHost

POLICY = rf"HKLM\{windows.POLICY}"
OWN = rf"HKLM\{windows.OWN}"
SERVICES = r"HKLM\SYSTEM\CurrentControlSet\Services"
VERSION = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
RDP = r"HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp"
RDP_POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services"
MAC = "02:00:5e:10:00:01"
Keys = Mapping[str, Mapping[str, Given]]
CARD = {
    "InterfaceIndex": 12,
    "NdisPhysicalMedium": 14,
    "HardwareInterface": True,
    "DriverName": r"\SystemRoot\System32\drivers\e1d.sys",
}


class Machine(WindowsHost):
    """With sockets and a few files."""

    sockets: Listeners | CannotLook = []  # noqa: RUF012  (replaced, never changed)
    files: tuple[str, ...] = ()

    def listeners(self) -> Listeners:
        if isinstance(self.sockets, CannotLook):
            raise self.sockets
        return self.sockets

    def stat(self, path: str) -> Stat | None:
        return Stat("file", 1, 0, 0, 0, 0) if path in self.files else None


def machine(keys: Keys | None = None, **wmi: Any) -> Machine:
    usual: Keys = {rf"{SERVICES}\{name}": {"Start": 2} for name in ("MpsSvc", "BFE")}
    return Machine({**usual, **(keys or {})}, wmi={"FirewallProduct": [], **wmi})


def read(host: WindowsHost) -> NetworkFacts:
    return windows.read(host)  # type: ignore[arg-type]  # answers what this reader asks


def guards(keys: Keys) -> dict[Scope, Guard]:
    return {guard.scope: guard for guard in known(read(machine(keys)).guards)}


def test_without_any_setting_windows_own_default_holds() -> None:
    for guard in guards({}).values():
        assert (guard.on, guard.inbound, guard.by) == (True, "block", "default")


@pytest.mark.parametrize(
    ("scope", "own"),
    [("domain", "DomainProfile"), ("private", "StandardProfile"), ("public", "PublicProfile")],
)
def test_the_machines_own_profile_of_each_kind(scope: Scope, own: str) -> None:
    found = guards({rf"{OWN}\{own}": {"EnableFirewall": 0}})
    assert [one for one, guard in found.items() if guard.on is False] == [scope]
    assert found[scope].by == "local-policy"


def test_group_policy_goes_before_mdm_and_mdm_before_the_machine() -> None:
    own = {rf"{OWN}\PublicProfile": {"EnableFirewall": 1}}
    mdm: Keys = {**own, rf"{OWN}\Mdm\PublicProfile": {"EnableFirewall": 0}}
    policy: Keys = {**mdm, rf"{POLICY}\PublicProfile": {"EnableFirewall": 1}}
    assert (guards(mdm)["public"].on, guards(mdm)["public"].by) == (False, "mdm")
    assert (guards(policy)["public"].on, guards(policy)["public"].by) == (True, "group-policy")


def test_a_policy_without_this_value_leaves_it_to_the_machine() -> None:
    found = guards(
        {
            rf"{POLICY}\DomainProfile": {"DisableNotifications": 1},
            rf"{OWN}\DomainProfile": {"EnableFirewall": 0},
        }
    )
    assert (found["domain"].on, found["domain"].by) == (False, "local-policy")


def test_the_older_name_of_the_private_profile_counts_in_policies_too() -> None:
    found = guards({rf"{POLICY}\StandardProfile": {"EnableFirewall": 0}})
    assert (found["private"].on, found["private"].by) == (False, "group-policy")
    newer = guards(
        {
            rf"{POLICY}\StandardProfile": {"EnableFirewall": 0},
            rf"{POLICY}\PrivateProfile": {"EnableFirewall": 1},
        }
    )
    assert newer["private"].on is True


def test_where_an_older_policy_may_speak_for_public_networks_nobody_guesses() -> None:
    found = guards({rf"{POLICY}\StandardProfile": {"EnableFirewall": 0}})
    assert found["public"].on == Unseen("unsupported")
    same = guards({rf"{POLICY}\StandardProfile": {"EnableFirewall": 1}})
    assert same["public"].on is True


@pytest.mark.parametrize(("action", "inbound"), [(0, "allow"), (1, "block")])
def test_what_happens_to_what_no_rule_allows(action: int, inbound: str) -> None:
    found = guards({rf"{OWN}\PublicProfile": {"EnableFirewall": 1, "DefaultInboundAction": action}})
    assert found["public"].inbound == inbound


@pytest.mark.parametrize("service", ["MpsSvc", "BFE"])
def test_a_service_that_is_switched_off_is_no_firewall(service: str) -> None:
    found = guards({rf"{SERVICES}\{service}": {"Start": 4}})
    assert all(guard.on is False for guard in found.values())
    on = guards({rf"{SERVICES}\{service}": {"Start": 2}})
    assert all(guard.on is True for guard in on.values())


@pytest.mark.parametrize("service", ["MpsSvc", "BFE"])
@pytest.mark.parametrize("start", [3, None])
def test_a_service_that_nothing_starts_is_no_pass(service: str, start: int | None) -> None:
    given: Keys = {rf"{SERVICES}\{service}": {} if start is None else {"Start": start}}
    assert read(machine(given)).guards == Unseen("unsupported")


def test_a_value_of_another_kind_is_unseen_and_no_pass() -> None:
    found = guards({rf"{OWN}\PublicProfile": {"EnableFirewall": ["1"]}})
    assert found["public"].on == Unseen("parse-error")


def product(state: int, name: str = "ESET Firewall", path: str = r"C:\eset.exe") -> dict[str, Any]:
    return {"displayName": name, "productState": state, "pathToSignedReportingExe": path}


@pytest.mark.parametrize(
    ("row", "others"),
    [
        (product(0x41000), ["ESET Firewall"]),
        (product(0x40000), []),
        (product(0x42000), []),
        (product(0x43000), []),
        (product(0x41000, path=r"C:\gone.exe"), []),
        (product(0x41000, path=""), ["ESET Firewall"]),
        (product(0x41000, name="  E\x07S\u202eET\n Firewall "), ["ESET Firewall"]),
        (product(0x41000, name=""), ["another maker's"]),
        (product(0x41000, name="x" * 5_000), ["x" * 60]),
    ],
)
def test_another_makers_firewall_counts_while_it_is_on(row: Any, others: list[str]) -> None:
    host = machine(FirewallProduct=[row])
    host.files = (r"C:\eset.exe",)
    assert read(host).others == others


def test_a_server_has_nobody_to_register_with() -> None:
    blind = machine(FirewallProduct=CannotLook("timeout"))
    assert read(blind).others == Unseen("timeout")
    server = Machine(
        {VERSION: {"InstallationType": "Server Core"}},
        wmi={"FirewallProduct": CannotLook("unsupported")},
    )
    assert read(server).others == []


def tcp(port: int, process: str = "svchost.exe") -> Listener:
    return Listener("tcp", "0.0.0.0", port, process)  # noqa: S104  (a socket made up)


def doors(keys: Keys, *sockets: Listener) -> NetworkFacts:
    host = machine(keys)
    host.sockets = list(sockets)
    return read(host)


def test_remote_desktop_is_found_where_it_was_moved_to() -> None:
    assert doors({}, tcp(3390)).services == []
    moved = doors({RDP: {"PortNumber": 3390}}, tcp(3390))
    assert moved.services == [Service("rdp", 3390)]
    assert moved.nla is False


@pytest.mark.parametrize(
    ("keys", "nla"),
    [
        ({}, False),
        ({RDP: {"UserAuthentication": 0}}, False),
        ({RDP: {"UserAuthentication": 1}}, True),
        ({RDP: {"UserAuthentication": 1}, RDP_POLICY: {"UserAuthentication": 0}}, False),
        ({RDP: {"UserAuthentication": 0}, RDP_POLICY: {"UserAuthentication": 1}}, True),
    ],
)
def test_who_it_is_is_asked_first_by_policy_before_the_machine(keys: Keys, nla: bool) -> None:
    assert doors(keys, tcp(3389)).nla is nla
    assert doors(keys).nla is None


SRV = r"C:\Windows\System32\drivers\srv.sys"
SHARES: Keys = {rf"{SERVICES}\LanmanServer": {"Start": 2}}
DRIVER: Keys = {**SHARES, rf"{SERVICES}\srv": {"Start": 3}}


@pytest.mark.parametrize(
    ("keys", "files", "smb1"),
    [
        ({}, (), None),
        ({rf"{SERVICES}\LanmanServer": {"Start": 4}}, (SRV,), None),
        (SHARES, (), False),
        (SHARES, (SRV,), False),
        (DRIVER, (), False),
        (DRIVER, (SRV,), True),
        ({**SHARES, rf"{SERVICES}\srv": {"Start": 4}}, (SRV,), False),
        ({**DRIVER, rf"{SERVICES}\LanmanServer\Parameters": {"SMB1": 0}}, (SRV,), False),
        ({**DRIVER, rf"{SERVICES}\LanmanServer\Parameters": {"SMB1": 1}}, (SRV,), True),
        (
            {**DRIVER, VERSION: {"SystemRoot": r"D:\Windows"}},
            (r"D:\Windows\System32\drivers\srv.sys",),
            True,
        ),
    ],
)
def test_smb_1_takes_the_service_its_setting_and_its_driver(
    keys: Keys, files: tuple[str, ...], smb1: object
) -> None:
    host = machine(keys)
    host.files = files
    assert read(host).smb1 is smb1


def test_sockets_that_nobody_may_see_are_no_closed_doors() -> None:
    host = machine()
    host.sockets = CannotLook("denied")
    facts = read(host)
    assert (facts.services, facts.unnamed, facts.nla) == (Unseen("denied"),) * 3


def way(
    wmi: Mapping[str, Any] | None = None,
    *,
    card: Mapping[str, Any] = CARD,
    mac: str = "02-00-5E-10-00-01",
) -> Machine:
    neighbour = "MSFT_NetNeighbor WHERE IPAddress='192.0.2.1'"
    return machine(
        None,
        **{
            ROUTES: [{"InterfaceIndex": 12, "NextHop": "192.0.2.1"}],
            ROUTES_IPV6: [],
            neighbour: [
                {"InterfaceIndex": 4, "LinkLayerAddress": "02-00-5E-00-00-00"},
                {"InterfaceIndex": 12, "LinkLayerAddress": mac},
            ],
            "MSFT_NetAdapter": [card],
            "MSFT_DNSClientServerAddress": [],
            **(wmi or {}),
        },
    )


@pytest.mark.parametrize(
    ("changes", "by"),
    [
        ({}, "wired"),
        ({"NdisPhysicalMedium": 0}, "wired"),
        ({"NdisPhysicalMedium": 9}, "wireless"),
        ({"NdisPhysicalMedium": 1}, "wireless"),
        ({"NdisPhysicalMedium": 8}, "mobile"),
        ({"NdisPhysicalMedium": 10}, "mobile"),
        ({"DriverName": r"\SystemRoot\system32\DRIVERS\usbrndis6.sys"}, "mobile"),
        ({"DriverName": r"\SystemRoot\System32\drivers\NETAAPL64.SYS"}, "mobile"),
        ({"HardwareInterface": False}, "tunnel"),
        ({"InterfaceIndex": 99}, "other"),
    ],
)
def test_a_way_out_is_known_by_numbers_and_drivers(changes: dict[str, Any], by: Any) -> None:
    facts = read(way(card={**CARD, **changes}))
    assert facts.uplinks == [Uplink(by, alias("gateway", MAC))]


@pytest.mark.parametrize("mac", ["", "00-00-00-00-00-00", "FF-FF-FF-FF-FF-FF"])
def test_a_gateway_that_has_not_answered_is_unseen(mac: str) -> None:
    assert read(way(mac=mac)).uplinks == [Uplink("wired", Unseen("unsupported"))]


def test_hops_that_are_none_or_no_addresses() -> None:
    on_link = {"InterfaceIndex": 12, "NextHop": "0.0.0.0"}  # noqa: S104  (a word read)
    assert read(way({ROUTES: [on_link]})).uplinks == [Uplink("wired", None)]
    hostile = {"InterfaceIndex": 12, "NextHop": "' OR ''='"}
    assert read(way({ROUTES: [hostile]})).uplinks == [Uplink("wired", Unseen("parse-error"))]
    assert read(way({ROUTES: []})).uplinks == []


def test_a_way_out_by_ipv6_alone_is_one_whose_gateway_nobody_knows() -> None:
    later = [{"InterfaceIndex": 12, "NextHop": "fe80::1"}]
    found = read(way({ROUTES: [], ROUTES_IPV6: later})).uplinks
    assert found == [Uplink("wired", Unseen("unsupported"))]


def test_name_servers_are_those_of_cards_that_lead_out() -> None:
    rows = [
        {"InterfaceIndex": 12, "ServerAddresses": ["10.0.0.53", "fe80::1%12"]},
        {"InterfaceIndex": 12, "ServerAddresses": None},
        {"InterfaceIndex": 1, "ServerAddresses": ["fec0:0:0:ffff::1"]},
    ]
    facts = read(way({"MSFT_DNSClientServerAddress": rows}))
    assert facts.resolvers == ["10.0.0.53", "fe80::1"]
    for bad in ("10.0.0.53", ["nothing"]):
        odd = way({"MSFT_DNSClientServerAddress": [{"InterfaceIndex": 12, "ServerAddresses": bad}]})
        assert read(odd).resolvers == Unseen("parse-error")


def test_modems_are_counted_and_silence_is_none() -> None:
    assert read(way(card={**CARD, "NdisPhysicalMedium": 8})).modems == 1
    assert read(way()).modems == 0
    silent = way({"MSFT_NetAdapter": CannotLook("timeout")})
    assert (read(silent).modems, read(silent).uplinks) == (Unseen("timeout"),) * 2
