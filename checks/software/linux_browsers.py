"""How browsers ask for names, and which extensions they carry: people's settings and the policies.

What the files mean: `browsers`. Snaps and flatpaks keep the same files elsewhere.
"""

from typing import Final

from checks.formats.browser_json import BrowserFile
from checks.host import CannotLook, Host, User
from checks.software.browsers import LARGEST, Browsers, few, is_profile, laid_over, parsed
from checks.software.facts import Browser, BrowserDns, BrowserPolicy
from checks.unseen import Maybe, Unseen

FIREFOX: Final = (
    ".mozilla/firefox",
    ".config/mozilla/firefox",
    "snap/firefox/common/.mozilla/firefox",
    ".var/app/org.mozilla.firefox/.mozilla/firefox",
)
CHROMIUM: Final[dict[str, Browser | None]] = {
    ".config/google-chrome": "chrome",
    ".config/chromium": "chromium",
    ".config/microsoft-edge": "edge",
    ".config/BraveSoftware/Brave-Browser": "brave",
    ".config/vivaldi": None,
    ".config/opera": None,
    "snap/chromium/common/chromium": "chromium",
    ".var/app/com.google.Chrome/config/google-chrome": "chrome",
    ".var/app/org.chromium.Chromium/config/chromium": "chromium",
    ".var/app/com.brave.Browser/config/BraveSoftware/Brave-Browser": "brave",
    ".var/app/com.microsoft.Edge/config/microsoft-edge": "edge",
}
"""Where each keeps its files, and whose policies hold for it."""
FIREFOX_POLICIES: Final = (
    "/etc/firefox/policies/policies.json",
    "/usr/lib/firefox/distribution/policies.json",
    "/usr/lib/firefox-esr/distribution/policies.json",
)
MANAGED: Final[dict[Browser, str]] = {
    "chromium": "/etc/chromium/policies/managed",
    "chrome": "/etc/opt/chrome/policies/managed",
    "edge": "/etc/opt/edge/policies/managed",
    "brave": "/etc/brave/policies/managed",
}
"""Folders of policies; all files in one count together."""


def of_person(host: Host, user: User, has: frozenset[str]) -> Browsers:
    """The browsers in one home. Raises CannotLook if any of their files cannot be read."""
    found = Browsers.none()
    for root in (root for root in FIREFOX if root.partition("/")[0] in has):
        for profile in few(host.list(f"{user.home}/{root}") or []):
            if not profile.endswith(".ini"):
                _firefox(host, f"{user.home}/{root}/{profile}", found)
    for root in (root for root in CHROMIUM if root.partition("/")[0] in has):
        _chromium(host, user.home, root, found)
    return found


def _firefox(host: Host, profile: str, found: Browsers) -> None:
    prefs = host.read(f"{profile}/prefs.js", LARGEST)
    found.add_firefox(prefs, host.read(f"{profile}/user.js", LARGEST))


def _chromium(host: Host, home: str, place: str, found: Browsers) -> None:
    root = f"{home}/{place}"
    data = host.read(f"{root}/Local State", LARGEST)
    if data is None:
        return
    found.add_chromium(data, CHROMIUM[place])
    for profile in few([name for name in host.list(root) or [] if is_profile(name)]):
        found.add_extensions(host.list(f"{root}/{profile}/Extensions") or [])


def in_force(host: Host, browsers: list[Browsers]) -> Maybe[list[BrowserDns]]:
    """Each different answer once, with the administrator's policy laid over it."""
    try:
        firefox, chromium = _firefox_policy(host), _chromium_policies(host)
    except CannotLook as blind:
        return Unseen(blind.reason)
    return laid_over(
        browsers, firefox.firefox_enabled if firefox.firefox_locked else None, chromium
    )


def _firefox_policy(host: Host) -> BrowserFile:
    for path in FIREFOX_POLICIES:
        data = host.read(path)
        if data is not None:
            return parsed(data)
    return parsed(b"{}")


def _chromium_policies(host: Host) -> dict[Browser | None, str | None]:
    return {browser: _mode(_managed(host, folder)) for browser, folder in MANAGED.items()}


def _mode(files: list[BrowserFile]) -> str | None:
    return next((one.managed_mode for one in files if one.managed_mode is not None), None)


def _managed(host: Host, folder: str) -> list[BrowserFile]:
    names = [name for name in host.list(folder) or [] if name.endswith(".json")]
    return [parsed(host.read(f"{folder}/{name}") or b"{}") for name in names]


def policies(host: Host) -> list[BrowserPolicy]:
    """What an administrator's policies say to each browser. Raises CannotLook."""
    found = [_policy(browser, _managed(host, folder)) for browser, folder in MANAGED.items()]
    listed = _firefox_policy(host).extensions_blocked
    return [*found, BrowserPolicy("firefox", None, "listed" if listed else "any")]


def _policy(browser: Browser, files: list[BrowserFile]) -> BrowserPolicy:
    forced = any(one.safe_google for one in files)
    if browser == "edge":
        forced = forced and any(one.safe_bing for one in files)
    listed = any(one.extensions_blocked for one in files)
    return BrowserPolicy(browser, forced, "listed" if listed else "any")
