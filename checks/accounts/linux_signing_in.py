"""Linux: who is signed in without a password, and whether guests are let in.

GDM (/etc/gdm3/daemon.conf, /etc/gdm3/custom.conf, /etc/gdm/custom.conf), LightDM (lightdm.conf and
lightdm.conf.d in /usr/share, /etc/xdg and /etc), SDDM (sddm.conf and sddm.conf.d), LXDM, the
consoles' `agetty --autologin`, and the group `nopasswdlogin` that display managers ask nothing of.
Where /etc/systemd/system/display-manager.service names one of them, only that one counts; another
may be installed and never start.
"""

from typing import Final

from checks.accounts.facts import Autologon, By
from checks.accounts.linux_people import Statuses, known_or_raise
from checks.accounts.names import label_of
from checks.formats import keyfile, unix_accounts
from checks.host import Host, read_text
from checks.unseen import Maybe

GDM: Final = ("/etc/gdm3/custom.conf", "/etc/gdm3/daemon.conf", "/etc/gdm/custom.conf")
LIGHTDM: Final = ("/usr/share/lightdm", "/etc/xdg/lightdm", "/etc/lightdm")
SDDM: Final = ("/usr/lib/sddm/sddm.conf.d", "/etc/sddm.conf.d")
GETTY: Final = ("/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system")
GUEST_HELPERS: Final = (
    "/usr/sbin/guest-account",
    "/usr/lib/lightdm/guest-session",
    "/usr/lib/x86_64-linux-gnu/lightdm/lightdm-guest-session",
)
_DISPLAY_MANAGER: Final = "/etc/systemd/system/display-manager.service"
_KNOWN: Final[dict[str, By]] = {
    "gdm": "gdm",
    "gdm3": "gdm",
    "lightdm": "lightdm",
    "sddm": "sddm",
    "lxdm": "lxdm",
}


def read_autologon(host: Host) -> list[Autologon]:
    """Every account that signs in unasked, once per way. Raises CannotLook."""
    ways = {"gdm": _gdm, "lightdm": _lightdm, "sddm": _sddm, "lxdm": _lxdm}
    chosen = _chosen(host)
    found = [
        (by, name)
        for by, read in ways.items()
        if chosen in (None, by)
        for name in read(host)
        if name
    ]
    found += [("console", name) for name in _consoles(host)]
    found += [("no-password-group", name) for name in _without_password(host)]
    return [_way(host, by, name) for by, name in dict.fromkeys(found)]


def _way(host: Host, by: str, name: str) -> Autologon:
    kind: By = _KNOWN.get(by) or ("console" if by == "console" else "no-password-group")
    return Autologon(kind, host.alias("user", name), label_of(name), False)


def _chosen(host: Host) -> By | None:
    """The display manager that starts; None: nothing says, so all that are set up count."""
    target = host.link(_DISPLAY_MANAGER)
    return _KNOWN.get((target or "").rpartition("/")[2].removesuffix(".service"))


def _on(text: str | None) -> bool:
    return (text or "").strip().lower() in ("true", "1", "yes")


def _gdm(host: Host) -> list[str]:
    names: list[str] = []
    for path in GDM:
        settings = keyfile.parse(host.read(path) or b"")
        names += [
            keyfile.get(settings, "daemon", f"{kind}Login") or ""
            for kind in ("Automatic", "Timed")
            if _on(keyfile.get(settings, "daemon", f"{kind}LoginEnable"))
        ]
    return names


def _lightdm_settings(host: Host) -> dict[str, str]:
    """What holds for seats: LightDM reads folders first and lightdm.conf last of each place."""
    merged: dict[str, str] = {}
    for place in LIGHTDM:
        folder = f"{place}/lightdm.conf.d"
        names = [name for name in host.list(folder) or [] if name.endswith(".conf")]
        paths = [f"{folder}/{name}" for name in names]
        for path in [*paths, f"{place}/lightdm.conf"] if place == LIGHTDM[-1] else paths:
            for section, entries in keyfile.parse(host.read(path) or b"").items():
                if section.startswith("Seat") or section == "SeatDefaults":
                    merged |= {key: entry.value for key, entry in entries.items()}
    return merged


def _lightdm(host: Host) -> list[str]:
    return [_lightdm_settings(host).get("autologin-user", "")]


def _sddm(host: Host) -> list[str]:
    paths = [
        f"{folder}/{name}"
        for folder in SDDM
        for name in host.list(folder) or []
        if name.endswith(".conf")
    ]
    user = ""
    for path in [*paths, "/etc/sddm.conf"]:
        found = keyfile.get(keyfile.parse(host.read(path) or b""), "Autologin", "User")
        user = user if found is None else found
    return [user]


def _lxdm(host: Host) -> list[str]:
    settings = keyfile.parse(host.read("/etc/lxdm/lxdm.conf") or b"")
    return [keyfile.get(settings, "base", "autologin") or ""]


def _consoles(host: Host) -> list[str]:
    """Drop-ins of getty services; the last `--autologin NAME` of each wins."""
    found = []
    for folder in GETTY:
        for service in host.list(folder) or []:
            if not (service.endswith(".service.d") and "getty" in service):
                continue
            for name in host.list(f"{folder}/{service}") or []:
                words = (read_text(host, f"{folder}/{service}/{name}") or "").split()
                for word, after in zip(words, [*words[1:], ""], strict=True):
                    if word in ("--autologin", "-a"):
                        found.append(after)
                    elif word.startswith("--autologin="):
                        found.append(word.partition("=")[2])
    return [name for name in found if name]


def _without_password(host: Host) -> list[str]:
    groups = unix_accounts.parse_group(host.read("/etc/group") or b"")
    return [name for group in groups if group.name == "nopasswdlogin" for name in group.members]


def _guest_session(host: Host) -> bool:
    """LightDM offers one unless told not to, where the program that makes it is there."""
    if _chosen(host) not in (None, "lightdm") or host.stat("/usr/sbin/lightdm") is None:
        return False
    helper = any(host.stat(path) is not None for path in GUEST_HELPERS)
    return helper and _lightdm_settings(host).get("allow-guest", "true").lower() != "false"


def read_guest(host: Host, states: Maybe[Statuses]) -> bool:
    """Whether LightDM offers a guest session, or an account of that name is on."""
    if _guest_session(host):
        return True
    guests = [
        one.name
        for one in unix_accounts.parse_passwd(host.read("/etc/passwd") or b"")
        if label_of(one.name) == "guest" and not one.shell.endswith(("nologin", "false"))
    ]
    if not guests:
        return False
    told = known_or_raise(states)
    return any(told[name].state != "locked" for name in guests if name in told)
