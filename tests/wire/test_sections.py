"""Facts from the oddest machine arrive, and a section is stored only under its own hash."""

import json
import unicodedata
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.refusals import ACCEPTED, code
from wire import canonical, dsse, limits, sections
from wire.text import clean

odd_text = st.text(
    st.characters() | st.sampled_from('\ud800\udcff\x00\x1b\u202e\u0301\\"'), max_size=30
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-limits.INTEGER, limits.INTEGER) | odd_text,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "ssid", "items"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(odd_text, st.integers(1, 60))
def test_a_cleaned_string_is_always_acceptable_and_never_too_long(text: str, limit: int) -> None:
    cleaned = clean(text, limit)
    assert len(cleaned) <= limit
    assert unicodedata.is_normalized("NFC", cleaned)
    assert canonical.decode(canonical.encode(cleaned), str) == cleaned
    assert clean(cleaned, limit) == cleaned


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("lib-12", "lib-12"),
        ("Łódź 😀", "Łódź 😀"),
        ("e\u0301", "é"),
        ("\x1b[2Jgone", "\ufffd[2Jgone"),
        ("abc\u202egpj.exe", "abc\ufffdgpj.exe"),
        ("a\x00b", "a\ufffdb"),
        ("two\nlines", "two\ufffdlines"),
        ("\ud800", "\ufffd"),
        ("x" * 1025, "x" * 1023 + "…"),
    ],
)
def test_cleaning_marks_what_it_removed(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(anything)
def test_any_facts_are_packed_into_bytes_that_the_controller_reads(facts: Any) -> None:
    body = sections.pack(facts)
    assert canonical.encode(canonical.decode(body, object, limit=limits.SECTION)) == body


class Network(msgspec.Struct, frozen=True, omit_defaults=True):
    ssid: str
    networks: list[str] = []
    band: str | None = None


def test_clean_facts_are_packed_unchanged_and_hostile_ones_keep_their_shape() -> None:
    calm = Network("school", ["one", "two"])
    assert sections.pack(calm) == canonical.encode(calm)
    hostile = sections.pack(Network("x\x1b" + "y" * 10_000, ["\ud800", "fine"]))
    read = canonical.decode(hostile, Network)
    assert read.ssid.startswith("x\ufffdyyy")
    assert len(read.ssid) == limits.STRING
    assert read.networks == ["\ufffd", "fine"]


def test_facts_that_no_cleaning_mends_are_refused() -> None:
    assert code(lambda: sections.pack({"load": 0.5})) == "schema"
    assert code(lambda: sections.pack({"bytes": 2**60})) == "schema"
    assert code(lambda: sections.pack(["x" * 1000] * 600)) == "too_large"
    assert code(lambda: sections.pack({"items": [1] * limits.ROWS})) == ACCEPTED
    assert code(lambda: sections.pack({"items": [1] * (limits.ROWS + 1)})) == "too_large"
    assert code(lambda: sections.pack([[{"items": [1] * (limits.ROWS + 1)}]])) == "too_large"
    assert code(lambda: sections.pack([[1, 2, 3]] * 3_000)) == ACCEPTED


def test_a_section_is_named_by_its_hash_and_counted_before_it_is_read() -> None:
    body = sections.pack(Network("school"))
    ref = sections.ref("wireless", 2, body)
    assert (ref.section, ref.schema, ref.size) == ("wireless", 2, len(body))
    assert ref.sha256 == dsse.digest(body)
    assert code(lambda: sections.check(ref.sha256, body)) == ACCEPTED
    assert code(lambda: sections.check(ref.sha256, body + b"\n")) == "bad_digest"
    large = b"x" * (limits.SECTION + 1)
    assert code(lambda: sections.check(dsse.digest(large), large)) == "too_large"


def test_a_section_of_unreadable_bytes_is_stored_and_only_refused_when_judged() -> None:
    """Hash first, meaning later: a newer agent's section must never be turned away."""
    body = json.dumps({"new": [1.5]}).encode()
    assert code(lambda: sections.check(dsse.digest(body), body)) == ACCEPTED
