"""Searching, filtering and counting computers; and that a list costs the same in any school."""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from controller.fleet import listing
from controller.fleet.conditions import CONDITIONS, condition_of, condition_q, condition_sql
from controller.fleet.models import Device, Verdict
from controller.people.models import User
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn

COUNTS = json.loads(Path(__file__).with_name("query_counts.json").read_text("utf-8"))


def in_every_state(place: Place) -> list[Device]:
    """One computer for each combination that matters."""
    devices, number = [], 0
    for fails in (0, 2):
        for warns in (0, 1):
            for unknowns in (0, 1):
                for passes in (0, 5):
                    for seen in (school.NOW - 60, school.NOW - 37 * 3600, None):
                        number += 1
                        devices.append(
                            school.make_device(
                                place.site,
                                f"S-{number:02d}",
                                n_fail=fails,
                                n_warn=warns,
                                n_unknown=unknowns,
                                n_pass=passes,
                                last_seen_at=seen,
                                judged_at=None if seen is None else seen,
                            )
                        )
    for n_fail in (0, 1):
        gone = {"last_seen_at": school.NOW - 60, "left_at": school.NOW - 60, "n_fail": n_fail}
        devices.append(school.make_device(place.site, f"GONE-{n_fail}", n_pass=5, **gone))
    return Device.objects.bulk_create(devices)


def test_the_condition_in_the_database_is_the_condition_on_the_page(place: Place) -> None:
    in_every_state(place)
    rows = Device.objects.annotate(said=condition_sql(school.NOW))
    for device in rows:
        assert device.said == condition_of(device, school.NOW)
    for condition in CONDITIONS:
        by_filter = set(
            rows.filter(condition_q(condition, school.NOW)).values_list("id", flat=True)
        )
        assert by_filter == {d.id for d in rows if condition_of(d, school.NOW) == condition}


def test_nothing_unheard_or_unchecked_is_ever_in_order(place: Place) -> None:
    for device in in_every_state(place):
        if condition_of(device, school.NOW) == "order":
            assert device.n_pass
            assert not device.n_fail + device.n_warn + device.n_unknown
            assert device.last_seen_at == school.NOW - 60


@pytest.mark.parametrize("search", ["trolley-03", "TROLLEY-03", "probook", "WB-0003"])
def test_a_search_finds_names_models_and_tags(
    search: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    school.fill(place.site)
    page = signed_in(technician).get(f"/computers/?q={search}").context["page"]
    assert page.rows
    for row in page.rows:
        assert search.lower() in f"{row.name} {row.model} {row.tag}".lower()


@pytest.mark.parametrize("search", ["%", "_", "100%", "\\", "'; DROP TABLE fleet_device; --"])
def test_a_search_is_text_and_never_a_pattern(
    search: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    answer = signed_in(technician).get("/computers/", {"q": search})
    assert answer.context["page"].rows == []


def test_filters_by_purpose_system_and_state_agree_with_the_rows(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    school.fill(place.site)
    client = signed_in(technician)
    assert {r.profile for r in client.get("/computers/?for=staff").context["page"].rows} == {
        "staff"
    }
    assert {r.profile for r in client.get("/computers/?for=unset").context["page"].rows} == {""}
    macs = client.get("/computers/?runs=macos").context["page"].rows
    assert {row.platform for row in macs} == {"macos"}
    for condition in CONDITIONS:
        page = client.get(f"/computers/?state={condition}").context["page"]
        assert {row.condition for row in page.rows} <= {condition}
        assert page.total == page.tabs[condition]


def test_a_job_leads_to_exactly_the_computers_that_have_it(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    school.fill(place.site)
    client = signed_in(technician)
    for job in client.get("/").context["page"].jobs:
        page = client.get(f"/computers/?check={job.check}&state=attention").context["page"]
        assert page.total == job.computers
        wanted = Verdict.objects.filter(check_id=job.check, status="fail")
        assert {row.id for row in page.rows} <= set(wanted.values_list("device_id", flat=True))


@pytest.mark.parametrize("query", ["state=bad", "area=../..", "runs=beos", "sort=-id", "for=king"])
def test_what_is_not_understood_is_left_out(
    query: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    answer = signed_in(technician).get(f"/computers/?{query}")
    assert answer.status_code == 200
    assert answer.context["page"].total == 1


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_a_page_asks_the_database_the_same_number_of_questions_in_any_school(
    name: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    path = COUNTS[name]["path"].format(device=place.device.id)
    counted = []
    for copies in (0, 1, 4):
        if copies:
            Device.objects.bulk_create(
                school.make_device(place.site, f"N-{copies}-{n}", salt=copies, n_pass=3)
                for n in range(copies * 60)
            )
        client.get(path)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path).status_code == 200
        counted.append(len(caught))
    assert counted == [COUNTS[name]["queries"]] * 3


def test_the_file_holds_every_computer_that_the_list_counts(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    school.fill(place.site)
    client = signed_in(technician)
    total = client.get("/computers/?state=attention").context["page"].total
    lines = client.get("/computers.csv?state=attention").getvalue().decode().splitlines()
    assert len(lines) == total + 1


def test_in_a_large_trust_the_counts_of_the_tabs_are_kept_for_some_seconds_and_the_rows_never(
    place: Place, technician: User, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "LARGE", 0)
    client = signed_in(technician)
    assert client.get("/computers/").context["page"].tabs["all"] == 1
    school.make_device(place.site, "SECOND").save()
    page = client.get("/computers/?q=SECOND").context["page"]
    assert page.tabs["all"] == 1
    assert [row.name for row in page.rows] == ["SECOND"]


def test_the_kept_counts_of_one_school_are_never_shown_at_another(
    elsewhere: Place,
    technician: User,
    stranger: User,
    signed_in: SignedIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listing, "LARGE", 0)
    school.make_device(elsewhere.site, "THEIRS").save()
    assert signed_in(technician).get("/computers/").context["page"].tabs["all"] == 1
    assert signed_in(stranger).get("/computers/").context["page"].tabs["all"] == 2
