"""What was seen again: where people see it, what it says, how it is answered (I11, O35)."""

import io
import subprocess
import zipfile
from pathlib import Path

import pytest
from django.db import transaction

from controller.fleet import packed
from controller.fleet.models import Device
from controller.people.models import User
from controller.people.roles import Role
from inventory.assets import services as assets
from inventory.assets.writing import By
from inventory.ghosts import services
from inventory.ghosts.rule import Doubt
from inventory.ghosts.services import Proof, Sighting
from inventory.models import Asset, GhostAlarm
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.controller.web.doors.ghosts import an_alarm
from wire import dsse, keys, types

PATH = "/register/disposal/seen/"


def signed(place: Place, doubt: Doubt = "", state: str = "stolen") -> str:
    """Its own key signed a report."""
    by = By("system", school.NOW - school.DAY)
    asset = assets.add(place.site.id, {"name": "Y4-07", "tag": "WB-7", "kind": "laptop"}, by=by)
    assets.move(place.site.id, [asset], state, by=by)  # type: ignore[arg-type]  # one of them
    key = keys.generate()
    envelope = dsse.sign(b"{}", types.REPORT, key)
    Device.objects.filter(id=place.device.id).update(
        asset_id=asset, public_key=keys.public_bytes(key)
    )
    hit = services.entry_hit(place.site.id, asset)
    assert hit is not None
    proof = Proof(9, dsse.digest(envelope), packed.pack(dsse.parse(envelope)))
    seen = Sighting(hit, "key", place.device.id, school.NOW - 60, proof, not doubt, doubt)
    with transaction.atomic():
        return services.saw(place.site.id, seen)


def test_it_stands_on_the_overview_in_the_tabs_on_its_entry_and_in_the_list(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, alarm = signed_in(technician), signed(place)
    asset = GhostAlarm.objects.get().asset_id
    for path in ("/", "/register/contractors/", PATH, f"/register/{asset}/"):
        body = client.get(path).content.decode()
        assert PATH in body, path
    page = client.get(PATH).context["rows"]
    assert [(row.id, row.sure, row.name) for row in page] == [(alarm, True, "Y4-07")]
    assert "1 thing that is gone was seen again" in client.get("/").content.decode()


def test_nothing_is_said_of_it_where_nothing_was_seen(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    assert place.site.name in client.get(PATH).content.decode()
    assert "Nothing that is gone was seen." in client.get(PATH).content.decode()
    assert "seen again" not in client.get("/").content.decode()


@pytest.mark.parametrize("doubt", ["weak", "fork", "moved", "later"])
def test_a_doubtful_signature_is_said_to_be_possible_and_blames_nobody(
    place: Place, technician: User, signed_in: SignedIn, doubt: Doubt
) -> None:
    alarm = signed(place, doubt)
    body = signed_in(technician).get(f"{PATH}{alarm}/").content.decode()
    assert "Possible, check" in body
    assert "Critical" not in body
    assert "police" not in body


def test_a_certain_one_says_what_to_do(place: Place, technician: User, signed_in: SignedIn) -> None:
    body = signed_in(technician).get(f"{PATH}{signed(place)}/").content.decode()
    assert "Critical: signed by its own key" in body
    assert "give the police the time and the proof" in body


def test_the_proof_is_checked_by_openssl_alone(
    place: Place, technician: User, signed_in: SignedIn, tmp_path: Path
) -> None:
    alarm = signed(place)
    reply = signed_in(technician).get(f"{PATH}{alarm}/proof/")
    with zipfile.ZipFile(io.BytesIO(reply.content)) as archive:
        archive.extractall(tmp_path)
    files = [tmp_path / name for name in ("device.pem", "seen.signed", "seen.sig")]
    checked = subprocess.run(
        [
            *("/usr/bin/openssl", "pkeyutl", "-verify", "-pubin", "-rawin"),
            *("-inkey", files[0], "-in", files[1], "-sigfile", files[2]),
        ],
        check=False,
        capture_output=True,
    )
    assert checked.returncode == 0, checked.stderr
    envelope = (tmp_path / "seen.dsse.json").read_bytes()
    assert dsse.digest(envelope) == GhostAlarm.objects.get().digest


def test_it_is_answered_with_a_reason_and_nothing_typed_is_lost(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, alarm = signed_in(technician), an_alarm(place)
    body = client.post(f"{PATH}{alarm}/answer/", {"reason": "x" * 301}).content.decode()
    assert "at most" in body
    assert "x" * 301 in body
    assert "Say what you found out" in (
        client.post(f"{PATH}{alarm}/answer/", {"reason": " "}).content.decode()
    )
    state = Asset.objects.get(id=GhostAlarm.objects.get().asset_id).state
    client.post(f"{PATH}{alarm}/answer/", {"reason": "<b>In the hall</b>"})
    assert client.get(PATH).context["rows"] == []
    body = client.get(f"{PATH}?state=answered").content.decode()
    assert "&lt;b&gt;In the hall&lt;/b&gt;" in body
    assert "Tariq Aziz" in body
    assert Asset.objects.get(id=GhostAlarm.objects.get().asset_id).state == state
    again = client.post(f"{PATH}{alarm}/answer/", {"reason": "Mine"}).content.decode()
    assert "Somebody else has answered this already." in again


def test_the_head_answers_too_and_an_auditor_only_reads(place: Place, signed_in: SignedIn) -> None:
    alarm = an_alarm(place)
    auditor = signed_in(school.make_person(place.site, Role.AUDITOR))
    assert 'name="reason"' not in auditor.get(f"{PATH}{alarm}/").content.decode()
    assert auditor.post(f"{PATH}{alarm}/answer/", {"reason": "x"}).status_code == 403
    head = signed_in(school.make_person(place.site, Role.SLT))
    assert head.post(f"{PATH}{alarm}/answer/", {"reason": "I know"}).status_code == 302


def test_hostile_strings_are_shown_as_text(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    by = By("system", school.NOW)
    asset = assets.add(place.site.id, {"serial": "GONE0001", "name": "<i>x"}, by=by)
    assets.move(place.site.id, [asset], "lost", by=by)
    how = "<script>alert(1)</script>\u202e"
    (alarm,) = services.sighted(place.site.id, {"serial": ["GONE0001"]}, school.NOW + 5, how)
    body = signed_in(technician).get(f"{PATH}{alarm}/").content.decode()
    assert "<script>alert" not in body
    assert "\u202e" not in body


def test_as_many_queries_for_forty_as_for_one(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(technician)
    counted = []
    for several in (1, 39):
        for _ in range(several):
            an_alarm(place)
        client.get(PATH)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(PATH).status_code == 200
        counted.append(len(captured))
    assert counted[0] == counted[1]
