"""Linux: what each desktop does with a drive that is plugged in, as each person's account.

- GNOME, MATE, Cinnamon: `autorun-never` of their media-handling schema, asked with `gsettings` as
  the account; false (the default) offers to start what the drive asks for.
- Xfce: thunar-volman's channel file, `/autorun/enabled` and `/autoopen/enabled` (default false);
  not installed, nothing starts.
- KDE starts nothing from a drive; its device notifier only lists what can be done.
Which desktops: the sessions installed. Another desktop is unseen.
"""

from typing import Literal

from checks.formats import gsettings, xfconf
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host, User, attempt
from checks.removable_media.facts import Autorun
from checks.unseen import Maybe, Unseen

Desktop = Literal["gnome", "mate", "cinnamon", "xfce", "kde", "other"]
SESSION_FOLDERS = ("/usr/share/xsessions", "/usr/share/wayland-sessions")
SCHEMAS = {
    "gnome": "org.gnome.desktop.media-handling",
    "mate": "org.mate.media-handling",
    "cinnamon": "org.cinnamon.desktop.media-handling",
}
CHANNEL = "xfce4/xfconf/xfce-perchannel-xml/thunar-volman.xml"
_PREFIXES: tuple[tuple[str, Desktop], ...] = (
    ("gnome", "gnome"),
    ("ubuntu", "gnome"),
    ("plasma", "kde"),
    ("kde", "kde"),
    ("xfce", "xfce"),
    ("xubuntu", "xfce"),
    ("mate", "mate"),
    ("cinnamon", "cinnamon"),
)


def autorun(host: Host) -> list[Autorun]:
    """One per account and desktop; none where there is no desktop. Raises CannotLook."""
    names = [name for folder in SESSION_FOLDERS for name in (host.list(folder) or [])]
    installed = sorted({_kind(name) for name in names if name.endswith(".desktop")})
    people = [user for user in host.users() if user.kind == "human"] if installed else []
    return [_autorun(host, user, desktop) for user in people for desktop in installed]


def _kind(session: str) -> Desktop:
    return next((kind for prefix, kind in _PREFIXES if session.lower().startswith(prefix)), "other")


def _autorun(host: Host, user: User, desktop: Desktop) -> Autorun:
    if desktop == "kde":
        return Autorun(user.alias, desktop, starts=False, changeable=False)
    if desktop == "xfce":
        return _xfce(host, user)
    schema = SCHEMAS.get(desktop)
    if schema is None:
        blind = Unseen("unsupported")
        return Autorun(user.alias, desktop, blind, blind)
    never = attempt(_asked, host, user, ["gsettings", "get", schema, "autorun-never"])
    changeable = attempt(_asked, host, user, ["gsettings", "writable", schema, "autorun-never"])
    starts: Maybe[bool] = never if isinstance(never, Unseen) else not never
    return Autorun(user.alias, desktop, starts, changeable)


def _asked(host: Host, user: User, argv: list[str]) -> bool:
    ran = host.run(argv, as_user=user.name)
    answer = gsettings.value(ran.out.decode("utf-8", "replace"))
    if ran.code != 0 or not isinstance(answer, bool):
        raise CannotLook("parse-error", " ".join(argv))
    return answer


def _xfce(host: Host, user: User) -> Autorun:
    if host.stat("/usr/bin/thunar-volman") is None:
        return Autorun(user.alias, "xfce", starts=False, changeable=False)
    try:
        system = _channel(host, f"/etc/xdg/{CHANNEL}")
        own = _channel(host, f"{user.home}/.config/{CHANNEL}")
    except CannotLook as blind:
        why = Unseen(blind.reason)
        return Autorun(user.alias, "xfce", why, why)
    found = [_property(system, own, path) for path in ("/autorun/enabled", "/autoopen/enabled")]
    return Autorun(
        user.alias,
        "xfce",
        starts=any(one.value == "true" for one in found),
        changeable=not all(one.locked for one in found),
    )


def _property(
    system: dict[str, xfconf.Property], own: dict[str, xfconf.Property], path: str
) -> xfconf.Property:
    fixed = system.get(path)
    if fixed is not None and fixed.locked:
        return fixed
    return own.get(path) or fixed or xfconf.Property("false", False)


def _channel(host: Host, path: str) -> dict[str, xfconf.Property]:
    data = host.read(path)
    try:
        return {} if data is None else xfconf.parse(data)
    except ParseError as error:
        raise CannotLook("parse-error", path) from error
