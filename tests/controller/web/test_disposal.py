"""The pages of disposals: each step by its form, and what is said where it cannot be."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from controller import clock
from controller.fleet.models import Device
from controller.people.models import User
from controller.people.roles import Role
from inventory.models import Asset, Disposal, DisposalEvidence, DisposalNote
from tests.controller.disposal.walking import DRIVE, SERIAL, Walk, entry
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.controller.web.test_leaving import SSD, hardware, hold

LOG = (Path(__file__).parents[1] / "disposal" / "nwipe-8mb.log").read_bytes()
"""Recorded: Debian’s nwipe on a loop device of 8 MB, in the evening of the tests’ Sunday."""
EVENING = school.NOW + 17 * 3_600


@pytest.fixture
def manager(place: Place) -> User:
    return school.make_person(place.site, Role.BUSINESS_MANAGER)


@pytest.fixture
def walk(place: Place) -> Walk:
    return Walk(entry(place.site))


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def until_approved(walk: Walk, hands: Client, office: Client, **drive: Any) -> None:
    walk.start(hands)
    walk.inspect(hands, {**DRIVE, **drive})
    walk.request(hands)
    assert walk.approve(office).status_code == 302


def test_a_laptop_goes_from_withdrawn_to_ready_by_its_pages(
    walk: Walk, technician: User, slt: User, manager: User, signed_in: SignedIn
) -> None:
    hands, office, other = signed_in(technician), signed_in(slt), signed_in(manager)
    until_approved(walk, hands, office)
    clock.use(lambda: EVENING)
    assert walk.wipe(hands, LOG).status_code == 302, text(walk.wipe(hands, LOG))
    assert walk.read_back(other).status_code == 302
    assert walk.accept(office).status_code == 302
    assert walk.row.state == "ready"
    body = text(hands.get(walk.path))
    for said in (
        "Ready to go",
        "Put it on a collection",
        "Whole and signed",
        "Yes, and we can show",
    ):
        assert said in body
    assert Asset.objects.get(id=walk.asset).state == "retired"


def test_a_refused_report_shows_its_claims_and_the_line_that_says_why(
    walk: Walk, technician: User, slt: User, signed_in: SignedIn
) -> None:
    hands = signed_in(technician)
    until_approved(walk, hands, signed_in(slt))
    clock.use(lambda: EVENING)
    aborted = LOG.replace(b"| Erased |", b"|UABORTED|")
    answer = walk.wipe(hands, aborted)
    assert answer.status_code == 422
    assert "UABORTED" in text(answer)
    assert "aborted" in text(answer)
    assert walk.row.state == "approved"
    # What was sent is kept all the same: it is evidence of what was tried.
    assert DisposalEvidence.objects.filter(kind="wipe_log").count() == 1


def test_a_report_that_speaks_against_a_wipe_is_not_taken_beside_what_is_typed(
    walk: Walk, technician: User, slt: User, signed_in: SignedIn
) -> None:
    hands = signed_in(technician)
    until_approved(walk, hands, signed_in(slt))
    clock.use(lambda: EVENING)
    typed = {
        "way": "hand",
        "technique": "overwrite",
        "tool": "nwipe",
        "tool_version": "0.34",
        "hidden": "yes",
        "reason": "The page would not take the report",
    }

    def sends(log: bytes) -> Any:
        file = SimpleUploadedFile("nwipe.log", log)
        return walk.sends(hands, f"drives/{SERIAL}/sanitise", evidence=file, **typed)

    aborted = sends(LOG.replace(b"| Erased |", b"|UABORTED|"))
    assert aborted.status_code == 422
    assert "UABORTED" in text(aborted)
    assert "another drive" in text(sends(LOG.replace(b"WD-WXM1A7654321", b"WD-WXM1A7654322")))
    assert walk.row.state == "approved"
    assert sends(b"Wiped, and watched while it ran.\n").status_code == 302


def test_what_somebody_else_did_meanwhile_is_shown_and_nothing_typed_is_lost(
    walk: Walk, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    walk.start(client)
    walk.inspect(client, DRIVE)
    told = {"route": "donate", "value": "12.50", "licences_checked": "on", "seq": 1}
    answer = client.post(f"{walk.path}request/", {**told, "reason": "For the village hall"})
    assert answer.status_code == 422
    assert "Somebody else was faster" in text(answer)
    assert "Opened and looked into" in text(answer)
    assert "For the village hall" in text(answer)
    assert answer.context["form"]["seq"].value() == 2
    assert walk.row.state == "withdrawn"


def test_nobody_approves_drives_they_did_not_see(
    walk: Walk, technician: User, slt: User, signed_in: SignedIn
) -> None:
    hands, office = signed_in(technician), signed_in(slt)
    walk.start(hands)
    walk.inspect(hands, DRIVE)
    walk.request(hands)
    answer = walk.approve(office, frozen="S5STNF0R999999")
    assert answer.status_code == 422
    assert answer.context["refused"].code == "set_changed"
    assert walk.row.state == "requested"


def test_several_are_shown_drive_by_drive_before_one_yes_approves_them(
    place: Place, technician: User, slt: User, signed_in: SignedIn
) -> None:
    hands, office = signed_in(technician), signed_in(slt)
    walks = [Walk(entry(place.site, tag=f"DX-{n}")) for n in range(2)]
    for n, one in enumerate(walks):
        one.start(hands)
        one.inspect(hands, {**DRIVE, "serial": f"WD-AAAAAA{n}"})
        one.request(hands)
    ticked = [f"{one.row.id}:{one.row.seq}" for one in walks]
    url = "/register/disposal/approve/"
    shown = office.post(url, {"one": ticked})
    assert "WD-AAAAAA0" in text(shown)
    assert "WD-AAAAAA1" in text(shown)
    assert {one.row.state for one in walks} == {"requested"}
    office.post(url, {"one": ticked, "sure": "yes", "comment": "seen"})
    assert {one.row.state for one in walks} == {"approved"}
    assert set(DisposalNote.objects.values_list("text", flat=True)) == {"seen"}


def test_a_file_comes_back_byte_for_byte_and_can_only_be_saved(
    walk: Walk, technician: User, slt: User, stranger: User, signed_in: SignedIn
) -> None:
    hands = signed_in(technician)
    until_approved(walk, hands, signed_in(slt))
    clock.use(lambda: EVENING)
    walk.wipe(hands, LOG)
    kept = DisposalEvidence.objects.get()
    answer = hands.get(f"{walk.path}files/{kept.id}/")
    assert answer.content == LOG
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert signed_in(stranger).get(f"{walk.path}files/{kept.id}/").status_code == 404


def test_a_changed_line_of_the_record_is_said_on_the_page(
    walk: Walk, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    walk.start(client)
    walk.inspect(client, DRIVE)
    line = walk.row.events.get(seq=1)
    changed = bytes(line.body).replace(b"mending", b"keeping")
    walk.row.events.filter(seq=1).update(body=changed)
    body = text(client.get(walk.path))
    assert "Does not hold together" in body
    assert "Line 1: This step is not what it was" in body


def test_the_board_asks_as_many_questions_for_many_as_for_one(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/register/disposal/")
        return len(seen)

    def enter(n: int) -> None:
        one = Walk(entry(place.site, tag=f"DX-{n}"))
        one.start(client)
        one.inspect(client, {**DRIVE, "serial": f"WD-AAAAAA{n}"})

    enter(0)
    asked()
    for_one = asked()
    for n in range(1, 5):
        enter(n)
    asked()  # what was said of the last step is shown, and kept no more
    assert asked() == for_one


def test_bad_input_is_one_sentence_and_hostile_words_are_harmless(
    walk: Walk, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    assert "Say why" in text(walk.start(client, reason=" "))
    assert walk.start(client, reason="<script>\u202e" + "x" * 480).status_code == 302
    body = client.get(walk.path).content.decode()
    assert "<script>x" not in body
    assert "\u202e" not in body
    for serial in ("0123456789", "??????", "12345"):
        answer = walk.inspect(client, {**DRIVE, "serial": serial})
        assert "tells no two drives apart" in text(answer)
    assert "whole bytes" in text(walk.inspect(client, {**DRIVE, "size": "big"}))
    assert "Write pounds" in text(walk.request(client, value="a lot"))
    assert client.get("/register/disposal/?q=%00&days=x&route=x").status_code == 200


def test_a_thing_is_taken_out_of_use_once(
    walk: Walk, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    walk.start(client)
    answer = client.get(f"/register/disposal/start/{walk.asset}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, walk.path)
    assert Disposal.objects.count() == 1


def test_a_stop_blocks_everything_until_somebody_else_ends_it(
    walk: Walk, technician: User, slt: User, manager: User, signed_in: SignedIn
) -> None:
    hands, office = signed_in(technician), signed_in(slt)
    until_approved(walk, hands, office)
    told = {"kind": "safeguarding", "reason": "The lead asked"}
    assert walk.sends(office, "hold", **told).status_code == 302
    body = text(hands.get(walk.path))
    assert "Stopped today for a safeguarding matter" in body
    assert "Nothing may be wiped, destroyed or leave" in body
    clock.use(lambda: EVENING)
    assert walk.wipe(hands, LOG).status_code == 422
    hold = {"hold": _hold_of(walk), "reason": "settled"}
    assert walk.sends(hands, "release_hold", **hold).status_code == 403
    assert walk.sends(signed_in(manager), "release_hold", **hold).status_code == 302
    assert walk.wipe(hands, LOG).status_code == 302


def test_whoever_leads_safeguarding_stops_a_disposal_and_ends_the_stop_by_page(
    walk: Walk, place: Place, technician: User, signed_in: SignedIn
) -> None:
    lead = signed_in(school.make_person(place.site, Role.DSL))
    walk.start(signed_in(technician))
    assert f"{walk.path}hold/" in text(lead.get(walk.path))
    told = {"kind": "safeguarding", "reason": "It is needed as evidence"}
    assert walk.sends(signed_in(technician), "hold", **told).status_code == 403
    assert walk.sends(lead, "hold", **told).status_code == 302
    hold = {"hold": _hold_of(walk), "reason": "settled"}
    assert walk.sends(lead, "release_hold", **hold).status_code == 302
    assert walk.sends(lead, "hand_over").status_code == 403


def _hold_of(walk: Walk) -> str:
    line = walk.row.events.get(type="held")
    return str(json.loads(bytes(line.body))["hold"])


def test_what_is_given_away_ends_with_the_recipients_receipt(
    place: Place, technician: User, slt: User, signed_in: SignedIn
) -> None:
    hands, office = signed_in(technician), signed_in(slt)
    walk = Walk(entry(place.site, name="Hall projector"))
    walk.start(hands)
    walk.inspect(hands, none_confirmed="on")
    walk.request(hands, route="donate")
    walk.approve(office)
    assert "Hand it over" in text(office.get(walk.path))
    paper = hands.get(f"{walk.path}hand-over-receipt/")
    assert paper.content.startswith(b"%PDF-")
    assert "receipt-DX-0042.pdf" in paper.headers["Content-Disposition"]
    assert "Print the receipt to be signed" in text(hands.get(walk.path))
    assert "receipt" in text(walk.sends(office, "hand_over"))
    file = SimpleUploadedFile("receipt.txt", b"Received with thanks, the village hall.\n")
    assert "neither asked for this" in text(walk.sends(office, "hand_over", evidence=file))
    assert walk.row.state == "ready"
    file.seek(0)
    assert walk.sends(office, "hand_over", evidence=file, outsider="on").status_code == 302
    assert b'"outsider":true' in bytes(walk.row.events.get(type="handed_over").body)
    assert "They neither asked for this nor approved it" in text(office.get(walk.path))
    assert walk.row.state == "donated"
    assert Asset.objects.get(id=walk.asset).state == "disposed"
    assert "Given away" in text(hands.get(walk.path))


def test_a_drive_that_was_reported_is_ticked_or_said_to_be_missing(
    place: Place, walk: Walk, signed_in: SignedIn
) -> None:
    client = signed_in(school.make_person(place.site, Role.TECHNICIAN))
    walk.start(client)
    Device.objects.filter(id=place.device.id).update(asset_id=walk.asset, last_seen_at=school.NOW)
    hold(place.device, hardware([SSD]))
    page = text(client.get(f"{walk.path}inspect/"))
    assert "The computer reported it on" in page
    own = {"serial": "WD-WCC4E1111", "kind": "hdd_ata"}
    none = {"none_confirmed": "on"}
    assert "Its computer reported the drive WDWCC4E1111 on" in text(
        walk.inspect(client, own, **none)
    )
    both = {**own, "there": "on", "missing": "on"}
    assert "not both" in text(walk.inspect(client, both))
    assert walk.row.media.count() == 0
    walk.inspect(client, {**own, "missing": "on"}, **none)
    assert walk.row.media.get().state == "missing"
    assert walk.row.n_exceptions == 1
