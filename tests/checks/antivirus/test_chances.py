"""Hours that cannot count stay on the machine, and no verdict at any permitted limit changes."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from checks.antivirus import chances
from checks.antivirus.facts import AntivirusFacts, AntivirusNow, Freshness, Product
from checks.antivirus.judges import DefinitionsSettings, ScanSettings, definitions, scans
from checks.catalogue import catalogue
from checks.facts import UNSUPPORTED
from checks.judging import Judge, Moment, Settings
from checks.online import Stretch
from checks.unseen import BlindError, Maybe, Unseen

HOUR, DAY = 3_600, 86_400
SEEN = 1_795_336_200
MOMENT = Moment.at(SEEN)
CLAMAV = Product("clamav", "ClamAV", "1.4.6", "dated", True, "on", "on-insert", True)
PRODUCTS = AntivirusFacts(
    products=[CLAMAV, msgspec.structs.replace(CLAMAV, id="defender", name="Defender")]
)
FIELDS = {
    "definitions_at": ("av-definitions-fresh", "fresh_seconds"),
    "quick_scan_at": ("av-scan-recent", "quick_seconds"),
    "full_scan_at": ("av-scan-recent", "full_seconds"),
}


def limits(check: str, setting: str) -> st.SearchStrategy[int]:
    """Every number a school may set."""
    found = catalogue().check(check)
    assert found is not None
    declared = found.thresholds[setting]
    unit = {"hours": HOUR, "days": DAY}[declared.unit]
    assert declared.min is not None
    assert declared.max is not None
    return st.integers(declared.min * unit, declared.max * unit)


def settings(check: str, kind: type[Settings]) -> st.SearchStrategy[Settings]:
    return st.builds(kind, **{name: limits(check, name) for name in kind.__struct_fields__})


AGES = st.one_of(
    st.none(),
    st.just("unseen"),
    st.integers(-2 * HOUR, 3 * HOUR),
    st.integers(0, 125 * DAY),
)
STRETCHES = st.lists(
    st.tuples(st.integers(0, 60 * DAY), st.integers(0, 9 * HOUR), st.floats(0, 1)), max_size=6
).map(
    lambda parts: [
        Stretch(SEEN - ago - long, SEEN - ago, int(long * share))
        for ago, long, share in sorted(parts, reverse=True)
    ]
)
TIMES = st.tuples(AGES, AGES, AGES, AGES)


Ages = tuple[int | str | None, ...]


def freshness(product: str, ages: Ages) -> Freshness:
    """Times so many seconds ago; "unseen" for what nobody could look at."""
    at: list[Maybe[int | None]] = [
        SEEN - age if isinstance(age, int) else None if age is None else UNSUPPORTED for age in ages
    ]
    current = False if len(at) > 3 else UNSUPPORTED
    told = at[3] if len(at) > 3 else UNSUPPORTED
    return Freshness(product, None, at[0], None, at[1], at[2], current=current, told_at=told)


def said(judge: Judge, now: AntivirusNow, numbers: Settings) -> object:
    try:
        return judge(PRODUCTS, now, numbers, MOMENT)
    except BlindError as blind:
        return blind.reason, blind.says, blind.gaps


@given(
    st.tuples(TIMES, TIMES),
    STRETCHES,
    settings("av-definitions-fresh", DefinitionsSettings),
    settings("av-scan-recent", ScanSettings),
)
def test_no_verdict_changes_for_the_hours_that_are_left_out(
    ages: tuple[Ages, Ages],
    online: list[Stretch],
    fresh: Settings,
    scanned: Settings,
) -> None:
    times: list[Freshness] = [freshness("clamav", ages[0]), freshness("defender", ages[1])]
    whole = AntivirusNow(times=times, up_seconds=DAY, awake_seconds=DAY, online=online)
    left = msgspec.structs.replace(whole, online=chances.countable(online, times))
    assert said(definitions, left, fresh) == said(definitions, whole, fresh)
    assert said(scans, left, scanned) == said(scans, whole, scanned)


def test_the_strictest_limits_are_those_a_school_may_set() -> None:
    least = {}
    for field, (check, setting) in FIELDS.items():
        found = catalogue().check(check)
        assert found is not None
        declared = found.thresholds[setting]
        least[field] = (declared.min or 0) * {"hours": HOUR, "days": DAY}[declared.unit]
    assert least | {"told_at": 0} == chances.LEAST_SECONDS


def test_most_nights_no_hours_leave_the_machine_but_those_of_today() -> None:
    today = Stretch(SEEN - 2 * HOUR, SEEN, 2 * HOUR)
    before = [Stretch(SEEN - 30 * HOUR, SEEN - 24 * HOUR, 6 * HOUR)]
    yesterday = freshness("clamav", (12 * HOUR, "unseen", "unseen"))
    assert chances.countable([*before, today], [yesterday]) == [today]
    just_now = freshness("clamav", (60, "unseen", "unseen"))
    assert chances.countable([*before, today], [just_now]) == []
    never_scanned = freshness("clamav", (60, None, None))
    assert chances.countable([*before, today], [never_scanned]) == [*before, today]


def test_what_nobody_could_look_at_is_left_as_it_is() -> None:
    denied = Unseen("denied")
    stretches = [Stretch(SEEN - HOUR, SEEN, HOUR)]
    assert chances.countable(denied, []) == denied
    assert chances.countable(stretches, denied) == stretches
