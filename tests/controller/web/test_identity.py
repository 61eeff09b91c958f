"""One computer or two, and computers that are alive though taken out of service: said in plain
words, cured with one click, and nobody is accused.
"""

import io
import zipfile

from controller.fleet.models import Device, Fork
from controller.people.models import User
from controller.people.roles import Role
from inventory.ledger.models import Event
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn

ACCUSING = ("thief", "stolen", "attack", "fraud", "illegal", "hack", "fake")


def waits(place: Place) -> None:
    Device.objects.filter(id=place.device.id).update(n_forks=1, fork_since=school.NOW)
    Fork.objects.create(
        site=place.site,
        device=place.device,
        seq=4,
        digest="sha256:" + "0" * 64,
        envelope=b"",
        same_hardware=False,
        answer="fork",
        received_at=school.NOW,
    )


def test_a_fork_is_said_without_accusing_anyone(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    waits(place)
    for path in (f"/computers/{place.device.id}/", "/waiting/"):
        body = signed_in(technician).get(path).content.decode()
        assert "wo computers are using one identity, or one was set back" in body
        assert not [word for word in ACCUSING if word in body.lower()]


def test_one_click_says_which_and_the_page_says_what_follows(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    waits(place)
    client, path = signed_in(technician), f"/computers/{place.device.id}/fork/"
    body = client.post(path, {"said": "two"}, follow=True).content.decode()
    assert "Somebody said that they are two computers" in body
    device = Device.objects.get(id=place.device.id)
    assert (device.fork_cure, device.fork_since) == ("two", None)
    event = Event.objects.get(verb="device.fork_said")
    assert event.actor == technician.id
    body = client.post(path, {"said": "one"}, follow=True).content.decode()
    assert "Nothing waits for you here any more" in body


def test_another_word_than_one_or_two_changes_nothing(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    waits(place)
    path = f"/computers/{place.device.id}/fork/"
    body = signed_in(technician).post(path, {"said": "three"}, follow=True).content.decode()
    assert "one computer or two" in body
    assert Device.objects.get(id=place.device.id).fork_since == school.NOW


def test_who_may_only_read_sees_the_fork_and_no_button(place: Place, signed_in: SignedIn) -> None:
    waits(place)
    leader = school.make_person(place.site, Role.SLT)
    body = signed_in(leader).get(f"/computers/{place.device.id}/").content.decode()
    assert "two computers" not in body
    assert "Two computers are using one identity" in body
    assert 'name="said"' not in body


def test_a_withdrawn_computer_that_reports_is_said_until_somebody_knows_why(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    Device.objects.filter(id=place.device.id).update(
        state="revoked", n_sighted=3, sighted_at=school.NOW
    )
    client = signed_in(technician)
    for path in ("/", f"/computers/{place.device.id}/", "/waiting/"):
        assert "it is alive" in client.get(path).content.decode()
    path = f"/computers/{place.device.id}/known/"
    client.post(path, {"reason": "Being wiped in the office"})
    for page in (f"/computers/{place.device.id}/", "/waiting/"):
        assert "it is alive" not in client.get(page).content.decode()
    assert Event.objects.filter(verb="device.sighting_known").count() == 1


def test_marks_of_a_withdrawn_computer_are_possible_and_no_alarm(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    marks = {"serial": ["PF2K9QXA"]}
    Device.objects.filter(id=place.device.id).update(state="revoked", factors=marks)
    Device.objects.filter(id=place.waiting.id).update(factors=marks)
    body = signed_in(technician).get("/waiting/").content.decode()
    assert "possible, so check" in body
    assert "it is alive" not in body


def test_the_proof_is_a_file_with_its_instructions(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    answer = signed_in(technician).get(f"/computers/{place.device.id}/proof.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {"README.txt", "device.pem"} <= set(archive.namelist())
        assert "openssl pkeyutl" in archive.read("README.txt").decode()
