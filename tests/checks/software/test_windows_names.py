"""Windows' own way to ask for names over HTTPS, in every place somebody can set it."""

from typing import cast

import pytest

from checks.host import Host, User
from checks.software import windows_browsers
from checks.software.facts import BrowserDns
from checks.unseen import known
from tests.checks.windows_host import Given, WindowsHost

Keys = dict[str, dict[str, Given]]
EDGE = r"Microsoft\Edge"
POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows NT\DNSClient"
SERVICES = r"HKLM\SYSTEM\CurrentControlSet\Services"
CARD = "{6f7a1f3e-0000-4000-8000-000000000001}"
DOH = rf"{SERVICES}\Dnscache\InterfaceSpecificParameters\{CARD}\DohInterfaceSettings\Doh"
ADDRESSES = rf"{SERVICES}\Tcpip\Parameters\Interfaces\{CARD}"
ADDRESSES6 = rf"{SERVICES}\Tcpip6\Parameters\Interfaces\{CARD}"
AUTO: Keys = {rf"{SERVICES}\Dnscache\Parameters": {"EnableAutoDoh": 2}}
ONE: Keys = {rf"{DOH}\1.1.1.1": {"DohFlags": 1}, ADDRESSES: {"NameServer": "1.1.1.1,1.0.0.1"}}


def names(keys: Keys) -> list[BrowserDns]:
    return known(windows_browsers.look(cast("Host", WindowsHost(keys))).dns)


@pytest.mark.parametrize(
    ("keys", "on"),
    [
        ({}, False),
        (AUTO, True),
        ({**AUTO, POLICY: {"DoHPolicy": 2}}, True),
        ({**AUTO, POLICY: {"DoHPolicy": 1}}, False),
        ({POLICY: {"DoHPolicy": 3}}, True),
        (ONE, True),
        ({**ONE, POLICY: {"DoHPolicy": 1}}, False),
        ({**ONE, rf"{DOH}\1.1.1.1": {"DohFlags": 6}}, True),
        ({**ONE, rf"{DOH}\1.1.1.1": {"DohFlags": 0}}, False),
        ({**ONE, ADDRESSES: {"NameServer": "10.0.0.1", "DhcpNameServer": "1.1.1.1"}}, False),
        ({**ONE, ADDRESSES: {"NameServer": "", "DhcpNameServer": "10.0.0.1 1.1.1.1"}}, True),
        (
            {rf"{DOH}6\2606:4700::1": {"DohFlags": 2}, ADDRESSES6: {"NameServer": "2606:4700::1"}},
            True,
        ),
    ],
    ids=[
        *("nothing", "automatic", "allowed", "prohibited", "required", "in-settings"),
        *("settings-prohibited", "written-down", "switched-off", "another-server", "given", "six"),
    ],
)
def test_names_over_https_are_found_wherever_they_were_switched_on(keys: Keys, on: bool) -> None:
    assert any(one.browser == "windows" and one.encrypted == "on" for one in names(keys)) is on


class Chromes(WindowsHost):
    """Chrome and Edge of one account, both set to ask outside."""

    def read(self, path: str, limit: int = 0) -> bytes | None:
        del limit
        kept = (r"Google\Chrome\User Data\Local State", r"Microsoft\Edge\User Data\Local State")
        return b'{"dns_over_https":{"mode":"secure"}}' if path.endswith(kept) else None

    def list(self, path: str) -> list[str]:
        del path
        return []


@pytest.mark.parametrize(
    ("ruled", "left"), [([], True), (["Google\\Chrome"], True), (["Google\\Chrome", EDGE], False)]
)
def test_a_policy_for_one_browser_holds_for_no_other(ruled: list[str], left: bool) -> None:
    policies: Keys = {
        rf"HKLM\SOFTWARE\Policies\{one}": {"DnsOverHttpsMode": "off"} for one in ruled
    }
    maya = User("maya", "S-1-5-21-1-2-3-1001", "a", r"C:\Users\maya", "", "human")
    host = cast("Host", Chromes(policies, users=[maya]))
    asked = {(one.encrypted, one.forced) for one in known(windows_browsers.look(host).dns)}
    assert (("on", False) in asked) is left


def test_settings_that_let_every_extension_in_outrank_the_list_that_is_blocked() -> None:
    chrome = r"HKLM\SOFTWARE\Policies\Google\Chrome"
    blocked: Keys = {rf"{chrome}\ExtensionInstallBlocklist": {"1": "*"}}
    settings: Keys = {chrome: {"ExtensionSettings": '{"*":{"installation_mode":"allowed"}}'}}
    for keys, said in ((blocked, "listed"), ({**blocked, **settings}, "any")):
        found = windows_browsers.policies(cast("Host", WindowsHost(keys)))
        assert {one.browser: one.extensions for one in found}["chrome"] == said
