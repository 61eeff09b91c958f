"""Programs and settings in people's homes. A home is hostile: the host refuses links and devices.

Only titles and settings are kept, joined over all accounts, so nothing here tells whose they are.
An AppImage's title is the start of its file's name up to the version; other files are not looked
at. GNOME's proxy is asked of gsettings as the person, only where their dconf file mentions a
proxy; KDE's stands in kioslaverc. Browsers: see `linux_browsers`.
"""

import re
from collections.abc import Callable
from typing import Final, TypeVar

import msgspec

from checks.formats import keyfile
from checks.host import CannotLook, Host, User
from checks.software import linux_browsers
from checks.software.facts import BrowserDns, Proxy, Title
from checks.software.linux_packages import flatpaks_in
from checks.software.shared import tidy
from checks.unseen import Maybe, Reason, Unseen

PEOPLE: Final = 250
"""Homes looked at; a computer with more says so."""
EXTENSIONS: Final = 300
APPIMAGES: Final = ("Applications", "AppImages", "Desktop", "Downloads", "bin", ".local/bin")
_VERSION: Final = re.compile(r"[-_. ]v?\d")
_PROXY_LINE: Final = re.compile(
    rb"^\s*(?:export\s+)?(?:https?|all|socks)_proxy\s*=\s*\S", re.IGNORECASE | re.MULTILINE
)

T = TypeVar("T")
Has = frozenset[str]
"""Names at the top of a home, so that what is not there is not asked for."""
People = list[tuple[User, Has]]


class Homes(msgspec.Struct):
    """What was found over all homes, and why some could not be looked into."""

    titles: list[Title]
    dns: Maybe[list[BrowserDns]]
    proxies: Maybe[list[Proxy]]
    extensions: Maybe[list[str]]
    blind: list[Reason]


def look(host: Host) -> Homes:
    """Everything in everybody's home that checks ask for."""
    people, shut = _people(host)
    titles, no_titles = _over(host, people, _titles)
    browsers, no_browsers = _over(host, people, linux_browsers.of_person)
    proxies, no_proxies = _over(host, people, _proxies)
    own: set[Proxy] = {proxy for some in proxies for proxy in some}
    if any(one.own_proxy for one in browsers):
        own.add("firefox")
    shut_browsers = shut or no_browsers
    shut_proxies = shut_browsers or no_proxies
    extensions = {one for some in browsers for one in some.extensions}
    return Homes(
        titles=[title for some in titles for title in some],
        dns=Unseen(shut_browsers) if shut_browsers else linux_browsers.in_force(host, browsers),
        proxies=Unseen(shut_proxies) if shut_proxies else sorted(own),
        extensions=Unseen(shut_browsers) if shut_browsers else _listed(extensions),
        blind=[reason for reason in (shut or no_titles,) if reason],
    )


def _people(host: Host) -> tuple[People, Reason | None]:
    """Everybody's home and what is at its top; a reason if one could not be opened."""
    people: People = []
    try:
        users = [user for user in host.users() if user.kind == "human"]
        users += _strangers(host, {user.home for user in users})
    except CannotLook as blind:
        return [], blind.reason
    reason: Reason | None = "too-large" if len(users) > PEOPLE else None
    for user in users[:PEOPLE]:
        try:
            names = host.list(user.home)
        except CannotLook as blind:
            reason = blind.reason
            continue
        if names is not None:
            people.append((user, frozenset(names)))
    return people, reason


def _strangers(host: Host, known: set[str]) -> list[User]:
    """Homes of accounts that are not listed here (a directory's), also one folder further down.

    They have no name here, so nothing can be asked as them, but their files can be read.
    """
    found: list[User] = []
    folders = [f"/home/{name}" for name in host.list("/home") or []]
    while folders:
        path = folders.pop(0)
        stat = None if path in known else host.stat(path)
        if stat is None or stat.kind != "folder":
            continue
        if stat.uid != 0:
            found.append(User("", str(stat.uid), "", path, "", "human"))
        elif path.count("/") == 2:
            folders += [f"{path}/{name}" for name in host.list(path) or []]
    return found


def _over(
    host: Host, people: People, question: Callable[[Host, User, Has], T]
) -> tuple[list[T], Reason | None]:
    """The answers of all homes, and why one could not be had."""
    answers: list[T] = []
    reason: Reason | None = None
    for user, has in people:
        try:
            answers.append(question(host, user, has))
        except CannotLook as blind:
            reason = blind.reason
    return answers, reason


def _titles(host: Host, user: User, has: Has) -> list[Title]:
    found = []
    for folder in ("", *(folder for folder in APPIMAGES if folder.partition("/")[0] in has)):
        path = f"{user.home}/{folder}".rstrip("/")
        for name in has if not folder else host.list(path) or []:
            stat = host.stat(f"{path}/{name}") if name.lower().endswith(".appimage") else None
            if stat is not None and stat.kind == "file" and stat.mode & 0o111:
                title = _VERSION.split(name[: -len(".appimage")], maxsplit=1)[0].replace("_", " ")
                shown = tidy(title, 40) or "AppImage"
                found.append(Title(shown, "", "appimage", installed_at=stat.mtime))
    if ".local" in has:
        found += flatpaks_in(host, f"{user.home}/.local/share/flatpak", user.name)
    return found


def _proxies(host: Host, user: User, has: Has) -> set[Proxy]:
    found: set[Proxy] = set()
    files = [".pam_environment"] if ".pam_environment" in has else []
    if ".config" in has:
        folder = f"{user.home}/.config/environment.d"
        files += [f".config/environment.d/{name}" for name in host.list(folder) or []]
    for file in files:
        if _PROXY_LINE.search(host.read(f"{user.home}/{file}", 65536) or b""):
            found.add("environment")
    if ".config" in has:
        kde = keyfile.parse(host.read(f"{user.home}/.config/kioslaverc", 65536) or b"")
        if keyfile.get(kde, "Proxy Settings", "ProxyType") in ("1", "2"):
            found.add("kde")
        if b"proxy" in (host.read(f"{user.home}/.config/dconf/user", 8 << 20) or b""):
            ran = host.run(
                ["gsettings", "get", "org.gnome.system.proxy", "mode"], as_user=user.name
            )
            if ran.code != 0:
                raise CannotLook("parse-error", "gsettings")
            if ran.out.strip() in (b"'manual'", b"'auto'"):
                found.add("gnome")
    return found


def _listed(found: set[str]) -> Maybe[list[str]]:
    return sorted(found) if len(found) <= EXTENSIONS else Unseen("too-large")
