"""What happens to computers in schools, and which entry each is then (O31).

Each case is played twice: through `decide`, which is pure, and through `recognise` with a register.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.assets import services
from inventory.assets.writing import By
from inventory.identity import recognising
from inventory.identity.matching import AMBIGUOUS, CLAIMED, Decision, decide
from inventory.identity.merging import merge
from inventory.marks import KINDS, normalise
from inventory.models import Asset, AssetMark
from inventory.places.services import create_site

NOW: Final = 1_795_400_000
BY: Final = By("user_1", NOW)

pytestmark = pytest.mark.django_db

Factors = Mapping[str, Sequence[str]]


def machine(number: int, *macs: str, **other: str) -> dict[str, list[str]]:
    """What the laptop with this number says of itself; "" leaves something out."""
    says = {
        "serial": f"5CD12{number}4XYZ",
        "uuid": f"4c4c4544-0044-3010-805{number}-b4c04f4e3132",
        "board_serial": f"PWBXQ0{number}C6J",
        **other,
    }
    return {kind: [value] for kind, value in says.items() if value} | {
        "mac": [f"3c:52:82:0a:1b:0{number}", *macs]
    }


DOCK: Final = "a4:bb:6d:10:20:30"
MINE: Final = "entry_0"
NEW: Final = ""
ONLY_MAC: Final = {"serial": "", "uuid": "", "board_serial": ""}


class Case(msgspec.Struct, frozen=True):
    """`entries`: what stands in the register, the first of which is MINE; `live`: the numbers of
    those whose computer holds a key. `comes`: who asks. `then`: an entry, NEW or a doubt."""

    entries: Sequence[Factors]
    live: Sequence[int]
    comes: Factors
    then: str


CASES: Final[dict[str, Case]] = {
    # The same machine with a key of its own again; the old one is known to be gone.
    "one-machine-enrolled-again": Case([machine(1)], [], machine(1), MINE),
    # The old key lives: a copy, or a machine that was set up again and nobody said so.
    "enrolled-again-while-the-old-key-lives": Case([machine(1)], [0], machine(1), CLAIMED),
    "two-agents-on-one-machine": Case([machine(1)], [0], machine(1, DOCK), CLAIMED),
    # The engineer wrote the old serial number into the new board: one mark agrees, two do not.
    "new-board-with-the-old-serial": Case(
        [machine(1)], [], machine(2, serial="5CD1214XYZ"), AMBIGUOUS
    ),
    # Nobody wrote it: only the wireless card is the old one, and that might be in any machine.
    "new-board-without-a-serial": Case(
        [machine(1)], [], machine(2, "3c:52:82:0a:1b:01", serial="Default string"), AMBIGUOUS
    ),
    "new-board-with-a-serial-of-its-own": Case([machine(1)], [], machine(2), NEW),
    # The board that came out of one laptop works on in another one, under that one's serial.
    "old-board-in-another-laptop": Case(
        [machine(1), machine(2)], [0, 1], machine(1, serial="5CD1224XYZ"), AMBIGUOUS
    ),
    "old-board-in-an-unknown-laptop": Case(
        [machine(1)], [0], machine(1, serial="5CD1294XYZ"), CLAIMED
    ),
    # A disk does not tell: only the machine around it does.
    "moved-disk-enrolled-again": Case([machine(1), machine(2)], [0], machine(2), "entry_1"),
    "moved-disk-into-an-unknown-machine": Case([machine(1)], [0], machine(2), NEW),
    # Whoever stands at the dock shows its address; the machines are strangers all the same.
    "shared-dock": Case([machine(1, DOCK)], [0], machine(2, DOCK), NEW),
    "shared-dock-nobody-live": Case([machine(1, DOCK)], [], machine(2, DOCK), NEW),
    "dock-of-two-third-comes": Case(
        [machine(1, DOCK), machine(2, DOCK)], [0, 1], machine(3, DOCK), NEW
    ),
    "dock-of-two-first-comes-again": Case(
        [machine(1, DOCK), machine(2, DOCK)], [1], machine(1, DOCK), MINE
    ),
    "dock-of-a-machine-that-has-nothing-else": Case(
        [machine(1), machine(2, DOCK, **ONLY_MAC)], [], machine(1, DOCK), MINE
    ),
    "dock-and-a-stranger-without-a-serial": Case(
        [machine(1, DOCK)], [], machine(2, DOCK, **ONLY_MAC), AMBIGUOUS
    ),
    # An image does not carry marks of the machine; a copied virtual machine does.
    "cloned-image-on-its-own-machine": Case([machine(1)], [0], machine(2), NEW),
    "cloned-virtual-machine": Case(
        [machine(1)], [0], machine(2, serial="5CD1214XYZ", board_serial=""), CLAIMED
    ),
    "one-uuid-for-a-whole-delivery": Case(
        [machine(1)], [], machine(2, uuid="4c4c4544-0044-3010-8051-b4c04f4e3132"), AMBIGUOUS
    ),
    # On paper there is a serial number only, spelt as on the label.
    "paper-met-by-its-computer": Case([{"serial": ["5cd-1214 xyz"]}], [], machine(1), MINE),
    "paper-of-another-one": Case([{"serial": ["5CD1224XYZ"]}], [], machine(1), NEW),
    # Nobody can say which of the two is meant.
    "two-entries-share-a-serial": Case(
        [{"serial": ["5CD1214XYZ"]}, machine(1)], [], machine(1), AMBIGUOUS
    ),
    "two-entries-share-a-serial-one-is-live": Case(
        [{"serial": ["5CD1214XYZ"]}, machine(1)], [1], machine(1), AMBIGUOUS
    ),
    "marks-of-two-entries": Case(
        [machine(1), machine(2)], [], machine(1, uuid=machine(2)["uuid"][0]), AMBIGUOUS
    ),
} | {
    # What makers leave where a serial belongs makes nobody one (peers-inventory's three, and more).
    f"junk-{name}": Case(
        [{"serial": [junk], "mac": [one]}], [], {"serial": [junk], "mac": [two]}, NEW
    )
    for name, junk in {
        "dots": ".........",
        "crosses": "XXXXXXXXXX",
        "nought": "0",
        "to-be-filled": "To be filled by O.E.M",
        "counting": "1234567890",
        "space": " ",
    }.items()
    for one, two in [("3c:52:82:0a:1b:01", "3c:52:82:0a:1b:02")]
}
EACH: Final = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


def marks(factors: Factors) -> dict[str, set[str]]:
    known = {kind: {normalise(kind, v) for v in factors.get(kind, ())} - {""} for kind in KINDS}
    return {kind: values for kind, values in known.items() if values}


def looks(factors: Factors, name: str = "Y4-1") -> recognising.Looks:
    return recognising.Looks(name, "ProBook", "windows", factors, "HP")


def seen(site: str, factors: Factors, *bound: str, name: str = "Y4-1") -> recognising.Recognised:
    return recognising.recognise(site, looks(factors, name), bound=bound, actor="dev_1", at=NOW)


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


@EACH
def test_each_case_is_decided_as_it_should_be(case: Case) -> None:
    mine = marks(case.comes)
    entries = {f"entry_{n}": marks(entry) for n, entry in enumerate(case.entries)}
    near = {
        n: entry
        for n, entry in entries.items()
        if any(mine.get(k, set()) & v for k, v in entry.items())
    }
    doubt = case.then if case.then in (AMBIGUOUS, CLAIMED) else ""
    found = decide(mine, near, {f"entry_{n}" for n in case.live})
    assert found == Decision(None if doubt else case.then or None, doubt)


@EACH
def test_each_case_ends_with_the_right_entry_in_a_register(site: str, case: Case) -> None:
    ids = [_entry(site, factors) for factors in case.entries]
    found = seen(site, case.comes, *(ids[n] for n in case.live))
    if case.then in (AMBIGUOUS, CLAIMED):
        assert found == recognising.Recognised(None, case.then)
        assert Asset.objects.count() == len(ids)
    elif case.then == NEW:
        assert (found.created, found.asset_id in ids) == (True, False)
    else:
        assert found == recognising.Recognised(ids[int(case.then[-1])])


def _entry(site: str, factors: Factors) -> str:
    """An entry with these marks, whatever else there is."""
    made = services.add(site, {"kind": "laptop"}, by=BY)
    recognising.learn_marks(made, factors)
    return made


def test_a_rename_changes_the_name_and_nothing_else(site: str) -> None:
    first = seen(site, machine(1)).asset_id
    again = seen(site, machine(1), name="STAFF-07")
    assert again == recognising.Recognised(first)
    assert first is not None
    recognising.update_from_report(first, {"name": "STAFF-07"}, actor="dev_1", at=NOW)
    assert Asset.objects.get().name == "STAFF-07"


def test_two_machines_of_one_name_are_two(site: str) -> None:
    assert seen(site, machine(1)).asset_id != seen(site, machine(2)).asset_id


def test_what_was_typed_and_then_seen_is_known_by_what_was_seen(site: str) -> None:
    paper = services.add(site, {"serial": "5CD1214XYZ"}, by=BY)
    assert seen(site, machine(1)).asset_id == paper
    services.change(site, paper, {"serial": "5CD1214XYZ-typo"}, by=BY)
    found = AssetMark.objects.filter(asset=paper, kind="serial", entered=False)
    assert list(found.values_list("value", flat=True)) == ["5CD1214XYZ"]


def test_what_was_typed_by_mistake_recognises_nothing(site: str) -> None:
    batch = msgspec.structs.replace(BY, batch="batch_1")
    (wrong,) = services.add_many(site, [{"serial": "5CD1214XYZ"}], by=batch)
    services.undo(site, "batch_1", by=BY)
    found = seen(site, machine(1))
    assert found.created
    assert found.asset_id != wrong


def test_a_withdrawn_entry_with_a_live_key_is_still_not_given_away(site: str) -> None:
    entry = _entry(site, machine(1))
    services.withdraw(site, entry, by=BY)
    assert seen(site, machine(1), entry).doubt == CLAIMED


def test_a_live_key_is_kept_by_what_its_entry_was_merged_into(site: str) -> None:
    computer = seen(site, machine(1)).asset_id
    assert computer is not None
    paper, older_paper = (services.add(site, {"kind": "laptop"}, by=BY) for _ in range(2))
    merge(site, paper, computer, by=BY)
    merge(site, older_paper, paper, by=BY)
    assert seen(site, machine(1), computer).doubt == CLAIMED
    assert seen(site, machine(1)).asset_id == older_paper


_FACTORS = st.fixed_dictionaries(
    {},
    optional={
        "serial": st.sampled_from([["5CD1214XYZ"], ["5CD1224XYZ"], ["........."]]),
        "uuid": st.sampled_from([machine(1)["uuid"], machine(2)["uuid"]]),
        "board_serial": st.sampled_from([["PWBXQ01C6J"], ["PWBXQ02C6J"]]),
        "mac": st.lists(st.sampled_from([DOCK, "3c:52:82:0a:1b:01", "3c:52:82:0a:1b:02"])),
    },
)


@given(
    _FACTORS, st.dictionaries(st.sampled_from("abcd"), _FACTORS), st.sets(st.sampled_from("abcd"))
)
def test_no_entry_with_a_live_key_is_bound_and_none_that_contradicts(
    comes: Factors, entries: dict[str, Factors], bound: set[str]
) -> None:
    near = {n: m for n, factors in entries.items() if (m := marks(factors))}
    mine = marks(comes)
    near = {n: m for n, m in near.items() if any(mine.get(k, set()) & v for k, v in m.items())}
    found = decide(mine, near, bound)
    assert found.asset_id not in bound
    if found.asset_id is not None:
        theirs = near[found.asset_id]
        assert all(
            mine[k] & theirs[k]
            for k in ("serial", "uuid", "board_serial")
            if k in mine.keys() & theirs
        )
