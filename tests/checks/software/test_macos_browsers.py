"""macOS browsers: profiles' policies over people's settings, proxies, encrypted names."""

import json
from pathlib import Path

import pytest

from checks.host import Ran
from checks.software import macos, macos_browsers
from checks.software.facts import BrowserDns, BrowserPolicy
from checks.unseen import Unseen, known
from tests.checks.software.mac import CHROME, ENROLLED, MANAGED, NETWORK, PROFILES, SUPPORT, Mac

CHROME_POLICY = f"{MANAGED}/com.google.Chrome.plist"


@pytest.fixture
def mac(tmp_path: Path) -> Mac:
    return Mac(tmp_path)


def policy(mac: Mac, browser: str) -> BrowserPolicy:
    return next(one for one in macos_browsers.policies(mac) if one.browser == browser)


def test_a_policy_for_the_mac_holds_for_everybody(mac: Mac) -> None:
    mac.list_of(CHROME_POLICY, {"ForceGoogleSafeSearch": True, "ExtensionInstallBlocklist": ["*"]})
    assert policy(mac, "chrome") == BrowserPolicy("chrome", True, "listed")
    assert policy(mac, "brave") == BrowserPolicy("brave", False, "any")


def test_a_policy_for_one_account_of_two_is_none_for_the_mac(tmp_path: Path) -> None:
    mac = Mac(tmp_path, people=("maya", "omar"))
    own = {"ForceGoogleSafeSearch": True, "ExtensionInstallBlocklist": ["*"]}
    mac.list_of(f"{MANAGED}/maya/com.google.Chrome.plist", own)
    assert policy(mac, "chrome") == BrowserPolicy("chrome", False, "any")
    mac.list_of(f"{MANAGED}/omar/com.google.Chrome.plist", own)
    assert policy(mac, "chrome") == BrowserPolicy("chrome", True, "listed")


def test_an_accounts_own_policy_is_laid_over_the_macs(mac: Mac) -> None:
    mac.list_of(CHROME_POLICY, {"ForceGoogleSafeSearch": True})
    mac.list_of(f"{MANAGED}/maya/com.google.Chrome.plist", {"ForceGoogleSafeSearch": False})
    assert policy(mac, "chrome").safe_search is False


def test_what_whoever_uses_the_mac_wrote_is_no_policy(mac: Mac) -> None:
    mac.list_of("/Library/Preferences/com.google.Chrome.plist", {"ForceGoogleSafeSearch": True})
    home = "/Users/maya/Library/Preferences/com.google.Chrome.plist"
    mac.list_of(home, {"ForceGoogleSafeSearch": True})
    assert policy(mac, "chrome").safe_search is False


@pytest.mark.parametrize(("bing", "forced"), [(None, False), (0, False), (1, True), (2, True)])
def test_edge_needs_its_own_search_forced_as_well(mac: Mac, bing: int | None, forced: bool) -> None:
    keys: dict[str, object] = {"ForceGoogleSafeSearch": True}
    mac.list_of(
        f"{MANAGED}/com.microsoft.Edge.plist",
        keys if bing is None else {**keys, "ForceBingSafeSearch": bing},
    )
    assert policy(mac, "edge").safe_search is forced


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"*": {"installation_mode": "blocked"}}, "listed"),
        ('{"*": {"installation_mode": "removed"}}', "listed"),
        ({"*": {"installation_mode": "allowed"}}, "any"),
        ({"abc": {"installation_mode": "blocked"}}, "any"),
        ([], "any"),
    ],
    ids=str,
)
def test_extension_settings_list_where_they_refuse_the_rest(
    mac: Mac, settings: object, said: str
) -> None:
    mac.list_of(CHROME_POLICY, {"ExtensionSettings": settings})
    assert policy(mac, "chrome").extensions == said


def test_settings_that_let_the_rest_in_outrank_the_list_that_is_blocked(mac: Mac) -> None:
    settings = {"*": {"installation_mode": "allowed"}}
    blocked = {"ExtensionInstallBlocklist": ["*"]}
    mac.list_of(CHROME_POLICY, blocked)
    assert policy(mac, "chrome").extensions == "listed"
    mac.list_of(CHROME_POLICY, {**blocked, "ExtensionSettings": settings})
    assert policy(mac, "chrome").extensions == "any"


def test_settings_of_extensions_that_cannot_be_read_are_unseen(mac: Mac) -> None:
    mac.list_of(CHROME_POLICY, {"ExtensionSettings": "{"})
    assert isinstance(macos.read(mac).browsers, Unseen)


BLOCKS = {"*": {"installation_mode": "blocked"}}


@pytest.mark.parametrize(
    ("managed", "own", "file", "said"),
    [
        ({"EnterprisePoliciesEnabled": True, "ExtensionSettings": BLOCKS}, {}, {}, "listed"),
        ({"ExtensionSettings": BLOCKS}, {}, {}, "any"),
        ({}, {"EnterprisePoliciesEnabled": True, "ExtensionSettings": BLOCKS}, {}, "listed"),
        ({}, {}, {"policies": {"ExtensionSettings": BLOCKS}}, "listed"),
        (
            {"EnterprisePoliciesEnabled": True, "ExtensionSettings": {}},
            {},
            {"policies": {"ExtensionSettings": BLOCKS}},
            "any",
        ),
        ({}, {}, {}, "any"),
    ],
    ids=["profile", "not enabled", "for the Mac", "file", "profile over file", "nothing"],
)
def test_firefox_follows_a_profile_then_its_file(
    mac: Mac, managed: dict[str, object], own: dict[str, object], file: dict[str, object], said: str
) -> None:
    mac.list_of(f"{MANAGED}/org.mozilla.firefox.plist", managed)
    mac.list_of("/Library/Preferences/org.mozilla.firefox.plist", own)
    place = "/Applications/Firefox.app/Contents/Resources/distribution/policies.json"
    mac.put(place, json.dumps(file))
    assert policy(mac, "firefox") == BrowserPolicy("firefox", None, said)  # type: ignore[arg-type]  # one of its words


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"MDM enrollment: No\n", "any"),
        (b"MDM enrollment: Yes (User Approved)\n", None),
        (b"", None),
    ],
)
def test_safaris_extensions_are_anybodys_only_where_no_manager_could_say_otherwise(
    mac: Mac, answer: bytes, said: str | None
) -> None:
    mac.answers[ENROLLED] = Ran(0, answer)
    found = policy(mac, "safari")
    assert found.safe_search is None
    assert isinstance(found.extensions, Unseen) if said is None else found.extensions == said


def names(mac: Mac) -> list[BrowserDns]:
    return known(macos_browsers.look(mac).dns)


@pytest.mark.parametrize(
    ("own", "ruled", "answer"),
    [
        ("secure", None, BrowserDns("chromium", "on", False)),
        ("automatic", None, BrowserDns("chromium", "default", False)),
        ("secure", "off", BrowserDns("chromium", "off", True)),
        ("off", "secure", BrowserDns("chromium", "on", True)),
    ],
)
def test_a_policy_decides_how_chrome_asks_for_names(
    mac: Mac, own: str, ruled: str | None, answer: BrowserDns
) -> None:
    mac.put(f"{CHROME}/Local State", json.dumps({"dns_over_https": {"mode": own}}))
    if ruled is not None:
        mac.list_of(CHROME_POLICY, {"DnsOverHttpsMode": ruled})
    assert names(mac) == [answer]


def test_a_policy_of_one_browser_rules_no_other(mac: Mac) -> None:
    for place in ("Google/Chrome", "Arc/User Data"):
        mac.put(f"{SUPPORT}/{place}/Local State", '{"dns_over_https":{"mode":"secure"}}')
    mac.list_of(CHROME_POLICY, {"DnsOverHttpsMode": "off"})
    assert names(mac) == [
        BrowserDns("chromium", "off", True),
        BrowserDns("chromium", "on", False),
    ]


@pytest.mark.parametrize(
    ("ruled", "answer"),
    [
        ({}, BrowserDns("firefox", "on", False)),
        ({"DNSOverHTTPS": {"Enabled": False}}, BrowserDns("firefox", "on", False)),
        (
            {"DNSOverHTTPS": {"Enabled": False, "Locked": True}},
            BrowserDns("firefox", "off", True),
        ),
        (
            {"DNSOverHTTPS__Enabled": False, "DNSOverHTTPS__Locked": True},
            BrowserDns("firefox", "off", True),
        ),
    ],
    ids=["none", "not locked", "locked", "flat"],
)
def test_a_locked_policy_decides_how_firefox_asks_for_names(
    mac: Mac, ruled: dict[str, object], answer: BrowserDns
) -> None:
    mac.put(f"{SUPPORT}/Firefox/Profiles/x/prefs.js", 'user_pref("network.trr.mode", 3);\n')
    enabled = {"EnterprisePoliciesEnabled": True, **ruled}
    mac.list_of(f"{MANAGED}/org.mozilla.firefox.plist", enabled)
    assert names(mac) == [answer]


@pytest.mark.parametrize(
    ("settings", "locked", "found"),
    [
        ({"DNSProtocol": "HTTPS"}, "true", [BrowserDns("macos", "on", True)]),
        ({"DNSProtocol": "TLS"}, "false", [BrowserDns("macos", "on", False)]),
        ({}, "true", []),
    ],
    ids=str,
)
def test_a_profile_that_can_be_removed_is_whoever_uses_the_macs_own(
    mac: Mac, settings: dict[str, object], locked: str, found: list[BrowserDns]
) -> None:
    mac.profile("com.apple.dnsSettings.managed", {"DNSSettings": settings}, locked)
    assert names(mac) == found


def test_who_may_not_see_the_profiles_cannot_say_how_names_are_asked_for(mac: Mac) -> None:
    mac.answers[PROFILES] = Ran(77, b"", b"profiles: requires root")
    assert isinstance(macos.read(mac).dns, Unseen)
    mac.privileged = False
    assert isinstance(macos.read(mac).dns, Unseen)


@pytest.mark.parametrize(
    "key", ["HTTPEnable", "HTTPSEnable", "SOCKSEnable", "ProxyAutoConfigEnable"]
)
def test_a_proxy_of_the_location_in_use_is_told(mac: Mac, key: str) -> None:
    for value, found in ((0, []), (1, ["macos"])):
        mac.network(**{key: value})
        assert macos_browsers.look(mac).proxies == found


def test_a_proxy_of_another_location_and_a_search_for_one_are_none(mac: Mac) -> None:
    mac.network({"HTTPEnable": 1}, ProxyAutoDiscoveryEnable=1)
    assert macos_browsers.look(mac).proxies == []


def test_a_network_without_a_location_is_not_without_a_proxy(mac: Mac) -> None:
    mac.list_of(NETWORK, {"NetworkServices": {}})
    assert isinstance(macos_browsers.look(mac).proxies, Unseen)


def test_firefoxs_own_proxy_is_told_beside(mac: Mac) -> None:
    mac.put(f"{SUPPORT}/Firefox/Profiles/x/user.js", 'user_pref("network.proxy.type", 1);\n')
    mac.network(HTTPEnable=1)
    assert macos_browsers.look(mac).proxies == ["firefox", "macos"]


def test_extensions_of_every_profile_are_told(mac: Mac) -> None:
    mac.put(f"{CHROME}/Local State", "{}")
    for profile, letter in (("Default", "a"), ("Profile 2", "b"), ("Crashpad", "c")):
        mac.put(f"{CHROME}/{profile}/Extensions/{letter * 32}/1/manifest.json", "{}")
    assert macos_browsers.look(mac).extensions == ["a" * 32, "b" * 32]
