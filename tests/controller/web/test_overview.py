"""The front page never sounds better than what is known, and its numbers add up."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from checks.catalogue import catalogue
from controller.fleet.models import Device, Night, PastVerdict, Verdict
from controller.fresh import FRESH_SECONDS
from controller.people.models import User
from controller.posture import why_not
from controller.posture.overview import Overview, headline, subline
from controller.wording.bars import bar
from tests import needs
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn

NONE = {"attention": 0, "silent": 0, "unchecked": 0, "look": 0, "order": 0, "left": 0}
COUNTS = st.fixed_dictionaries({name: st.integers(0, 5000) for name in NONE})


def overview(user: User, signed_in: SignedIn) -> Overview:
    """The page's numbers, with the results that the test wrote."""
    school.stand()
    page = signed_in(user).get("/").context["page"]
    assert isinstance(page, Overview)
    return page


@given(COUNTS)
def test_green_is_only_for_a_school_seen_whole_and_good_in_everything(
    counts: dict[str, int],
) -> None:
    total = sum(counts.values())
    tone, sentence = headline(total, counts, 0)
    if tone == "good":
        assert counts["order"] == total > 0
    if counts["silent"] or counts["unchecked"] or counts["left"]:
        assert "Everything" not in sentence
        said = subline(counts)
        assert not counts["silent"] or "not heard from" in said
        assert not counts["left"] or "Caretaker taken off" in said
        assert not counts["unchecked"] or "couldn’t check" in said


@given(COUNTS)
def test_a_bar_is_full_and_shows_even_one_computer(counts: dict[str, int]) -> None:
    segments = bar(counts)
    assert sum(segment.length for segment in segments) == (1000 if segments else 0)
    assert {segment.name for segment in segments} == {name for name, n in counts.items() if n}
    assert all(segment.length >= 12 for segment in segments)


@pytest.mark.parametrize(
    ("counts", "urgent", "sentence"),
    [
        ({"attention": 1}, 1, "1 computer needs attention, urgently."),
        ({"attention": 9}, 3, "9 computers need attention, 3 of them urgently."),
        ({"attention": 2}, 0, "2 computers need attention, not urgently."),
        ({"order": 4}, 0, "Everything we check is as it should be."),
        ({"order": 4, "silent": 1}, 0, "No fault found on what we could check."),
        ({"silent": 3}, 0, "Nothing could be checked yet."),
        ({}, 0, "No computers yet."),
    ],
)
def test_the_headline_says_it_in_one_sentence(
    counts: dict[str, int], urgent: int, sentence: str
) -> None:
    conditions = NONE | counts
    assert headline(sum(conditions.values()), conditions, urgent)[1] == sentence


def test_the_numbers_add_up_to_all_computers(place: Place, slt: User, signed_in: SignedIn) -> None:
    devices = school.fill(place.site)
    page = overview(slt, signed_in)
    assert sum(segment.number for segment in page.segments) == page.total == len(devices) + 1
    fresh = [d for d in devices if d.last_seen_at and d.last_seen_at > school.NOW - 36 * 3600]
    assert page.checked == len(fresh) + 1


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason=f"{needs.IMPOSSIBLE}PostgreSQL plans by what is there"
)
def test_the_page_reads_no_results_but_yesterdays(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    """However large the school: what it counts is kept with the computers, and found in indexes."""
    school.fill(place.site)
    client = signed_in(slt)
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    statements = [one["sql"] for one in asked.captured_queries]
    results = [sql for sql in statements if "fleet_verdict" in sql]
    counted = [sql for sql in statements if "fleet_standing" in sql or "'attention'" in sql]
    assert (len(results), len(counted)) == (1, 2)
    assert "verdict_failing" in plan(results[0])
    assert all("COVERING INDEX device_site_stands" in plan(sql) for sql in counted)


def plan(statement: str) -> str:
    """How SQLite goes about it."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        return "; ".join(row[3] for row in cursor.fetchall())


def test_an_area_counts_each_computer_once_with_its_worst_result(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    school.fill(place.site)
    checks = [check for d in catalogue().domains if d.name == "locking" for check in d.checks]
    rows = Verdict.objects.filter(check_id__in=checks).exclude(status="not-applicable")
    fresh = rows.filter(device__last_seen_at__gte=school.NOW - FRESH_SECONDS)
    failing = set(fresh.filter(status="fail").values_list("device_id", flat=True))
    silent = set(rows.values_list("device_id", flat=True)) - set(
        fresh.values_list("device_id", flat=True)
    )
    card = next(c for c in overview(slt, signed_in).areas if c.domain == "locking")
    assert card.attention == len(failing)
    assert card.unchecked >= len(silent) > 0
    judged = set(rows.values_list("device_id", flat=True))
    assert card.attention + card.look + card.unchecked + card.kept == len(judged)


def test_a_shut_trolley_is_one_line_and_no_job(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    common = {"site": place.site, "device": place.device, "severity": "critical", "since": 1}
    Verdict.objects.create(check_id="av-active", status="fail", says="none", **common)
    Device.objects.filter(id=place.device.id).update(n_fail=1, worst=4)
    assert overview(slt, signed_in).headline == "1 computer needs attention, urgently."
    Device.objects.filter(id=place.device.id).update(last_seen_at=school.NOW - 9 * school.DAY)
    page = overview(slt, signed_in)
    assert page.jobs == []
    assert page.headline == "Nothing could be checked yet."
    assert page.silent_count == 1


def test_what_a_silent_computer_last_said_is_not_kept(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    device = place.device
    Verdict.objects.create(
        site=place.site,
        device=device,
        check_id="lock-idle-timeout",
        status="pass",
        severity="high",
        says="locks",
        args={"seconds": 600},
        since=1,
    )
    areas = {card.domain: card for card in overview(slt, signed_in).areas}
    assert (areas["locking"].kept, areas["locking"].tone) == (1, "good")
    Device.objects.filter(id=device.id).update(last_seen_at=school.NOW - 40 * 3600)
    areas = {card.domain: card for card in overview(slt, signed_in).areas}
    assert (areas["locking"].kept, areas["locking"].unchecked) == (0, 1)
    assert areas["locking"].tone == "blind"


def test_no_open_job_promises_nothing_of_the_computers_that_were_missed_and_of_no_others(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    for name in ("one", "two"):
        school.make_device(place.site, name, last_seen_at=school.NOW - 9 * school.DAY).save()
    body = signed_in(slt).get("/").content.decode()
    assert "<strong>1 of 3</strong>" in body
    assert "nothing yet about the 2 computers we could not check since yesterday" in body


def test_a_large_school_reads_its_numbers_in_groups(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    school.insert([school.make_device(place.site, f"LAP-{at}") for at in range(1_200)])
    client = signed_in(slt)
    assert "1,201</strong>" in client.get("/").content.decode()
    assert "All <span>1,201</span>" in client.get("/computers/").content.decode()


def test_an_area_that_concerns_no_computer_says_so(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    Verdict.objects.create(
        site=place.site,
        device=place.device,
        check_id="wifi-client-profiles",
        status="not-applicable",
        severity="high",
        says="not-here",
        args={"why": "no Wi-Fi"},
        since=1,
    )
    standing = {card.domain: card.standing for card in overview(slt, signed_in).areas}
    assert standing["wireless"] == "Not checked here"
    assert standing["locking"] == "Nothing to check yet"
    for page in ("/areas/wireless/", "/checks/wifi-client-profiles/"):
        shown = signed_in(slt).get(page).content.decode()
        assert "Does not apply here: no Wi-Fi." in shown
        assert "It concerns no computer" not in shown


def test_of_several_reasons_that_of_most_computers_is_shown() -> None:
    assert why_not.most(Counter()) == ""
    assert why_not.most(Counter({"No pages.": 2, "No server.": 2})) == ""
    assert why_not.most(Counter({"No pages.": 3, "No server.": 2})) == "Most of them: No pages."
    assert why_not.most(Counter({"No pages.": 3})) == "No pages."


def test_a_status_from_the_future_counts_as_not_checked(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    Verdict.objects.create(
        site=place.site,
        device=place.device,
        check_id="lock-idle-timeout",
        status="dazzling",
        severity="high",
        says="new-words",
        since=1,
    )
    school.stand()
    client = signed_in(technician)
    areas = {card.domain: card for card in client.get("/").context["page"].areas}
    assert areas["locking"].unchecked == 1
    found = client.get(f"/computers/{place.device.id}/").context["page"].results
    assert [result.check for result in found.unchecked] == ["lock-idle-timeout"]
    assert not found.kept


def test_yesterdays_news_are_faults_that_began_or_ended_in_a_day(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    common = {"site": place.site, "device": place.device, "severity": "high", "says": "too-late"}
    Verdict.objects.create(
        check_id="lock-idle-timeout", status="fail", since=school.NOW - 3600, **common
    )
    PastVerdict.objects.create(
        check_id="lock-on-resume", status="fail", since=1, until=school.NOW - 60, **common
    )
    changes = overview(slt, signed_in).changes
    assert (changes.new, changes.repaired) == (1, 1)


def test_the_old_faults_of_a_new_computer_are_no_news(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    late = school.make_device(place.site, "NEW-01", enrolled_at=school.NOW - 7200)
    late.save()
    Verdict.objects.create(
        site=place.site,
        device=late,
        check_id="lock-idle-timeout",
        status="fail",
        severity="high",
        says="too-late",
        since=school.NOW - 3600,
    )
    page = overview(slt, signed_in)
    assert page.changes.new == 0
    assert [job.check for job in page.jobs] == ["lock-idle-timeout"]


def test_the_most_urgent_jobs_come_first_and_then_the_widest(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    school.fill(place.site)
    order = ["critical", "high", "medium", "low"]
    jobs = overview(slt, signed_in).jobs
    keys = [(order.index(job.severity), -job.computers) for job in jobs]
    assert keys == sorted(keys)


def test_a_school_on_its_first_day_is_told_what_to_do(
    place: Place, technician: User, slt: User, signed_in: SignedIn
) -> None:
    Device.objects.filter(state="active").delete()
    body = signed_in(technician).get("/").content.decode()
    assert "Make a join code" in body
    assert "Let in 1 computer that waits" in body
    assert "Make a join code" not in signed_in(slt).get("/").content.decode()


def test_a_governor_sees_numbers_and_no_computer(
    place: Place, governor: User, signed_in: SignedIn
) -> None:
    Device.objects.filter(id=place.device.id).update(last_seen_at=school.NOW - 9 * school.DAY)
    body = signed_in(governor).get("/").content.decode()
    assert "not heard from" in body
    assert place.device.name not in body
    assert "/computers/" not in body


@pytest.mark.parametrize("state", ["attention", "look", "unchecked"])
def test_each_number_of_an_area_page_leads_to_as_many_computers(
    state: str, place: Place, slt: User, signed_in: SignedIn
) -> None:
    school.fill(place.site)
    client = signed_in(slt)
    for line in client.get("/areas/locking/").context["page"].checks:
        found = client.get(f"/computers/?check={line.check}&state={state}").context["page"]
        assert found.total == getattr(line, state), line.check


def close_nights(place: Place, *faults: int) -> None:
    """Closed nights up to the last one, oldest first."""
    for ago, number in enumerate(reversed(faults)):
        day = f"2026-11-{21 - ago:02d}"
        common = {"site": place.site, "day": day, "closed_at": school.NOW}
        Night.objects.create(check_id="", status="heard", n=9, **common)
        Night.objects.create(check_id="lock-idle-timeout", status="pass", n=50, **common)
        Night.objects.create(check_id="lock-idle-timeout", status="fail", n=number, **common)
        Night.objects.create(check_id="lock-on-resume", status="fail", n=1, **common)


@pytest.mark.parametrize(
    ("faults", "sentence"),
    [
        ((4, 9), "10 open, 5 more than the night before."),
        ((9, 4), "5 open, 5 fewer than the night before."),
        ((3, 3), "4 open, as the night before."),
    ],
)
def test_the_last_night_is_compared_with_the_one_before(
    faults: tuple[int, int], sentence: str, place: Place, slt: User, signed_in: SignedIn
) -> None:
    close_nights(place, *faults)
    trend = overview(slt, signed_in).trend
    assert trend is not None
    assert trend.sentence == sentence
    assert [bar.day for bar in trend.bars] == ["Fri 20 Nov", "Sat 21 Nov"]


def test_one_night_says_nothing_yet(place: Place, slt: User, signed_in: SignedIn) -> None:
    close_nights(place, 4)
    assert overview(slt, signed_in).trend is None


def test_bars_stay_inside_the_drawing(place: Place, slt: User, signed_in: SignedIn) -> None:
    close_nights(place, 0, 100_000, 7)
    trend = overview(slt, signed_in).trend
    assert trend is not None
    for night in trend.bars:
        assert night.y + night.height == 100
        assert 0 <= night.x < trend.width
        assert night.height >= 2


def test_another_schools_nights_are_not_ours(
    place: Place, elsewhere: Place, slt: User, signed_in: SignedIn
) -> None:
    close_nights(elsewhere, 4, 5)
    assert overview(slt, signed_in).trend is None


def test_there_is_no_page_for_an_area_there_is_not(slt: User, signed_in: SignedIn) -> None:
    assert signed_in(slt).get("/areas/plumbing/").status_code == 404
