"""What computers told of their drives before they leave, and their keys after that (I3, I15)."""

import hashlib
import zlib
from typing import Final

import msgspec
import pytest

from checks.encryption.facts import EncryptionFacts, State, Volume
from checks.facts import Facts, encode_section
from checks.hardware.facts import Disk, HardwareFacts
from checks.unseen import Maybe, Unseen
from controller.disposal.reported import reported
from controller.fleet.models import Device, Held, PastVerdict, Section, Verdict
from inventory.assets import services as assets
from inventory.disposal import services
from inventory.disposal.media import propose
from inventory.models import WatchedMark
from tests.controller.web import school
from tests.controller.web.conftest import Place
from tests.inventory.disposal import journey

DAY: Final = school.DAY
NOW: Final = school.NOW
SINCE: Final = NOW - 9 * DAY
SSD: Final = Disk("sda", "WD-WCC4E1111", None, "WD", "Blue", 5 * 10**11, True, "sata", False)
STICK: Final = Disk("sdb", None, None, None, "Stick", 10**9, False, "usb", True)


def hold(device: Device, facts: Facts, *, since: int = SINCE) -> None:
    """A section as a computer sends it."""
    plain = encode_section(facts)
    digest = "sha256:" + hashlib.sha256(plain).hexdigest()
    section, _ = Section.objects.get_or_create(
        site_id=device.site_id, digest=digest, defaults={"body": zlib.compress(plain)}
    )
    Held.objects.filter(device=device, name=facts.section).delete()
    Held.objects.create(
        site_id=device.site_id,
        device=device,
        name=facts.section,
        schema=facts.schema,
        digest=digest,
        section=section,
        report_seq=1,
        since=since,
    )


def hardware(disks: Maybe[list[Disk]]) -> HardwareFacts:
    names = {field.name for field in msgspec.structs.fields(HardwareFacts)}
    unseen = dict.fromkeys(names - {"disks", "refused"}, Unseen("denied"))
    return HardwareFacts(disks=disks, refused=[], **unseen)


def passes(device: Device, since: int) -> None:
    said = {"status": "pass", "severity": "critical", "says": "encrypted"}
    Verdict.objects.filter(device=device, check_id="disk-encrypted").delete()
    Verdict.objects.create(
        site_id=device.site_id, device=device, check_id="disk-encrypted", since=since, **said
    )


@pytest.fixture
def laptop(place: Place) -> str:
    made = assets.add(place.site.id, {"tag": "HS-1", "kind": "laptop"}, by=journey.by("user_1"))
    Device.objects.filter(id=place.device.id).update(asset_id=made, last_seen_at=NOW - DAY)
    return made


def test_drives_that_stay_in_it_are_told_and_what_was_plugged_in_is_not(
    place: Place, laptop: str
) -> None:
    hold(place.device, hardware([SSD, STICK]))
    told = reported([place.site.id], [laptop])[laptop]
    assert (told.heard_at, told.encryption) == (NOW - DAY, "unknown")
    found = propose(told, NOW)
    assert [(one.key, one.kind) for one in found.media] == [("WDWCC4E1111", "hdd_ata")]


def test_what_could_not_be_seen_is_not_nothing(place: Place, laptop: str) -> None:
    hold(place.device, hardware(Unseen("denied")))
    assert reported([place.site.id], [laptop])[laptop].disks is None
    Held.objects.update(schema=1)
    Section.objects.update(body=b"damaged")
    assert reported([place.site.id], [laptop])[laptop].disks is None


@pytest.mark.parametrize(
    ("states", "told"),
    [
        (["on"], "on"),
        (["on", "on"], "on"),
        (["on", "off"], "partial"),
        (["on", "open"], "partial"),
        (["converting"], "partial"),
        (["off", "open"], "off"),
        ([], "unknown"),
        (["on", None], "unknown"),
    ],
)
def test_encryption_is_what_all_its_volumes_say(
    place: Place, laptop: str, states: list[State | None], told: str
) -> None:
    hold(place.device, hardware([SSD]))
    volumes = [Volume("system", one or Unseen("denied")) for one in states]
    hold(place.device, EncryptionFacts(volumes))
    assert reported([place.site.id], [laptop])[laptop].encryption == told


@pytest.mark.parametrize(
    ("before", "parts", "since"),
    [
        ([], NOW - 9 * DAY, NOW - 3 * DAY),
        ([(NOW - 8 * DAY, NOW - 3 * DAY)], NOW - 9 * DAY, NOW - 8 * DAY),
        # A gap in which somebody may have written what was not encrypted.
        ([(NOW - 8 * DAY, NOW - 4 * DAY)], NOW - 9 * DAY, NOW - 3 * DAY),
        # The same parts are known since yesterday only: the drive may be another.
        ([], NOW - DAY, NOW - DAY),
    ],
)
def test_encrypted_since_is_the_unbroken_run_of_looks_that_passed(
    place: Place, laptop: str, before: list[tuple[int, int]], parts: int, since: int
) -> None:
    device = place.device
    hold(device, hardware([SSD]), since=parts)
    hold(device, EncryptionFacts([Volume("system", "on")]))
    passes(device, NOW - 3 * DAY)
    for begun, until in before:
        PastVerdict.objects.create(
            site_id=device.site_id,
            device=device,
            check_id="disk-encrypted",
            since=begun,
            until=until,
            status="pass",
            severity="critical",
            says="encrypted",
        )
    assert reported([place.site.id], [laptop])[laptop].encrypted_since == since


def test_what_was_collected_may_not_report_any_more_and_is_watched_with_its_drives(
    place: Place, laptop: str
) -> None:
    one = journey.ready(place.site.id, laptop)
    assert Device.objects.get(id=place.device.id).state == "active"
    journey.drives_away(place.site.id, one)
    device = Device.objects.get(id=place.device.id)
    assert (device.state, device.asset_id) == ("revoked", laptop)
    watched = set(WatchedMark.objects.filter(asset=laptop).values_list("kind", "value"))
    assert {("entry", laptop), ("drive", "WDWCC4E1111")} <= watched


def test_what_is_taken_back_into_use_keeps_its_key(place: Place, laptop: str) -> None:
    one = journey.withdrawn(place.site.id, laptop, journey.DISK)
    services.reinstate(place.site.id, one, reason="Needed", by=journey.by("user_1", 1), seen=1)
    assert Device.objects.get(id=place.device.id).state == "active"


def test_another_schools_computers_are_not_read(place: Place, laptop: str) -> None:
    hold(place.device, hardware([SSD]))
    assert reported(["site_other"], [laptop]) == {}
