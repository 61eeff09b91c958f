"""Pages that say how true the register is."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from checks.records.catalogue import records
from controller.people.models import User
from controller.records import judging
from inventory.assets import services
from inventory.assets.writing import By
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.controller.web.test_register import HOSTILE

CHECK = "/register/checks/asset-registered/"


def stock(place: Place, user: User, number: int) -> list[str]:
    rows = [{"tag": f"T{n:04d}", "name": f"N-{n:04d}", "kind": "laptop"} for n in range(number)]
    return services.add_many(place.site.id, rows, by=By(user.id, school.NOW - 1))


def test_nothing_is_said_before_the_first_night(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    body = signed_in(technician).get("/register/checks/").content.decode()
    assert "it was not yet" in body
    assert body.count("No results yet") == len(list(records().judged()))


def test_a_count_leads_to_the_entries_behind_it(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    (asset_id,) = stock(place, technician, 1)
    judging.judge_site(place.site.id, school.NOW)
    browser = signed_in(technician)
    assert f"{CHECK}?state=fail" in browser.get("/register/checks/").content.decode()
    body = browser.get(f"{CHECK}?state=fail").content.decode()
    assert f"/register/{asset_id}/" in body
    assert "Missing in the register: serial, place." in body
    # Whatever else is asked for, the worst there is comes first.
    assert browser.get(f"{CHECK}?state=<x>").context["page"].label.label == "Needs attention"


def test_a_check_there_is_not_is_no_page(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    assert signed_in(technician).get("/register/checks/lock-idle-timeout/").status_code == 404


def test_more_entries_cost_no_more_questions(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    browser, asked = signed_in(technician), []
    browser.get(CHECK)  # what is remembered for a while is asked for once
    for number in (1, 120):
        stock(place, technician, 1) if number == 1 else services.add_many(
            place.site.id,
            [{"name": f"M-{n}"} for n in range(number)],
            by=By(technician.id, school.NOW - 1),
        )
        judging.judge_site(place.site.id, school.NOW)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            page = browser.get(CHECK).context["page"]
        asked.append(len(caught))
    assert len(page.subjects) == 100
    assert page.next
    assert asked[0] == asked[1]


def test_a_hostile_name_is_text(place: Place, technician: User, signed_in: SignedIn) -> None:
    services.add(place.site.id, {"name": HOSTILE, "tag": "<i>"}, by=By(technician.id, school.NOW))
    judging.judge_site(place.site.id, school.NOW)
    body = signed_in(technician).get(CHECK).content.decode()
    assert "<script>alert" not in body
    assert "<i>" not in body
