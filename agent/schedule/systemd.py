"""Installs, removes and reports systemd units: five services as root (reader, sender, a note when
switched off, a copy's own enrolment, a scanner's survey), one as anybody else.

Unit files are written whole or not at all. With a staging root nothing is started and no user is
made, so packages and tests can use the same code.
"""

import os
import sys
from importlib.resources import files as resources
from pathlib import Path
from typing import Final

import msgspec

from agent import files, settings
from agent.hosts import running
from agent.state import State, StateError
from checks.host import CannotLook

USER: Final = "caretaker-agent"
"""Who delivers. Not the controller's own user: a computer may be both, and then whoever took over
the sender, which talks to the network, could read the controller's keys."""
STATE: Final = settings.SYSTEM
SYSTEM_UNITS: Final = (
    *("caretaker-collect.service", "caretaker-collect.timer"),
    *("caretaker-deliver.service", "caretaker-deliver.timer"),
    *("caretaker-presence.service", "caretaker-enrol.service"),
    *("caretaker-survey.service", "caretaker-survey.timer"),
)
USER_UNITS: Final = ("caretaker-agent.service", "caretaker-agent.timer")
_SYSUSERS: Final = "caretaker.sysusers"


class Plan(msgspec.Struct, frozen=True):
    """Where units go and whether this is the real system.

    `system` False: one account's own units. `stamps` is where systemd notes when a timer last went
    off.
    """

    folder: Path
    stamps: Path
    sysusers: Path
    staged: bool
    system: bool

    @property
    def units(self) -> tuple[str, ...]:
        """The unit files of this kind of installation."""
        return SYSTEM_UNITS if self.system else USER_UNITS


def plan(root: Path | None) -> Plan:
    """Decide by who asks: root installs for the system, anybody else for their own account."""
    base = root or Path("/")
    system = root is not None or os.geteuid() == 0
    folder, stamps = base / "etc/systemd/system", base / "var/lib/systemd/timers"
    if not system:
        folder = Path.home() / ".config/systemd/user"
        stamps = Path.home() / ".local/share/systemd/timers"
    return Plan(folder, stamps, base / "etc/sysusers.d/caretaker.conf", root is not None, system)


def unit(name: str, data: Path, python: str = sys.executable) -> str:
    """One unit for this installation. Raises StateError for a path systemd cannot take."""
    for path in (str(data), python):
        if not path.isprintable() or any(sign in path for sign in " %\"'\\:"):
            raise StateError(
                f"The folder {path!r} has a blank or one of % \" ' \\ : in it, which a service "
                "cannot use. Choose another with --data."
            )
    text = resources("agent.schedule").joinpath("units", name).read_text(encoding="utf-8")
    state = STATE.name if data == STATE else ""  # systemd makes, and closes, its own folder only
    for gap, filled in (("PYTHON", python), ("DATA", str(data)), ("STATE", state), ("USER", USER)):
        text = text.replace(f"@{gap}@", filled)
    return text


def install(where: Plan, data: Path) -> list[Path]:
    """Write the units and, on the real system, make the user and start the timers."""
    written = [_write(where.folder / name, unit(name, data)) for name in where.units]
    if where.system:
        written.append(_write(where.sysusers, unit(_SYSUSERS, data)))
    if not where.staged:
        if where.system:
            _ask(["systemd-sysusers", str(where.sysusers)])
            State(data).share(USER)
        _systemctl(where, "daemon-reload")
        _systemctl(where, "enable", "--now", *_enabled(where))
    return written


def remove(where: Plan) -> list[Path]:
    """Stop the timers and remove the units. Keys and reports stay."""
    found = [where.folder / name for name in where.units if (where.folder / name).exists()]
    if found and not where.staged:
        _systemctl(where, "disable", "--now", *_enabled(where))
    stamps = [where.stamps / f"stamp-{name}" for name in where.units if name.endswith(".timer")]
    for path in (*found, *stamps, where.sysusers):
        path.unlink(missing_ok=True)
    if found and not where.staged:
        _systemctl(where, "daemon-reload")
    return found


def status(where: Plan) -> dict[str, str]:
    """Each unit that systemd starts: `not installed`, or what systemd says (`enabled`, `disabled`),
    or `installed`."""
    said = {}
    for name in _enabled(where):
        if not (where.folder / name).exists():
            said[name] = "not installed"
        elif where.staged:
            said[name] = "installed"
        else:
            said[name] = _said(where, name)
    return said


def _said(where: Plan, name: str) -> str:
    try:
        ran = running.run(["systemctl", *_scope(where), "is-enabled", name], 20)
    except CannotLook:
        return "installed; systemd does not answer"
    return ran.out.decode("utf-8", "replace").strip() or "unknown"


def _enabled(where: Plan) -> list[str]:
    """What systemd itself starts; the other services are started by their timers."""
    return [name for name in where.units if name.endswith((".timer", "-presence.service"))]


def _scope(where: Plan) -> list[str]:
    return [] if where.system else ["--user"]


def _systemctl(where: Plan, *words: str) -> None:
    _ask(["systemctl", *_scope(where), *words])


def _ask(argv: list[str]) -> None:
    """Run one of systemd's own programs. Raises StateError with what it said."""
    try:
        ran = running.run(argv, 60)
    except CannotLook as blind:
        raise StateError(
            f"{argv[0]} could not be run ({blind.reason}); is systemd in charge of this computer?"
        ) from blind
    if ran.code != 0:
        said = ran.err.decode("utf-8", "replace").strip().splitlines()
        raise StateError(f"{' '.join(argv[:3])} failed: {said[-1] if said else ran.code}")


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    files.replace(path, text.encode(), 0o644)
    return path
