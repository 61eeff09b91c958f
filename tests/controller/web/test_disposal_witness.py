"""A drive is destroyed by one person and confirmed by another, each by their own form (I2)."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from controller.people.models import User
from controller.people.roles import Role
from tests.controller.disposal.walking import SERIAL, Walk
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.controller.web.test_disposal import manager, text, until_approved, walk

__all__ = ["manager", "walk"]
FORM = f"drives/{SERIAL}/witness"


def destroys(walk: Walk, client: Client, witness: User) -> int:
    photo = SimpleUploadedFile("slip.txt", b"Shredded on the school's yard\n")
    said = {"method": "shred", "place": "on_site", "witness": witness.id, "particle_mm": "6"}
    path = f"drives/{SERIAL}/destroy"
    return int(walk.sends(client, path, evidence=photo, **said).status_code)


def confirms(walk: Walk, client: Client, saw: str = "yes", **said: object) -> int:
    number = walk.row.events.filter(type="destroyed").order_by("-seq").first()
    told = {"destruction": number.seq if number else 0, "saw": saw, **said}
    return int(walk.sends(client, FORM, **told).status_code)


def test_a_school_of_two_destroys_and_confirms(
    walk: Walk, technician: User, slt: User, signed_in: SignedIn
) -> None:
    hands, office = signed_in(technician), signed_in(slt)
    until_approved(walk, hands, office)
    assert "They sign in and say so themselves" in text(
        hands.get(f"{walk.path}drives/{SERIAL}/destroy/")
    )
    assert destroys(walk, hands, slt) == 302
    assert (walk.row.state, walk.row.n_media_left) == ("sanitising", 1)
    body = text(hands.get(walk.path))
    assert "Said to be destroyed, not confirmed" in body
    assert "Helen Marsh, named as the one who saw it" in body
    assert "Only the witness who was named" in body
    assert "Say whether you saw a drive destroyed" in text(office.get("/register/disposal/"))
    assert "1 disposal waits for you to say whether you saw a drive destroyed" in text(
        office.get("/")
    )
    asked = text(office.get(f"{walk.path}{FORM}/"))
    assert "Tariq Aziz recorded today" in asked
    assert "into pieces of 6 mm at most" in asked
    assert confirms(walk, office) == 302
    assert (walk.row.state, walk.row.n_media_left) == ("ready", 0)
    assert "waits for you to say" not in text(office.get("/"))


def test_one_person_alone_gets_nowhere(
    walk: Walk, technician: User, slt: User, manager: User, signed_in: SignedIn
) -> None:
    hands, office, other = signed_in(technician), signed_in(slt), signed_in(manager)
    until_approved(walk, hands, office)
    assert destroys(walk, hands, technician) == 422
    assert destroys(walk, hands, slt) == 302
    for client in (hands, other):
        assert confirms(walk, client) == 422
    assert walk.row.state == "sanitising"
    assert "waits for you to say" not in text(other.get("/"))


def test_a_witness_who_saw_nothing_says_why_and_what_they_typed_stays(
    walk: Walk, technician: User, slt: User, signed_in: SignedIn
) -> None:
    hands, office = signed_in(technician), signed_in(slt)
    until_approved(walk, hands, office)
    destroys(walk, hands, slt)
    answer = walk.sends(office, FORM, destruction=5, saw="no")
    assert answer.status_code == 422
    assert "Say what happened" in text(answer)
    assert re.search(r'value="no"[^>]* checked', answer.content.decode())
    assert confirms(walk, office, "no", reason="I was at lunch") == 302
    assert walk.row.media.get().state == "untouched"
    assert "did not see it destroyed" in text(hands.get(walk.path))


def test_a_destruction_recorded_again_meanwhile_is_not_the_one_that_was_seen(
    walk: Walk, technician: User, slt: User, signed_in: SignedIn
) -> None:
    hands, office = signed_in(technician), signed_in(slt)
    until_approved(walk, hands, office)
    destroys(walk, hands, slt)
    first = walk.row.seq
    destroys(walk, hands, slt)
    stale = office.post(f"{walk.path}{FORM}/", {"seq": first, "destruction": first, "saw": "yes"})
    assert (stale.status_code, "Somebody else was faster" in text(stale)) == (422, True)
    answer = walk.sends(office, FORM, destruction=first, saw="yes")
    assert answer.context["refused"].code == "not_this_destruction"
    assert confirms(walk, office) == 302


def test_only_those_who_could_say_so_are_offered_as_witnesses(
    place: Place, walk: Walk, technician: User, slt: User, signed_in: SignedIn
) -> None:
    hands = signed_in(technician)
    until_approved(walk, hands, signed_in(slt))
    able = school.make_person(place.site, Role.DSL)
    people = [school.make_person(place.site, one) for one in (Role.GOVERNOR, Role.AUDITOR)]
    page = hands.get(f"{walk.path}drives/{SERIAL}/destroy/").content.decode()
    assert f'value="{able.id}"' in page
    for one in (*people, technician):
        assert f'value="{one.id}"' not in page
    assert destroys(walk, hands, people[0]) == 422
    assert destroys(walk, hands, able) == 302
    assert confirms(walk, signed_in(able)) == 302
