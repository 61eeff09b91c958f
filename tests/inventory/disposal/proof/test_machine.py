"""What a machine's reading of a drive proves: only this drive, whole, after its wipe (I5, I6)."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.media_wipes import Sample, Survivor
from inventory.disposal.now import Medium, Wipe
from inventory.disposal.proof.judging import NeedsPerson, Refused
from inventory.disposal.proof.machine import PERSONS, SENTENCES, Reading, proves
from tests.checks.read_back import SIZE, WIPE, WIPED

MEDIUM = Medium(
    serial="S5STNF0R123456",
    serial_raw="S5STNF0R123456",
    kind="ssd_sata",
    wwn="naa.5002538F00000001",
    size_bytes=SIZE,
    wipe=Wipe(
        seq=5, level="clear", technique="overwrite", performer="u1", by="u1", finished_at=WIPED
    ),
)
RECEIVED = WIPED + 1_010


def told(medium: dict[str, Any] | None = None, received: int = RECEIVED, **wipe: Any) -> object:
    return proves(
        msgspec.structs.replace(WIPE, **wipe),
        msgspec.structs.replace(MEDIUM, **(medium or {})),
        received,
    )


def test_a_whole_clean_reading_after_the_wipe_proves_it() -> None:
    assert told() == Reading("full", "clean", 0, SIZE, WIPED + 1_000)
    assert told(pattern="ones") == told()


@pytest.mark.parametrize(
    ("code", "wipe", "medium"),
    [
        ("not_a_drive", {"what": "partition"}, {}),
        ("not_a_drive", {"what": "image"}, {}),
        ("serial_unsaid", {"serial": ""}, {}),
        ("serial_unsaid", {"serial": "000000000"}, {}),
        ("wrong_serial", {"serial": "S5STNF0R123457"}, {}),
        ("wrong_serial", {"serial": "S5STNF0R123457", "typed_serial": "S5STNF0R123456"}, {}),
        ("wrong_serial", {"serial": "", "typed_serial": "S5STNF0R123457"}, {}),
        ("wrong_size", {"size_bytes": SIZE - 512, "read_bytes": SIZE - 512}, {}),
        ("wrong_size", {}, {"size_bytes": SIZE - 512}),
        ("failed_medium", {}, {"failed": True}),
        ("not_wiped", {}, {"wipe": None}),
        ("too_early", {"began_at": WIPED - 1}, {}),
        ("too_late", {"ended_at": RECEIVED + 121}, {}),
        ("too_late", {"ended_at": WIPED - 1}, {}),
        ("stopped", {"outcome": "stopped"}, {}),
        ("proves_nothing", {"outcome": "unproven", "pattern": "random"}, {}),
        ("proves_nothing", {"pattern": "random"}, {}),
        ("not_whole", {"read_bytes": SIZE - 1}, {}),
        ("not_whole", {"whole": False}, {}),
        ("not_whole", {"why": "io-error"}, {}),
        ("not_whole", {"survivors": [Survivor(0, 512, "data")]}, {}),
        ("not_whole", {"sample": Sample(0, 4096, "0" * 32)}, {}),
    ],
)
def test_what_does_not_prove_it_is_refused_with_its_reason(
    code: str, wipe: dict[str, Any], medium: dict[str, Any]
) -> None:
    assert told(medium, **wipe) == Refused(code, SENTENCES[code], "")


@pytest.mark.parametrize(
    ("code", "wipe", "medium"),
    [
        ("serial_typed", {"serial": "", "typed_serial": "S5STNF0R123456"}, {}),
        ("swapped", {"serial": "5STSFNR0214365"}, {}),
        ("other_wwn", {"wwn": "0x5002538f00000002"}, {}),
        ("size_unknown", {}, {"size_bytes": 0}),
        ("pattern", {"pattern": "periodic"}, {}),
        ("residue", {"residue": "blancco", "residue_sectors": 3}, {}),
    ],
)
def test_what_only_a_person_can_tell_is_left_to_one(
    code: str, wipe: dict[str, Any], medium: dict[str, Any]
) -> None:
    assert told(medium, **wipe) == NeedsPerson(PERSONS[code], code)


def test_what_speaks_against_the_wipe_is_taken_too() -> None:
    found = told(outcome="survived", survivors=[Survivor(0, 512, "ntfs")], whole=False)
    assert isinstance(found, Reading)
    assert found.result == "found"
    failed = told(outcome="failed", why="io-error", failed_at=7, whole=False, read_bytes=7)
    assert isinstance(failed, Reading)
    assert (failed.result, failed.bytes_read) == ("error", 7)


def test_a_sample_carries_the_bound_that_its_blocks_prove_whatever_it_says() -> None:
    found = told(sample=Sample(4_604, 4096, "0" * 32), read_bytes=4_606 * 4096)
    assert found == Reading("sample", "clean", 999_755, 4_606 * 4096, WIPED + 1_000)


def test_a_wwn_that_nobody_knows_stands_against_nothing() -> None:
    assert told(wwn="") == told({"wwn": ""}) == told()


@given(st.data())
def test_no_change_of_one_thing_makes_a_reading_prove_more(data: Any) -> None:
    """Whatever one field says else: it is refused, left to a person, or about the same drive."""
    field = data.draw(st.sampled_from(["serial", "size_bytes", "read_bytes", "began_at"]))
    value = data.draw(
        st.text(max_size=20) if field == "serial" else st.integers(0, 2 * SIZE), label=field
    )
    verdict = told(**{field: value})
    if isinstance(verdict, Reading):
        same = {
            "serial": "S5STNF0R123456",
            "size_bytes": SIZE,
            "read_bytes": SIZE,
        }
        if field == "began_at":
            assert WIPED <= value <= WIPED + 1_000
        elif field == "serial":
            assert "".join(c for c in value.upper() if c.isalnum()) == same[field]
        else:
            assert value == same[field]
