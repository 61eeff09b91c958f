"""Antivirus at the edges: a second too old, a machine not on long enough, two products at once."""

import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.antivirus.facts import AntivirusFacts, AntivirusNow, Freshness, Product
from checks.antivirus.judges import (
    DefinitionsSettings,
    ScanSettings,
    active,
    definitions,
    realtime,
    removable,
    scans,
)
from checks.facts import UNSUPPORTED
from checks.judging import Judge, Moment, Settings
from checks.online import Stretch
from checks.unseen import BlindError, Unseen

HOUR, DAY = 3_600, 86_400
SEEN = 1_795_336_200
MOMENT = Moment.at(SEEN, datetime.date(2026, 11, 22))
LIMITS = DefinitionsSettings(
    fresh_seconds=DAY, old_seconds=3 * DAY, ancient_seconds=7 * DAY, online_seconds=4 * HOUR
)
SCANS = ScanSettings(quick_seconds=7 * DAY, full_seconds=30 * DAY, online_seconds=4 * HOUR)
GOOD = Product("clamav", "ClamAV", "1.4.6", "dated", True, "on", "on-insert", True)
TIMES = Freshness("clamav", "28188", SEEN - HOUR, SEEN - HOUR, SEEN - DAY, SEEN - DAY)
NOW = AntivirusNow(times=[TIMES], up_seconds=100 * DAY, awake_seconds=100 * DAY)
DENIED = Unseen("denied")


def facts(*products: Product) -> AntivirusFacts:
    return AntivirusFacts(products=list(products))


def product(**changes: object) -> Product:
    return msgspec.structs.replace(GOOD, **changes)


def now(
    up: object = 100 * DAY,
    awake: object = None,
    online: object = UNSUPPORTED,
    **changes: object,
) -> AntivirusNow:
    times = msgspec.structs.replace(TIMES, **changes)
    return AntivirusNow(
        online=online,  # type: ignore[arg-type]  # as below
        times=[times],
        up_seconds=up,  # type: ignore[arg-type]  # tests also give Unseen
        awake_seconds=up if awake is None else awake,  # type: ignore[arg-type]  # as above
    )


@pytest.mark.parametrize(
    ("age", "status", "says", "severity"),
    [
        (0, "pass", "fresh", None),
        (23 * HOUR + 59 * 60, "pass", "fresh", None),
        (DAY, "pass", "fresh", None),
        (DAY + 1, "warn", "old", None),
        (3 * DAY, "warn", "old", None),
        (3 * DAY + 1, "fail", "old", None),
        (7 * DAY, "fail", "old", None),
        (7 * DAY + 1, "fail", "old", "critical"),
        (-HOUR, "pass", "fresh", None),
    ],
)
def test_definitions_pass_for_a_day_warn_for_three_and_are_critical_after_a_week(
    age: int, status: str, says: str, severity: str | None
) -> None:
    finding = definitions(facts(GOOD), now(definitions_at=SEEN - age), LIMITS, MOMENT)
    assert (finding.status, finding.says, finding.severity) == (status, says, severity)


def test_old_definitions_say_so_when_nothing_fetches_new_ones() -> None:
    old = now(definitions_at=SEEN - 5 * DAY)
    for updating, says in ((False, "old-no-updater"), (True, "old"), (DENIED, "old")):
        finding = definitions(facts(product(updating=updating)), old, LIMITS, MOMENT)
        assert (finding.status, finding.says) == ("fail", says)


def test_definitions_newer_than_the_clock_are_unknown_because_the_clock_is_wrong() -> None:
    with pytest.raises(BlindError) as blind:
        definitions(facts(GOOD), now(definitions_at=SEEN + HOUR + 1), LIMITS, MOMENT)
    assert blind.value.says == "from-the-future"


def test_no_definitions_at_all_are_critical() -> None:
    finding = definitions(facts(GOOD), now(definitions_at=None), LIMITS, MOMENT)
    assert (finding.status, finding.severity) == ("fail", "critical")


@pytest.mark.parametrize(
    ("up", "status"), [(4 * HOUR, "fail"), (4 * HOUR - 1, None), (1, None), (0, None)]
)
def test_the_clock_of_old_definitions_starts_four_hours_after_the_last_start(
    up: int, status: str | None
) -> None:
    old = now(up=up, definitions_at=SEEN - 9 * DAY)
    if status is None:
        with pytest.raises(BlindError) as blind:
            definitions(facts(GOOD), old, LIMITS, MOMENT)
        assert blind.value.says == "too-little-online"
        assert blind.value.gaps == {"online": up, "need": 4 * HOUR, "age": 9 * DAY}
    else:
        assert definitions(facts(GOOD), old, LIMITS, MOMENT).status == status


def test_a_laptop_asleep_over_half_term_is_unknown_until_it_was_awake_for_four_hours() -> None:
    """On all Friday for 8 hours, asleep for nine days, woken 20 minutes ago."""
    woken = now(up=9 * DAY + 8 * HOUR, awake=8 * HOUR + 1_200, definitions_at=SEEN - 9 * DAY)
    with pytest.raises(BlindError) as blind:
        definitions(facts(GOOD), woken, LIMITS, MOMENT)
    assert blind.value.reason == "deferred"
    # Awake for longer than all the time before newer definitions were due: it had its chance.
    worked = now(up=9 * DAY + 8 * HOUR, awake=37 * HOUR, definitions_at=SEEN - 9 * DAY)
    assert definitions(facts(GOOD), worked, LIMITS, MOMENT).status == "fail"


def lessons(number: int, last: int = SEEN) -> list[Stretch]:
    """The newest so many lessons of 45 minutes, two a week."""
    ends = [last - 7 * DAY // 2 * back for back in range(number)]
    return [Stretch(end - 45 * 60, end, 45 * 60) for end in reversed(ends)]


def judged(judge: Judge, now: AntivirusNow, settings: Settings = LIMITS) -> tuple[str, object]:
    """The status, and the hours it was unknown for."""
    try:
        return judge(facts(GOOD), now, settings, MOMENT).status, None
    except BlindError as blind:
        return "unknown", blind.gaps["online"] if blind.says == "too-little-online" else blind.says


def test_a_laptop_used_45_minutes_twice_a_week_fails_once_its_hours_add_up() -> None:
    """A term of short lessons: each start is too short alone, the agent's own record adds them."""
    found = [
        judged(
            definitions,
            now(up=45 * 60, definitions_at=SEEN - 85 * DAY, online=lessons(number)),
        )
        for number in range(1, 25)
    ]
    assert found[:5] == [("unknown", number * 45 * 60) for number in range(1, 6)]
    assert found[5:] == [("fail", None)] * 19


@pytest.mark.parametrize(("seconds", "status"), [(4 * HOUR, "fail"), (4 * HOUR - 1, "unknown")])
def test_a_laptop_off_in_august_is_blamed_after_four_hours_of_september(
    seconds: int, status: str
) -> None:
    july = Stretch(SEEN - 45 * DAY, SEEN - 44 * DAY, DAY)
    september = Stretch(SEEN - seconds, SEEN, seconds)
    back = now(up=seconds, definitions_at=SEEN - 44 * DAY, online=[july, september])
    assert judged(definitions, back)[0] == status


def test_hours_before_newer_definitions_were_due_do_not_count() -> None:
    """On without a break, but only since three hours is there anything newer to fetch."""
    always = [Stretch(SEEN - 30 * DAY, SEEN, 30 * DAY)]
    just_due = now(definitions_at=SEEN - 27 * HOUR, online=always)
    assert judged(definitions, just_due) == ("unknown", 3 * HOUR)
    due = now(definitions_at=SEEN - 28 * HOUR, online=always)
    assert judged(definitions, due) == ("warn", None)


def test_a_school_that_calls_definitions_old_sooner_counts_its_hours_from_there() -> None:
    strict = msgspec.structs.replace(LIMITS, fresh_seconds=2 * HOUR)
    today = now(definitions_at=SEEN - 8 * HOUR, online=[Stretch(SEEN - 5 * HOUR, SEEN, 5 * HOUR)])
    assert judged(definitions, today, strict) == ("warn", None)
    assert judged(definitions, today) == ("pass", None)


def test_a_computer_that_never_had_a_network_is_unknown_however_long_it_was_on() -> None:
    alone = now(up=90 * DAY, definitions_at=SEEN - 80 * DAY, online=[])
    assert judged(definitions, alone) == ("unknown", 0)


def test_a_record_nobody_could_read_leaves_the_clock_at_the_last_start() -> None:
    unread = Unseen("parse-error")
    for up, expected in ((4 * HOUR, ("fail", None)), (60, ("unknown", 60))):
        short = now(up=up, definitions_at=SEEN - 9 * DAY, online=unread)
        assert judged(definitions, short) == expected


def test_a_scan_is_late_after_hours_since_it_fell_due_and_not_since_definitions_did() -> None:
    online = [Stretch(SEEN - 6 * HOUR, SEEN, 6 * HOUR)]
    for age, expected in (
        (7 * DAY + 4 * HOUR, ("fail", None)),
        (7 * DAY + 4 * HOUR - 1, ("unknown", 4 * HOUR - 1)),
    ):
        scanned = now(
            quick_scan_at=SEEN - age,
            full_scan_at=None,
            definitions_at=SEEN - 40 * DAY,
            online=online,
        )
        assert judged(scans, scanned, SCANS) == expected


def test_fresh_definitions_pass_however_short_the_computer_was_on() -> None:
    assert definitions(facts(GOOD), now(up=1), LIMITS, MOMENT).status == "pass"


@given(age=st.integers(DAY + 1, 60 * DAY), up=st.integers(0, 60 * DAY), share=st.floats(0, 1))
def test_old_definitions_never_pass(age: int, up: int, share: float) -> None:
    old = now(up=up, awake=int(up * share), definitions_at=SEEN - age)
    said: str
    try:
        said = definitions(facts(GOOD), old, LIMITS, MOMENT).status
    except BlindError as blind:
        said = blind.says
    assert said in ("warn", "fail", "too-little-online")


@given(st.integers(0, 30 * DAY), st.integers(0, 30 * DAY))
def test_older_definitions_are_never_judged_better(one: int, other: int) -> None:
    rank = {"pass": 0, "warn": 1, "fail": 2}
    younger, older = sorted((one, other))
    found = [
        definitions(facts(GOOD), now(definitions_at=SEEN - age), LIMITS, MOMENT).status
        for age in (younger, older)
    ]
    assert rank[found[0]] <= rank[found[1]]


def test_a_product_in_its_makers_cloud_needs_no_definitions() -> None:
    falcon = product(id="crowdstrike", definitions="cloud")
    assert definitions(facts(falcon), NOW, LIMITS, MOMENT).status == "not-applicable"


def test_the_running_product_decides_and_not_the_one_left_behind() -> None:
    left = product(id="left", running=False)
    stale = msgspec.structs.replace(TIMES, product="left", definitions_at=SEEN - 90 * DAY)
    both = AntivirusNow(times=[TIMES, stale], up_seconds=DAY, awake_seconds=DAY)
    assert definitions(facts(GOOD, left), both, LIMITS, MOMENT).status == "pass"
    assert active(facts(left, GOOD)).status == "pass"


def test_one_product_out_of_sight_does_not_hide_that_another_protects() -> None:
    hidden = product(id="hidden", running=DENIED, realtime=DENIED, removable=DENIED)
    for judge in (active, realtime, removable):
        assert judge(facts(hidden, GOOD)).status == "pass"


def test_a_bad_product_beside_one_out_of_sight_is_unknown_not_failed() -> None:
    hidden = product(id="hidden", running=DENIED)
    with pytest.raises(BlindError):
        active(facts(product(running=False), hidden))


@pytest.mark.parametrize("judge", [active, realtime, removable])
def test_no_product_fails_and_unseen_products_are_unknown(judge: object) -> None:
    assert callable(judge)
    assert judge(facts()).status == "fail"
    with pytest.raises(BlindError):
        judge(AntivirusFacts(products=DENIED))


@pytest.mark.parametrize(
    ("state", "status"),
    [("on", "pass"), ("partial", "warn"), ("watch-only", "warn"), ("off", "fail")],
)
def test_only_blocking_in_peoples_homes_is_real_time_protection(state: str, status: str) -> None:
    assert realtime(facts(product(realtime=state))).status == status


@pytest.mark.parametrize(
    ("state", "status"), [("on-insert", "pass"), ("mounted-only", "warn"), ("none", "fail")]
)
def test_only_a_scan_of_every_stick_passes(state: str, status: str) -> None:
    assert removable(facts(product(removable=state))).status == status


def test_a_stopped_product_protects_nothing_whatever_its_settings_say() -> None:
    stopped = facts(product(running=False))
    assert {judge(stopped).says for judge in (active, realtime, removable)} == {"stopped"}


@pytest.mark.parametrize(
    ("quick", "full", "status", "says"),
    [
        (7 * DAY, 30 * DAY, "pass", "scanned"),
        (7 * DAY + 1, 30 * DAY, "fail", "quick-old"),
        (7 * DAY, 30 * DAY + 1, "fail", "full-old"),
        (None, 7 * DAY, "pass", "scanned"),
        (DAY, None, "fail", "full-never"),
        (None, None, "fail", "never"),
    ],
)
def test_part_of_the_machine_is_scanned_weekly_and_all_of_it_monthly(
    quick: int | None, full: int | None, status: str, says: str
) -> None:
    times = now(
        quick_scan_at=None if quick is None else SEEN - quick,
        full_scan_at=None if full is None else SEEN - full,
    )
    finding = scans(facts(GOOD), times, SCANS, MOMENT)
    assert (finding.status, finding.says) == (status, says)


def test_an_unrecorded_scan_is_unknown_and_says_that_the_product_keeps_no_record() -> None:
    unrecorded = now(quick_scan_at=Unseen("unsupported"), full_scan_at=Unseen("unsupported"))
    with pytest.raises(BlindError) as blind:
        scans(facts(GOOD), unrecorded, SCANS, MOMENT)
    assert (blind.value.says, blind.value.gaps) == ("no-record", {"product": "ClamAV"})


def test_a_scan_that_fell_due_while_the_computer_was_off_is_unknown_at_first() -> None:
    late = now(up=HOUR, quick_scan_at=SEEN - 9 * DAY, full_scan_at=SEEN - 9 * DAY)
    with pytest.raises(BlindError) as blind:
        scans(facts(GOOD), late, SCANS, MOMENT)
    assert blind.value.says == "too-little-online"
    assert blind.value.gaps == {"online": HOUR, "need": 4 * HOUR}
