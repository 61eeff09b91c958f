"""Antivirus as Windows' security centre tells it: who stands back, who is paid for, who is told."""

import datetime

import msgspec
import pytest

from checks.antivirus.facts import AntivirusFacts, AntivirusNow, Freshness, Product
from checks.antivirus.judges import (
    DefinitionsSettings,
    active,
    definitions,
    managed,
    realtime,
    removable,
)
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
DEFENDER = Product(
    *("defender", "Microsoft Defender", "4.18", "dated", True, "on", "on-insert", UNTOLD),
    state="active",
    managed=True,
    tamper=True,
)
THIRD = msgspec.structs.replace(
    DEFENDER, id="other", name="Some Shield", removable=UNTOLD, managed=UNTOLD, tamper=UNTOLD
)
TIMES = Freshness("defender", "1.441", SEEN - HOUR, UNTOLD, SEEN - DAY, SEEN - DAY)
WORD = Freshness("other", UNTOLD, UNTOLD, UNTOLD, UNTOLD, UNTOLD, current=True)
WINDOWS = Device("windows", "pupil")


def facts(*products: Product) -> AntivirusFacts:
    return AntivirusFacts(products=list(products))


def changed(product: Product, **changes: object) -> Product:
    return msgspec.structs.replace(product, **changes)


def said(finding: Finding) -> tuple[str, str]:
    return finding.status, finding.says


def fresh(av: AntivirusFacts, *times: Freshness, online: int = 9) -> tuple[str, str]:
    stretch = Stretch(SEEN - online * HOUR, SEEN, online * HOUR)
    now = AntivirusNow(list(times), 30 * HOUR, UNTOLD, online=[stretch])
    return said(definitions(av, now, LIMITS, MOMENT))


@pytest.mark.parametrize(
    ("state", "works", "watches", "drives"),
    [
        ("active", ("pass", "runs"), ("pass", "watches"), ("pass", "scans-drives")),
        ("paused", ("pass", "runs"), ("fail", "paused"), ("fail", "paused")),
        ("passive", *[("fail", "stands-back")] * 3),
        ("expired", *[("fail", "expired")] * 3),
        ("off", *[("fail", "stopped")] * 3),
    ],
)
def test_only_a_product_at_work_protects(
    state: str, works: tuple[str, str], watches: tuple[str, str], drives: tuple[str, str]
) -> None:
    av = facts(changed(DEFENDER, state=state))
    assert (said(active(av)), said(realtime(av)), said(removable(av))) == (works, watches, drives)


def test_a_product_that_stands_back_for_one_at_work_is_no_finding() -> None:
    av = facts(changed(DEFENDER, state="passive", realtime="off"), THIRD)
    assert said(active(av)) == ("pass", "runs")
    assert said(realtime(av)) == ("pass", "watches")


def test_two_products_at_work_are_said_by_name() -> None:
    finding = active(facts(DEFENDER, THIRD))
    assert said(finding) == ("warn", "two-at-once")
    assert finding.args == {"product": "Microsoft Defender", "other": "Some Shield"}


def test_a_state_nobody_could_see_is_no_pass() -> None:
    for judge in (active, realtime, removable):
        with pytest.raises(BlindError):
            judge(facts(changed(DEFENDER, state=DENIED)))


def test_drives_left_out_of_scans_fail_though_files_are_looked_at_when_opened() -> None:
    av = facts(changed(DEFENDER, removable="opened-only"))
    assert said(removable(av)) == ("fail", "opened-only")


def test_fresh_definitions_of_a_product_that_stands_back_do_not_count_for_another() -> None:
    av = facts(changed(DEFENDER, state="passive"), THIRD)
    old = msgspec.structs.replace(WORD, current=False, told_at=SEEN - 9 * HOUR)
    assert fresh(av, TIMES, old) == ("fail", "says-old")


@pytest.mark.parametrize(
    ("current", "told", "online", "expected"),
    [
        (True, UNTOLD, 9, ("pass", "says-current")),
        (False, SEEN - 4 * HOUR, 9, ("fail", "says-old")),
        (False, SEEN - 4 * HOUR + 1, 9, ("warn", "says-old")),
        (False, SEEN - 9 * HOUR, 3, ("warn", "says-old")),
        (False, None, 9, ("warn", "says-old")),
    ],
)
def test_a_product_that_tells_no_date_is_taken_at_its_word_and_blamed_after_hours_online(
    current: bool, told: object, online: int, expected: tuple[str, str]
) -> None:
    times = msgspec.structs.replace(WORD, current=current, told_at=told)
    assert fresh(facts(THIRD), times, online=online) == expected


def test_a_product_that_tells_neither_a_date_nor_anything_else_is_unknown() -> None:
    with pytest.raises(BlindError):
        fresh(facts(THIRD), msgspec.structs.replace(WORD, current=UNTOLD))
    with pytest.raises(BlindError):
        fresh(facts(THIRD), msgspec.structs.replace(WORD, current=DENIED))


@pytest.mark.parametrize(
    ("reports", "defends", "expected"),
    [
        (True, True, ("pass", "managed")),
        (True, False, ("fail", "tamper-off")),
        (False, True, ("fail", "no-console")),
        (False, DENIED, ("fail", "no-console")),
    ],
)
def test_antivirus_reports_to_somebody_and_cannot_be_switched_off(
    reports: object, defends: object, expected: tuple[str, str]
) -> None:
    av = facts(changed(DEFENDER, managed=reports, tamper=defends))
    assert said(managed(av, WINDOWS)) == expected


@pytest.mark.parametrize(("reports", "defends"), [(UNTOLD, True), (True, UNTOLD), (DENIED, DENIED)])
def test_a_console_nobody_could_see_is_unknown(reports: object, defends: object) -> None:
    with pytest.raises(BlindError):
        managed(facts(changed(DEFENDER, managed=reports, tamper=defends)), WINDOWS)


def test_a_console_is_asked_of_linux_servers_and_of_no_other_linux_computer() -> None:
    av = facts(changed(DEFENDER, managed=False, state=UNTOLD))
    assert said(managed(av, Device("linux", "pupil"))) == ("not-applicable", "servers-only")
    assert said(managed(av, Device("linux", "server"))) == ("fail", "no-console")
    with pytest.raises(BlindError):
        managed(av, Device("linux"))
    assert said(managed(facts(), WINDOWS)) == ("fail", "no-antivirus")
