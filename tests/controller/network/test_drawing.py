"""The network map's boxes and lines."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from controller.network import drawing
from controller.network.drawing import Cable, Thing, drawn

ROUTER = Thing("r", "Router", "router")
CORE = Thing("c", "Core", "switch")
ONE = Thing("s1", "Cupboard 1", "switch")
TWO = Thing("s2", "Cupboard 2", "switch")
POINT = Thing("a", "Hall", "access-point")
ALONE = Thing("p", "Printer", "printer")
CABLES = [
    Cable("c", "r", "24"),
    Cable("r", "c", "lan1"),
    Cable("c", "s1", "1"),
    Cable("s2", "c", "48"),
    Cable("s1", "a", "5"),
]


def test_the_router_is_first_and_each_stands_below_what_it_hangs_off() -> None:
    made = drawn([POINT, ALONE, TWO, ONE, CORE, ROUTER], CABLES)
    assert [box.thing.id for box in made.boxes] == ["r", "c", "s1", "a", "s2", "p"]
    assert [box.x for box in made.boxes] == [
        drawing.MARGIN + drawing.INDENT * depth for depth in (0, 1, 2, 3, 2, 0)
    ]
    # The port is that of the upper end; the other end's is not ours to draw there.
    assert [line.port for line in made.lines] == ["lan1", "1", "5", ""]
    assert made.apart is not None
    assert made.boxes[-2].y < made.apart < made.boxes[-1].y


def test_a_ring_is_cut_far_from_the_router_and_said() -> None:
    made = drawn([ROUTER, CORE, ONE, TWO], [*CABLES[:4], Cable("s1", "s2", "9")])
    rings = {box.thing.id: box.rings for box in made.boxes}
    assert rings == {"r": (), "c": (), "s1": ("Cupboard 2",), "s2": ("Cupboard 1",)}
    assert len(made.lines) == 3


def test_a_cable_to_itself_or_to_nobody_is_none() -> None:
    made = drawn([CORE], [Cable("c", "c"), Cable("c", "gone"), Cable("gone", "c")])
    assert (len(made.boxes), made.lines, made.apart) == (1, (), None)


def test_no_device_is_no_map() -> None:
    made = drawn([], [])
    assert (made.boxes, made.lines) == ((), ())


def test_a_long_name_is_cut_and_a_short_one_is_not() -> None:
    long, short = Thing("l", "x" * 31, "switch"), Thing("s", "y" * 30, "switch")
    text = {box.thing.id: box.text for box in drawn([long, short], []).boxes}
    assert text == {"l": "x" * 29 + "…", "s": "y" * 30}


IDS = st.integers(0, 11).map(str)


@given(
    st.lists(IDS, unique=True, max_size=12),
    st.lists(st.builds(Cable, IDS, IDS, st.text(max_size=3)), max_size=30),
)
def test_every_device_stands_once_and_no_two_boxes_meet(
    ids: list[str], cables: list[Cable]
) -> None:
    things = [Thing(one, one, "switch") for one in ids]
    made = drawn(things, cables)
    assert sorted(box.thing.id for box in made.boxes) == sorted(ids)
    tops = sorted(box.y for box in made.boxes)
    assert all(low - high >= drawing.BOX_HEIGHT for high, low in itertools.pairwise(tops))
    assert all(box.x + drawing.BOX_WIDTH <= made.width for box in made.boxes)
    assert all(box.y + drawing.BOX_HEIGHT <= made.height for box in made.boxes)
    # A tree: one line for every box that is not a root, and the order they came in changes nothing.
    roots = sum(1 for box in made.boxes if box.x == drawing.MARGIN)
    assert len(made.lines) == len(made.boxes) - roots
    assert drawn(things[::-1], cables).boxes == made.boxes
