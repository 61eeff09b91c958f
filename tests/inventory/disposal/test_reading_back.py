"""A computer's signed reading closes the wipe of its drive, by the technician who wiped it (S6)."""

from typing import Any

import msgspec
import pytest

from checks.media_wipes import Survivor
from inventory.assets import services as assets
from inventory.assets.errors import RegisterError, StaleError
from inventory.disposal import services
from inventory.disposal.reading_back import Told, attach
from inventory.models import DisposalEvidence
from inventory.places.services import create_site
from tests.checks.read_back import WIPE
from tests.inventory.disposal.journey import (
    DISK,
    HEAD,
    NOW,
    TECHNICIAN,
    approved,
    by,
    file,
    wiped,
)
from tests.inventory.disposal.stored import check

SERIAL = "WDWCC4E1111"
ENVELOPE = b'{"payload":"","payloadType":"application/vnd.caretaker.report.v1+json"}'


@pytest.fixture
def site(db: None) -> str:
    return create_site(name="Hill School", at=NOW)


@pytest.fixture
def disposal(site: str) -> str:
    """Its one drive is wiped, 30 seconds before minute 5."""
    laptop = assets.add(site, {"tag": "HS-1", "kind": "laptop"}, by=by(TECHNICIAN))
    file(site)
    one = approved(site, laptop, DISK)
    services.sanitise(site, one, wiped("WD-WCC4E1111", 5), by=by(TECHNICIAN, 5), seen=4)
    return one


def told(**changes: Any) -> Told:
    said = {
        "serial": "WD-WCC4E1111",
        "wwn": "",
        "size_bytes": DISK.size_bytes,
        "read_bytes": DISK.size_bytes,
        "began_at": NOW + 60 * 6,
        "ended_at": NOW + 60 * 66,
    }
    wipe = msgspec.structs.replace(WIPE, **(said | changes))
    return Told(wipe=wipe, device="dev_bench", envelope=ENVELOPE, received_at=NOW + 60 * 67)


def attached(site: str, disposal: str, one: Told, **how: Any) -> Any:
    fields: dict[str, Any] = {
        "medium": "wd-wcc4e1111",
        "by": by(TECHNICIAN, 70),
        "seen": 5,
        "every": (),
    }
    return attach(site, disposal, one, **(fields | how))


def test_two_people_and_a_machine_close_a_wipe(site: str, disposal: str) -> None:
    attached(site, disposal, told())
    medium = check(disposal).media[SERIAL]
    assert medium.check is not None
    assert (medium.check.verifier, medium.check.method) == ("machine:dev_bench", "full")
    (kept,) = DisposalEvidence.objects.filter(kind="reading")
    assert (kept.source, kept.media_type, kept.size) == ("device", "application/json", 71)
    services.validate(site, disposal, medium=SERIAL, decision="approved", by=by(HEAD, 80), seen=6)
    assert check(disposal).state == "ready"


def test_what_survived_is_written_down_against_the_wipe(site: str, disposal: str) -> None:
    attached(site, disposal, told(outcome="survived", survivors=[Survivor(0, 512, "ntfs")]))
    now = check(disposal)
    assert now.media[SERIAL].check is None
    with pytest.raises(RegisterError):
        services.validate(
            site, disposal, medium=SERIAL, decision="approved", by=by(HEAD, 80), seen=6
        )


@pytest.mark.parametrize("outcome", ["survived", "failed"])
def test_an_older_clean_reading_is_not_chosen_over_a_newer_one_that_is_not(
    site: str, disposal: str, outcome: str
) -> None:
    before, clean = check(disposal), told()
    later = msgspec.structs.replace(clean.wipe, outcome=outcome, ended_at=clean.wipe.ended_at + 1)
    with pytest.raises(RegisterError) as refused:
        attached(site, disposal, clean, every=[clean.wipe, later])
    assert refused.value.code == "newer_reading"
    assert check(disposal) == before
    older = msgspec.structs.replace(later, ended_at=clean.wipe.ended_at)
    other = msgspec.structs.replace(later, serial="WD-WCC4E1112")
    attached(site, disposal, clean, every=[clean.wipe, older, other])
    medium = check(disposal).media[SERIAL]
    assert medium.check is not None


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("wrong_serial", {"serial": "WD-WCC4E1112"}),
        ("too_early", {"began_at": NOW + 60}),
        ("wrong_size", {"size_bytes": 1 << 30, "read_bytes": 1 << 30}),
        ("not_whole", {"read_bytes": 1}),
        ("serial_typed", {"serial": "", "typed_serial": "WD-WCC4E1111"}),
    ],
)
def test_what_proves_nothing_changes_nothing(
    site: str, disposal: str, code: str, changes: dict[str, Any]
) -> None:
    before = check(disposal)
    with pytest.raises(RegisterError) as refused:
        attached(site, disposal, told(**changes))
    assert refused.value.code == code
    assert check(disposal) == before
    assert not DisposalEvidence.objects.filter(kind="reading").exists()


def test_what_somebody_else_compared_counts_as_compared(site: str, disposal: str) -> None:
    typed = told(serial="", typed_serial="WD-WCC4E1111")
    with pytest.raises(RegisterError) as refused:
        attached(site, disposal, typed, confirmed=True)
    assert (refused.value.code, "ask somebody else" in refused.value.sentence) == (
        "same_verifier",
        True,
    )
    attached(site, disposal, typed, confirmed=True, by=by(HEAD, 70))
    medium = check(disposal).media[SERIAL]
    assert medium.check is not None
    assert medium.check.verifier == "machine:dev_bench"


def test_nobody_confirms_another_drive(site: str, disposal: str) -> None:
    with pytest.raises(RegisterError) as refused:
        attached(site, disposal, told(serial="WD-WCC4E1112"), confirmed=True)
    assert refused.value.code == "wrong_serial"


def test_another_schools_disposal_and_another_drive_are_not_there(site: str, disposal: str) -> None:
    elsewhere = create_site(name="Dale School", at=NOW)
    with pytest.raises(RegisterError) as refused:
        attached(elsewhere, disposal, told())
    assert refused.value.code == "not_found"
    with pytest.raises(RegisterError) as refused:
        attached(site, disposal, told(), medium="ZA4DWX9Q")
    assert refused.value.code == "not_in_set"


def test_who_has_not_seen_the_last_step_is_told_so(site: str, disposal: str) -> None:
    with pytest.raises(StaleError):
        attached(site, disposal, told(), seen=4)
