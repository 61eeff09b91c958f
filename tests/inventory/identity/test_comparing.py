"""Two candidates side by side: what agrees, what differs, what one of them alone knows."""

from hypothesis import given
from hypothesis import strategies as st

from inventory.assets.fields import FIELDS
from inventory.identity.comparing import Comparison, FieldLine, MarkLine, Side, compare
from inventory.marks import KINDS

NOTHING = Side({}, {})
SWAP = {"only_first": "only_second", "only_second": "only_first"}


def test_each_field_says_whether_it_agrees_differs_or_is_known_on_one_side() -> None:
    paper = Side({"tag": "HS-1", "make": "hp", "model": "ProBook", "cost_pence": 0}, {})
    seen = Side({"tag": "", "make": "HP", "model": "EliteBook", "name": "Y4-1"}, {})
    assert compare(paper, seen).fields == (
        FieldLine("tag", "only_first", "HS-1", ""),
        FieldLine("name", "only_second", None, "Y4-1"),
        FieldLine("make", "agrees", "hp", "HP"),
        FieldLine("model", "differs", "ProBook", "EliteBook"),
        FieldLine("cost_pence", "only_first", 0, None),
    )


def test_a_serial_number_agrees_however_it_is_spelt() -> None:
    label, firmware = Side({"serial": "5cd-1214 xyz"}, {}), Side({"serial": "5CD1214XYZ"}, {})
    assert [line.how for line in compare(label, firmware).fields] == ["agrees"]


def test_two_placeholders_are_compared_as_they_are_written() -> None:
    dots, crosses = Side({"serial": "........."}, {}), Side({"serial": "XXXXXXXXXX"}, {})
    assert [line.how for line in compare(dots, crosses).fields] == ["differs"]


def test_marks_are_told_by_kind_with_those_both_have() -> None:
    old = Side({}, {"serial": {"S1"}, "uuid": {"old"}, "mac": {"m1", "m2"}})
    new = Side({}, {"serial": {"S1"}, "uuid": {"new"}, "mac": {"m2"}, "board_serial": {"B"}})
    assert compare(old, new).marks == (
        MarkLine("serial", "agrees", ("S1",), (), (), strong=True),
        MarkLine("uuid", "differs", (), ("old",), ("new",), strong=True),
        MarkLine("board_serial", "only_second", (), (), ("B",), strong=True),
        MarkLine("mac", "agrees", ("m2",), ("m1",), (), strong=False),
    )


_SIDES = st.builds(
    Side,
    st.dictionaries(st.sampled_from(list(FIELDS)), st.sampled_from(["", None, 0, "a", "A", "b"])),
    st.dictionaries(st.sampled_from(KINDS), st.sets(st.sampled_from("abc"))),
)


@given(_SIDES, _SIDES)
def test_swapping_the_sides_swaps_the_columns_and_nothing_else(one: Side, other: Side) -> None:
    there, back = compare(one, other), compare(other, one)
    assert [(f.name, f.first, f.second) for f in there.fields] == [
        (f.name, f.second, f.first) for f in back.fields
    ]
    assert [f.how for f in there.fields] == [SWAP.get(f.how, f.how) for f in back.fields]
    assert [(m.kind, m.both, m.first) for m in there.marks] == [
        (m.kind, m.both, m.second) for m in back.marks
    ]
    assert [m.how for m in there.marks] == [SWAP.get(m.how, m.how) for m in back.marks]


@given(_SIDES)
def test_whatever_is_known_agrees_with_itself_and_differs_from_nothing(side: Side) -> None:
    alike = compare(side, side)
    assert _hows(alike) <= {"agrees"}
    beside = compare(side, NOTHING)
    assert _hows(beside) <= {"only_first"}
    assert compare(NOTHING, NOTHING) == Comparison((), ())


def _hows(told: Comparison) -> set[str]:
    return {line.how for line in told.fields} | {line.how for line in told.marks}
