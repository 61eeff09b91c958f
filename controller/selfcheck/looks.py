"""The quick looks: folder, keys, disk, certificate, backups. No database."""

import datetime
import shutil
from pathlib import Path
from typing import Final

from cryptography import x509

from checks import dated
from checks.words import date
from controller import keyfiles
from controller.backup import notes, restored
from controller.data import certificate, datafolder
from controller.data.reserve import reserve
from controller.selfcheck.findings import Finding, State

DAY: Final = 86_400
CERTIFICATE_DAYS: Final = 14
BACKUP_DAYS: Final = 7
"""A backup older than this is a finding; a controller younger than this need not have one."""
RESTORE_DAYS: Final = 120
"""Once a term."""
LOW: Final = 4
"""Times the reserve: below this there is time to act."""


def folder(data: Path) -> Finding:
    """Layout and modes."""
    try:
        datafolder.check(data)
    except datafolder.DataFolderError as error:
        return Finding("folder", "bad", "bad", {"why": str(error)})
    return Finding("folder", "ok", "ok", {"path": str(data)})


def lists(at: int) -> Finding:
    """Whether what this release knows of other makers' ends and programs is old."""
    today = datetime.datetime.fromtimestamp(at, datetime.UTC).date()
    aged = dated.old(today)
    if not aged:
        return Finding("lists", "ok", "ok", {"n": str(len(dated.lists()))})
    names = ", ".join(one.name for one in aged)
    return Finding("lists", "warn", "old", {"what": names, "made": date(_epoch(aged[0].as_of))})


def _epoch(day: datetime.date) -> int:
    return int(datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC).timestamp())


def keys(data: Path) -> Finding:
    """Whether the controller can sign."""
    try:
        keyfiles.signing_key(data)
        keyfiles.derive(data, "doctor", "")
    except datafolder.DataFolderError as error:
        return Finding("keys", "bad", "bad", {"why": str(error)})
    return Finding("keys", "ok", "ok")


def disk(data: Path) -> Finding:
    """Room for reports."""
    usage = shutil.disk_usage(data)
    args = {"free": f"{usage.free / 1e9:.1f} GB"}
    kept = reserve(usage.total)
    if usage.free < kept:
        return Finding("disk", "bad", "full", args)
    return Finding("disk", *_either(usage.free < LOW * kept, "low"), args)


def certificate_days(data: Path, at: int) -> Finding:
    """How long browsers take it."""
    path = certificate.paths(data)[0]
    try:
        found = x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        return Finding("certificate", "bad", "bad", {"why": f"{path} cannot be read: {error}"})
    now = datetime.datetime.fromtimestamp(at, tz=datetime.UTC)
    days = (found.not_valid_after_utc - now).days
    if days < 0:
        return Finding("certificate", "bad", "ended", {"days": str(-days)})
    says: State = "ok" if days >= CERTIFICATE_DAYS else "bad"
    return Finding("certificate", says, "ok" if says == "ok" else "soon", {"days": str(days)})


def backups(data: Path, at: int) -> list[Finding]:
    """Age of the last backup and of the last one tried out; a demonstration needs none."""
    if datafolder.is_demo(data):
        return []
    young = at - int(datafolder.secret_path(data).stat().st_mtime) < BACKUP_DAYS * DAY
    return [
        _aged("backup", notes.last(data, notes.TAKEN), at, BACKUP_DAYS, young=young),
        _aged("restore", notes.last(data, notes.TRIED), at, RESTORE_DAYS, young=young),
    ]


def restored_backup(data: Path) -> list[Finding]:
    """Whether somebody has yet to do again what a restore has lost (O5); nothing to say if not."""
    found = restored.load(data)
    if found is None or found.settled_at:
        return []
    if not found.at:
        return [Finding("restored", "warn", "damaged")]
    days = {"at": _day(found.at), "made": _day(found.made_at)}
    return [Finding("restored", "warn", "open", days)]


def _day(at: int) -> str:
    return f"{datetime.datetime.fromtimestamp(at, datetime.UTC):%-d %b %Y %H:%M} UTC"


def _aged(code: str, note: notes.Note | None, at: int, days: int, *, young: bool) -> Finding:
    if note is None:
        return Finding(code, "ok", "young") if young else Finding(code, "warn", "never")
    age = {"age": _age(at - note.at)}
    return Finding(code, *_either(at - note.at > days * DAY, "old"), age)


def _either(not_well: bool, says: str) -> tuple[State, str]:
    return ("warn", says) if not_well else ("ok", "ok")


def _age(seconds: int) -> str:
    days = max(0, seconds) // DAY
    return "less than a day" if not days else f"{days} day{'s' if days > 1 else ''}"
