"""A drifting section in two parts is the same section, and nothing else is made one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.catalogue import catalogue
from checks.facts import (
    Facts,
    MalformedSectionError,
    decode_section,
    encode_section,
    joined,
    parted,
    seldom_name,
)
from checks.operating_system.facts import OperatingSystemNow, Update
from checks.unseen import NotHere, Unseen

KINDS = [one for domain in catalogue().domains for one in domain.sections]
TIMES = st.one_of(st.none(), st.integers(0, 1 << 33), st.just("unseen"))
TEXTS = st.text().filter(lambda text: "\0" not in text and "\\u0000" not in text)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.section)
def test_only_fields_of_drifting_sections_are_said_to_change_seldom(kind: type[Facts]) -> None:
    assert kind.seldom <= set(kind.__struct_fields__)
    assert kind.seldom < set(kind.__struct_fields__)
    if kind.seldom:
        assert kind.section.endswith("_now")
        assert seldom_name(kind.section) not in {one.section for one in KINDS}


@given(st.lists(st.builds(Update, name=TEXTS, version=TEXTS)), st.lists(TIMES, min_size=4))
def test_what_travels_in_two_parts_is_read_as_the_whole(
    waiting: list[Update], times: list[int | str | None]
) -> None:
    first, second, third, fourth = (Unseen("denied") if at == "unseen" else at for at in times[:4])
    facts = OperatingSystemNow(
        lists_at=first,  # type: ignore[arg-type]  # Unseen, a number or None: all it may be
        pending=waiting,
        pending_count=len(waiting),
        security_at=second,  # type: ignore[arg-type]  # as above
        memory_at=third,  # type: ignore[arg-type]  # as above
        restart_since=None,
        up_since=3,
        automatic_at=fourth,  # type: ignore[arg-type]  # as above
    )
    drifts, seldom = parted(encode_section(facts), OperatingSystemNow)
    assert b"pending" not in drifts
    assert b"_since" in drifts
    assert decode_section(joined(drifts, seldom), 2, OperatingSystemNow) == facts


@pytest.mark.parametrize("why", [Unseen("denied"), NotHere("no system")], ids=["unseen", "none"])
def test_a_reason_has_no_second_part(why: Unseen | NotHere) -> None:
    assert parted(encode_section(why), OperatingSystemNow) == (encode_section(why), b"")


def test_a_section_without_such_fields_stays_whole() -> None:
    for kind in KINDS:
        if not kind.seldom:
            assert parted(b'{"b":1}', kind) == (b'{"b":1}', b"")


@pytest.mark.parametrize(
    ("drifts", "seldom"),
    [
        (b'{"a":1}', b'{"a":1}'),
        (b'{"unseen":"denied"}', b'{"b":1}'),
        (b'{"not_here":"x"}', b'{"b":1}'),
        (b"[]", b'{"b":1}'),
        (b'{"a":1}', b"null"),
        (b'{"a":1}', b""),
        (b'{"a":1', b'{"b":1}'),
        (b'{"a":"\xff"}', b'{"b":1}'),
        (b'{"a":1}', b'{"b":' + b"[" * 100_000),
    ],
    ids=["twice", "unseen", "none", "list", "null", "empty", "cut", "not-text", "deep"],
)
def test_what_is_no_pair_of_parts_is_malformed(drifts: bytes, seldom: bytes) -> None:
    with pytest.raises(MalformedSectionError):
        decode_section(joined(drifts, seldom), 2, OperatingSystemNow)
