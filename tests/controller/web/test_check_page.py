"""The page of a check: what this school asks, by whose word, where it is read, how to fix it."""

import pytest

from checks.catalogue import catalogue
from checks.policy import Ask, Policy
from controller.people.models import User
from controller.posture.check_page import all_checks
from tests.controller.web.conftest import Place, SignedIn
from tests.controller.web.policies import put_policy

pytestmark = pytest.mark.looks

CHECKS = [check_id for _, check_id, _, _ in catalogue().judged()]


def html(user: User, signed_in: SignedIn, path: str) -> str:
    """The page as it is sent."""
    answer = signed_in(user).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("check_id", CHECKS)
def test_every_check_has_a_page(
    check_id: str, place: Place, slt: User, signed_in: SignedIn
) -> None:
    page = html(slt, signed_in, f"/checks/{check_id}/")
    check = catalogue().check(check_id)
    assert check is not None
    assert f"/checks/{check_id}/" in html(slt, signed_in, "/checks/")
    assert "as the school asks" not in page
    assert "`" not in page.split("<main", 1)[1]


def test_a_check_there_is_not_is_not_found(place: Place, slt: User, signed_in: SignedIn) -> None:
    assert signed_in(slt).get("/checks/no-such-check/").status_code == 404


def test_what_nobody_decided_is_the_default_with_its_source(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    page = html(slt, signed_in, "/checks/lock-idle-timeout/")
    for said in ("15 minutes", "Office: 10 minutes", "From: NCSC", "1 minute to 1 hour"):
        assert said in page
    assert "Asked by" not in page


def test_a_time_of_day_is_shown_as_on_a_clock(place: Place, slt: User, signed_in: SignedIn) -> None:
    page = html(slt, signed_in, "/checks/hotspot-uplink/")
    for said in ("<strong>08:30</strong>", "<strong>15:30</strong>", "00:00 to 24:00"):
        assert said in page


def test_what_the_school_decided_is_shown_with_its_word_beside_the_default(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    put_policy(place.site)
    page = html(slt, signed_in, "/checks/lock-idle-timeout/")
    assert "Staff: 5 minutes, asked by head" in page
    assert "15 minutes" in page


def test_the_steps_name_the_number_that_this_school_asks(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    assert "900 seconds or less" in html(slt, signed_in, "/checks/lock-idle-timeout/")
    ask = Ask("lock-idle-timeout", "limit_seconds", 300, "the head")
    put_policy(place.site, Policy(name="ours", decisions=[ask]))
    page = html(slt, signed_in, "/checks/lock-idle-timeout/")
    assert "300 seconds or less" in page
    assert "Asked by the head; otherwise 15 minutes" in page


def test_names_of_files_and_keys_are_set_apart_and_harmless(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    page = html(slt, signed_in, "/checks/lock-idle-timeout/")
    assert "<code>InactivityTimeoutSecs</code>" in page


def test_a_finding_and_an_area_lead_to_the_page_of_their_check(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    assert 'href="/checks/lock-idle-timeout/"' in html(technician, signed_in, "/areas/locking/")
    lists = [check for area in all_checks() for check, *_ in area.checks]
    assert lists == CHECKS
