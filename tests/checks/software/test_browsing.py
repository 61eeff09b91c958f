"""Browsers under a school's policies, and tools for listening in."""

import json

import pytest

from checks.formats import browser_json
from checks.judging import Device
from checks.software.facts import (
    Blind,
    Browser,
    BrowserPolicy,
    SoftwareFacts,
    SoftwareNow,
    Source,
    Title,
)
from checks.software.judges import ApprovedSettings, browser_control, security_tools
from checks.software.linux_browsers import _policy
from checks.unseen import BlindError, Maybe, Unseen
from checks.verdicts import Finding

BLIND = Unseen("unsupported")
DENIED = Unseen("denied")
ANY = ApprovedSettings(approved=[])
BIG = ApprovedSettings(approved=["Chrome", "Edge", "Firefox", "Chromium", "Safari"])
WINDOWS = Device("windows", "staff")
GOOD = [
    BrowserPolicy("chrome", True, "listed"),
    BrowserPolicy("edge", True, "listed"),
    BrowserPolicy("firefox", None, "listed"),
]
NOW = SoftwareNow([], 0, [])


def facts(
    *names: str,
    policies: Maybe[list[BrowserPolicy]] = BLIND,
    blind: list[Blind] | None = None,
    source: Source = "registry",
) -> SoftwareFacts:
    titles = [Title(name, "1", source) for name in names]
    return SoftwareFacts(titles, 0, blind or [], [], [], [], BLIND, BLIND, browsers=policies)


def said(finding: Finding) -> tuple[str, str]:
    return finding.status, finding.says


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Google Chrome", "Microsoft Edge"], ("pass", "controlled")),
        (["Microsoft Edge", "Mozilla Firefox (x64 en-GB)"], ("warn", "by-filter")),
        (["Microsoft Edge", "Opera Stable 124"], ("fail", "unapproved")),
        (["Chromium"], ("fail", "unsafe")),
        (["Scratch 3"], ("not-applicable", "no-browser")),
        (["Google Chrome Helper"], ("not-applicable", "no-browser")),
    ],
)
def test_browsers_are_agreed_and_told_what_to_do(
    names: list[str], expected: tuple[str, str]
) -> None:
    assert said(browser_control(facts(*names, policies=GOOD), BIG, WINDOWS)) == expected


@pytest.mark.parametrize(
    ("safe", "extensions", "expected"),
    [
        (True, "listed", ("pass", "controlled")),
        (False, "listed", ("fail", "unsafe")),
        (True, "any", ("fail", "any-extension")),
        (None, "listed", ("warn", "by-filter")),
        (None, "any", ("fail", "any-extension")),
    ],
)
def test_safe_search_and_extensions_are_both_asked(
    safe: bool | None, extensions: str, expected: tuple[str, str]
) -> None:
    policy = BrowserPolicy("edge", safe, extensions)  # type: ignore[arg-type]  # the closed set
    found = facts("Microsoft Edge", policies=[policy])
    assert said(browser_control(found, BIG, WINDOWS)) == expected


def test_policies_nobody_could_see_are_unknown_but_a_strange_browser_still_fails() -> None:
    for unseen in (BLIND, DENIED):
        with pytest.raises(BlindError):
            browser_control(facts("Microsoft Edge", policies=unseen), BIG, WINDOWS)
        found = facts("Microsoft Edge", "Vivaldi", policies=unseen)
        assert said(browser_control(found, BIG, WINDOWS)) == ("fail", "unapproved")
    edge = BrowserPolicy("edge", DENIED, "listed")
    with pytest.raises(BlindError):
        browser_control(facts("Microsoft Edge", policies=[edge]), BIG, WINDOWS)


def test_a_place_nobody_could_look_into_may_hold_another_browser() -> None:
    shut = [Blind("homes", "denied")]
    with pytest.raises(BlindError):
        browser_control(facts("Google Chrome", policies=GOOD, blind=shut), BIG, WINDOWS)


@pytest.mark.parametrize(
    ("names", "running", "approved", "expected"),
    [
        (["Wireshark 4.6.0 x64"], [], [], ("fail", "installed")),
        (["Wireshark 4.6.0 x64"], [], ["Wireshark"], ("pass", "none")),
        (["Scratch 3"], ["mimikatz"], [], ("fail", "runs")),
        (["Scratch 3"], [], [], ("pass", "none")),
    ],
)
def test_tools_for_breaking_in_are_found_by_title_and_by_what_runs(
    names: list[str], running: list[str], approved: list[str], expected: tuple[str, str]
) -> None:
    now = SoftwareNow(running, 0, [])
    settings = ApprovedSettings(approved=approved)
    assert said(security_tools(facts(*names), now, settings, WINDOWS)) == expected


def test_tools_that_systems_bring_along_accuse_nobody_on_any_profile() -> None:
    found = facts("tcpdump", "bash", source="dpkg")
    for device in (Device("linux", "pupil"), Device("linux", "server"), Device("linux")):
        assert said(security_tools(found, NOW, ANY, device)) == ("warn", "came-along")


def test_what_runs_unseen_is_no_pass() -> None:
    with pytest.raises(BlindError):
        security_tools(facts("bash"), SoftwareNow(DENIED, DENIED, []), ANY, WINDOWS)
    with pytest.raises(BlindError):
        security_tools(facts("bash"), SoftwareNow([], 1, []), ANY, WINDOWS)
    with pytest.raises(BlindError):
        security_tools(facts(), NOW, ANY, WINDOWS)


LET_IN = {
    "ExtensionInstallBlocklist": ["*"],
    "ExtensionSettings": {"*": {"installation_mode": "allowed"}},
}


@pytest.mark.parametrize(
    ("browser", "policy", "safe", "extensions"),
    [
        ("chrome", {"ForceGoogleSafeSearch": True}, True, "any"),
        ("chrome", {"ForceGoogleSafeSearch": False}, False, "any"),
        ("edge", {"ForceGoogleSafeSearch": True}, False, "any"),
        ("edge", {"ForceGoogleSafeSearch": True, "ForceBingSafeSearch": 1}, True, "any"),
        ("edge", {"ForceGoogleSafeSearch": True, "ForceBingSafeSearch": 0}, False, "any"),
        ("chrome", {"ExtensionInstallBlocklist": ["*"]}, False, "listed"),
        ("chrome", {"ExtensionInstallBlocklist": ["abc"]}, False, "any"),
        ("chrome", {"ExtensionSettings": {"*": {"installation_mode": "blocked"}}}, False, "listed"),
        ("chrome", {"ExtensionSettings": {"*": {"installation_mode": "allowed"}}}, False, "any"),
        ("chrome", LET_IN, False, "any"),
        ("chrome", {}, False, "any"),
    ],
)
def test_a_managed_policy_says_what_it_forces(
    browser: Browser, policy: dict[str, object], safe: bool, extensions: str
) -> None:
    file = browser_json.parse(json.dumps(policy).encode())
    assert _policy(browser, [file]) == BrowserPolicy(browser, safe, extensions)  # type: ignore[arg-type]  # as above


def test_firefox_refuses_extensions_by_its_own_policies() -> None:
    blocked = {"policies": {"ExtensionSettings": {"*": {"installation_mode": "blocked"}}}}
    assert browser_json.parse(json.dumps(blocked).encode()).extensions_blocked
    assert not browser_json.parse(b'{"policies":{}}').extensions_blocked
