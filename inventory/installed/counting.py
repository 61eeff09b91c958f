"""Which programs are on which computer, and how many computers have each: written when one changes.

One row per computer holds everything it has; titles and names keep their counts, so a list of ten
thousand titles is read without looking at a computer. `recount` makes the same numbers from the
rows of computers alone, and says how many were wrong.

Called inside a transaction; the school's row in `SoftwareRegister` is its lock, taken after the
ledger's where both are.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from django.db import connection

from checks.words import clean
from inventory.ids import new_id
from inventory.installed import standing
from inventory.installed.naming import Named, named, plain
from inventory.installed.packing import pack, unpack
from inventory.installed.program import Program
from inventory.many import by_id, parts
from inventory.models import (
    Asset,
    ComputerSoftware,
    SoftwareName,
    SoftwareRegister,
    SoftwareTitle,
)

COUNTING: Final = frozenset({"in_use", "stored", "repair", "merged"})
"""States of an entry in which what is on it counts. What is lost, stolen or retired frees its
licences at once (S40); of a merged entry the whole one counts."""
MOST_NAMES: Final = 100_000
"""Spellings of one school: no honest one comes near, and one computer's inventions must end."""
_CHUNK: Final = 500


class Reading(msgspec.Struct, frozen=True):
    """What one computer said. `programs` None: it could not look, or nothing changed, so what was
    known stays; `whole`: that is everything there is."""

    computer: str
    asset: str
    platform: str
    section: str
    present: bool
    programs: list[Program] | None
    whole: bool = True
    own_parts: int = 0


class _Change(msgspec.Struct):
    names: Counter[int] = msgspec.field(default_factory=Counter)
    titles: Counter[str] = msgspec.field(default_factory=Counter)


def lock(site_id: str) -> SoftwareRegister:
    """The school's row, held until the transaction ends."""
    SoftwareRegister.objects.get_or_create(site_id=site_id)
    return SoftwareRegister.objects.select_for_update().get(site_id=site_id)


def is_current(site_id: str, *, policy: str, lists: str) -> bool:
    """Whether what is kept of titles follows from this policy and these lists."""
    rows = SoftwareRegister.objects.filter(site_id=site_id, policy=policy, lists=lists)
    return rows.exists()


def keep(site_id: str, readings: Sequence[Reading], approved: list[str], at: int) -> None:
    """Take over what computers said. `approved`: patterns of the policy in force."""
    lock(site_id)
    programs = {
        program.digest(): program for reading in readings for program in reading.programs or ()
    }
    ids = _name_ids(site_id, programs, approved, at)
    rows = {
        row.computer: row
        for row in ComputerSoftware.objects.filter(computer__in=[r.computer for r in readings])
    }
    states = dict(
        Asset.objects.filter(id__in={r.asset for r in readings if r.asset}).values_list(
            "id", "state"
        )
    )
    changed: list[tuple[list[int], list[int]]] = []
    for reading in readings:
        held = rows.get(reading.computer)
        row = held or ComputerSoftware(computer=reading.computer, site_id=site_id, read_at=at)
        before, was = _counting(row), _stored(row)
        _take(row, reading, ids, at)
        row.counted = row.present and states.get(row.asset, "in_use") in COUNTING
        if held is None or _stored(row) != was:
            row.save()
        changed.append((before, _counting(row)))
    _shift(site_id, changed, at)


def follow(
    site_id: str, computers: Collection[str], at: int, *, present: bool | None = None
) -> int:
    """Computers came, went, or their entries' states changed: count them or not; how many changed.
    `present`: whether they may report now, None where that is as it was."""
    wanted = ComputerSoftware.objects.filter(site_id=site_id)
    if not any(wanted.filter(computer__in=part).exists() for part in parts(computers)):
        return 0
    lock(site_id)
    rows = by_id(wanted, computers)
    known = by_id(Asset.objects.only("state"), {row.asset for row in rows})
    states = {row.id: row.state for row in known}
    changed = []
    for row in rows:
        there = row.present if present is None else present
        counted = there and states.get(row.asset, "in_use") in COUNTING
        if (there, counted) == (row.present, row.counted):
            continue
        before = _counting(row)
        row.present, row.counted = there, counted
        row.save(update_fields=["present", "counted"])
        changed.append((before, _counting(row)))
    _shift(site_id, changed, at)
    return len(changed)


def follow_entries(site_id: str, assets: Collection[str], at: int) -> None:
    """Entries went to another state."""
    for part in parts(assets):
        rows = ComputerSoftware.objects.filter(site_id=site_id, asset__in=part)
        follow(site_id, list(rows.values_list("computer", flat=True)), at)


def recount(site_id: str, at: int) -> int:
    """Count again from what each computer has; how many counts were wrong. They are right after."""
    register = lock(site_id)
    owners = dict(SoftwareName.objects.filter(site_id=site_id).values_list("id", "title_id"))
    names: Counter[int] = Counter()
    titles: Counter[str] = Counter()
    for packed in ComputerSoftware.objects.filter(site_id=site_id, counted=True).values_list(
        "names", flat=True
    ):
        had = unpack(packed)
        names.update(had)
        titles.update({owners[one] for one in had if one in owners})
    stored = SoftwareName.objects.filter(site_id=site_id).values_list("id", "computers")
    wrong_names = [(names[one], one) for one, held in stored if held != names[one]]
    kept = SoftwareTitle.objects.filter(site_id=site_id).values_list("id", "computers")
    wrong_titles = [(titles[one], one) for one, held in kept if held != titles[one]]
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE inventory_softwarename SET computers = %s WHERE id = %s", wrong_names
        )
        cursor.executemany(
            "UPDATE inventory_softwaretitle SET computers = %s WHERE id = %s", wrong_titles
        )
    wrong = len(wrong_names) + len(wrong_titles)
    wrong += standing.refresh(site_id, set(owners.values()))
    register.rebuilt_at, register.differed = at, wrong
    register.save(update_fields=["rebuilt_at", "differed"])
    return wrong


def _take(row: ComputerSoftware, reading: Reading, ids: Mapping[str, int], at: int) -> None:
    row.asset, row.platform = reading.asset, reading.platform
    row.section, row.present = reading.section, reading.present
    if reading.programs is None:
        row.whole = row.whole and reading.whole
        return
    digests = [program.digest() for program in reading.programs]
    row.names = pack(ids[one] for one in digests if one in ids)
    row.whole = reading.whole and all(one in ids for one in digests)
    row.own_parts, row.read_at = reading.own_parts, at


def _stored(row: ComputerSoftware) -> tuple[object, ...]:
    """All but when it was read."""
    return (
        *(row.asset, row.platform, row.section, bytes(row.names)),
        *(row.own_parts, row.whole, row.present, row.counted),
    )


def _counting(row: ComputerSoftware) -> list[int]:
    return list(unpack(row.names)) if row.counted else []


def _shift(site_id: str, changed: Iterable[tuple[list[int], list[int]]], at: int) -> None:
    """Add and take away what changed, in names and in titles."""
    moved = [(set(before), set(after)) for before, after in changed if before != after]
    touched = {one for before, after in moved for one in before ^ after}
    if not touched:
        return
    every = {one for before, after in moved for one in before | after}
    owners: dict[int, str] = {}
    for some in _chunks(sorted(every)):
        rows = SoftwareName.objects.filter(site_id=site_id, id__in=some)
        owners |= dict(rows.values_list("id", "title_id"))
    change = _Change()
    for before, after in moved:
        change.names.update(after - before)
        change.names.subtract(before - after)
        had = {owners[one] for one in before if one in owners}
        has = {owners[one] for one in after if one in owners}
        change.titles.update(has - had)
        change.titles.subtract(had - has)
    _add(change, at)
    standing.refresh(site_id, {owners[one] for one in touched if one in owners})


def _add(change: _Change, at: int) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE inventory_softwarename SET computers = computers + %s, changed_at = %s"
            " WHERE id = %s",
            [(number, at, one) for one, number in sorted(change.names.items()) if number],
        )
        cursor.executemany(
            "UPDATE inventory_softwaretitle SET computers = computers + %s, last_seen_at = %s"
            " WHERE id = %s",
            [(number, at, one) for one, number in sorted(change.titles.items()) if number],
        )


def _name_ids(
    site_id: str, programs: Mapping[str, Program], approved: list[str], at: int
) -> dict[str, int]:
    """Digest → id of each spelling; those that are new are entered, as long as there is room."""
    held = _held(site_id, programs)
    new = {digest: one for digest, one in programs.items() if digest not in held}
    if not new:
        return held
    room = MOST_NAMES - SoftwareName.objects.filter(site_id=site_id).count()
    new = dict(list(new.items())[: max(0, room)])
    titles = _titles(site_id, new.values(), at)
    rows = []
    for digest, one in new.items():
        title = titles[named(one.name, one.source, one.id, one.version).key]
        rows.append(
            SoftwareName(
                site_id=site_id,
                title_id=title,
                digest=digest,
                name=clean(one.name, 200),
                version=clean(one.version, 80),
                platform=one.platform[:16],
                source=one.source[:16],
                app_id=clean(one.id, 200),
                maker=clean(one.maker, 120),
                system=one.system,
                agreed=standing.agreed(one, approved),
                ends_on=standing.ends_on(one, at),
                changed_at=at,
            )
        )
    SoftwareName.objects.bulk_create(rows, batch_size=_CHUNK)
    standing.refresh(site_id, set(titles.values()))
    return held | _held(site_id, new)


def _held(site_id: str, digests: Iterable[str]) -> dict[str, int]:
    held: dict[str, int] = {}
    for some in _chunks(sorted(digests)):
        rows = SoftwareName.objects.filter(site_id=site_id, digest__in=some)
        held |= dict(rows.values_list("digest", "id"))
    return held


def _titles(site_id: str, programs: Iterable[Program], at: int) -> dict[str, str]:
    """Key → id of the titles of programs; those that are new are entered."""
    wanted: dict[str, tuple[Named, Program]] = {}
    for one in programs:
        told = named(one.name, one.source, one.id, one.version)
        best = wanted.get(told.key)
        if best is None or _nicer(told.title) > _nicer(best[0].title):
            wanted[told.key] = (told, one)
    held: dict[str, tuple[str, str]] = {}
    for some in _chunks(sorted(wanted)):
        rows = SoftwareTitle.objects.filter(site_id=site_id, key__in=some)
        held |= {key: (id_, title) for key, id_, title in rows.values_list("key", "id", "title")}
    made = [
        SoftwareTitle(
            id=new_id("soft", at),
            site_id=site_id,
            key=key,
            title=told.title,
            maker=told.maker or plain(one.maker),
            paid=told.paid,
            watch=" ".join(standing.watch(told.key, one)),
            first_seen_at=at,
            last_seen_at=at,
        )
        for key, (told, one) in wanted.items()
        if key not in held
    ]
    SoftwareTitle.objects.bulk_create(made, batch_size=_CHUNK)
    for key, (told, _) in wanted.items():
        if key in held and _nicer(told.title) > _nicer(held[key][1]):
            SoftwareTitle.objects.filter(id=held[key][0]).update(title=told.title)
    return {key: held[key][0] for key in held} | {row.key: row.id for row in made}


def _nicer(title: str) -> tuple[bool, int, str]:
    """Which of two spellings a person would write: with capitals, without packers' dashes; the same
    whichever came first."""
    return (title != title.lower(), -title.count("-"), title)


def _chunks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
