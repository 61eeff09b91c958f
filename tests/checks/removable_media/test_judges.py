"""Removable media at the edges: which sockets count, what approval is, how far a log goes back."""

import datetime

import msgspec
import pytest

from checks.judging import Moment
from checks.removable_media.facts import (
    Autorun,
    Driver,
    RemovableMediaFacts,
    RemovableMediaNow,
    UsbGuard,
    Volume,
)
from checks.removable_media.judges import SeenSettings, autorun, storage_control, storage_seen
from checks.unseen import BlindError, Unseen

HOUR = 3_600
SEEN = 1_795_336_200
MOMENT = Moment.at(SEEN, datetime.date(2026, 11, 22))
SETTINGS = SeenSettings(approved=[], otherwise="refuse", look_back_seconds=36 * HOUR)
DENIED = Unseen("denied")

OFF = {
    name: Driver(name, "module", "install", False)  # type: ignore[arg-type]  # names of the four
    for name in ("usb_storage", "uas", "mmc_block", "sr_mod")
}
GUARD = UsbGuard(True, "block", "block", 1, 0)
STICK = Volume("aaaaaaaaaaaaaaa1", "usb-storage", "0781:5581", "SanDisk Ultra", True, 1, None, SEEN)
MICROBIT = msgspec.structs.replace(STICK, id="b", usb="0d28:0204", name="micro:bit")
PHONE = msgspec.structs.replace(STICK, id="c", kind="phone", usb="18d1:4ee1", name="Pixel")


def media(**changes: object) -> RemovableMediaFacts:
    """A machine with USB on which everything is off, and changes to it."""
    off = RemovableMediaFacts(
        kinds=["usb-storage", "phone"],
        drivers=list(OFF.values()),
        usb_default="allow",
        usbguard=[],
        udev=None,
        phone_programs=False,
        autorun=[],
    )
    return msgspec.structs.replace(off, **changes)


def drivers(**changes: Driver) -> list[Driver]:
    return list({**OFF, **changes}.values())


def now(**changes: object) -> RemovableMediaNow:
    quiet = RemovableMediaNow(
        attached=[], logged=[], log_since=SEEN - 90 * HOUR, watching_since=SEEN - 900 * HOUR
    )
    return msgspec.structs.replace(quiet, **changes)


def test_both_storage_drivers_must_be_off_not_one() -> None:
    assert storage_control(media()).status == "pass"
    for name in ("usb_storage", "uas"):
        half = drivers(**{name: msgspec.structs.replace(OFF[name], blocked="no")})
        assert storage_control(media(drivers=half)).says == "sticks-open"


@pytest.mark.parametrize(
    ("driver", "status", "says"),
    [
        (Driver("usb_storage", "module", "install", False), "pass", "blocked"),
        (Driver("usb_storage", "module", "refused", False), "pass", "blocked"),
        (Driver("usb_storage", "absent", "no", False), "pass", "blocked"),
        (Driver("usb_storage", "module", "blacklist", False), "warn", "by-hand"),
        (Driver("usb_storage", "module", "install", True), "fail", "still-loaded"),
        (Driver("usb_storage", "builtin", "install", True), "fail", "sticks-open"),
        (Driver("usb_storage", "module", "no", False), "fail", "sticks-open"),
    ],
)
def test_a_driver_that_is_built_in_loaded_or_only_blacklisted_is_not_off(
    driver: Driver, status: str, says: str
) -> None:
    finding = storage_control(media(drivers=drivers(usb_storage=driver)))
    assert (finding.status, finding.says) == (status, says)


def test_usbguard_counts_only_while_it_runs() -> None:
    open_drivers = drivers(usb_storage=Driver("usb_storage", "module", "no", True))
    guarded = media(drivers=open_drivers, usbguard=[GUARD])
    assert storage_control(guarded).says == "approved-only"
    stopped = msgspec.structs.replace(GUARD, running=False)
    assert storage_control(media(drivers=open_drivers, usbguard=[stopped])).status == "fail"
    hidden = msgspec.structs.replace(GUARD, running=DENIED)
    with pytest.raises(BlindError):
        storage_control(media(drivers=open_drivers, usbguard=[hidden]))


def test_usbguard_that_lets_strangers_or_whole_models_in_does_not_pass() -> None:
    open_drivers = drivers(usb_storage=Driver("usb_storage", "module", "no", True))
    lets_in = msgspec.structs.replace(GUARD, stick="allow")
    models = msgspec.structs.replace(GUARD, models=2)
    assert storage_control(media(drivers=open_drivers, usbguard=[lets_in])).status == "fail"
    assert storage_control(media(drivers=open_drivers, usbguard=[models])).status == "warn"


def test_phones_cards_and_discs_count_where_there_is_a_way_in() -> None:
    assert storage_control(media(phone_programs=True)).says == "phones-open"
    card = drivers(mmc_block=Driver("mmc_block", "module", "no", True))
    assert storage_control(media(drivers=card)).status == "pass", "no card slot here"
    assert storage_control(media(kinds=["usb-storage", "sd"], drivers=card)).says == "cards-open"
    disc = drivers(sr_mod=Driver("sr_mod", "builtin", "no", True))
    assert storage_control(media(kinds=["optical"], drivers=disc)).says == "discs-open"
    assert storage_control(media(kinds=[])).status == "not-applicable"


def test_the_kernels_own_switch_blocks_and_internal_only_does_not() -> None:
    open_drivers = drivers(usb_storage=Driver("usb_storage", "module", "no", True))
    assert storage_control(media(drivers=open_drivers, usb_default="block")).status == "pass"
    assert storage_control(media(drivers=open_drivers, usb_default="internal")).status == "fail"


def test_a_stick_kept_from_the_desktop_is_a_warning() -> None:
    open_drivers = drivers(usb_storage=Driver("usb_storage", "module", "no", True))
    assert storage_control(media(drivers=open_drivers, udev="hidden")).says == "hidden"
    assert storage_control(media(drivers=open_drivers, udev="blocked")).status == "pass"


@pytest.mark.parametrize("fact", ["kinds", "drivers", "usb_default", "usbguard", "udev"])
def test_control_is_unknown_when_what_decides_it_could_not_be_seen(fact: str) -> None:
    with pytest.raises(BlindError):
        storage_control(media(**{fact: DENIED}))


def test_a_stick_that_nobody_approved_fails_while_it_is_plugged_in() -> None:
    finding = storage_seen(now(attached=[STICK]), SETTINGS, MOMENT)
    assert (finding.status, finding.args["name"]) == ("fail", "SanDisk Ultra")


@pytest.mark.parametrize("pattern", [STICK.id, "aaaa*", "*"])
def test_an_approved_id_passes_as_a_glob(pattern: str) -> None:
    approving = msgspec.structs.replace(SETTINGS, approved=["zzz", pattern])
    finding = storage_seen(now(attached=[STICK]), approving, MOMENT)
    assert (finding.status, finding.says) == ("pass", "approved")


def test_classroom_equipment_is_told_apart_and_is_no_finding() -> None:
    finding = storage_seen(now(attached=[MICROBIT]), SETTINGS, MOMENT)
    assert (finding.status, finding.says) == ("pass", "classroom")
    assert storage_seen(now(attached=[MICROBIT, STICK]), SETTINGS, MOMENT).status == "fail"


def test_a_phone_is_a_warning() -> None:
    assert storage_seen(now(attached=[PHONE]), SETTINGS, MOMENT).status == "warn"


@pytest.mark.parametrize(
    ("hours", "status"), [(0, "fail"), (36, "fail"), (36.001, "pass"), (80, "pass")]
)
def test_use_counts_for_as_long_as_a_report_does(hours: float, status: str) -> None:
    used = msgspec.structs.replace(STICK, last_at=SEEN - int(hours * HOUR + 0.5))
    assert storage_seen(now(logged=[used]), SETTINGS, MOMENT).status == status


def test_use_before_the_first_report_is_background() -> None:
    used = msgspec.structs.replace(STICK, last_at=SEEN - 5 * HOUR)
    enrolled = now(logged=[used], watching_since=SEEN - 4 * HOUR)
    assert storage_seen(enrolled, SETTINGS, MOMENT).status == "pass"
    never = now(logged=[used], watching_since=None)
    assert storage_seen(never, SETTINGS, MOMENT).says == "none-now"


def test_a_log_that_does_not_reach_back_far_enough_is_unknown_not_a_pass() -> None:
    start = SEEN - 36 * HOUR
    assert storage_seen(now(log_since=start), SETTINGS, MOMENT).status == "pass"
    with pytest.raises(BlindError) as blind:
        storage_seen(now(log_since=start + 1), SETTINGS, MOMENT)
    assert blind.value.says == "log-too-short"
    recent = now(log_since=SEEN - HOUR, watching_since=SEEN - HOUR)
    assert storage_seen(recent, SETTINGS, MOMENT).status == "pass", "it watched no longer than that"


def test_a_stick_in_sight_fails_even_when_the_log_is_out_of_sight() -> None:
    blind = now(attached=[STICK], logged=DENIED, log_since=DENIED, watching_since=DENIED)
    assert storage_seen(blind, SETTINGS, MOMENT).status == "fail"


@pytest.mark.parametrize("fact", ["attached", "logged", "log_since", "watching_since"])
def test_seen_is_unknown_when_what_it_needs_could_not_be_seen(fact: str) -> None:
    with pytest.raises(BlindError):
        storage_seen(now(**{fact: DENIED}), SETTINGS, MOMENT)


def test_one_desktop_that_offers_to_start_programs_decides_for_the_computer() -> None:
    never = Autorun("u", "gnome", starts=False, changeable=False)
    loose = Autorun("u", "xfce", starts=False, changeable=True)
    offers = Autorun("v", "mate", starts=True, changeable=True)
    assert autorun(media(autorun=[never])).status == "pass"
    assert autorun(media(autorun=[never, loose])).status == "warn"
    finding = autorun(media(autorun=[never, loose, offers]))
    assert (finding.status, finding.args) == ("fail", {"desktop": "MATE"})
    assert autorun(media(autorun=[])).status == "not-applicable"
    with pytest.raises(BlindError):
        autorun(media(autorun=[never, Autorun("w", "other", DENIED, DENIED)]))
