"""One desktop's locking rule for one account, from where that desktop keeps it.

- GNOME, MATE, Cinnamon, light-locker: `gsettings`, run as the account; it answers with the value in
  force after administrator's defaults and locks. MATE counts in minutes, the others in seconds.
- KDE: `kscreenlockerrc` in /etc/xdg and in the home, Timeout in MINUTES; `[$i]` = users cannot
  change it.
- Xfce: xfce4-screensaver's channel file (minutes); `locked` in /etc/xdg is the administrator's.
- xscreensaver: `~/.xscreensaver`, h:mm:ss, always the user's own to change.
"""

from collections.abc import Callable

import msgspec

from checks.formats import gsettings, keyfile, timespan, xfconf, xresources
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host, User, attempt
from checks.locking.facts import Locker, Rule
from checks.unseen import Maybe, Unseen

BLIND = Unseen("unsupported")


def read_rule(host: Host, user: User, kind: Locker) -> Rule:
    """The rule in force; what cannot be read is unseen field by field, or all of it with one
    reason."""
    readers: dict[Locker, Callable[[Host, User], Rule]] = {
        "gnome": lambda h, u: _gsettings(h, u, GNOME),
        "mate": lambda h, u: _gsettings(h, u, MATE),
        "cinnamon": lambda h, u: _gsettings(h, u, CINNAMON),
        "kde": _kde,
        "xfce": _xfce,
    }
    reader = readers.get(kind)
    if reader is None:
        return _unseen(user, kind, BLIND)
    try:
        rule = attempt(reader, host, user)
    except ParseError:
        rule = Unseen("parse-error")
    return _unseen(user, kind, rule) if isinstance(rule, Unseen) else rule


def _unseen(user: User, kind: Locker, why: Unseen) -> Rule:
    return Rule(user.alias, kind, why, why, why, why, why)


class Family(msgspec.Struct, frozen=True):
    """Where one GNOME-like desktop keeps its keys."""

    kind: Locker
    session: str
    saver: str
    lockdown: str
    unit: int
    suspend: tuple[str, str] | None
    """Schema and key that switch locking on suspend off; None: locking on suspend follows lock-
    enabled."""

    resume_known: bool


GNOME = Family(
    "gnome",
    "org.gnome.desktop.session",
    "org.gnome.desktop.screensaver",
    "org.gnome.desktop.lockdown",
    1,
    ("org.gnome.desktop.screensaver", "ubuntu-lock-on-suspend"),
    resume_known=True,
)
MATE = Family(
    "mate",
    "org.mate.session",
    "org.mate.screensaver",
    "org.mate.lockdown",
    60,
    None,
    resume_known=False,
)
CINNAMON = Family(
    "cinnamon",
    "org.cinnamon.desktop.session",
    "org.cinnamon.desktop.screensaver",
    "org.cinnamon.desktop.lockdown",
    1,
    ("org.cinnamon.settings-daemon.plugins.power", "lock-on-suspend"),
    resume_known=False,
)


def _schema(host: Host, user: User, schema: str) -> dict[str, gsettings.Value]:
    ran = host.run(["gsettings", "list-recursively", schema], as_user=user.name)
    if ran.code != 0:
        raise CannotLook("tool-missing", f"{schema} is not installed")
    return {row.key: row.value for row in gsettings.parse(ran.out)}


def _writable(host: Host, user: User, schema: str, key: str) -> bool:
    ran = host.run(["gsettings", "writable", schema, key], as_user=user.name)
    answer = ran.out.strip()
    if ran.code != 0 or answer not in (b"true", b"false"):
        raise CannotLook("parse-error", f"{schema} {key}")
    return answer == b"true"


def _gsettings(host: Host, user: User, family: Family) -> Rule:
    session = _schema(host, user, family.session)
    saver = _schema(host, user, family.saver)
    lockdown = attempt(_schema, host, user, family.lockdown)
    enabled = _flag(saver, "lock-enabled")
    if not isinstance(lockdown, Unseen) and lockdown.get("disable-lock-screen") is True:
        enabled = False
    idle = _number(session, "idle-delay", family.unit)
    if family.kind == "mate" and saver.get("idle-activation-enabled") is False:
        idle = 0  # MATE still honours the switch that GNOME's shell ignores
    changeable = attempt(
        lambda: (
            _writable(host, user, family.session, "idle-delay")
            or _writable(host, user, family.saver, "lock-enabled")
        )
    )
    return Rule(
        user=user.alias,
        locker=family.kind,
        idle_seconds=idle,
        locks=enabled,
        grace_seconds=_number(saver, "lock-delay", family.unit),
        on_resume=_on_suspend(host, user, family, saver, enabled),
        changeable=changeable,
    )


def _on_suspend(
    host: Host, user: User, family: Family, saver: dict[str, gsettings.Value], enabled: Maybe[bool]
) -> Maybe[bool]:
    default: Maybe[bool] = enabled if family.resume_known else BLIND
    if family.suspend is None:
        return default
    schema, key = family.suspend
    keys = saver if schema == family.saver else attempt(_schema, host, user, schema)
    if isinstance(keys, Unseen) or key not in keys:
        return default
    return _flag(keys, key)


def _number(values: dict[str, gsettings.Value], key: str, unit: int) -> Maybe[int]:
    value = values.get(key)
    return (
        value * unit
        if isinstance(value, int) and not isinstance(value, bool)
        else Unseen("parse-error")
    )


def _flag(values: dict[str, gsettings.Value], key: str) -> Maybe[bool]:
    value = values.get(key)
    return value if isinstance(value, bool) else Unseen("parse-error")


def _kde(host: Host, user: User) -> Rule:
    system = keyfile.parse(host.read("/etc/xdg/kscreenlockerrc") or b"").get("Daemon", {})
    own = keyfile.parse(host.read(f"{user.home}/.config/kscreenlockerrc") or b"").get("Daemon", {})

    def entry(key: str, default: str) -> keyfile.Entry:
        fixed = system.get(key)
        if fixed is not None and fixed.locked:
            return fixed
        return own.get(key) or fixed or keyfile.Entry(default)

    def flag(key: str) -> bool:
        return entry(key, "true").value.lower() in ("true", "1", "yes", "on")

    return Rule(
        user=user.alias,
        locker="kde",
        idle_seconds=_minutes(entry("Timeout", "5").value),
        locks=flag("Autolock"),
        grace_seconds=_whole(entry("LockGrace", "5").value),
        on_resume=flag("LockOnResume"),
        changeable=not (entry("Timeout", "5").locked and entry("Autolock", "true").locked),
    )


def _whole(text: str) -> Maybe[int]:
    return (
        int(text) if text.isascii() and text.isdigit() and len(text) < 10 else Unseen("parse-error")
    )


def _minutes(text: str) -> Maybe[int]:
    count = _whole(text)
    return count if isinstance(count, Unseen) else count * 60


_CHANNEL = "xfce4/xfconf/xfce-perchannel-xml/xfce4-screensaver.xml"


def _xfce(host: Host, user: User) -> Rule:
    if host.stat("/usr/bin/xfce4-screensaver") is not None:
        return _xfce_saver(host, user)
    if host.stat("/usr/bin/light-locker") is not None:
        return _light_locker(host, user)
    if host.stat("/usr/bin/xscreensaver") is not None:
        return _xscreensaver(host, user)
    return Rule(user.alias, "xfce", 0, False, 0, False, True)


def _xfce_saver(host: Host, user: User) -> Rule:
    system = _channel(host, f"/etc/xdg/{_CHANNEL}")
    own = _channel(host, f"{user.home}/.config/{_CHANNEL}")

    def prop(path: str, default: str) -> xfconf.Property:
        fixed = system.get(path)
        if fixed is not None and fixed.locked:
            return fixed
        return own.get(path) or fixed or xfconf.Property(default, False)

    def flag(path: str) -> bool:
        return prop(path, "true").value == "true"

    active = flag("/saver/enabled") and flag("/saver/idle-activation/enabled")
    delay = prop("/saver/idle-activation/delay", "5")
    return Rule(
        user=user.alias,
        locker="xfce",
        idle_seconds=_minutes(delay.value) if active else 0,
        locks=flag("/lock/enabled") and flag("/lock/saver-activation/enabled"),
        grace_seconds=_minutes(prop("/lock/saver-activation/delay", "0").value),
        on_resume=flag("/lock/enabled") and flag("/lock/sleep-activation"),
        changeable=not (delay.locked and prop("/lock/enabled", "true").locked),
    )


def _channel(host: Host, path: str) -> dict[str, xfconf.Property]:
    data = host.read(path)
    return {} if data is None else xfconf.parse(data)


def _light_locker(host: Host, user: User) -> Rule:
    """The idle trigger is the X server's own screen saver time, which only a session can tell."""
    values = _schema(host, user, "apps.light-locker")
    return Rule(
        user=user.alias,
        locker="light-locker",
        idle_seconds=BLIND,
        locks=BLIND,
        grace_seconds=_number(values, "lock-after-screensaver", 1),
        on_resume=_flag(values, "lock-on-suspend"),
        changeable=attempt(_writable, host, user, "apps.light-locker", "lock-after-screensaver"),
    )


def _xscreensaver(host: Host, user: User) -> Rule:
    values = xresources.parse(host.read(f"{user.home}/.xscreensaver") or b"")
    off = values.get("mode", "random") == "off"
    return Rule(
        user=user.alias,
        locker="xscreensaver",
        idle_seconds=0 if off else timespan.clock(values.get("timeout", "0:10:00")),
        locks=values.get("lock", "False").lower() == "true",
        grace_seconds=timespan.clock(values.get("lockTimeout", "0:00:00")),
        on_resume=BLIND,
        changeable=True,
    )
