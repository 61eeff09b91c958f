"""What a thing looks like: never more than it says, and never an Xbox by its maker."""

import pytest

from checks.surveys.lan import Heard
from inventory.network.addresses import of_one, on_wire, vendor_of
from inventory.network.likely import guess


def heard(vendor_class: str = "", model: str = "", services: tuple[str, ...] = ()) -> Heard:
    return Heard(
        "00:04:1f:00:00:01", [], ["dhcp"], vendor_class, [], services=list(services), model=model
    )


@pytest.mark.parametrize(
    ("one", "vendor", "likely", "sure"),
    [
        (heard("PS5"), "", "games-console", "high"),
        (heard("PS4"), "", "games-console", "high"),
        (heard("MSFT 5.0 XBOX"), "Microsoft", "games-console", "high"),
        (heard("MSFT 5.0"), "Microsoft Corporation", "", ""),
        (heard(model="Xbox One"), "Microsoft", "games-console", "high"),
        (heard(), "Sony Interactive Entertainment Inc.", "games-console", "medium"),
        (heard(), "Nintendo Co.,Ltd", "games-console", "medium"),
        (heard(), "Sony Corporation", "", ""),
        (heard(), "LexBox", "", ""),
        (heard("PS5000 printer"), "", "", ""),
        (heard(services=("_ipp._tcp",)), "Brother", "printer", "medium"),
        (heard(services=("urn:dial-multiscreen-org:service:dial:1",)), "", "casting-box", "medium"),
    ],
)
def test_what_it_looks_like(one: Heard, vendor: str, likely: str, sure: str) -> None:
    found = guess(one, vendor)
    assert (found.likely, found.sure) == (likely, sure)
    assert bool(found.because) == bool(likely)


@pytest.mark.parametrize(
    ("text", "wire", "one"),
    [
        ("00-1B-17-00-00-01", "00:1b:17:00:00:01", "00:1b:17:00:00:01"),
        ("02:1b:17:00:00:01", "", ""),
        ("01:00:5e:00:00:fb", "", ""),
        ("00:00:00:00:00:00", "", ""),
        ("00:00:5e:00:01:0a", "00:00:5e:00:01:0a", ""),
        ("00:00:0c:07:ac:01", "00:00:0c:07:ac:01", ""),
        ("not one", "", ""),
    ],
)
def test_which_addresses_say_anything(text: str, wire: str, one: str) -> None:
    assert (on_wire(text), of_one(text)) == (wire, one)


def test_the_maker_is_as_ieee_has_it() -> None:
    assert vendor_of("00:04:1f:00:00:01").startswith("Sony Interactive")
    assert vendor_of("98:b6:e9:00:00:01").startswith("Nintendo")
    assert vendor_of("fe:ed:00:00:00:01") == ""
