"""All looks, in the order they are shown."""

from collections.abc import Iterable
from pathlib import Path

from controller.selfcheck import database, looks, policies, record, scopes
from controller.selfcheck.findings import Finding
from controller.selfcheck.record import Record

CROWDED = 1_024
"""Waiting reports from which on somebody should look; the queue holds twice as many."""
FRESH_SECONDS = 900


def look(data: Path, at: int, *, deep: Iterable[Finding], waiting: int | None) -> list[Finding]:
    """What is found now; `deep` are the slow looks, made now or earlier; `waiting` None: no
    server was asked."""
    found = [
        looks.folder(data),
        looks.keys(data),
        looks.disk(data),
        looks.certificate_days(data, at),
        *looks.backups(data, at),
        *looks.restored_backup(data),
        *database.light(at),
        *policies.look(data, at),
        *scopes.look(data, at),
        looks.lists(at),
        *deep,
    ]
    return found if waiting is None else [*found, queue(waiting)]


def queue(waiting: int) -> Finding:
    """Whether reports come faster than they are stored."""
    args = {"n": str(waiting)}
    if waiting >= CROWDED:
        return Finding("queue", "warn", "long", args)
    return Finding("queue", "ok", "ok", args)


def last_queue(data: Path, at: int) -> int | None:
    """How many reports waited when the server looked last; None when it does not run."""
    found: Record | None = record.load(data, at)
    return found.waiting if found and abs(at - found.at) <= FRESH_SECONDS else None
