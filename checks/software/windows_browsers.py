r"""Browsers on Windows: policies in the registry, people's own files, proxies, names over HTTPS.

- Policies: `SOFTWARE\Policies\Google\Chrome`, `…\Microsoft\Edge`, `…\BraveSoftware\Brave`,
  `…\Mozilla\Firefox`, for the machine and, weaker, for an account that is signed in. Safe search
  is forced on Chrome and Brave by `ForceGoogleSafeSearch`, on Edge by that and
  `ForceBingSafeSearch`; Firefox has no such policy. Extensions are listed where the block list
  holds `*` (Firefox: `ExtensionSettings` blocks `*`).
- People: `Local State` and `Extensions` of Chromium and its kin below `AppData\Local`, Firefox's
  profiles below `AppData\Roaming`; readable whoever is signed in. What the files mean: `browsers`.
- Proxies: `Internet Settings` of each loaded hive; where `ProxySettingsPerUser` is 0 the machine's
  holds. Group Policy preferences write the same values as people do: a school that gives its proxy
  so approves `proxy`.
- Windows itself: `DoHPolicy` 3; unless that is 1 (prohibited), `EnableAutoDoh` 2, or a server that
  a card uses with `DohFlags` below `Dnscache\InterfaceSpecificParameters`, which is where Windows'
  own Settings write it.
"""

from typing import Final

import msgspec

from checks.host import CannotLook, Host, RegistryKey, User, attempt
from checks.software.browsers import LARGEST, Browsers, few, is_profile, laid_over
from checks.software.facts import Browser, BrowserDns, BrowserPolicy, Proxy
from checks.unseen import Maybe, Reason, Unseen
from checks.windows import flag, hive, number, people, text, texts

_POLICIES: Final = r"SOFTWARE\Policies"
_CHROMIUM_POLICIES: Final[tuple[tuple[Browser, str], ...]] = (
    ("chrome", r"Google\Chrome"),
    ("edge", r"Microsoft\Edge"),
    ("brave", r"BraveSoftware\Brave"),
)
_FIREFOX_POLICY: Final = r"Mozilla\Firefox"
_LOCAL: Final[dict[str, Browser | None]] = {
    r"Google\Chrome\User Data": "chrome",
    r"Microsoft\Edge\User Data": "edge",
    r"BraveSoftware\Brave-Browser\User Data": "brave",
    r"Chromium\User Data": None,
    r"Vivaldi\User Data": None,
}
"""Where each keeps its files, and whose policies hold for it."""
_FIREFOX: Final = r"AppData\Roaming\Mozilla\Firefox\Profiles"
_INTERNET: Final = r"Microsoft\Windows\CurrentVersion\Internet Settings"
_RESOLVER: Final = r"SYSTEM\CurrentControlSet\Services\Dnscache\Parameters"
_RESOLVER_POLICY: Final = rf"{_POLICIES}\Microsoft\Windows NT\DNSClient"
_CARDS: Final = r"SYSTEM\CurrentControlSet\Services\Dnscache\InterfaceSpecificParameters"
_SERVERS: Final = r"SYSTEM\CurrentControlSet\Services\{}\Parameters\Interfaces\{}"
_REFUSED: Final = ("blocked", "removed")
_PROHIBITED, _REQUIRED, _AUTOMATIC = 1, 3, 2
_OVER_HTTPS: Final = 3
"""`DohFlags`: its address over HTTPS is one Windows knows (1) or is written down beside (2)."""
EXTENSIONS: Final = 300


class People(msgspec.Struct):
    """What was found over all accounts."""

    dns: Maybe[list[BrowserDns]]
    proxies: Maybe[list[Proxy]]
    extensions: Maybe[list[str]]


def look(host: Host) -> People:
    """Everything of people's settings that checks ask for."""
    users = attempt(people, host)
    if isinstance(users, Unseen):
        return People(users, users, users)
    found: list[Browsers] = []
    shut: Reason | None = None
    for user in users:
        try:
            found.append(_of_person(host, user))
        except CannotLook as blind:
            shut = blind.reason
    own = attempt(_proxies, host, users)
    firefox: set[Proxy] = {"firefox"} if any(one.own_proxy for one in found) else set()
    if shut is not None:
        return People(Unseen(shut), Unseen(shut), Unseen(shut))
    extensions = sorted({one for some in found for one in some.extensions})
    return People(
        dns=attempt(_names, host, found),
        proxies=own if isinstance(own, Unseen) else sorted({*own, *firefox}),
        extensions=extensions if len(extensions) <= EXTENSIONS else Unseen("too-large"),
    )


def policies(host: Host) -> list[BrowserPolicy]:
    """What the machine's policies say to each browser. Raises CannotLook."""
    found = [_chromium_policy(host, browser, place) for browser, place in _CHROMIUM_POLICIES]
    settings = text(host.registry("HKLM", rf"{_POLICIES}\{_FIREFOX_POLICY}"), "ExtensionSettings")
    return [*found, BrowserPolicy("firefox", None, "listed" if _blocks_all(settings) else "any")]


def _chromium_policy(host: Host, browser: Browser, place: str) -> BrowserPolicy:
    key = host.registry("HKLM", rf"{_POLICIES}\{place}")
    forced = flag(key, "ForceGoogleSafeSearch") is True
    if browser == "edge":
        forced = forced and (number(key, "ForceBingSafeSearch") or 0) > 0
    blocked = host.registry("HKLM", rf"{_POLICIES}\{place}\ExtensionInstallBlocklist")
    names = [] if blocked is None else list(blocked.values)
    everything = any("*" in (texts(blocked, name) or []) for name in names)
    mode = _default_mode(text(key, "ExtensionSettings"))  # which outranks the list that is blocked
    listed = mode in _REFUSED if mode else everything
    return BrowserPolicy(browser, forced, "listed" if listed else "any")


class _Default(msgspec.Struct):
    installation_mode: str = ""


class _Settings(msgspec.Struct):
    everything: _Default = msgspec.field(name="*", default_factory=_Default)


def _blocks_all(settings: str | None) -> bool:
    """Whether `ExtensionSettings` refuses what it does not name. Raises CannotLook."""
    return _default_mode(settings) in _REFUSED


def _default_mode(settings: str | None) -> str:
    """What `ExtensionSettings` does with what it does not name. Raises CannotLook."""
    if settings is None:
        return ""
    try:
        return msgspec.json.decode(settings, type=_Settings).everything.installation_mode
    except (msgspec.DecodeError, RecursionError) as error:
        raise CannotLook("parse-error", "ExtensionSettings") from error


def _of_person(host: Host, user: User) -> Browsers:
    """The browsers in one profile. Raises CannotLook."""
    found = Browsers.none()
    for place, browser in _LOCAL.items():
        root = rf"{user.home}\AppData\Local\{place}"
        data = host.read(rf"{root}\Local State", LARGEST)
        if data is None:
            continue
        found.add_chromium(data, browser)
        for profile in few([name for name in host.list(root) or [] if is_profile(name)]):
            found.add_extensions(host.list(rf"{root}\{profile}\Extensions") or [])
    for profile in few(host.list(rf"{user.home}\{_FIREFOX}") or []):
        folder = rf"{user.home}\{_FIREFOX}\{profile}"
        prefs = host.read(rf"{folder}\prefs.js", LARGEST)
        found.add_firefox(prefs, host.read(rf"{folder}\user.js", LARGEST))
    return found


def _names(host: Host, found: list[Browsers]) -> list[BrowserDns]:
    """How names are asked for: by browsers, and by Windows for all others. Raises CannotLook."""
    dns = rf"{_POLICIES}\{_FIREFOX_POLICY}\DNSOverHTTPS"
    key = host.registry("HKLM", dns)
    locked = flag(key, "Enabled") if flag(key, "Locked") else None
    modes: dict[Browser | None, str | None] = {
        browser: text(host.registry("HKLM", rf"{_POLICIES}\{place}"), "DnsOverHttpsMode")
        for browser, place in _CHROMIUM_POLICIES
    }
    answers = laid_over(found, locked, modes)
    policy = number(host.registry("HKLM", _RESOLVER_POLICY), "DoHPolicy")
    if policy == _REQUIRED:
        answers.append(BrowserDns("windows", "on", True))
    elif policy != _PROHIBITED and _own_names(host):
        answers.append(BrowserDns("windows", "on", False))
    return answers


def _own_names(host: Host) -> bool:
    """Whether Windows asks for names over HTTPS because somebody set it so: for all servers that
    can, or for one that a card uses. Raises CannotLook."""
    if number(host.registry("HKLM", _RESOLVER), "EnableAutoDoh") == _AUTOMATIC:
        return True
    cards = host.registry("HKLM", _CARDS)
    return any(_card_names(host, card) for card in ([] if cards is None else cards.subkeys))


def _card_names(host: Host, card: str) -> bool:
    for kind, protocol in (("Doh", "Tcpip"), ("Doh6", "Tcpip6")):
        place = rf"{_CARDS}\{card}\DohInterfaceSettings\{kind}"
        servers = host.registry("HKLM", place)
        if servers is None or not servers.subkeys:
            continue
        used = _servers(host.registry("HKLM", _SERVERS.format(protocol, card)))
        for server in servers.subkeys:
            flags = number(host.registry("HKLM", rf"{place}\{server}"), "DohFlags") or 0
            if flags & _OVER_HTTPS and server.lower() in used:
                return True
    return False


def _servers(card: RegistryKey | None) -> set[str]:
    """Whom a card asks for names: those somebody wrote down, else those the network gave."""
    named = text(card, "NameServer") or text(card, "DhcpNameServer") or ""
    return set(named.lower().replace(",", " ").split())


def _proxies(host: Host, users: list[User]) -> list[Proxy]:
    """`windows` where an account set one for itself. Raises CannotLook."""
    policy = host.registry("HKLM", rf"{_POLICIES}\{_INTERNET}")
    if number(policy, "ProxySettingsPerUser") == 0:
        return []
    hives = [sid for sid in (hive(host, user) for user in users) if not isinstance(sid, Unseen)]
    if users and not hives:
        raise CannotLook("deferred", "nobody is signed in")
    if any(_has_proxy(host, sid) for sid in hives):
        return ["windows"]
    return []


def _has_proxy(host: Host, sid: str) -> bool:
    """Whether the account's own settings name a proxy that no policy gave it."""
    if _names_proxy(host.registry("HKU", rf"{sid}\{_POLICIES}\{_INTERNET}")):
        return False
    return _names_proxy(host.registry("HKU", rf"{sid}\Software\{_INTERNET}"))


def _names_proxy(key: RegistryKey | None) -> bool:
    fixed = flag(key, "ProxyEnable") is True and text(key, "ProxyServer") is not None
    return fixed or text(key, "AutoConfigURL") is not None
