"""Antivirus on macOS: what came with the system, what a school bought, and each one's pace."""

import datetime

import msgspec
import pytest

from checks.antivirus import chances, pace
from checks.antivirus.facts import AntivirusFacts, AntivirusNow, Freshness, Product
from checks.antivirus.judges import DefinitionsSettings, active, definitions, managed, realtime
from checks.judging import Device, Moment
from checks.online import Stretch
from checks.unseen import BlindError, Unseen
from checks.verdicts import Finding

HOUR, DAY = 3_600, 86_400
SEEN = 1_795_336_200
MOMENT = Moment.at(SEEN, datetime.date(2026, 11, 22))
LIMITS = DefinitionsSettings(
    fresh_seconds=DAY, old_seconds=3 * DAY, ancient_seconds=7 * DAY, online_seconds=4 * HOUR
)
UNTOLD = Unseen("unsupported")
DENIED = Unseen("denied")
BUILT_IN = Product(
    *("xprotect", "XProtect", "157", "dated", True, "programs-only", UNTOLD, True),
    managed=False,
    whole=True,
)
BOUGHT = Product(
    *("defender", "Defender", "101", "dated", True, "on", UNTOLD, UNTOLD), managed=True, tamper=True
)
MAC = Device("macos", "staff")


def changed(product: Product, **changes: object) -> Product:
    return msgspec.structs.replace(product, **changes)


def facts(*products: Product) -> AntivirusFacts:
    return AntivirusFacts(products=list(products))


def said(finding: Finding) -> tuple[str, str]:
    return finding.status, finding.says


def aged(age: int, limits: DefinitionsSettings = LIMITS, online: int = 9) -> tuple[str, str, str]:
    """The verdict on rules of XProtect's that came so long ago."""
    times = Freshness("xprotect", "5346", SEEN - age, UNTOLD, UNTOLD, UNTOLD)
    stretch = Stretch(SEEN - online * HOUR, SEEN, online * HOUR)
    now = AntivirusNow([times], 30 * HOUR, UNTOLD, online=[stretch])
    finding = definitions(facts(BUILT_IN), now, limits, MOMENT)
    return finding.status, finding.says, finding.severity or ""


@pytest.mark.parametrize(
    ("age", "verdict"),
    [
        (0, ("pass", "fresh", "")),
        (8 * DAY, ("pass", "fresh", "")),
        (60 * DAY, ("pass", "fresh", "")),
        (60 * DAY + 10 * HOUR, ("warn", "old", "")),
        (90 * DAY, ("warn", "old", "")),
        (90 * DAY + 1, ("fail", "old", "")),
        (180 * DAY, ("fail", "old", "")),
        (180 * DAY + 1, ("fail", "old", "critical")),
    ],
    ids=str,
)
def test_rules_are_as_old_as_their_maker_lets_them_be(
    age: int, verdict: tuple[str, str, str]
) -> None:
    assert aged(age) == verdict


def test_a_school_that_is_more_patient_than_the_maker_is_heard() -> None:
    patient = DefinitionsSettings(100 * DAY, 120 * DAY, 200 * DAY, 4 * HOUR)
    assert aged(100 * DAY, patient)[0] == "pass"
    assert aged(120 * DAY, patient)[0] == "warn"
    assert aged(200 * DAY, patient) == ("fail", "old", "")


def test_a_mac_back_from_a_cupboard_is_not_blamed_for_old_rules() -> None:
    with pytest.raises(BlindError) as blind:
        aged(100 * DAY, online=3)
    assert blind.value.says == "too-little-online"


def test_rules_from_the_future_are_the_clocks_fault() -> None:
    with pytest.raises(BlindError) as blind:
        aged(-2 * HOUR)
    assert blind.value.says == "from-the-future"


@pytest.mark.parametrize(("at", "says"), [(None, "no-definitions"), (DENIED, None)], ids=str)
def test_no_rules_at_all_are_the_worst_and_unseen_ones_are_no_pass(
    at: int | Unseen | None, says: str | None
) -> None:
    now = AntivirusNow([Freshness("xprotect", None, at, UNTOLD, UNTOLD, UNTOLD)], 0, UNTOLD)
    if says is None:
        with pytest.raises(BlindError):
            definitions(facts(BUILT_IN), now, LIMITS, MOMENT)
    else:
        assert definitions(facts(BUILT_IN), now, LIMITS, MOMENT).severity == "critical"


def test_the_pace_is_no_other_products() -> None:
    assert pace.of("defender") == pace.of("other") == pace.Pace()
    assert not pace.built_in("defender")


def test_what_came_with_the_system_is_antivirus_but_does_not_look_at_files_that_are_opened() -> (
    None
):
    assert said(active(facts(BUILT_IN))) == ("pass", "runs")
    assert said(realtime(facts(BUILT_IN))) == ("warn", "programs-only")
    assert said(managed(facts(BUILT_IN), MAC)) == ("fail", "no-console")


@pytest.mark.parametrize(
    ("product", "verdict"),
    [
        (changed(BUILT_IN, whole=False), ("fail", "half-off")),
        (changed(BUILT_IN, running=False, whole=False), ("fail", "stopped")),
        (changed(BUILT_IN, realtime="off"), ("pass", "runs")),
    ],
    ids=["half", "all", "whole"],
)
def test_both_of_its_parts_have_to_be_on(product: Product, verdict: tuple[str, str]) -> None:
    assert said(active(facts(product))) == verdict


@pytest.mark.parametrize("fact", ["running", "whole"])
def test_a_part_nobody_could_look_at_is_no_pass(fact: str) -> None:
    with pytest.raises(BlindError):
        active(facts(changed(BUILT_IN, **{fact: DENIED})))


def test_a_product_the_school_bought_is_the_one_that_is_judged() -> None:
    both = facts(BOUGHT, BUILT_IN)
    assert said(active(both)) == ("pass", "runs")
    assert active(both).args["product"] == "Defender"
    assert said(realtime(both)) == ("pass", "watches")
    off = facts(changed(BOUGHT, realtime="off"), BUILT_IN)
    assert said(realtime(off)) == ("fail", "on-demand-only")
    with pytest.raises(BlindError):
        realtime(facts(changed(BOUGHT, realtime=UNTOLD), BUILT_IN))


def test_fresh_rules_of_the_system_hide_no_old_definitions_of_the_product() -> None:
    rows = [
        Freshness("defender", "1.4", SEEN - 8 * DAY, UNTOLD, UNTOLD, UNTOLD),
        Freshness("xprotect", "5346", SEEN - DAY, UNTOLD, UNTOLD, UNTOLD),
    ]
    stretch = Stretch(SEEN - 9 * HOUR, SEEN, 9 * HOUR)
    now = AntivirusNow(rows, 30 * HOUR, UNTOLD, online=[stretch])
    finding = definitions(facts(BOUGHT, BUILT_IN), now, LIMITS, MOMENT)
    assert (finding.status, finding.severity) == ("fail", "critical")


def test_a_product_that_stopped_leaves_what_came_with_the_system() -> None:
    both = facts(changed(BOUGHT, running=False, realtime="off"), BUILT_IN)
    assert said(active(both)) == ("warn", "only-built-in")
    assert active(both).args["product"] == "Defender"
    assert said(realtime(both)) == ("warn", "programs-only")
    none = facts(changed(BOUGHT, running=False), changed(BUILT_IN, running=False))
    assert said(active(none)) == ("fail", "stopped")


def test_a_product_nobody_could_look_at_is_not_replaced_by_what_came_with_the_system() -> None:
    with pytest.raises(BlindError):
        active(facts(changed(BOUGHT, running=DENIED), BUILT_IN))


def test_hours_before_the_makers_pace_stay_on_the_machine() -> None:
    at = SEEN - 70 * DAY
    old, new = Stretch(0, at + 60 * DAY, HOUR), Stretch(0, at + 60 * DAY + 1, HOUR)
    times = [Freshness("xprotect", "5346", at, UNTOLD, UNTOLD, UNTOLD)]
    assert chances.countable([old, new], times) == [new]
