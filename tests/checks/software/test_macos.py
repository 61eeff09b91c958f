"""macOS software where recordings do not reach: bundles of every kind, links, layers, what runs."""

import datetime
import json
import plistlib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from checks.facts import encode_section
from checks.host import CannotLook, Listener, Process, Ran
from checks.judging import Device
from checks.software import macos, macos_browsers, macos_control, macos_titles
from checks.software.facts import (
    Blind,
    BrowserDns,
    BrowserPolicy,
    Control,
    Port,
    SoftwareNow,
    Starting,
    Strength,
    Title,
)
from checks.software.judges import exec_control
from checks.unseen import BlindError, Unseen, known
from tests.checks.software.mac import (
    ENROLLED,
    MANAGED,
    NETWORK,
    PROFILES,
    RELEASE,
    SANTACTL,
    SPCTL,
    Mac,
)

SUPPORT = "/Users/maya/Library/Application Support"
CHROME = f"{SUPPORT}/Google/Chrome"
CHROME_POLICY = f"{MANAGED}/com.google.Chrome.plist"
DAY = int(datetime.datetime(2026, 9, 1, tzinfo=datetime.UTC).timestamp())


@pytest.fixture
def mac(tmp_path: Path) -> Mac:
    return Mac(tmp_path)


def titles(mac: Mac) -> dict[str, Title]:
    return {title.name: title for title in macos_titles.look(mac).titles}


def blind(mac: Mac) -> list[Blind]:
    return macos_titles.look(mac).blind


# Programs


def test_an_application_is_known_by_its_folder_and_what_it_says_of_itself(mac: Mac) -> None:
    mac.app("/Applications/Zoom.app", "us.zoom.xos", "6.2.11", CFBundleName="zoom.us")
    assert titles(mac)["Zoom"] == Title(
        "Zoom", "6.2.11", "application", id="us.zoom.xos", publisher="Zoom"
    )


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_folders_of_programs_are_looked_into_two_deep(mac: Mac, depth: int) -> None:
    mac.app(f"/Applications/{'Suite/' * depth}Tool.app")
    assert ("Tool" in titles(mac)) == (depth <= 2)


def test_an_ipad_program_is_found_inside_its_wrapper(mac: Mac) -> None:
    inner = {"CFBundleIdentifier": "com.roblox.robloxmobile", "CFBundleShortVersionString": "2.6"}
    mac.list_of("/Applications/Roblox.app/Wrapper/Roblox.app/Info.plist", inner)
    mac.link_to("/Applications/Roblox.app/WrappedBundle", "Wrapper/Roblox.app")
    assert titles(mac)["Roblox"].version == "2.6"


def test_a_renamed_application_is_known_by_the_name_inside(mac: Mac) -> None:
    mac.app("/Applications/Homework.app", CFBundleName="Tor Browser")
    mac.app("/Applications/Maths.app", CFBundleDisplayName="Google Chrome", CFBundleName="Chrome")
    mac.app("/Applications/Diary.app", CFBundleName="Some editor")
    assert set(titles(mac)) == {"Tor Browser", "Google Chrome", "Diary"}


def test_in_a_persons_own_folder_the_makers_name_leaves_and_not_the_files(mac: Mac) -> None:
    mac.app("/Users/maya/Applications/Maya's secret.app", CFBundleName="Some editor")
    mac.put("/Users/maya/Applications/For Omar.app/Contents/readme", "")
    mac.app("/Users/Shared/Games/Old.app")
    mac.app("/Users/Shared/Discord.app")
    assert set(titles(mac)) == {"Some editor", "application", "Discord"}
    assert b"secret" not in encode_section(macos.read(mac))


def test_a_page_made_into_a_bundle_is_nobodys_program_unless_a_list_knows_it(mac: Mac) -> None:
    pages = "/Users/maya/Applications/Chrome Apps.localized"
    mac.app(f"{pages}/Clinic.app", "com.google.Chrome.app.abc", CFBundleName="Clinic")
    mac.app(f"{pages}/Discord.app", "com.google.Chrome.app.def", CFBundleName="Discord")
    assert set(titles(mac)) == {"Discord"}


def test_apples_own_is_apples_where_only_an_administrator_could_put_it(mac: Mac) -> None:
    mac.app("/Applications/Keynote.app", "com.apple.iWork.Keynote")
    mac.app("/Users/maya/Applications/Fake.app", "com.apple.fake", CFBundleName="Fake")
    found = titles(mac)
    assert (found["Keynote"].system, found["Fake"].system) == (True, False)


def test_what_came_with_macos_leaves_by_its_name_and_safari_with_its_version(mac: Mac) -> None:
    mac.app("/System/Applications/Chess.app", version="3.18")
    mac.app("/System/Applications/Utilities/Terminal.app")
    place = "/System/Cryptexes/App/System/Applications/Safari.app"
    mac.app(place, "com.apple.Safari", "26.1")
    mac.link_to("/Applications/Safari.app", f"..{place}")
    found = titles(mac)
    assert set(found) == {"Chess", "Terminal", "Safari"}
    assert all(title.system for title in found.values())
    assert (found["Safari"].version, found["Chess"].version) == ("26.1", "")
    assert blind(mac) == []


def test_safari_before_macos_13_is_a_bundle_like_others(mac: Mac) -> None:
    mac.app("/Applications/Safari.app", "com.apple.Safari", "15.6")
    assert titles(mac)["Safari"] == Title(
        "Safari", "15.6", "application", id="com.apple.Safari", system=True
    )


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\xff", b"bplist00", b"<plist><array/></plist>", plistlib.dumps({"a": 1})],
    ids=["empty", "junk", "cut", "array", "nothing of it"],
)
def test_a_bundle_that_says_nothing_is_there_all_the_same(mac: Mac, content: bytes) -> None:
    mac.put("/Applications/Odd.app/Contents/Info.plist", content)
    assert titles(mac)["Odd"] == Title("Odd", "", "application")


def test_words_of_the_wrong_kind_in_a_bundle_are_no_words(mac: Mac) -> None:
    odd = {"CFBundleIdentifier": ["a"], "CFBundleShortVersionString": 7, "CFBundleName": {"x": 1}}
    mac.list_of("/Applications/Odd.app/Contents/Info.plist", odd)
    mac.app("/Applications/Long.app", "x" * 5_000, "9" * 5_000, CFBundleName="y" * 5_000)
    found = titles(mac)
    assert found["Odd"] == Title("Odd", "", "application")
    assert (found["Long"].id, len(found["Long"].version)) == ("", 60)


def test_a_link_to_a_program_elsewhere_is_named_and_not_followed(mac: Mac) -> None:
    mac.app("/opt/Elsewhere.app", "org.elsewhere", "3")
    mac.link_to("/Users/Shared/Discord.app", f"{mac.root}/opt/Elsewhere.app")
    (mac.root / "Users/Shared").chmod(0o777)
    assert titles(mac)["Discord"].version == ""


def test_a_place_nobody_may_open_leaves_what_is_elsewhere(
    mac: Mac, monkeypatch: pytest.MonkeyPatch
) -> None:
    mac.app("/Applications/Scratch.app", "edu.mit.scratch.desktop")
    looked = mac.list

    def shut(path: str) -> list[str] | None:
        if path.startswith("/Users/maya"):
            raise CannotLook("denied", path)
        return looked(path)

    monkeypatch.setattr(mac, "list", shut)
    assert set(titles(mac)) == {"Scratch"}
    assert blind(mac) == [Blind("homes", "denied")]


def test_more_bundles_than_anybody_has_are_not_all_looked_at(
    mac: Mac, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        mac.app(f"/Applications/Tool {number}.app")
    monkeypatch.setattr(macos_titles, "MOST", 3)
    assert len(titles(mac)) == 3
    assert blind(mac) == [Blind("applications", "too-large")]


def test_a_program_was_there_since_it_was_first_installed(mac: Mac) -> None:
    mac.app("/Applications/Zoom.app", "us.zoom.xos")
    mac.app("/Applications/By name.app", "org.by.name")
    mac.app("/Applications/Dragged.app", "org.dragged")
    day, later = (datetime.datetime(2026, month, 1) for month in (9, 11))  # noqa: DTZ001  (plistlib's)
    history: list[Any] = [
        {"date": later, "displayName": "Zoom", "packageIdentifiers": ["us.zoom.xos"]},
        {"date": day, "displayName": "Zoom", "packageIdentifiers": ["us.zoom.xos"]},
        {"date": day, "displayName": "By name"},
        {"date": "soon", "displayName": "Dragged"},
        {"displayName": "Dragged", "packageIdentifiers": "x"},
        7,
    ]
    mac.put("/Library/Receipts/InstallHistory.plist", plistlib.dumps(history))
    found = titles(mac)
    since = {name: title.installed_at for name, title in found.items()}
    assert since == {"Zoom": DAY, "By name": DAY, "Dragged": None}


@pytest.mark.parametrize("brew", ["/opt/homebrew", "/usr/local"])
def test_formulas_are_listed_and_what_only_others_needed_is_hidden(mac: Mac, brew: str) -> None:
    def receipt(path: str, **keys: object) -> None:
        mac.put(f"{brew}/Cellar/{path}/INSTALL_RECEIPT.json", json.dumps(keys))

    receipt("nmap/7.9", installed_on_request=True, time=DAY)
    receipt("nmap/7.10", installed_on_request=True, time=DAY + 0.5)
    receipt("lua/5.4.6_1", installed_on_request=False, time=DAY)
    mac.put(f"{brew}/Cellar/old/1/INSTALL_RECEIPT.json", "{")
    mac.put(f"{brew}/Cellar/bare/1/bin/bare", "")
    (mac.root / brew.lstrip("/") / "Cellar/removed").mkdir()
    assert titles(mac) == {
        "nmap": Title("nmap", "7.10", "homebrew", installed_at=DAY),
        "lua": Title("lua", "5.4.6_1", "homebrew", installed_at=DAY, hidden=True),
        "old": Title("old", "1", "homebrew"),
        "bare": Title("bare", "1", "homebrew"),
    }


def test_casks_and_commands_are_named_only_where_a_list_knows_them(mac: Mac) -> None:
    mac.put("/opt/homebrew/Caskroom/ngrok/3/ngrok", "")
    mac.put("/opt/homebrew/Caskroom/mayas-own/1/x", "")
    mac.put("/usr/local/bin/hashcat", "")
    mac.put("/usr/local/bin/mayas-script", "")
    assert titles(mac) == {
        "ngrok": Title("ngrok", "", "homebrew"),
        "hashcat": Title("hashcat", "", "folder"),
    }


def test_ports_that_nobody_here_can_read_are_not_nothing(mac: Mac) -> None:
    mac.put("/opt/local/var/macports/software/nmap/nmap-7.tbz2", "")
    assert blind(mac) == [Blind("applications", "unsupported")]


# Browsers and names


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


# What may start


@pytest.mark.parametrize(
    ("on", "release", "forbidden", "told"),
    [
        (True, "26.1", None, ("enforcing", "default")),
        (True, "15.0", None, ("enforcing", "default")),
        (True, "14.7.4", None, ("asks", "default")),
        (True, "10.15.7", None, ("asks", "default")),
        (True, "14.7.4", False, ("asks", "default")),
        (True, "14.7.4", True, ("enforcing", "mdm")),
        (False, "26.1", None, ("off", "local-policy")),
        (False, "26.1", True, ("off", "local-policy")),
    ],
    ids=str,
)
def test_gatekeeper_is_as_strong_as_what_it_takes_to_get_past_it(
    mac: Mac, on: bool, release: str, forbidden: bool | None, told: tuple[Strength, str]
) -> None:
    mac.answers[SPCTL] = Ran(0, b"assessments enabled") if on else Ran(1, b"assessments disabled")
    mac.answers[RELEASE] = Ran(0, release.encode() + b"\n")
    if forbidden is not None:
        managed = {"DisableOverride": forbidden}
        mac.list_of(f"{MANAGED}/com.apple.systempolicy.managed.plist", managed)
    found = macos_control.starting(mac)
    assert [(one.control, one.strength, one.by) for one in found] == [("gatekeeper", *told)]


@pytest.mark.parametrize(
    ("said", "release"),
    [("", "26.1"), ("Bewertungen aktiviert", "26.1"), ("assessments enabled", "eight")],
)
def test_other_words_are_unseen(mac: Mac, said: str, release: str) -> None:
    mac.answers[SPCTL] = Ran(0, said.encode())
    mac.answers[RELEASE] = Ran(0, release.encode())
    assert isinstance(macos_control.starting(mac)[0].strength, Unseen)


@pytest.mark.parametrize(
    ("mode", "strength"),
    [("Lockdown", "enforcing"), ("Monitor", "watching"), ("Standalone", "asks"), ("New", None)],
)
def test_santa_counts_by_its_mode(mac: Mac, mode: str, strength: Strength | None) -> None:
    mac.app("/Applications/Santa.app", "com.northpolesec.santa")
    mac.answers[SANTACTL] = Ran(0, json.dumps({"daemon": {"mode": mode}}).encode())
    santa = next(one for one in macos_control.starting(mac) if one.control == "santa")
    assert isinstance(santa.strength, Unseen) if strength is None else santa.strength == strength


def test_santa_that_does_not_answer_is_unseen_and_leaves_gatekeeper(mac: Mac) -> None:
    mac.app("/Applications/Santa.app", "com.northpolesec.santa")
    found = macos_control.starting(mac)
    assert [one.control for one in found] == ["gatekeeper", "santa"]
    assert isinstance(found[1].strength, Unseen)


NOW = SoftwareNow(running=[], hidden=0, listening=[])


@pytest.mark.parametrize(
    ("controls", "said"),
    [
        ([("gatekeeper", "enforcing")], ("pass", "known-developers")),
        ([("santa", "enforcing"), ("gatekeeper", "enforcing")], ("pass", "controlled")),
        ([("gatekeeper", "enforcing"), ("santa", "watching")], ("pass", "known-developers")),
        ([("gatekeeper", "asks")], ("warn", "opens-anyway")),
        ([("gatekeeper", "asks"), ("santa", "watching")], ("warn", "opens-anyway")),
        ([("gatekeeper", "off")], ("fail", "uncontrolled")),
        ([("santa", "watching"), ("gatekeeper", "off")], ("fail", "only-watched")),
        ([("santa", "asks"), ("gatekeeper", "off")], ("fail", "uncontrolled")),
    ],
    ids=str,
)
def test_a_pupils_mac_passes_where_something_holds(
    mac: Mac, controls: list[tuple[Control, Strength]], said: tuple[str, str]
) -> None:
    starting = [Starting(control, strength, "mdm") for control, strength in controls]
    facts = msgspec.structs.replace(macos.read(mac), starting=starting)
    finding = exec_control(facts, NOW, Device("macos", "pupil"))
    assert (finding.status, finding.says) == said


def test_a_gatekeeper_nobody_could_ask_is_no_pass(mac: Mac) -> None:
    del mac.answers[SPCTL]
    with pytest.raises(BlindError):
        exec_control(macos.read(mac), NOW, Device("macos", "pupil"))


# What runs


def running(mac: Mac, *programs: tuple[str, str | None]) -> SoftwareNow:
    mac.running = [
        Process(number, (exe or name).rpartition("/")[2], exe, mac.users()[0].alias)
        for number, (name, exe) in enumerate(programs)
    ]
    return macos.read_now(mac)


def test_programs_of_the_sealed_volume_are_told_only_where_a_list_knows_them(mac: Mac) -> None:
    found = running(
        mac,
        ("", "/System/Library/CoreServices/Finder.app/Contents/MacOS/Finder"),
        ("", "/usr/libexec/secd"),
        ("", "/usr/sbin/tcpdump"),
        ("", "/usr/local/bin/mine"),
        ("", "/System/Volumes/Data/Applications/Discord.app/Contents/MacOS/Discord"),
        ("", "/Applications/Scratch 3.app/Contents/MacOS/Scratch 3"),
    )
    assert found.running == ["discord", "mine", "scratch 3", "tcpdump"]
    assert found.hidden == 0


def test_a_persons_program_whose_file_nobody_may_see_is_hidden(mac: Mac) -> None:
    found = running(mac, ("my-diary", None))
    assert (found.running, found.hidden) == ([], 1)


def test_ports_macos_hands_out_by_itself_are_left_out(mac: Mac) -> None:
    mac.sockets = [
        Listener("udp", "0.0.0.0", 49_152, None),  # noqa: S104  (a fact read)
        Listener("udp", "0.0.0.0", 49_151, None),  # noqa: S104  (a fact read)
        Listener("tcp", "::1", 50_000, None),
    ]
    assert macos.read_now(mac).listening == [Port("tcp", 50_000, True), Port("udp", 49_151, False)]


def test_no_account_and_no_path_leaves(mac: Mac) -> None:
    mac.app("/Users/maya/Applications/Tool.app", CFBundleName="Tool")
    mac.put(f"{CHROME}/Local State", "{}")
    running(mac, ("", "/Users/maya/bin/tool"))
    told = encode_section(macos.read(mac)) + encode_section(macos.read_now(mac))
    assert b"maya" not in told
    assert b"/Users" not in told
