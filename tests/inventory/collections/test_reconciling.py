"""I10: the set, the collection list, the receipt and the certificates name the same drives."""

import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.collections.papers import (
    Difference,
    Drive,
    Entry,
    Line,
    Paper,
    Papers,
    Reconciled,
    Sheet,
)
from inventory.collections.reconciling import between, reconcile
from inventory.disposal.serials import key as mark
from inventory.disposal.serials import suspect

LAPTOP = Entry("ast_1", "HS-1", (Drive("WD-WX12345"), Drive("S3Z9NB0K")))
SCREEN = Entry("ast_2", "HS-2")
LOOSE = Entry("ast_3", "", (Drive("STICK-0001"),))
OWN = (LAPTOP, SCREEN, LOOSE)
LISTED = Sheet(
    (
        Line("WD-WX12345", "HS-1"),
        Line("S3Z9NB0K", "HS-1"),
        Line("", "HS-2"),
        Line("STICK-0001"),
    ),
    "ctr_1",
)
WIPED = Sheet((Line("wdwx12345"), Line("s3z9nb0k", "hs-1"), Line("stick 0001")), "ctr_1")


def _papers(  # noqa: PLR0917  a paper each, in their order
    entries: tuple[Entry, ...] = OWN,
    manifest: Sheet | None = LISTED,
    receipt: Sheet | None = LISTED,
    certificates: tuple[Sheet, ...] = (WIPED,),
    known: frozenset[str] = frozenset(),
    elsewhere: frozenset[str] = frozenset(),
) -> Reconciled:
    return reconcile(Papers(entries, "ctr_1", manifest, receipt, certificates, known, elsewhere))


def _and(sheet: Sheet, *lines: Line) -> Sheet:
    return Sheet((*sheet.lines, *lines), sheet.contractor)


def _without(sheet: Sheet, serial: str) -> Sheet:
    return Sheet(tuple(one for one in sheet.lines if mark(one.serial) != serial), sheet.contractor)


def test_four_papers_that_agree_close_the_collection() -> None:
    found = _papers()
    assert found.agrees()
    assert found.differences == ()
    assert [row.mark or row.tag for row in found.rows] == [
        "STICK0001",
        "S3Z9NB0K",
        "WDWX12345",
        "HS-2",
    ]
    assert all(set(row.cells.values()) <= {"there", "not_needed"} for row in found.rows)


@pytest.mark.parametrize(
    ("receipt", "certificates", "waiting"),
    [
        (None, (), ("receipt", "certificate")),
        (LISTED, (), ("certificate",)),
        (None, (WIPED,), ("receipt",)),
    ],
)
def test_a_paper_that_has_not_come_is_waited_for_and_no_difference(
    receipt: Sheet | None, certificates: tuple[Sheet, ...], waiting: tuple[Paper, ...]
) -> None:
    found = _papers(receipt=receipt, certificates=certificates)
    assert (found.waiting, found.differences, found.agrees()) == (waiting, (), False)


ONE = frozenset({"WDWX12345"})


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (
            _papers(manifest=_without(LISTED, "S3Z9NB0K")),
            Difference("manifest", "missing", "S3Z9NB0K"),
        ),
        (
            _papers(receipt=_without(LISTED, "S3Z9NB0K")),
            Difference("receipt", "missing", "S3Z9NB0K"),
        ),
        (
            _papers(certificates=(_without(WIPED, "S3Z9NB0K"),)),
            Difference("certificate", "missing", "S3Z9NB0K"),
        ),
        (
            _papers(receipt=Sheet(tuple(one for one in LISTED.lines if one.tag != "HS-2"))),
            Difference("receipt", "missing", tag="hs-2"),
        ),
        (
            _papers(receipt=_and(LISTED, Line("OTHER-0002")), known=frozenset({"OTHER0002"})),
            Difference("receipt", "extra", "OTHER0002"),
        ),
        (
            _papers(receipt=_and(LISTED, Line("OTHER-0002"))),
            Difference("receipt", "unknown_serial", "OTHER0002"),
        ),
        (
            _papers(receipt=_and(LISTED, Line("", "HS-77"))),
            Difference("receipt", "extra", tag="hs-77"),
        ),
        (
            _papers(certificates=(_and(WIPED, Line("To be filled by O.E.M.", "HS-1")),)),
            Difference("certificate", "unreadable_serial", "To be filled by O.E.M.", "hs-1"),
        ),
        (
            _papers(certificates=(_and(WIPED, Line("", "HS-2")),)),
            Difference("certificate", "unreadable_serial", "", "hs-2"),
        ),
        (
            _papers(receipt=_and(LISTED, Line("wd wx12345", "HS-1"))),
            Difference("receipt", "duplicate", "WDWX12345"),
        ),
        (
            _papers(receipt=_and(LISTED, Line("", "HS-2"))),
            Difference("receipt", "duplicate", tag="hs-2"),
        ),
        (
            _papers(certificates=(WIPED, Sheet((Line("S3Z9NB0K"),)))),
            Difference("certificate", "certified_twice", "S3Z9NB0K"),
        ),
        (
            _papers(elsewhere=ONE),
            Difference("certificate", "certified_twice", "WDWX12345"),
        ),
        (
            _papers(receipt=Sheet(LISTED.lines, "ctr_2")),
            Difference("receipt", "wrong_contractor", other="ctr_2"),
        ),
        (
            _papers(certificates=(Sheet(WIPED.lines, "ctr_2"),)),
            Difference("certificate", "wrong_contractor", other="ctr_2"),
        ),
        (
            _papers(
                receipt=_and(_without(LISTED, "S3Z9NB0K"), Line("S3Z9NB0K", "HS-9")),
            ),
            Difference("receipt", "other_entry", "S3Z9NB0K", "hs-9", "HS-1"),
        ),
        (
            _papers(
                certificates=(_and(_without(WIPED, "S3Z9NB0K"), Line("S3Z9NB0K", done=False)),)
            ),
            Difference("certificate", "not_wiped", "S3Z9NB0K"),
        ),
    ],
)
def test_each_difference_has_its_kind(found: Reconciled, told: Difference) -> None:
    assert found.differences == (told,)
    assert not found.agrees()
    assert found.open({told.key}) == ()
    shown = [one for row in found.rows for one in row.differences]
    assert shown == ([told] if told.kind != "wrong_contractor" else [])


def test_another_companys_paper_stands_for_nothing() -> None:
    found = _papers(certificates=(Sheet(WIPED.lines, "ctr_2"),))
    assert found.waiting == ("certificate",)
    assert not found.agrees({one.key for one in found.differences})
    drives = [row for row in found.rows if row.mark]
    assert {row.cells["certificate"] for row in drives} == {"difference"}
    both = _papers(certificates=(WIPED, Sheet(WIPED.lines, "ctr_2")))
    assert [one.kind for one in both.differences] == ["wrong_contractor"]


def test_a_serial_certified_for_two_things_of_the_school_raises_an_alarm() -> None:
    twice = Sheet((Line("S3Z9NB0K", "HS-2"),))
    kinds = {one.kind: one.alarm for one in _papers(certificates=(WIPED, twice)).differences}
    assert kinds == {"certified_on_two_assets": True, "other_entry": False}


def test_a_serial_in_the_sets_of_two_entries_is_said_before_any_paper_comes() -> None:
    found = _papers((*OWN, Entry("ast_9", "HS-9", (Drive("S3Z9NB0K"),))), None, None, ())
    assert found.differences == (Difference("set", "two_entries", "S3Z9NB0K"),)


@pytest.mark.parametrize(
    ("level", "alarm"), [("", True), ("clear", True), ("purge", True), ("destroy", False)]
)
def test_a_wipe_certified_of_a_drive_that_had_failed_raises_an_alarm_and_its_destruction_not(
    level: str, alarm: bool
) -> None:
    entry = Entry("ast_1", "HS-1", (Drive("S3Z9NB0K", failed=True),))
    listed = Sheet((Line("S3Z9NB0K", "HS-1"),))
    found = _papers((entry,), listed, listed, (Sheet((Line("S3Z9NB0K", level=level),)),))
    assert [one.kind for one in found.differences] == ["certified_though_failed"] * alarm
    assert [one.alarm for one in found.differences] == [True] * alarm


@pytest.mark.parametrize(
    ("least", "levels", "kinds"),
    [
        ("purge", ["clear"], ["too_weak"]),
        ("purge", [""], ["too_weak"]),
        ("purge", ["purge"], []),
        ("purge", ["destroy"], []),
        ("purge", ["clear", "destroy"], []),
        ("purge", ["purge", "destroy"], ["certified_twice"]),
        ("destroy", ["purge"], ["too_weak"]),
        ("", ["clear"], []),
    ],
)
def test_a_certificate_says_enough_for_the_kind_of_drive(
    least: str, levels: list[str], kinds: list[str]
) -> None:
    entry = Entry("ast_1", "HS-1", (Drive("S3Z9NB0K", least=least),))
    listed = Sheet((Line("S3Z9NB0K", "HS-1"),))
    lines = tuple(Line("S3Z9NB0K", level=level) for level in levels)
    found = _papers((entry,), listed, listed, (Sheet(lines),))
    assert [one.kind for one in found.differences] == kinds


def test_what_the_school_destroyed_may_be_on_a_paper_and_what_it_kept_may_not() -> None:
    destroyed = Drive("S3Z9NB0K", stays="destroyed")
    retained = Drive("S3Z9NB0K", stays="retained")
    for drive, kinds in ((destroyed, []), (retained, ["stays_here"])):
        entry = Entry("ast_1", "HS-1", (Drive("WD-WX12345"), drive))
        alone = Sheet((Line("WD-WX12345", "HS-1"),))
        assert _papers((entry,), alone, alone, (alone,)).agrees()
        found = _papers((entry,), alone, _and(alone, Line("S3Z9NB0K")), (alone,))
        assert [one.kind for one in found.differences] == kinds


def test_a_drive_the_school_proved_itself_needs_no_certificate() -> None:
    entry = Entry("ast_1", "HS-1", (Drive("S3Z9NB0K", proven=True),))
    listed = Sheet((Line("S3Z9NB0K", "HS-1"),))
    assert _papers((entry,), listed, listed, ()).agrees()
    assert _papers((entry,), listed, listed, (Sheet((Line("S3Z9NB0K"),)),)).agrees()


def test_a_serial_read_with_its_bytes_swapped_is_suspect_and_never_equal() -> None:
    assert suspect("WD-WX12345", "DWW-1X3254")
    swapped = _and(_without(LISTED, "WDWX12345"), Line("DWW-1X3254", "HS-1"))
    found = _papers(receipt=swapped)
    assert found.differences == (
        Difference("receipt", "suspect", "WDWX12345", other=mark("DWW-1X3254")),
    )
    rows = {row.mark: row.cells["receipt"] for row in found.rows}
    assert rows["WDWX12345"] == rows[mark("DWW-1X3254")] == "difference"


def test_a_drive_whose_own_serial_cannot_be_compared_is_said() -> None:
    entry = Entry("ast_1", "HS-1", (Drive("????????"),))
    listed = Sheet((Line("", "HS-1"),))
    found = _papers((entry,), listed, listed, (Sheet((Line("S3Z9NB0K"),)),))
    assert Difference("set", "unreadable_serial", "????????", "HS-1") in found.differences


SERIALS = st.sampled_from(
    [
        "WD-WX12345",
        "DWW-1X3254",
        "S3Z9NB0K",
        "s3z9-nb0k",
        "STICK0001",
        "ABCDEF",
        "FEDCBA",
        "To be filled by O.E.M.",
        "",
        "AB12",
        "000000000",
    ]
)
TAGS = st.sampled_from(["", "HS-1", "hs-1", "HS-2", "HS-3"])
LINES = st.builds(
    Line,
    serial=SERIALS,
    tag=TAGS,
    level=st.sampled_from(["", "purge", "destroy"]),
    done=st.booleans(),
)
SHEETS = st.builds(
    Sheet, st.lists(LINES, max_size=6).map(tuple), st.sampled_from(["", "ctr_1", "ctr_2"])
)
DRIVES = st.builds(
    Drive,
    serial=SERIALS,
    failed=st.booleans(),
    least=st.sampled_from(["", "purge"]),
    proven=st.booleans(),
    stays=st.sampled_from(["", "destroyed", "retained"]),
)
ENTRY = st.builds(
    Entry, st.sampled_from(["a", "b", "c"]), TAGS, st.lists(DRIVES, max_size=3).map(tuple)
)
UNIQUE = (lambda one: one.id, lambda one: one.tag.casefold() or one.id)
ENTRIES = st.lists(ENTRY, max_size=3, unique_by=UNIQUE).map(tuple)
PAPERS = st.builds(
    Papers,
    entries=ENTRIES,
    contractor=st.just("ctr_1"),
    manifest=st.none() | SHEETS,
    receipt=st.none() | SHEETS,
    certificates=st.lists(SHEETS, max_size=2).map(tuple),
    known=st.frozensets(SERIALS.map(mark), max_size=2),
    elsewhere=st.frozensets(SERIALS.map(mark), max_size=2),
)


def _all_lines(papers: Papers) -> list[tuple[str, Line]]:
    sheets = [("manifest", papers.manifest), ("receipt", papers.receipt)]
    sheets += [("certificate", one) for one in papers.certificates]
    return [(name, line) for name, sheet in sheets if sheet for line in sheet.lines]


def _foreign(papers: Papers) -> list[Line]:
    """Another company's paper is one difference as a whole."""
    sheets = (papers.manifest, papers.receipt, *papers.certificates)
    return [line for one in sheets if one and one.contractor == "ctr_2" for line in one.lines]


@given(PAPERS)
def test_total_every_line_and_every_drive_is_in_a_row_and_every_difference_shown(
    papers: Papers,
) -> None:
    found = reconcile(papers)
    marks = [row.mark for row in found.rows if row.mark]
    assert len(marks) == len(set(marks))
    expected = {mark(line.serial) for _, line in _all_lines(papers)}
    expected |= {mark(drive.serial) for entry in papers.entries for drive in entry.drives}
    assert set(marks) == expected - {""}
    shown = {one for row in found.rows for one in row.differences}
    assert shown == {one for one in found.differences if one.kind != "wrong_contractor"}
    unreadable = {one.serial for one in found.differences if one.kind == "unreadable_serial"}
    for _, line in _all_lines(papers):
        if line.serial and not mark(line.serial):
            assert line.serial in unreadable or line in _foreign(papers)
    tags = {row.tag.casefold() for row in found.rows}
    own = [line for _, line in _all_lines(papers) if line not in _foreign(papers)]
    assert {line.tag.casefold() for line in own if not line.serial} <= tags | {""}


@given(PAPERS, st.randoms(use_true_random=False))
def test_in_which_order_lines_and_papers_stand_means_nothing(
    papers: Papers, chance: random.Random
) -> None:
    def shuffled(those: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(chance.sample(those, len(those)))

    def turned(sheet: Sheet | None) -> Sheet | None:
        return sheet and Sheet(shuffled(sheet.lines), sheet.contractor)

    other = Papers(
        shuffled(papers.entries),
        papers.contractor,
        turned(papers.manifest),
        turned(papers.receipt),
        shuffled(tuple(filter(None, map(turned, papers.certificates)))),
        papers.known,
        papers.elsewhere,
    )
    assert reconcile(other) == reconcile(papers)


PLAIN = ["WD-WX12345", "DWW-1X3254", "S3Z9NB0K", "STICK0001"]
BAGS = st.lists(st.sampled_from(PLAIN), max_size=5)


@given(st.sets(st.sampled_from(PLAIN), min_size=1), BAGS, BAGS, BAGS)
def test_nothing_is_different_exactly_when_all_four_name_the_same_serials_once(
    own: set[str], manifest: list[str], receipt: list[str], certificate: list[str]
) -> None:
    entries = (Entry("a", "", tuple(Drive(one) for one in own)),)
    lists = [Sheet(tuple(Line(one) for one in those)) for those in (manifest, receipt, certificate)]
    found = _papers(entries, lists[0], lists[1], (lists[2],))
    same = Counter(own) == Counter(manifest) == Counter(receipt) == Counter(certificate)
    assert (found.differences == ()) == same == found.agrees()


@given(BAGS, BAGS)
def test_seen_from_the_other_side_what_is_missing_is_extra(
    one: list[str], other: list[str]
) -> None:
    left, right = ({mark(s): s for s in those} for those in (one, other))
    here, there = between(left, right), between(right, left)
    assert here.missing == there.extra
    assert here.extra == there.missing
    assert here.suspect == {(b, a) for a, b in there.suspect}
    named = here.missing | {a for a, _ in here.suspect} | (left.keys() & right.keys())
    assert named == left.keys()
