"""What the fuzzer runs for hours, here for moments: each target reads any bytes or refuses them."""

import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz import targets
from tests.fuzz.targets import FORMATS, TARGETS

EDIT = st.tuples(st.integers(0, 1 << 16), st.integers(0, 12), st.binary(max_size=12))
seeds = functools.cache(targets.seeds)


def edited(seed: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """A seed with some pieces replaced."""
    for place, length, new in edits:
        at = place % (len(seed) + 1)
        seed = seed[:at] + new + seed[at + length :]
    return seed


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=10)
@given(data=st.data())
def test_any_bytes_are_read_or_refused(name: str, data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from(seeds(name)))
    targets.run(name, edited(seed, data.draw(st.lists(EDIT, max_size=3))))
    targets.run(name, data.draw(st.binary(max_size=120)))


def test_every_module_of_formats_is_fuzzed_or_reads_no_bytes() -> None:
    fuzzed = {name.partition(".")[0] for name in FORMATS}
    assert len(fuzzed) > 40
    assert {"lsblk", "dmidecode", "rsn", "iw", "udev_rules"} <= fuzzed


@pytest.mark.parametrize("name", TARGETS)
def test_fuzzing_begins_with_something_the_target_reads(name: str) -> None:
    assert targets.run(name, seeds(name)[0])


def test_the_words_a_parser_looks_for_are_known_to_the_fuzzer() -> None:
    assert {b"all-of", b"with-interface"} <= set(targets.words("usbguard_rules.parse"))


def test_a_fault_in_a_parser_would_be_a_find(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(targets.TARGETS, "faulty", lambda data: data.decode("utf-8"))
    with pytest.raises(UnicodeDecodeError):
        targets.run("faulty", b"\xff")
