"""Drives: who asks, who decides, what computers are told, and when that ends."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from checks.policy import Ask, Policy
from checks.removable_media import named
from controller import clock
from controller.media.proposal import MEDIA
from controller.people.models import User
from controller.people.roles import Role
from controller.policy import publishing, putting
from inventory.allocation import people
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.ledger.models import Event
from inventory.media import letting_go, services
from inventory.models import Medium
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.controller.web.doors.media import VALUES

NOW = school.NOW
DAY = 86_400
URL = "/register/media/"
TODAY = "2026-11-22"
TYPED = {**VALUES, "holder": "", "until": "31/08/2027"}


def ask(client: Client, **changes: Any) -> Medium:
    known = set(Medium.objects.values_list("id", flat=True))
    answer = client.post(f"{URL}new/", {**TYPED, **changes})
    assert answer.status_code == 302, answer.content.decode()
    return Medium.objects.exclude(id__in=known).get()


def decide(client: Client, row: Medium, decision: str = "approved", reason: str = "") -> str:
    told = {"decision": decision, "seq": Medium.objects.get(id=row.id).seq, "reason": reason}
    return client.post(f"{URL}{row.id}/decide/", told, follow=True).content.decode()


def publish(client: Client) -> str:
    digest = client.get(URL).context["page"].proposal.digest
    return client.post(f"{URL}use/", {"digest": digest}, follow=True).content.decode()


def lines(place: Place) -> list[str]:
    return MEDIA.lines(publishing.in_force(place.site.id))


def test_what_one_asks_for_another_approves_and_computers_are_told_no_serial_number(
    place: Place, technician: User, slt: User, signed_in: SignedIn
) -> None:
    row = ask(signed_in(technician))
    head = signed_in(slt)
    assert "Approved" in decide(head, row)
    assert lines(place) == []
    assert "Approved, not in force yet" in head.get(URL).content.decode()
    assert "In force" in publish(head)
    [line] = lines(place)
    assert line == named.entry(named.salt_of(line), VALUES["serial"], "0781:5581")
    assert VALUES["serial"] not in publishing.newest(place.site.id).body.decode()  # type: ignore[union-attr]  # it was published
    page = head.get(URL).context["page"]
    assert (page.lines, page.rows[0].state.label) == ([], "Approved")


def test_nobody_approves_what_they_asked_for_themselves(place: Place, signed_in: SignedIn) -> None:
    manager = signed_in(school.make_person(place.site, Role.BUSINESS_MANAGER))
    row = ask(manager)
    assert "You asked for it, so somebody else decides." in decide(manager, row)
    row.refresh_from_db()
    assert row.decision == ""


def test_a_technician_does_not_decide(place: Place, technician: User, signed_in: SignedIn) -> None:
    row = ask(signed_in(technician))
    other = signed_in(school.make_person(place.site, Role.PROVIDER))
    told = {"decision": "approved", "seq": 1}
    assert other.post(f"{URL}{row.id}/decide/", told).status_code == 403
    assert other.post(f"{URL}use/").status_code == 403


@pytest.mark.parametrize(
    ("change", "asks"),
    [
        ({"label": "USB-015"}, False),
        ({"model": "Kingston"}, False),
        ({"until": "31/08/2028"}, True),
        ({"use": "reports"}, True),
        ({"serial": "4C530001230101118393"}, True),
        ({"usb": ""}, True),
        ({"encrypted": "no"}, True),
    ],
)
def test_a_change_of_what_was_approved_asks_anew_by_whoever_changed_it(
    change: dict[str, str], asks: bool, place: Place, signed_in: SignedIn
) -> None:
    technician = school.make_person(place.site, Role.TECHNICIAN)
    slt = school.make_person(place.site, Role.SLT)
    client = signed_in(technician)
    row = ask(client)
    decide(signed_in(slt), row)
    publish(signed_in(slt))
    manager = school.make_person(place.site, Role.BUSINESS_MANAGER)
    told = {**TYPED, **change, "seq": 2}
    assert signed_in(manager).post(f"{URL}{row.id}/", told).status_code == 302
    row.refresh_from_db()
    assert (row.decision, row.asked_by) == (
        ("", manager.id) if asks else ("approved", technician.id)
    )
    shown = client.get(URL).content.decode()
    assert ("Still in force until the policy is published again" in shown) == asks


def test_a_drive_whose_day_is_over_is_in_force_until_the_policy_is_published_again(
    place: Place, technician: User, slt: User, signed_in: SignedIn
) -> None:
    row = ask(signed_in(technician), until="2026-11-23")
    head = signed_in(slt)
    decide(head, row)
    publish(head)
    assert head.get(f"{URL}?show=soon").context["page"].rows[0].state.label == "Ends soon"
    clock.use(lambda: NOW + 2 * DAY)
    page = head.get(f"{URL}?show=expired").context["page"]
    assert (page.rows[0].state.label, page.rows[0].still) == ("Over", True)
    assert len(lines(place)) == 1
    publish(head)
    assert lines(place) == []
    assert head.get(URL).context["page"].rows[0].still is False


@pytest.mark.parametrize("how", ["returned", "lost", "gone"])
def test_a_drive_that_is_back_or_lost_leaves_the_list(
    how: str, place: Place, technician: User, slt: User, signed_in: SignedIn
) -> None:
    client, head = signed_in(technician), signed_in(slt)
    row = ask(client)
    decide(head, row)
    publish(head)
    client.post(f"{URL}{row.id}/end/", {"how": how, "seq": 2})
    assert [one.add for one in head.get(URL).context["page"].lines] == [False]
    publish(head)
    assert lines(place) == []
    ask(client)  # and may be asked for again


def test_other_lines_of_the_policy_stay_and_entries_nobody_knows_go(
    place: Place, technician: User, slt: User, signed_in: SignedIn
) -> None:
    stray = named.entry("00000000000a11ce", "EXAMPLE0001")
    policy = Policy(name="x", decisions=[Ask(named.CHECK, named.SETTING, ["aaaa*", stray], "head")])
    putting.put(place.site.id, policy, actor="system", at=NOW)
    row = ask(signed_in(technician))
    head = signed_in(slt)
    decide(head, row)
    assert sorted((one.add, bool(one.id)) for one in head.get(URL).context["page"].lines) == [
        (False, False),
        (True, True),
    ]
    publish(head)
    glob, line = lines(place)
    assert (glob, named.is_entry(line), line != stray) == ("aaaa*", True, True)


def test_the_file_to_sign_holds_the_entry_and_only_what_was_looked_at_goes(
    place: Place, technician: User, slt: User, signed_in: SignedIn
) -> None:
    row = ask(signed_in(technician))
    head = signed_in(slt)
    decide(head, row)
    digest = head.get(URL).context["page"].proposal.digest
    answer = head.post(f"{URL}file/", {"digest": digest})
    assert "device:" in answer.content.decode()
    assert publishing.newest(place.site.id) is None
    decide(head, ask(signed_in(technician), serial="EXAMPLE0002", label="USB-015"))
    told = head.post(f"{URL}use/", {"digest": digest}, follow=True).content.decode()
    assert "changed since you looked" in told
    assert publishing.newest(place.site.id) is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  4c530001230101118392 ", "4c530001230101118392"),
        (r"USBSTOR\DISK&VEN_SANDISK&PROD_ULTRA\4C530001230101118392&0", "4C530001230101118392"),
    ],
)
def test_a_serial_number_is_taken_as_a_computer_shows_it(
    typed: str, kept: str, technician: User, signed_in: SignedIn
) -> None:
    row = ask(signed_in(technician), serial=typed)
    assert (row.serial, row.key) == (kept, "4C530001230101118392")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("serial", ""),
        ("serial", "0123456789ABCDEF"),
        ("serial", "7&2F1E3D4C&0&2"),
        ("serial", "x" * 129),
        ("usb", "0781"),
        ("until", "2026-11-21"),
        ("until", "31/08/2039"),
        ("until", "soon"),
        ("label", ""),
        ("label", "x" * 41),
        ("use", "x" * 501),
        ("holder", "pers_of_nobody"),
        ("kind", "phone"),
    ],
)
def test_bad_input_is_one_sentence_and_nothing_typed_is_lost(
    field: str, typed: str, technician: User, signed_in: SignedIn
) -> None:
    told = {**TYPED, "model": "A model nobody has", field: typed}
    answer = signed_in(technician).post(f"{URL}new/", told)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "A model nobody has" in answer.content.decode()
    assert not Medium.objects.exists()


def test_a_serial_number_stands_once_and_hostile_words_are_shown_harmless(
    technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    ask(client, model="<script>\u202e")
    answer = client.post(f"{URL}new/", {**TYPED, "serial": "4c53 0001 2301 0111 8392"})
    assert "is in the register already" in answer.content.decode()
    body = client.get(URL).content.decode()
    assert "<script>\u202e" not in body
    assert "\u202e" not in body


def test_two_people_at_once_lose_nothing(technician: User, slt: User, signed_in: SignedIn) -> None:
    client = signed_in(technician)
    row = ask(client)
    assert client.post(f"{URL}{row.id}/", {**TYPED, "use": "one", "seq": 1}).status_code == 302
    answer = client.post(f"{URL}{row.id}/", {**TYPED, "use": "two", "seq": 1})
    assert "Somebody else changed this drive" in answer.content.decode()
    told = {"decision": "approved", "seq": 1}
    signed_in(slt).post(f"{URL}{row.id}/decide/", told)
    row.refresh_from_db()
    assert (row.use, row.decision) == ("one", "")


def test_a_holder_is_a_person_of_this_school_and_found_by_name(
    place: Place, elsewhere: Place, technician: User, signed_in: SignedIn
) -> None:
    by = By(technician.id, NOW)
    sam = people.add_person(place.site.id, "Sam Lee", "staff", by=by)
    kim = people.add_person(elsewhere.site.id, "Kim Poe", "staff", by=by)
    client = signed_in(technician)
    ask(client, holder=sam)
    assert client.get(f"{URL}?q=lee").context["page"].rows[0].holder == "Sam Lee"
    assert client.get(f"{URL}?q=poe").context["page"].rows == []
    values = {**VALUES, "serial": "EXAMPLE0002", "holder_id": kim}
    with pytest.raises(RegisterError):
        services.keep(place.site.id, values, by=by, today=TODAY)


def test_a_list_of_many_costs_as_many_questions_as_a_list_of_one(
    place: Place, technician: User, slt: User, signed_in: SignedIn
) -> None:
    client = signed_in(slt)
    client.get(URL)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(URL)
        return len(seen)

    by, head = By(technician.id, NOW), By(slt.id, NOW)

    def enter(number: int) -> None:
        values = {**VALUES, "serial": f"EXAMPLE{number:04}", "label": f"USB-{number}"}
        one = services.keep(place.site.id, values, by=by, today=TODAY)
        services.decide(place.site.id, one, "approved", seen=1, by=head, today=TODAY)

    enter(0)
    for_one = asked()
    for number in range(1, 6):
        enter(number)
    assert asked() == for_one


def test_at_most_two_hundred_are_approved_at_once(
    place: Place, technician: User, slt: User
) -> None:
    rows = [
        Medium(
            id=f"medium_{number}",
            site=place.site,
            label="x",
            kind="stick",
            serial=f"EXAMPLE{number:04}",
            key=f"EXAMPLE{number:04}",
            use="x",
            until="2027-01-01",
            asked_at=NOW,
            asked_by=technician.id,
            decision="approved",
            entry=f"serial:{'0' * 16}:{number:032x}",
        )
        for number in range(named.MOST_ENTRIES)
    ]
    Medium.objects.bulk_create(rows)
    one = services.keep(place.site.id, VALUES, by=By(technician.id, NOW), today=TODAY)
    with pytest.raises(RegisterError, match="200"):
        services.decide(place.site.id, one, "approved", seen=1, by=By(slt.id, NOW), today=TODAY)


def test_the_log_holds_no_words_and_no_serial_number_and_the_night_lets_go(
    place: Place, technician: User, slt: User
) -> None:
    by = By(technician.id, NOW)
    one = services.keep(place.site.id, VALUES, by=by, today=TODAY)
    services.decide(
        place.site.id, one, "refused", seen=1, by=By(slt.id, NOW), today=TODAY, reason="not needed"
    )
    services.end(place.site.id, one, "gone", seen=2, by=by)
    verbs = Event.objects.filter(subject=one).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["medium.create", "medium.refuse", "medium.end"]
    assert letting_go.let_go(NOW + 6 * 366 * DAY) == 0
    assert letting_go.let_go(NOW + 6 * 366 * DAY + 1) == 1
