"""Linux locking: what each desktop will do, logind's own rule, and the sessions now.

Which account uses which desktop: /usr/share/{xsessions,wayland-sessions}/*.desktop are installed,
and /var/lib/AccountsService/users/NAME (root only) holds the last one used; where that cannot be
read, every installed desktop counts for every account. Settings are read as the account itself
(O17), never guessed: a desktop we cannot read is `Unseen`. Seen on Debian 12: gsettings 2.74,
systemd 252.
"""

from collections.abc import Collection

from checks.formats import keyfile, loginctl
from checks.formats.errors import ParseError
from checks.formats.timespan import seconds
from checks.host import CannotLook, Host, User, attempt, output
from checks.locking.facts import Locker, LockingFacts, LockingNow, Rule, Session
from checks.locking.linux_lockers import read_rule
from checks.unseen import Maybe, NotHere, Unseen

SESSION_FOLDERS = ("/usr/share/xsessions", "/usr/share/wayland-sessions")
_PREFIXES: tuple[tuple[str, Locker], ...] = (
    ("gnome", "gnome"),
    ("ubuntu", "gnome"),
    ("plasma", "kde"),
    ("kde", "kde"),
    ("xfce", "xfce"),
    ("xubuntu", "xfce"),
    ("mate", "mate"),
    ("cinnamon", "cinnamon"),
)
_LOGIND_FOLDERS = (
    "/usr/lib/systemd/logind.conf.d",
    "/run/systemd/logind.conf.d",
    "/etc/systemd/logind.conf.d",
)
_HINTING = ("gnome", "ubuntu", "kde", "plasma", "cinnamon")
"""Desktops whose locker tells logind, so that LockedHint=no means open."""

_LOCKERS = frozenset(("i3lock", "xsecurelock", "swaylock", "kscreenlocker_greet", "xlock", "slock"))
_NO_DESKTOP = NotHere("no desktop is installed")


def read(host: Host) -> LockingFacts | NotHere:
    """The rules in force for every person's account."""
    installed = _installed(host)
    if installed is None:
        return _NO_DESKTOP
    return LockingFacts(
        rules=attempt(_rules, host, installed), machine_idle_seconds=attempt(_machine, host)
    )


def read_now(host: Host) -> LockingNow | NotHere:
    """Who is signed in at a screen now, and whether it is locked."""
    if _installed(host) is None:
        return _NO_DESKTOP
    return LockingNow(sessions=attempt(_sessions, host))


def _installed(host: Host) -> list[Locker] | None:
    """The kinds of desktop installed; None if no session can be chosen at all."""
    names = [name for folder in SESSION_FOLDERS for name in (host.list(folder) or [])]
    sessions = [name for name in names if name.endswith(".desktop")]
    return sorted({_kind(name) for name in sessions}) if sessions else None


def _kind(session: str) -> Locker:
    return next((kind for prefix, kind in _PREFIXES if session.lower().startswith(prefix)), "other")


def _rules(host: Host, installed: list[Locker]) -> list[Rule]:
    people = [user for user in host.users() if user.kind == "human"]
    return [read_rule(host, user, kind) for user in people for kind in _used(host, user, installed)]


def _used(host: Host, user: User, installed: list[Locker]) -> list[Locker]:
    try:
        data = host.read(f"/var/lib/AccountsService/users/{user.name}")
    except CannotLook:
        return installed
    account = keyfile.parse(data or b"")
    last = keyfile.get(account, "User", "Session") or keyfile.get(account, "User", "XSession")
    return [_kind(last)] if last else installed


def _machine(host: Host) -> int | None:
    """Logind's IdleAction=lock with its time; files merge as systemd merges them, /etc wins by
    name."""
    dropins = {
        name: f"{folder}/{name}"
        for folder in _LOGIND_FOLDERS
        for name in (host.list(folder) or [])
        if name.endswith(".conf")
    }
    action, after = "ignore", "30min"
    for path in ("/etc/systemd/logind.conf", *(dropins[name] for name in sorted(dropins))):
        settings = keyfile.parse(host.read(path) or b"")
        action = keyfile.get(settings, "Login", "IdleAction") or action
        after = keyfile.get(settings, "Login", "IdleActionSec") or after
    try:
        return seconds(after) if action == "lock" else None
    except ParseError as error:
        raise CannotLook("parse-error", "IdleActionSec") from error


def _sessions(host: Host) -> list[Session]:
    if host.stat("/run/systemd/system") is None:
        raise CannotLook("tool-missing", "no logind runs here")
    try:
        ids = loginctl.parse_list(
            output(host, ["loginctl", "list-sessions", "-o", "json"]).encode()
        )
        if not ids:
            return []
        shown = loginctl.parse(output(host, ["loginctl", "show-session", *ids]).encode())
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error
    people = [s for s in shown if s.session_class == "user" and s.kind in ("x11", "wayland", "mir")]
    lockers = {p.user for p in host.processes() if p.name in _LOCKERS} if people else set()
    return [_session(host, session, lockers) for session in people]


def _session(host: Host, session: loginctl.Session, lockers: Collection[str]) -> Session:
    """`lockers`: accounts whose locker runs, which says nothing of anybody else's screen."""
    user = host.alias("user", session.name)
    hints = session.desktop.lower().startswith(_HINTING)
    blind = Unseen("unsupported")
    locked: Maybe[bool] = True if session.locked or user in lockers else (False if hints else blind)
    idle: Maybe[int] = 0 if hints else blind
    if session.idle and session.idle_since:
        idle = max(0, host.clock() - session.idle_since)
    return Session(
        user=user,
        remote=session.remote,
        locked=locked,
        idle_seconds=idle,
        logon_at=session.logon_at or blind,
    )
