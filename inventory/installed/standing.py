"""How a title stands: agreed to by the policy in force, on a watch-list, still fixed by its maker.

The answers are those of the checks (`checks/software`); here they are kept per spelling, so that a
list of titles asks no computer and no pattern.
"""

import datetime
import functools
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Final, get_args

from django.db import connection

from checks.host import Platform
from checks.software import support
from checks.software.facts import Source, Title
from checks.software.globs import prepare
from checks.software.judges import approves
from checks.software.watchlists import Category
from checks.software.watchlists import watch as watch_list
from inventory.installed.naming import named
from inventory.installed.program import Program
from inventory.models import SoftwareName, SoftwareTitle

OVER: Final = "0001-01-01"
"""It ended before the oldest version that the list has."""
_PLATFORMS: Final = get_args(Platform)
_SOURCES: Final = get_args(Source)
_NOBODY: Final = prepare(())
_CHUNK: Final = 500


def agreed(program: Program, approved: list[str]) -> bool:
    """Whether the check of unapproved programs takes it for agreed to."""
    return approves(_as_title(program), approved)


def ends_on(program: Program, at: int) -> str:
    """The first day without fixes, "" where the dated list does not say."""
    today = datetime.datetime.fromtimestamp(at, datetime.UTC).date()
    line = support.line(_as_title(program), today)
    if line is None or line.days is None:
        return ""
    if line.days == -1 and support.older(_as_title(program)):
        return OVER
    return (today + datetime.timedelta(days=line.days + 1)).isoformat()


def watch(key: str, program: Program) -> list[str]:
    """The watch-lists that know a program, on any kind of computer."""
    platforms = [one for one in _PLATFORMS if one == program.platform] or list(_PLATFORMS)
    found = {
        category
        for category in get_args(Category)
        for platform in platforms
        if watch_list(category, platform).installed([_as_title(program)], _NOBODY)
    }
    return sorted(found) if key else []


def refresh(site_id: str, titles: Collection[str]) -> int:
    """Make what titles say of themselves follow from their names again; how many were wrong."""
    wrong = 0
    ordered = sorted(titles)
    for start in range(0, len(ordered), _CHUNK):
        wrong += _refresh(site_id, ordered[start : start + _CHUNK])
    return wrong


def restand(site_id: str, approved: list[str], at: int) -> None:
    """The policy changed, or the lists did: look at every spelling again."""
    changed = []
    titles = set()
    watched: dict[str, set[str]] = defaultdict(set)
    for row in SoftwareName.objects.filter(site_id=site_id).iterator():
        one = Program(
            row.name, row.version, row.platform, row.source, row.app_id, row.maker, row.system
        )
        now = (agreed(one, approved), ends_on(one, at))
        watched[row.title_id].update(watch(row.title_id, one))
        if now != (row.agreed, row.ends_on):
            changed.append((*now, row.id))
            titles.add(row.title_id)
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE inventory_softwarename SET agreed = %s, ends_on = %s WHERE id = %s", changed
        )
    held = SoftwareTitle.objects.filter(site_id=site_id).values_list("id", "watch")
    lists = {one: " ".join(sorted(watched[one])) for one, _ in held if one in watched}
    moved = [(lists[one], one) for one, was in held if one in lists and lists[one] != was]
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE inventory_softwaretitle SET watch = %s WHERE id = %s", moved)
    refresh(site_id, titles)


def _refresh(site_id: str, titles: list[str]) -> int:
    names: dict[str, list[tuple[str, int, bool, str]]] = defaultdict(list)
    rows = SoftwareName.objects.filter(site_id=site_id, title__in=titles)
    told = rows.values_list("title_id", "version", "computers", "agreed", "ends_on")
    for title, version, count, agrees, ends in told:
        names[title].append((version, count, agrees, ends))
    kept = SoftwareTitle.objects.filter(site_id=site_id, id__in=titles)
    changes = []
    for title, *was in kept.values_list("id", "standing", "versions", "ends_on"):
        now = _summed(names[title])
        if now != tuple(was):
            changes.append((*now, title))
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE inventory_softwaretitle SET standing = %s, versions = %s, ends_on = %s"
            " WHERE id = %s",
            changes,
        )
    return len(changes)


def _summed(names: Iterable[tuple[str, int, bool, str]]) -> tuple[str, int, str]:
    """Standing, versions and earliest end over what is in use; over all where nothing is."""
    every = list(names)
    used = [one for one in every if one[1] > 0] or every
    stands = {agreed for _, _, agreed, _ in used}
    standing = "partly" if len(stands) == 2 else "approved" if stands == {True} else "not"
    versions = {version for version, count, _, _ in every if count > 0}
    ends = min((end for _, count, _, end in every if count > 0 and end), default="")
    return standing, len(versions), ends


@functools.lru_cache(maxsize=50_000)
def lists_program(program: Program) -> bool:
    """Whether a part of the operating system is worth a line: it is a program people know, is
    watched for, or has an end."""
    known = named(program.name, program.source, program.id, program.version).known
    return known or bool(watch("?", program)) or support.listed(_as_title(program))


def _as_title(program: Program) -> Title:
    source: Source = next((one for one in _SOURCES if one == program.source), "folder")
    return Title(
        program.name,
        program.version,
        source,
        id=program.id,
        publisher=program.maker,
        system=program.system,
    )
