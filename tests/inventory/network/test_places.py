"""Where a thing hangs: the port that leads nowhere else, with the fewest addresses."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.network.places import Place, Seen, judge, place


@pytest.mark.parametrize(
    ("macs", "neighbours", "uplink", "leads_to"),
    [
        (0, [], False, ""),
        (5, [], False, ""),
        (6, [], True, "many"),
        (1, [["bridge"]], True, "bridge"),
        (1, [["bridge", "router"]], True, "router"),
        (40, [["bridge", "access-point"]], False, "access-point"),
        (1, [["station"], ["phone"]], False, ""),
        (1, [["phone"], ["bridge"]], True, "bridge"),
        (5, None, None, ""),
        (6, None, True, "many"),
    ],
)
def test_a_port_leads_on_by_its_neighbour_or_by_how_many_hang_there(
    macs: int, neighbours: Sequence[Sequence[str]] | None, uplink: bool | None, leads_to: str
) -> None:
    found = judge(Seen(macs, neighbours))
    assert (found.uplink, found.leads_to) == (uplink, leads_to)


def at(device: str, macs: int, uplink: bool | None = False, leads_to: str = "") -> Place:
    return Place(device, 1, macs, uplink, leads_to)


def test_the_place_is_the_port_with_the_fewest_that_leads_nowhere() -> None:
    assert place([]) is None
    assert place([at("a", 1, True), at("b", 40, True)]) is None
    ports = [at("core", 1, True), at("hall", 3), at("room", 2)]
    assert place(ports) == at("room", 2)


def test_a_port_that_could_not_be_told_is_a_place_only_where_there_is_no_better() -> None:
    assert place([at("a", 1, None), at("b", 4)]) == at("b", 4)
    assert place([at("a", 1, None), at("b", 4, True)]) == at("a", 1, None)


def test_what_hangs_off_the_air_has_the_access_points_port_for_its_place() -> None:
    radio = at("room", 30, False, "access-point")
    assert place([radio, at("core", 50, True)]) == radio
    assert place([radio, at("hall", 4)]) == at("hall", 4)


@given(
    st.lists(
        st.builds(at, st.sampled_from("abcd"), st.integers(0, 9), st.sampled_from([True, False])),
        max_size=6,
    )
)
def test_the_order_decides_nothing(ports: list[Place]) -> None:
    assert place(ports) == place(reversed(ports))
