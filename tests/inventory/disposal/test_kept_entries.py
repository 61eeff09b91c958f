"""A drive lives on in an entry that is there and is that drive, or it only vanished (I3, I16)."""

import pytest

from inventory.assets import services as assets
from inventory.assets.errors import RegisterError
from inventory.disposal import services
from inventory.models import Asset
from inventory.places.services import create_site
from tests.inventory.disposal.journey import DISK, HEAD, KEEPER, NOW, TECHNICIAN, approved, by
from tests.inventory.disposal.stored import check

SERIAL = "WDWCC4E1111"


@pytest.fixture
def site(db: None) -> str:
    return create_site(name="Hill School", at=NOW)


@pytest.fixture
def disposal(site: str) -> str:
    laptop = assets.add(site, {"tag": "HS-1", "kind": "laptop"}, by=by(TECHNICIAN))
    return approved(site, laptop, DISK)


def entry(site: str, serial: str) -> str:
    said = {"tag": "D-1", "kind": "other", "serial": serial}
    return assets.add(site, said, by=by(TECHNICIAN))


def kept(site: str, disposal: str, where: str) -> None:
    services.retain(
        site, disposal, medium=SERIAL, entry=where, keeper=KEEPER, by=by(HEAD, 4), seen=4
    )


def test_it_is_kept_as_the_entry_with_its_serial_number(site: str, disposal: str) -> None:
    kept(site, disposal, entry(site, "WD-WCC4E1111"))
    assert check(disposal).media[SERIAL].state == "retained"


@pytest.mark.parametrize("serial", ["", "WD-WCC4E1112"])
def test_it_is_not_kept_as_just_any_entry(site: str, disposal: str, serial: str) -> None:
    with pytest.raises(RegisterError) as refused:
        kept(site, disposal, entry(site, serial))
    assert (refused.value.code, check(disposal).media[SERIAL].state) == (
        "other_serial",
        "untouched",
    )


@pytest.mark.parametrize("state", ["disposed", "merged", "withdrawn"])
def test_it_does_not_live_on_in_what_is_gone(site: str, disposal: str, state: str) -> None:
    where = entry(site, "WD-WCC4E1111")
    Asset.objects.filter(id=where).update(state=state)
    with pytest.raises(RegisterError) as refused:
        kept(site, disposal, where)
    assert refused.value.code == "entry_gone"


def test_a_missing_drive_is_in_another_entry_only_if_that_is_this_drive(
    site: str, disposal: str
) -> None:
    services.miss(site, disposal, medium=SERIAL, by=by(TECHNICIAN, 4), seen=4)
    (name,) = check(disposal).exceptions

    def settle(where: str) -> None:
        settled = services.Settled(
            exception=name, outcome="elsewhere", reason="Kept", entry=where, role="slt"
        )
        services.close_exception(site, disposal, settled, by=by(HEAD, 5), seen=5)

    other = assets.add(site, {"tag": "D-2", "kind": "other"}, by=by(TECHNICIAN))
    with pytest.raises(RegisterError) as refused:
        settle(other)
    assert refused.value.code == "other_serial"
    settle(entry(site, "WD-WCC4E1111"))
    assert check(disposal).media[SERIAL].state == "gone"
