"""How browsers ask for names, and which extensions they carry: people's settings and the policies.

Firefox: `network.trr.mode` in prefs.js, 2 and 3 ask an outside service, 5 is switched off by
choice; `network.proxy.type` 1 and 2 are a proxy of one's own. Chromium and its kin:
`dns_over_https.mode` in Local State, `secure` asks outside, `automatic` only where the network's
own server offers it. A policy an administrator locked outranks both. Snaps and flatpaks keep the
same files elsewhere.
"""

import re
from typing import Final

import msgspec

from checks.formats import browser_json, firefox_prefs
from checks.formats.browser_json import BrowserFile
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host, User
from checks.software.facts import BrowserDns, Encrypted
from checks.unseen import Maybe, Unseen

LARGEST: Final = 4 << 20
PROFILES: Final = 40
FIREFOX: Final = (
    ".mozilla/firefox",
    ".config/mozilla/firefox",
    "snap/firefox/common/.mozilla/firefox",
    ".var/app/org.mozilla.firefox/.mozilla/firefox",
)
CHROMIUM: Final = (
    ".config/google-chrome",
    ".config/chromium",
    ".config/microsoft-edge",
    ".config/BraveSoftware/Brave-Browser",
    ".config/vivaldi",
    ".config/opera",
    "snap/chromium/common/chromium",
    ".var/app/com.google.Chrome/config/google-chrome",
    ".var/app/org.chromium.Chromium/config/chromium",
    ".var/app/com.brave.Browser/config/BraveSoftware/Brave-Browser",
    ".var/app/com.microsoft.Edge/config/microsoft-edge",
)
FIREFOX_POLICIES: Final = (
    "/etc/firefox/policies/policies.json",
    "/usr/lib/firefox/distribution/policies.json",
    "/usr/lib/firefox-esr/distribution/policies.json",
)
CHROMIUM_POLICIES: Final = (
    "/etc/chromium/policies/managed",
    "/etc/opt/chrome/policies/managed",
    "/etc/opt/edge/policies/managed",
    "/etc/brave/policies/managed",
)
_EXTENSION: Final = re.compile(r"[a-p]{32}")
_FIREFOX_MODES: Final[dict[object, Encrypted]] = {2: "on", 3: "on", 5: "off"}
_CHROMIUM_MODES: Final[dict[str | None, Encrypted]] = {"secure": "on", "off": "off"}


class Browsers(msgspec.Struct):
    """What one person's browsers are set to."""

    firefox: set[Encrypted]
    chromium: set[Encrypted]
    own_proxy: bool
    extensions: set[str]


def of_person(host: Host, user: User, has: frozenset[str]) -> Browsers:
    """The browsers in one home. Raises CannotLook if any of their files cannot be read."""
    found = Browsers(set(), set(), False, set())
    for root in (root for root in FIREFOX if root.partition("/")[0] in has):
        for profile in (host.list(f"{user.home}/{root}") or [])[:PROFILES]:
            if "." in profile and not profile.endswith(".ini"):
                _firefox(host, f"{user.home}/{root}/{profile}", found)
    for root in (root for root in CHROMIUM if root.partition("/")[0] in has):
        _chromium(host, f"{user.home}/{root}", found)
    return found


def _firefox(host: Host, profile: str, found: Browsers) -> None:
    prefs = firefox_prefs.parse(host.read(f"{profile}/prefs.js", LARGEST) or b"")
    prefs |= firefox_prefs.parse(host.read(f"{profile}/user.js", LARGEST) or b"")
    if prefs:
        found.firefox.add(_FIREFOX_MODES.get(prefs.get("network.trr.mode"), "default"))
        found.own_proxy |= prefs.get("network.proxy.type") in (1, 2)


def _chromium(host: Host, root: str, found: Browsers) -> None:
    data = host.read(f"{root}/Local State", LARGEST)
    if data is None:
        return
    found.chromium.add(_CHROMIUM_MODES.get(_parsed(data).local_mode, "default"))
    for profile in (host.list(root) or [])[:PROFILES]:
        if profile == "Default" or profile.startswith("Profile "):
            names = host.list(f"{root}/{profile}/Extensions") or []
            found.extensions |= {name for name in names if _EXTENSION.fullmatch(name)}


def in_force(host: Host, browsers: list[Browsers]) -> Maybe[list[BrowserDns]]:
    """Each different answer once, with the administrator's policy laid over it."""
    try:
        firefox, chromium = _firefox_policy(host), _chromium_policy(host)
    except CannotLook as blind:
        return Unseen(blind.reason)
    answers: set[tuple[str, Encrypted, bool]] = set()
    for person in browsers:
        for mode in person.firefox:
            if firefox.firefox_locked and firefox.firefox_enabled is not None:
                answers.add(("firefox", "on" if firefox.firefox_enabled else "off", True))
            else:
                answers.add(("firefox", mode, False))
        for mode in person.chromium:
            if chromium is not None:
                answers.add(("chromium", _CHROMIUM_MODES.get(chromium, "default"), True))
            else:
                answers.add(("chromium", mode, False))
    return [
        BrowserDns("firefox" if name == "firefox" else "chromium", mode, forced)
        for name, mode, forced in sorted(answers)
    ]


def _firefox_policy(host: Host) -> BrowserFile:
    for path in FIREFOX_POLICIES:
        data = host.read(path)
        if data is not None:
            return _parsed(data)
    return _parsed(b"{}")


def _chromium_policy(host: Host) -> str | None:
    modes = [
        _parsed(host.read(f"{folder}/{name}") or b"{}").managed_mode
        for folder in CHROMIUM_POLICIES
        for name in host.list(folder) or []
        if name.endswith(".json")
    ]
    return next((mode for mode in modes if mode is not None), None)


def _parsed(data: bytes) -> BrowserFile:
    try:
        return browser_json.parse(data)
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error
