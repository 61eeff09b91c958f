"""A survey waits until a report in the spool tells it, and is told once."""

from pathlib import Path

import pytest

from agent import surveys
from checks.facts import decode_section
from checks.surveys.equipment import EquipmentSurvey
from checks.surveys.lan import LanSurvey, SurveyRun
from tests.agent.survey.test_running import device
from wire import limits, sections

RUN = SurveyRun("sha256:" + "0" * 64, "", 1, 2, 3, 4, [], 0)
LAN = LanSurvey(RUN.scope, 1, 2, [])


def equipment(count: int) -> EquipmentSurvey:
    return EquipmentSurvey(
        RUN.scope, 1, [device(f"10.20.{n >> 8}.{n & 255}") for n in range(count)]
    )


def told(folder: Path) -> dict[str, bytes]:
    """One report's worth."""
    kept = surveys.waiting(folder)
    refs, bodies = surveys.refs(kept)
    surveys.told(folder, kept)
    return {one.section: bodies[one.sha256] for one in refs}


def test_it_is_told_once_with_its_bodies(tmp_path: Path) -> None:
    surveys.keep(tmp_path, [LAN, equipment(2), RUN], 2)
    came = told(tmp_path)
    assert came == {one.section: sections.pack(one) for one in (LAN, equipment(2), RUN)}
    assert told(tmp_path) == {}
    assert [*tmp_path.iterdir()] == []


def test_a_newer_one_takes_its_place_and_is_not_lost_by_what_is_told_meanwhile(
    tmp_path: Path,
) -> None:
    surveys.keep(tmp_path, [RUN], 2)
    before = surveys.waiting(tmp_path)
    surveys.keep(tmp_path, [LAN, RUN], 9)
    surveys.told(tmp_path, before)
    assert {*told(tmp_path)} == {"lan", "survey"}


def test_more_equipment_than_one_section_holds_goes_in_several_reports(tmp_path: Path) -> None:
    whole = equipment(3_000)
    surveys.keep(tmp_path, [LAN, whole, RUN], 2)
    came: list[EquipmentSurvey] = []
    first = told(tmp_path)
    assert {*first} == {"lan", "survey", "equipment"}
    body: bytes | None = first["equipment"]
    while body is not None:
        assert len(body) <= limits.SECTION
        part = decode_section(body, EquipmentSurvey.schema, EquipmentSurvey)
        assert isinstance(part, EquipmentSurvey)
        came.append(part)
        body = told(tmp_path).get("equipment")
    assert len(came) > 1
    assert [one.address for part in came for one in part.devices] == [
        one.address for one in whole.devices
    ]


@pytest.mark.parametrize("text", ["", "{", '{"v":2}', "[]", '{"reports":7}'])
def test_a_damaged_one_costs_itself_and_no_round(tmp_path: Path, text: str) -> None:
    (tmp_path / surveys.NAME).write_text(text)
    assert told(tmp_path) == {}
    surveys.keep(tmp_path, [RUN], 2)
    assert {*told(tmp_path)} == {"survey"}


def test_a_section_of_another_release_is_left_out(tmp_path: Path) -> None:
    (tmp_path / surveys.NAME).write_text('{"reports":[{"tomorrow":"{}"}]}')
    assert told(tmp_path) == {}
