"""Browsers on a Mac: profiles' policies, people's own files, proxies, names over HTTPS.

- Policies: com.google.Chrome, com.microsoft.Edge, com.brave.Browser, org.chromium.Chromium in
  Managed Preferences, for the Mac and, laid over it, for an account; what is not there is only a
  wish to them. org.mozilla.firefox counts with `EnterprisePoliciesEnabled`, also where an
  administrator wrote it for the Mac, and Firefox's own policies.json below it; its settings may
  stand flat (`DNSOverHTTPS__Enabled`). A policy for some accounts only is none for the Mac.
- Safari has no policy for safe search. Which extensions it takes only a manager's declaration can
  say, which stands in no file: unseen on a Mac that is enrolled, "any" on one that is not.
- People: below each `Library/Application Support`, readable whoever is signed in.
- Proxies: the services of the location in use (preferences.plist), as somebody set them. A school
  that sets its own there approves `proxy`. A profile's proxy stands elsewhere and is the school's.
- macOS itself: profiles with DNS settings (only root is told). One that whoever uses the Mac can
  remove is their own. Programs that ask for names themselves are known by their titles.
- Not read: iCloud's Private Relay and VPNs set up in System Settings, whose states stand in no file
  that is documented.
Never run on a Mac: written after makers' manuals for administrators.
"""

from typing import Final, Literal

import msgspec

from checks import macos
from checks.formats.browser_json import BrowserFile
from checks.host import CannotLook, Host, User, attempt
from checks.macos import Settings, flag, managed_for, number, settings, text
from checks.software.browsers import LARGEST, Browsers, few, is_profile, laid_over, parsed
from checks.software.facts import Browser, BrowserDns, BrowserPolicy, Proxy
from checks.unseen import Maybe, Reason, Unseen

_SUPPORT: Final = "Library/Application Support"
_FIREFOX: Final = "Firefox/Profiles"
_DOMAINS: Final[dict[Browser, str]] = {
    "chrome": "com.google.Chrome",
    "edge": "com.microsoft.Edge",
    "brave": "com.brave.Browser",
    "chromium": "org.chromium.Chromium",
}
_CHROMIUM: Final[tuple[tuple[Browser | None, str], ...]] = (
    ("chrome", "Google/Chrome"),
    ("edge", "Microsoft Edge"),
    ("brave", "BraveSoftware/Brave-Browser"),
    ("chromium", "Chromium"),
    (None, "Vivaldi"),
    (None, "com.operasoftware.Opera"),
    (None, "Arc/User Data"),
)
"""Folders of people's settings, and whose policies rule them."""
_FIREFOX_DOMAIN: Final = "org.mozilla.firefox"
_FIREFOX_OWN: Final = f"/Library/Preferences/{_FIREFOX_DOMAIN}.plist"
_FIREFOX_FILE: Final = "/Applications/Firefox.app/Contents/Resources/distribution/policies.json"
_NETWORK: Final = "/Library/Preferences/SystemConfiguration/preferences.plist"
_PROXIES: Final = ("HTTPEnable", "HTTPSEnable", "SOCKSEnable", "ProxyAutoConfigEnable")
_DNS: Final = "com.apple.dnsSettings.managed"
_REFUSED: Final = ("blocked", "removed")
EXTENSIONS: Final = 300


class People(msgspec.Struct):
    """What was found over all accounts."""

    dns: Maybe[list[BrowserDns]]
    proxies: Maybe[list[Proxy]]
    extensions: Maybe[list[str]]


class _Person(msgspec.Struct):
    """The browsers of one account, each with the policies' keeper."""

    named: list[User]
    """The account, for whom there may be policies; none where it is not listed here."""
    firefox: Browsers
    chromium: list[tuple[Browser | None, Browsers]]


def look(host: Host) -> People:
    """Everything of people's settings that checks ask for."""
    users = attempt(macos.homes, host)
    if isinstance(users, Unseen):
        return People(users, users, users)
    found: list[_Person] = []
    shut: Reason | None = None
    for user in users:
        try:
            found.append(_of_person(host, user))
        except CannotLook as blind:
            shut = blind.reason
    if shut is not None:
        return People(Unseen(shut), Unseen(shut), Unseen(shut))
    own = attempt(_own_proxy, host)
    proxies: set[Proxy] = {"firefox"} if any(one.firefox.own_proxy for one in found) else set()
    every = {name for one in found for _, kind in one.chromium for name in kind.extensions}
    return People(
        dns=attempt(_names, host, found),
        proxies=own if isinstance(own, Unseen) else sorted({*proxies, *own}),
        extensions=sorted(every) if len(every) <= EXTENSIONS else Unseen("too-large"),
    )


def policies(host: Host) -> list[BrowserPolicy]:
    """What policies say to each browser, whoever uses the Mac. Raises CannotLook."""
    users = macos.people(host)
    found = [
        _chromium_policy(browser, managed_for(host, domain, users))
        for browser, domain in _DOMAINS.items()
    ]
    everybody = [[user] for user in users] or [[]]
    listed = all(_firefox(host, named)[1] for named in everybody)
    found.append(BrowserPolicy("firefox", None, "listed" if listed else "any"))
    return [*found, BrowserPolicy("safari", None, attempt(_safari_extensions, host))]


def _chromium_policy(browser: Browser, views: list[Settings]) -> BrowserPolicy:
    forced = all(flag(view, "ForceGoogleSafeSearch") is True for view in views)
    if browser == "edge":
        strict = all((number(view, "ForceBingSafeSearch") or 0) > 0 for view in views)
        forced = forced and strict
    listed = all(_lists_extensions(view) for view in views)
    return BrowserPolicy(browser, forced, "listed" if listed else "any")


def _lists_extensions(view: Settings) -> bool:
    blocked = view.get("ExtensionInstallBlocklist")
    mode = _default_mode(view.get("ExtensionSettings"))  # which outranks the list that is blocked
    return mode in _REFUSED if mode else isinstance(blocked, list) and "*" in blocked


def _blocks_all(found: object) -> bool:
    """Whether `ExtensionSettings` refuses what it does not name. Raises CannotLook."""
    return _default_mode(found) in _REFUSED


def _default_mode(found: object) -> str | None:
    """What `ExtensionSettings` does with what it does not name; also written as JSON. Raises
    CannotLook."""
    if isinstance(found, str):
        try:
            found = msgspec.json.decode(found)
        except (msgspec.DecodeError, RecursionError) as error:
            raise CannotLook("parse-error", "ExtensionSettings") from error
    everything = found.get("*") if isinstance(found, dict) else None
    mode = everything.get("installation_mode") if isinstance(everything, dict) else None
    return mode if isinstance(mode, str) else None


def _firefox(host: Host, named: list[User]) -> tuple[bool | None, bool]:
    """How Firefox's policies want names asked for (None: they leave it), and whether extensions
    are listed. Raises CannotLook."""
    view = settings(host, _FIREFOX_OWN) | managed_for(host, _FIREFOX_DOMAIN, named)[0]
    file = _firefox_file(host)
    if not flag(view, "EnterprisePoliciesEnabled"):
        view = {}
    enabled, locked = _flat(view, "DNSOverHTTPS", "Enabled"), _flat(view, "DNSOverHTTPS", "Locked")
    if enabled is None and locked is None:
        enabled, locked = file.firefox_enabled, file.firefox_locked
    extensions = view.get("ExtensionSettings")
    listed = file.extensions_blocked if extensions is None else _blocks_all(extensions)
    return enabled if locked else None, listed


def _flat(view: Settings, policy: str, key: str) -> bool | None:
    whole = view.get(policy)
    found = flag(whole, key) if isinstance(whole, dict) else None
    return flag(view, f"{policy}__{key}") if found is None else found


def _firefox_file(host: Host) -> BrowserFile:
    return parsed(host.read(_FIREFOX_FILE) or b"{}")


def _safari_extensions(host: Host) -> Literal["listed", "any"]:
    if macos.enrolment(host).enrolled:
        raise CannotLook("unsupported", "a declaration may say")
    return "any"


def _of_person(host: Host, user: User) -> _Person:
    """The browsers in one home. Raises CannotLook."""
    support = f"{user.home.rstrip('/')}/{_SUPPORT}"
    there = frozenset(host.list(support) or [])
    person = _Person([user] if user.name else [], Browsers.none(), [])
    for browser, place in _CHROMIUM:
        root = f"{support}/{place}"
        data = None
        if place.partition("/")[0] in there:
            data = host.read(f"{root}/Local State", LARGEST)
        if data is None:
            continue
        found = Browsers.none()
        found.add_chromium(data)
        for profile in few([name for name in host.list(root) or [] if is_profile(name)]):
            found.add_extensions(host.list(f"{root}/{profile}/Extensions") or [])
        person.chromium.append((browser, found))
    profiles = host.list(f"{support}/{_FIREFOX}") if "Firefox" in there else None
    for profile in few(profiles or []):
        folder = f"{support}/{_FIREFOX}/{profile}"
        prefs = host.read(f"{folder}/prefs.js", LARGEST)
        person.firefox.add_firefox(prefs, host.read(f"{folder}/user.js", LARGEST))
    return person


def _names(host: Host, people: list[_Person]) -> list[BrowserDns]:
    """How names are asked for: by browsers, and by macOS for all others. Raises CannotLook."""
    found: set[BrowserDns] = set()
    for person in people:
        if person.firefox.firefox:
            found.update(laid_over([person.firefox], _firefox(host, person.named)[0], {}))
        for browser, kind in person.chromium:
            mode = None
            if browser is not None:
                view = managed_for(host, _DOMAINS[browser], person.named)[0]
                mode = text(view, "DnsOverHttpsMode")
            found.update(laid_over([kind], None, {None: mode}))
    for payload in macos.payloads(host, _DNS):
        wanted = payload.content.get("DNSSettings")
        if isinstance(wanted, dict) and text(wanted, "DNSProtocol") in ("HTTPS", "TLS"):
            found.add(BrowserDns("macos", "on", payload.locked))
    return sorted(found, key=lambda one: (one.browser, one.encrypted, one.forced))


def _own_proxy(host: Host) -> list[Proxy]:
    """`macos` where a service of the location in use goes through a proxy. Raises CannotLook."""
    network = settings(host, _NETWORK)
    services = network.get("NetworkServices", {})
    used = (text(network, "CurrentSet") or "").removeprefix("/Sets/")
    location = _inside(network, "Sets", used, "Network", "Service")
    if location is None or not isinstance(services, dict):
        raise CannotLook("parse-error", _NETWORK)
    for name in location:
        service = services.get(name)
        proxies = service.get("Proxies") if isinstance(service, dict) else None
        if isinstance(proxies, dict) and any(flag(proxies, key) for key in _PROXIES):
            return ["macos"]
    return []


def _inside(found: Settings, *keys: str) -> Settings | None:
    for key in keys:
        inner = found.get(key)
        if not isinstance(inner, dict):
            return None
        found = inner
    return found
