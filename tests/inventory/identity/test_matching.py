"""Which register entry a computer is: never a guess, never somebody else's (O31)."""

from hypothesis import given
from hypothesis import strategies as st

from inventory.identity.matching import AMBIGUOUS, CLAIMED, Decision, Marks, decide
from inventory.marks import STRONG

SERIAL, OTHER = "5CD1234XYZ", "5CD9999ABC"


def test_nothing_alike_is_a_new_entry() -> None:
    assert decide({"serial": {SERIAL}}, {}, bound=set()) == Decision()


def test_the_same_serial_is_the_same_thing() -> None:
    found = decide({"serial": {SERIAL}}, {"asset_1": {"serial": {SERIAL}}}, bound=set())
    assert found == Decision("asset_1")


def test_two_candidates_wait_for_a_person() -> None:
    candidates: dict[str, Marks] = {
        "asset_1": {"serial": {SERIAL}},
        "asset_2": {"serial": {SERIAL}},
    }
    assert decide({"serial": {SERIAL}}, candidates, bound=set()).doubt == AMBIGUOUS


def test_marks_that_contradict_each_other_wait_for_a_person() -> None:
    mine: Marks = {"serial": {SERIAL}, "uuid": {"one"}}
    theirs: Marks = {"serial": {SERIAL}, "uuid": {"another"}}
    assert decide(mine, {"asset_1": theirs}, bound=set()).doubt == AMBIGUOUS


def test_a_mac_alone_proves_nothing_once_there_are_better_marks() -> None:
    mine: Marks = {"serial": {SERIAL}, "mac": {"3c:52"}}
    theirs: Marks = {"mac": {"3c:52"}}
    assert decide(mine, {"asset_1": theirs}, bound=set()).doubt == AMBIGUOUS


def test_macs_alone_match_where_nobody_has_better_and_all_are_there() -> None:
    assert decide({"mac": {"a", "b"}}, {"asset_1": {"mac": {"a"}}}, bound=set()) == Decision(
        "asset_1"
    )
    assert decide({"mac": {"a"}}, {"asset_1": {"mac": {"a", "b"}}}, bound=set()).doubt == AMBIGUOUS


def test_an_entry_with_a_live_key_is_never_given_away() -> None:
    found = decide({"serial": {SERIAL}}, {"asset_1": {"serial": {SERIAL}}}, bound={"asset_1"})
    assert found.doubt == CLAIMED


_MARKS = st.dictionaries(
    st.sampled_from(["serial", "uuid", "board_serial", "mac"]),
    st.sets(st.sampled_from(["a", "b", "c"]), min_size=1),
)


@given(_MARKS, st.dictionaries(st.sampled_from(["asset_1", "asset_2"]), _MARKS), st.booleans())
def test_whatever_the_marks_no_bound_entry_is_bound_again(
    mine: dict[str, set[str]], candidates: dict[str, dict[str, set[str]]], live: bool
) -> None:
    bound = set(candidates) if live else set()
    found = decide(mine, candidates, bound)
    assert found.asset_id not in bound
    assert not (found.asset_id and found.doubt)
    proven = {
        name
        for name, theirs in candidates.items()
        if any(mine.get(kind, set()) & theirs.get(kind, set()) for kind in STRONG)
    }
    assert found.asset_id is None or proven <= {found.asset_id}
