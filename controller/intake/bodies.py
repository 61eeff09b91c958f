"""Bodies a device was asked for: sections, and content that came by its digest.

In the writer thread, inside its transaction. A body is taken only while a stored report of this
very device names it and the device has not supplied it: a hash known from one computer never stands
for another (trust §4.1). It is stored unread once its hash fits (A4); only content is read, because
it says what else is needed.
"""

import zlib
from typing import Any, Final, NamedTuple

from django.db import connection

from checks.surveys.equipment import EquipmentSurvey
from checks.surveys.lan import LanSurvey, SurveyRun
from controller.intake.jobs import Job
from controller.intake.outcomes import Outcome, RefusedError, Stored
from controller.intake.plan import CONTENT, wanted_of
from wire import sections
from wire.errors import WireError
from wire.problem import code_for
from wire.report import Content, open_content

LEVEL: Final = 6
"""Sections are stored once and for long, so they may cost a little more than reports."""

_ASKED: Final = """
    SELECT d.site_id, d.head_seq, w.name, w.schema, w.report_seq
    FROM fleet_device d JOIN fleet_wanted w ON w.device_id = d.id
    WHERE d.id = %s AND d.state = 'active' AND w.digest = %s
"""
_SECTION: Final = """
    INSERT INTO fleet_section (site_id, digest, body) VALUES (%s, %s, %s)
    ON CONFLICT (site_id, digest) DO NOTHING
"""
_HELD: Final = """
    INSERT INTO fleet_held (device_id, name, site_id, schema, digest, section_id, report_seq, since)
    SELECT %s, %s, s.site_id, %s, s.digest, s.id, %s, %s FROM fleet_section s
    WHERE s.site_id = %s AND s.digest = %s
    ON CONFLICT (device_id, name) DO UPDATE
    SET schema = excluded.schema, digest = excluded.digest, section_id = excluded.section_id,
        report_seq = excluded.report_seq, since = excluded.since
"""
_SURVEYED: Final = """
    INSERT INTO fleet_surveybody
        (device_id, site_id, name, schema, section_id, report_seq, received_at)
    SELECT %s, s.site_id, %s, %s, s.id, %s, %s FROM fleet_section s
    WHERE s.site_id = %s AND s.digest = %s
    ON CONFLICT (device_id, report_seq, name) DO NOTHING
"""
_ROUNDS: Final = frozenset({LanSurvey.section, EquipmentSurvey.section, SurveyRun.section})
"""Sections of which every one counts, not only the newest."""
_MANIFEST: Final = """
    INSERT INTO fleet_manifest (device_id, site_id, digest, report_seq, body)
    VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (device_id) DO UPDATE
    SET digest = excluded.digest, report_seq = excluded.report_seq, body = excluded.body
"""
_KNOWN: Final = "UPDATE fleet_device SET content_digest = %s WHERE id = %s"
_HOLDS: Final = "SELECT name, schema, digest FROM fleet_held WHERE device_id = %s"
_WANT: Final = """
    INSERT INTO fleet_wanted (device_id, name, site_id, schema, digest, size, report_seq)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
_UNWANT: Final = "DELETE FROM fleet_wanted WHERE device_id = %s AND digest = %s"
_DUE: Final = """
    UPDATE fleet_device SET judge_due = %s, judge_turn = judge_turn + 1
    WHERE id = %s AND NOT EXISTS (SELECT 1 FROM fleet_wanted w WHERE w.device_id = fleet_device.id)
"""


class _Want(NamedTuple):
    site: str
    head_seq: int
    name: str
    schema: int
    report_seq: int


def take(job: Job, at: int) -> Outcome:
    """Store one body; with the last one missing, the device is due to be judged.

    Raises RefusedError.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, [job.name, job.digest])
        wants = [_Want(*row) for row in cursor.fetchall()]
        if not wants:
            raise RefusedError("not_needed")
        try:
            sections.check(job.digest, job.body)
            content = open_content(job.body, job.digest) if wants[0].name == CONTENT else None
        except WireError as error:
            raise RefusedError(code_for(error), error.sentence) from None
        if content is None:
            _hold(cursor, wants, job, at)
        else:
            _content(cursor, wants[0], content, job)
        cursor.execute(_DUE, [True, job.name])
    return Stored()


def _hold(cursor: Any, wants: list[_Want], job: Job, at: int) -> None:
    """Keep a section body, once per school, and say that this device holds it."""
    site = wants[0].site
    cursor.execute(_SECTION, [site, job.digest, zlib.compress(job.body, LEVEL)])
    for want in wants:
        cursor.execute(
            _HELD,
            [job.name, want.name, want.schema, want.report_seq, at, site, job.digest],
        )
        if want.name in _ROUNDS:
            cursor.execute(
                _SURVEYED,
                [job.name, want.name, want.schema, want.report_seq, at, site, job.digest],
            )
    cursor.execute(_UNWANT, [job.name, job.digest])


def _content(cursor: Any, want: _Want, content: Content, job: Job) -> None:
    """Keep content and ask for the sections it names."""
    packed = zlib.compress(job.body, LEVEL)
    cursor.execute(_MANIFEST, [job.name, want.site, job.digest, want.head_seq, packed])
    cursor.execute(_KNOWN, [job.digest, job.name])
    cursor.execute(_HOLDS, [job.name])
    held = {name: (schema, digest) for name, schema, digest in cursor.fetchall()}
    cursor.execute(_UNWANT, [job.name, job.digest])
    for more in wanted_of(content, held):
        row = [job.name, more.name, want.site, more.schema, more.digest, more.size, want.head_seq]
        cursor.execute(_WANT, row)
