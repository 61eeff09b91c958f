"""What a scan of a stick is worth: for which stick, since when, and never more than it said."""

import datetime

import msgspec
import pytest

from checks.judging import Moment
from checks.media_scans import MediaScan
from checks.removable_media import arrivals
from checks.removable_media.facts import RemovableMediaNow, Volume
from checks.removable_media.judges import SeenSettings, storage_seen
from checks.unseen import BlindError, Unseen

HOUR = 3_600
SEEN = 1_795_336_200
MOMENT = Moment.at(SEEN, datetime.date(2026, 11, 22))
REFUSE = SeenSettings(approved=[], otherwise="refuse", look_back_seconds=36 * HOUR)
SCAN = msgspec.structs.replace(REFUSE, otherwise="scan")
DENIED = Unseen("denied")
PLUGGED_IN = SEEN - 2 * HOUR
STICK = Volume(
    *("aaaaaaaaaaaaaaa1", "usb-storage", "0781:5581", "SanDisk Ultra", True, 1, PLUGGED_IN, SEEN)
)
CLEAN = MediaScan(STICK.id, True, "clamav", PLUGGED_IN, PLUGGED_IN + 60, "clean", 12, 0, 0)


def now(*scans: MediaScan, **changes: object) -> RemovableMediaNow:
    quiet = RemovableMediaNow(
        attached=[STICK],
        logged=[],
        log_since=SEEN - 90 * HOUR,
        watching_since=SEEN - 900 * HOUR,
        scans=[*scans],
    )
    return msgspec.structs.replace(quiet, **changes)


def but(**changes: object) -> MediaScan:
    return msgspec.structs.replace(CLEAN, **changes)


def test_a_school_that_asks_for_a_scan_lets_a_scanned_stick_in() -> None:
    finding = storage_seen(now(CLEAN), SCAN, MOMENT)
    assert (finding.status, finding.says, finding.args) == ("pass", "scanned", {"count": 1})


def test_a_school_that_asks_for_approval_is_not_content_with_a_scan() -> None:
    assert storage_seen(now(CLEAN), REFUSE, MOMENT).says == "attached-one"


@pytest.mark.parametrize(
    "scan",
    [
        but(medium="aaaaaaaaaaaaaaa2"),
        but(medium=""),
        but(whole=False),
        but(outcome="stopped"),
        but(outcome="timeout"),
        but(outcome="error"),
        but(began_at=PLUGGED_IN - 1),
    ],
    ids=["another-stick", "some-stick", "a-folder", "stopped", "timeout", "error", "before"],
)
def test_a_scan_that_does_not_speak_for_this_stick_since_it_is_here_lets_nothing_in(
    scan: MediaScan,
) -> None:
    assert storage_seen(now(scan), SCAN, MOMENT).says == "attached-one"


def test_a_file_nobody_looked_into_is_told() -> None:
    assert storage_seen(now(but(skipped=1)), SCAN, MOMENT).status == "warn"
    assert storage_seen(now(but(skipped=1), CLEAN), SCAN, MOMENT).says == "scanned"


def test_two_sticks_of_a_model_without_numbers_cannot_be_told_apart() -> None:
    alike = msgspec.structs.replace(STICK, serial=False)
    assert storage_seen(now(CLEAN, attached=[alike]), SCAN, MOMENT).says == "attached-one"


def test_when_it_was_plugged_in_must_be_known() -> None:
    undated = msgspec.structs.replace(STICK, first_at=None)
    # The log has no word of it: it was plugged in before the log begins.
    assert storage_seen(now(CLEAN, attached=[undated]), SCAN, MOMENT).says == "scanned"
    late = now(CLEAN, attached=[undated], log_since=PLUGGED_IN + 1)
    assert storage_seen(late, SCAN, MOMENT).says == "attached-one"
    for changes in ({"logged": DENIED}, {"log_since": DENIED}):
        with pytest.raises(BlindError, match="denied"):
            storage_seen(now(CLEAN, attached=[undated], **changes), SCAN, MOMENT)


def test_a_stick_that_is_gone_again_counts_by_its_own_time() -> None:
    for began, says in ((PLUGGED_IN, "scanned"), (PLUGGED_IN - 1, "was-attached-one")):
        gone = now(but(began_at=began), attached=[], logged=[STICK])
        assert storage_seen(gone, SCAN, MOMENT).says == says


@pytest.mark.parametrize("settings", [REFUSE, SCAN], ids=["refuse", "scan"])
@pytest.mark.parametrize("attached", [[STICK], [], DENIED], ids=["in", "out", "unseen"])
def test_what_was_found_is_critical_whatever_else_is_known(
    settings: SeenSettings, attached: object
) -> None:
    bad = but(outcome="found", threats=2, whole=False, medium="")
    finding = storage_seen(now(CLEAN, bad, attached=attached), settings, MOMENT)
    assert (finding.status, finding.severity, finding.says) == ("fail", "critical", "harmful")


def test_scans_that_nobody_could_read_are_never_a_pass() -> None:
    for settings in (REFUSE, SCAN):
        with pytest.raises(BlindError, match="denied"):
            storage_seen(now(attached=[], scans=DENIED), settings, MOMENT)
    assert storage_seen(now(scans=DENIED), REFUSE, MOMENT).says == "attached-one"
    with pytest.raises(BlindError, match="denied"):
        storage_seen(now(scans=DENIED), SCAN, MOMENT)


def test_where_nothing_remembers_scans_the_rest_still_counts() -> None:
    nobody = Unseen("unsupported")
    assert storage_seen(now(attached=[], scans=nobody), REFUSE, MOMENT).says == "none"
    with pytest.raises(BlindError, match="unsupported"):
        storage_seen(now(scans=nobody), SCAN, MOMENT)


def test_the_newest_arrival_in_the_log_dates_what_is_attached() -> None:
    undated = msgspec.structs.replace(STICK, first_at=None)
    earlier = msgspec.structs.replace(STICK, first_at=PLUGGED_IN - HOUR)
    other = msgspec.structs.replace(STICK, id="b", first_at=SEEN)
    assert arrivals.dated([undated], [STICK, earlier, other]) == [STICK]
    assert arrivals.dated([undated], [other]) == [undated]
    assert arrivals.dated(DENIED, [STICK]) == DENIED


def test_a_computer_without_sockets_still_tells_what_it_scanned() -> None:
    assert arrivals.none_ever([], [])
    assert arrivals.none_ever([], Unseen("unsupported"))
    assert not arrivals.none_ever([], [CLEAN])
    assert not arrivals.none_ever([], DENIED)
    assert not arrivals.none_ever(["sd"], [])
    assert not arrivals.none_ever(DENIED, [])
