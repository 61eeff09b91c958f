"""Letting computers in: one, many, or not, by the right person, with the reason kept."""

from controller.fleet.models import Device, JoinCode
from controller.people.models import User
from controller.people.roles import Role
from inventory.ledger.models import Event
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn


def states(place: Place) -> dict[str, str]:
    """State of every computer of the queue by name."""
    rows = Device.objects.filter(site=place.site, name__startswith="Y5")
    return dict(rows.values_list("name", "state"))


def test_a_card_shows_the_four_words_and_what_the_computer_claims(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    body = signed_in(technician).get("/waiting/").content.decode()
    for word in place.waiting.words.split():
        assert f"<span>{word}</span>" in body
    assert place.waiting.factors["serial"][0] in body
    assert "Year 5 trolley" in body


def test_thirty_are_let_in_at_once_with_what_they_are_for(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    more = [
        school.make_device(place.site, f"Y5-{n}", state="pending", head_seq=0) for n in range(29)
    ]
    Device.objects.bulk_create(more)
    ids = [place.waiting.id, *(device.id for device in more)]
    client = signed_in(technician)
    answer = client.post("/waiting/let-in/", {"device": ids, "profile": "loan"}, follow=True)
    assert "30 computers are let in." in answer.content.decode()
    assert set(states(place).values()) == {"active"}
    assert set(Device.objects.filter(id__in=ids).values_list("profile", flat=True)) == {"loan"}
    approved = Event.objects.filter(verb="device.approve", actor=technician.id)
    assert approved.count() == 30


def test_only_the_ticked_ones_are_let_in_and_keep_their_codes_purpose(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    other = school.make_device(place.site, "Y5-OTHER", state="pending", head_seq=0)
    other.save()
    client = signed_in(technician)
    client.post("/waiting/let-in/", {"device": [place.waiting.id], "profile": ""})
    assert states(place) == {"Y5-TROLLEY-01": "active", "Y5-OTHER": "pending"}
    assert Device.objects.get(id=place.waiting.id).profile == "pupil"


def test_nothing_ticked_is_said_and_changes_nothing(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    answer = signed_in(technician).post("/waiting/let-in/", {}, follow=True)
    assert "Tick at least one computer first." in answer.content.decode()
    assert set(states(place).values()) == {"pending"}


def test_one_foreign_id_among_ours_lets_nobody_in(
    place: Place, elsewhere: Place, technician: User, signed_in: SignedIn
) -> None:
    both = {"device": [place.waiting.id, elsewhere.waiting.id]}
    answer = signed_in(technician).post("/waiting/let-in/", both, follow=True)
    assert "Nothing was changed" in answer.content.decode()
    assert set(states(place).values()) == {"pending"}
    assert set(states(elsewhere).values()) == {"pending"}


def test_turning_away_needs_a_reason(place: Place, technician: User, signed_in: SignedIn) -> None:
    client, path = signed_in(technician), f"/waiting/{place.waiting.id}/refuse/"
    assert "Say why" in client.post(path, {"reason": ""}, follow=True).content.decode()
    assert set(states(place).values()) == {"pending"}
    client.post(path, {"reason": "Nobody here knows this laptop"})
    assert set(states(place).values()) == {"refused"}


def test_a_computer_decided_by_somebody_else_meanwhile_is_said(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    Device.objects.filter(id=place.waiting.id).update(state="refused")
    client = signed_in(technician)
    answer = client.post("/waiting/let-in/", {"device": [place.waiting.id]}, follow=True)
    assert "not waiting" in answer.content.decode()


def test_an_empty_queue_says_how_to_fill_it(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    Device.objects.filter(state="pending").delete()
    assert "Nobody is waiting." in signed_in(technician).get("/waiting/").content.decode()


def test_a_new_code_is_shown_with_the_line_to_type(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    form = {"label": "Suite", "profile": "pupil", "max_uses": "24", "days": "7"}
    answer = client.post("/join-codes/", form, follow=True)
    body = answer.content.decode()
    code = JoinCode.objects.get(label="Suite")
    assert (code.max_uses, code.expires_at) == (24, school.NOW + 7 * school.DAY)
    assert code.created_by == technician.id
    assert "caretaker-agent enrol --controller http://testserver --code CT1." in body


def test_a_code_that_makes_no_sense_is_refused_with_the_reason(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    for form in ({"days": "0"}, {"days": "9999"}, {"days": "7", "max_uses": "-1"}, {}):
        assert client.post("/join-codes/", form).status_code == 200
    assert JoinCode.objects.filter(site=place.site).count() == 1


def test_an_ended_code_is_shown_as_ended_and_its_computers_stay(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    client.post(f"/join-codes/{place.code.id}/end/")
    [row] = client.get("/join-codes/").context["rows"]
    assert row.state == "revoked"
    assert set(states(place).values()) == {"pending"}


def test_a_provider_with_two_schools_sees_each_queue_apart(
    place: Place, elsewhere: Place, signed_in: SignedIn
) -> None:
    user = school.make_person(place.site, Role.PROVIDER)
    school.add_role(user, elsewhere.site, Role.PROVIDER)
    client = signed_in(user)
    for at in (place, elsewhere):
        rows = client.get(f"/waiting/?school={at.site.id}").context["rows"]
        assert [row.id for row in rows] == [at.waiting.id]
    both = client.get("/computers/?school=all").context["page"]
    assert both.total == 2
