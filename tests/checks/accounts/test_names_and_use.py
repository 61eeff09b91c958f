"""Names tell what an account is for, never who somebody is; last use is a band with fixed edges."""

import pytest

from checks.accounts.names import LONGEST, families, label_of, who_of
from checks.accounts.using import MONTH_SECONDS, WEEK_SECONDS, use

NOW = 1_795_336_200


@pytest.mark.parametrize(
    ("name", "label", "who"),
    [
        ("Administrator", "administration", "admin"),
        ("ict-02", "administration", "admin"),
        ("ICT Support 2", "administration", "admin"),
        ("Year 4", "class", "pupil"),
        ("year4a", "class", "pupil"),
        ("KS1", "class", "pupil"),
        ("pupil07", "pupil", "pupil"),
        ("supply", "teacher", "staff"),
        ("SCHOOL\\office", "office", "staff"),
        ("class3@example.org", "class", "pupil"),
        ("Guest", "guest", "generic"),
        ("classroom", "room", "generic"),
        ("maya", "person", "person"),
        ("24jsmith", "person", "person"),
        ("yearwood", "person", "person"),
        ("class3jones", "person", "person"),
        ("", "person", "person"),
        ("123", "person", "person"),
        ("new\nline", "person", "person"),
        ("x" * 100_000, "person", "person"),
    ],
)
def test_a_name_belongs_to_a_purpose_or_to_a_person(name: str, label: str, who: str) -> None:
    assert (label_of(name[:1_000]), who_of(name[:1_000])) == (label, who)


def test_every_name_of_the_table_is_found_again() -> None:
    for family in families():
        for name in family.names:
            if not any(sign in name for sign in "*?["):
                assert label_of(name) == family.label, name
                assert len(name) < LONGEST


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (WEEK_SECONDS, "week"),
        (WEEK_SECONDS + 1, "month"),
        (MONTH_SECONDS, "month"),
        (MONTH_SECONDS + 1, "before"),
        (-60, "week"),
    ],
)
def test_bands_of_use_have_edges_and_only_the_last_tells_when(age: int, band: str) -> None:
    assert use(NOW, NOW - age) == (band, NOW - age if band == "before" else None)


def test_no_trace_is_never_since_the_password_was_set() -> None:
    assert use(NOW, None, 5) == ("never", 5)
    assert use(NOW, None) == ("never", None)
