"""A drive that failed once has failed, wherever it turns up again (I6)."""

from typing import Any

import pytest

from inventory.assets import services as assets
from inventory.disposal import services
from inventory.disposal.values import FoundMedium
from inventory.places.services import create_site
from tests.inventory.disposal.journey import (
    DISK,
    HEAD,
    KEEPER,
    NOW,
    TECHNICIAN,
    approved,
    by,
    withdrawn,
)
from tests.inventory.disposal.stored import check

SERIAL = "WDWCC4E1111"
DRIVE = FoundMedium(serial=SERIAL, kind="hdd_ata", size_bytes=5 * 10**11)


@pytest.fixture
def site(db: None) -> str:
    return create_site(name="Hill School", at=NOW)


@pytest.fixture
def other(site: str) -> str:
    """Another laptop's disposal. The drive failed in a first one, and was kept as an entry."""
    laptop = assets.add(site, {"tag": "HS-1", "kind": "laptop"}, by=by(TECHNICIAN))
    kept = assets.add(
        site, {"tag": "D-1", "kind": "other", "serial": "WD-WCC4E1111"}, by=by(TECHNICIAN)
    )
    one = approved(site, laptop, DISK)
    services.fail(site, one, medium=SERIAL, reason="It clicks", by=by(TECHNICIAN, 4), seen=4)
    services.retain(site, one, medium=SERIAL, entry=kept, keeper=KEEPER, by=by(HEAD, 5), seen=5)
    second = assets.add(site, {"tag": "HS-2", "kind": "laptop"}, by=by(TECHNICIAN))
    return withdrawn(site, second)


def failed(disposal: str) -> Any:
    return check(disposal).media[SERIAL].failed


def test_it_is_known_where_a_computer_reports_it(site: str, other: str) -> None:
    third = assets.add(site, {"tag": "HS-3", "kind": "laptop"}, by=by(TECHNICIAN))
    assert failed(withdrawn(site, third, DISK))


def test_it_is_known_where_somebody_finds_it_inside(site: str, other: str) -> None:
    services.inspect(site, other, media=[DRIVE], by=by(TECHNICIAN, 6), seen=1)
    assert failed(other)


def test_it_is_known_where_it_turns_up_later(site: str, other: str) -> None:
    services.appear(site, other, medium=DRIVE, by=by(TECHNICIAN, 6), seen=1)
    assert failed(other)


def test_another_school_and_another_drive_have_not_failed(site: str, other: str) -> None:
    elsewhere = create_site(name="Dale School", at=NOW)
    laptop = assets.add(elsewhere, {"tag": "DS-1", "kind": "laptop"}, by=by(TECHNICIAN))
    assert not failed(withdrawn(elsewhere, laptop, DISK))
    sound = FoundMedium(serial="WDWCC4E1112", kind="hdd_ata")
    services.appear(site, other, medium=sound, by=by(TECHNICIAN, 6), seen=1)
    assert not check(other).media["WDWCC4E1112"].failed
