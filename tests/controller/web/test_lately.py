"""What the newest reports say of a computer beside its results: that it left, what a look costs it,
that its clock is wrong."""

import secrets

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from controller.fleet import packed
from controller.fleet.models import Device, Report, Verdict
from controller.people.models import User
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from wire import dsse, itself, report

HOUR = 3_600
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
COST = itself.say(itself.Cost(cpu_ms=412, wall_ms=2_210, peak_mb=41))


def reported(place: Place, at: int, off: int = 0, now: tuple[report.NowSection, ...] = ()) -> None:
    """A report that came `at`, by a clock that is `off`; rows as intake leaves them."""
    seq = 1 + Report.objects.filter(device=place.device).count()
    made = report.Report(
        device=place.device.id,
        agent="0.1.0",
        seq=seq,
        prev="" if seq == 1 else dsse.digest(b""),
        boot="",
        uptime_seconds=60,
        created_at=at + off,
        nonce=secrets.token_hex(16),
        echo="",
        binding="",
        content=dsse.digest(b""),
        now=list(now),
    )
    parsed = dsse.parse(report.sign_report(made, KEY))
    Report.objects.create(
        site=place.site,
        device=place.device,
        seq=seq,
        digest=dsse.digest(b""),
        received_at=at,
        created_at=at + off,
        envelope=packed.pack(parsed),
        content_digest="",
    )


def page(place: Place, user: User, signed_in: SignedIn, path: str = "") -> str:
    answer = signed_in(user).get(path or f"/computers/{place.device.id}/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_what_a_look_costs_stands_on_the_page(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    assert "A look costs it" not in page(place, technician, signed_in)
    reported(place, school.NOW - HOUR, now=(COST,))
    assert "0.4 s of its processor and 41 MB, done in 2.2 s" in page(place, technician, signed_in)


def test_a_wrong_clock_is_said_with_its_hours_and_the_way_out(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    reported(place, school.NOW - 5 * HOUR, 26 * HOUR)
    assert "clock is wrong" not in page(place, technician, signed_in)
    reported(place, school.NOW - HOUR, 26 * HOUR)
    body = page(place, technician, signed_in)
    assert "Its clock is wrong:</strong> at least 1 day 2 hours ahead" in body
    assert "battery is flat" in body


def test_numbers_that_nobody_can_mean_break_no_page(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    most = 2**53 - 1
    cost = itself.Cost(cpu_ms=most, wall_ms=most, peak_mb=most)
    for hour in (5, 1):
        reported(place, school.NOW - hour * HOUR, 250_000_000_000, (itself.say(cost),))
    assert "Its clock is wrong" in page(place, technician, signed_in)


def test_a_computer_that_was_taken_off_is_not_one_that_is_silent(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    gone = {"left_at": school.NOW - HOUR, "last_seen_at": school.NOW - HOUR}
    Device.objects.filter(id=place.device.id).update(**gone, left_how="uninstalled")
    body = page(place, technician, signed_in)
    assert "Caretaker was taken off it" in body
    assert "Not heard from since" not in body
    assert "#circle-check" not in body
    Device.objects.filter(id=place.device.id).update(left_how="sealed")
    assert "Made ready to be copied" in page(place, technician, signed_in)
    listed = page(place, technician, signed_in, "/computers/?state=left")
    assert "FRONT-DESK" in listed
    assert "Taken off" in listed
    assert "FRONT-DESK" not in page(place, technician, signed_in, "/computers/?state=silent")
    assert "1 had Caretaker taken off" in page(place, technician, signed_in, "/")


def test_results_of_a_computer_that_left_are_looked_for_as_not_checked(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    """The area page counts them there, so its link has to find them."""
    Verdict.objects.create(
        site=place.site,
        device=place.device,
        check_id="lock-idle-timeout",
        status="pass",
        severity="high",
        says="locks",
        args={"seconds": 600},
        since=school.NOW,
    )
    Device.objects.filter(id=place.device.id).update(left_at=school.NOW - HOUR)
    for state, found in (("unchecked", True), ("order", False), ("left", False)):
        path = f"/computers/?area=locking&state={state}"
        assert ("FRONT-DESK" in page(place, technician, signed_in, path)) is found
