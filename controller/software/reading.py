"""Brings the software register up to what computers last said: after verdicts were made, and at the
end of a night from scratch.

Facts are read outside the transaction, a few hundred computers at a time, so that the writer never
waits for it.
"""

import zlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from django.db import connection, transaction

from checks.catalogue import catalogue
from checks.facts import MalformedSectionError, decode_section
from checks.policy import policy_hash
from checks.software.facts import SoftwareFacts
from checks.unseen import Unseen
from controller.policy.publishing import in_force
from controller.software.approved import APPROVED
from inventory import queries as sites
from inventory.installed import counting, letting_go, standing
from inventory.installed.counting import COUNTING, Reading
from inventory.installed.program import Program

TOGETHER: Final = 200
LARGEST: Final = 8 << 20
_STATES: Final = ", ".join(f"'{state}'" for state in sorted(COUNTING))
_HELD: Final = """
    SELECT d.id, d.site_id, COALESCE(d.asset_id, ''), d.platform,
           CASE WHEN d.state = 'active' AND d.left_at IS NULL THEN 1 ELSE 0 END,
           COALESCE(h.digest, ''), COALESCE(h.schema, 0), h.section_id, COALESCE(c.section, '')
    FROM fleet_device d
    LEFT JOIN fleet_held h ON h.device_id = d.id AND h.name = 'software'
    LEFT JOIN inventory_asset a ON a.id = d.asset_id
    LEFT JOIN inventory_computersoftware c ON c.computer = d.id
    WHERE (h.digest IS NOT NULL OR c.computer IS NOT NULL)
"""
_BEHIND: Final = f"""
      AND (c.computer IS NULL OR COALESCE(h.digest, '') <> c.section
           OR COALESCE(d.asset_id, '') <> c.asset
           OR CASE WHEN c.counted THEN 1 ELSE 0 END
              <> CASE WHEN d.state = 'active' AND d.left_at IS NULL
                       AND (a.state IS NULL OR a.state IN ({_STATES})) THEN 1 ELSE 0 END)
    ORDER BY d.id LIMIT {TOGETHER}
"""


class _Row(msgspec.Struct, array_like=True):
    device: str
    site: str
    asset: str
    platform: str
    present: int
    digest: str
    schema: int
    section: Any
    known: str


def catch_up(at: int) -> int:
    """Take over what changed; how many computers that were."""
    for site in sites.site_ids():
        _follow_policy(site, at)
    done, before = 0, [""]
    while (rows := _rows(_HELD + _BEHIND, [])) and (ids := [row.device for row in rows]) != before:
        _take(rows, at)
        done, before = done + len(rows), ids
    return done


def rebuild(site: str, at: int) -> int:
    """Read every computer's facts of a school again and count from nothing; how many counts were
    wrong. They are right after."""
    _follow_policy(site, at)
    rows = _rows(_HELD + " AND d.site_id = %s ORDER BY d.id", [site])
    for start in range(0, len(rows), TOGETHER):
        _take(rows[start : start + TOGETHER], at, every=True)
    with transaction.atomic():
        wrong = counting.recount(site, at)
        letting_go.prune(site, at)
    return wrong


def _follow_policy(site: str, at: int) -> None:
    """What is approved follows the policy in force, and the lists of this release."""
    policy = in_force(site)
    if counting.is_current(site, policy=policy_hash(policy), lists=catalogue().hash):
        return
    with transaction.atomic():
        register = counting.lock(site)
        standing.restand(site, APPROVED.lines(policy), at)
        register.policy, register.lists = policy_hash(policy), catalogue().hash
        register.save(update_fields=["policy", "lists"])


def _take(rows: Sequence[_Row], at: int, *, every: bool = False) -> None:
    bodies = _bodies([row for row in rows if every or row.digest != row.known])
    by_site: dict[str, list[Reading]] = defaultdict(list)
    for row in rows:
        by_site[row.site].append(_reading(row, bodies.get(row.section)))
    for site, readings in by_site.items():
        with transaction.atomic():
            counting.keep(site, readings, APPROVED.lines(in_force(site)), at)


def _reading(row: _Row, body: bytes | None) -> Reading:
    programs: list[Program] | None = None
    whole, own_parts = True, 0
    if body is not None:
        facts = _facts(body, row.schema)
        if facts is None or isinstance(facts.titles, Unseen):
            whole = False
        else:
            programs, own_parts = _programs(facts, row.platform)
            whole = not facts.cut and not facts.blind
    return Reading(
        computer=row.device,
        asset=row.asset,
        platform=row.platform,
        section=row.digest,
        present=bool(row.present),
        programs=programs,
        whole=whole,
        own_parts=own_parts,
    )


def _programs(facts: SoftwareFacts, platform: str) -> tuple[list[Program], int]:
    """What gets a line, and how many parts of the system do not (S4)."""
    listed, parts = [], 0
    for one in facts.titles if not isinstance(facts.titles, Unseen) else []:
        if one.hidden:
            continue
        told = Program(
            one.name, one.version, platform, one.source, one.id, one.publisher, one.system
        )
        if one.system and not standing.lists_program(told):
            parts += 1
        else:
            listed.append(told)
    return listed, parts


def _facts(body: bytes, schema: int) -> SoftwareFacts | None:
    try:
        plain = zlib.decompressobj().decompress(body, LARGEST)
        read = decode_section(plain, schema, SoftwareFacts)
    except (zlib.error, MalformedSectionError):
        return None
    return read if isinstance(read, SoftwareFacts) else None


def _bodies(rows: Sequence[_Row]) -> dict[Any, bytes]:
    wanted = sorted({row.section for row in rows if row.section is not None})
    if not wanted:
        return {}
    marks = ", ".join(["%s"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, body FROM fleet_section WHERE id IN ({marks})", wanted)  # noqa: S608  marks only
        return {section: bytes(body) for section, body in cursor.fetchall()}


def _rows(statement: str, values: list[str]) -> list[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [_Row(*row) for row in cursor.fetchall()]
