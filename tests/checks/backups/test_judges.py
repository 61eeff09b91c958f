"""When a server's backup is recent enough, at each side of its age and for each way not to know."""

import pytest

from agent import presence
from checks.backups.facts import BackupsFacts, BackupsNow, Job, Proof
from checks.backups.judges import BackupSettings, on_workdays, recent
from checks.facts import Facts
from checks.judging import Body, Device, Moment, run
from checks.online import Stretch
from checks.policy import Profile
from checks.unseen import Maybe, Unseen
from checks.verdicts import Finding

HOUR, DAY = 3_600, 86_400
THURSDAY = 1_795_046_400  # 19 November 2026, 00:00 UTC
SEEN = THURSDAY + 12 * HOUR
AGE = 26 * HOUR
DENIED = Unseen("denied")
ALWAYS_ON = [Stretch(SEEN - 30 * DAY, SEEN, 30 * DAY)]


def job(
    age: Maybe[int | None] = 5 * HOUR,
    failures: Maybe[int | None] = 0,
    *,
    name: str = "",
    proof: Proof = "result",
    seen: int = SEEN,
) -> Job:
    """Its last success was `age` seconds ago."""
    return Job("restic", name, proof, seen - age if isinstance(age, int) else age, failures)


def judged(
    *jobs: Job,
    profile: Maybe[Profile] = "server",
    online: Maybe[list[Stretch]] = ALWAYS_ON,
    products: Maybe[list[str]] = DENIED,
    named: list[str] | None = None,
    none_seen: str = "unknown",
    seen: int = SEEN,
    now: Body | None = None,
    everywhere: Maybe[bool] = True,
) -> Finding:
    sections: dict[type[Facts], Body] = {
        BackupsFacts: BackupsFacts(products),
        BackupsNow: now or BackupsNow(list(jobs), online, everywhere),
    }
    settings = BackupSettings(AGE, named or [], none_seen)
    return run(recent, sections, settings, Device("linux", profile), Moment.at(seen))


@pytest.mark.parametrize(
    ("age", "failures", "wanted"),
    [
        (0, 0, ("pass", "recent")),
        (AGE - 1, 0, ("pass", "recent")),
        (AGE, 0, ("pass", "recent")),
        (AGE + 1, 0, ("fail", "late")),
        (AGE, 1, ("warn", "failed-once")),
        (AGE + 1, 1, ("fail", "late")),
        (0, 2, ("fail", "failing")),
        (0, 9, ("fail", "failing")),
        (None, 0, ("fail", "never")),
        (None, 1, ("fail", "never")),
        (None, 2, ("fail", "failing")),
        (AGE, None, ("pass", "recent")),
        (DENIED, 0, ("unknown", "could-not-look")),
        (DENIED, 1, ("fail", "failed-last")),
        (0, DENIED, ("unknown", "could-not-look")),
        (-HOUR, 0, ("pass", "recent")),
        (-HOUR - 1, 0, ("unknown", "from-the-future")),
    ],
)
def test_a_job_is_recent_failed_or_late(
    age: Maybe[int | None], failures: Maybe[int | None], wanted: tuple[str, str]
) -> None:
    found = judged(job(age, failures))
    assert (found.status, found.says) == wanted


def test_two_failures_in_a_row_are_critical_however_fresh_another_job_is() -> None:
    found = judged(job(), job(HOUR, 2, name="sims"))
    assert (found.status, found.says, found.severity) == ("fail", "failing", "critical")
    assert found.args == {"job": "restic (sims)", "count": 2}


@pytest.mark.parametrize(
    ("age", "wanted"),
    [(0, ("warn", "no-result")), (AGE, ("warn", "no-result")), (AGE + 1, ("fail", "late"))],
)
def test_what_was_left_proves_nothing_but_what_was_not_left_does(
    age: int, wanted: tuple[str, str]
) -> None:
    found = judged(job(age, None, proof="trace"))
    assert (found.status, found.says) == wanted


def test_one_good_job_does_not_hide_another() -> None:
    assert judged(job(), job(name="b")).says == "recent"
    late = judged(job(), job(AGE + HOUR, name="old"))
    assert (late.status, late.says, late.args) == ("warn", "another-late", {"job": "restic (old)"})
    unseen = judged(job(), job(DENIED, name="b"))
    assert (unseen.status, unseen.says) == ("warn", "another-unseen")


def test_the_best_is_told_where_none_is_good() -> None:
    assert judged(job(AGE + 1), job(HOUR, 1)).says == "failed-once"
    assert judged(job(AGE + 1), job(DENIED)).status == "unknown"
    assert judged(job(AGE + 1), job(None)).status == "fail"


@pytest.mark.parametrize("profile", ["pupil", "staff", "office", "board", "kiosk", "loan"])
def test_only_servers_are_asked(profile: Profile) -> None:
    assert judged(job(None), profile=profile).says == "not-a-server"


def test_a_computer_nobody_named_a_purpose_for_is_unknown() -> None:
    assert judged(job(), profile=Unseen("unsupported")).says == "profile-unset"


@pytest.mark.parametrize(
    ("products", "none_seen", "wanted"),
    [
        ([], "unknown", ("unknown", "no-job-seen")),
        (["Acronis"], "unknown", ("unknown", "product-only")),
        (DENIED, "unknown", ("unknown", "could-not-look")),
        (["Acronis"], "fail", ("fail", "no-job")),
        ([], "outside", ("not-applicable", "outside")),
    ],
)
def test_no_job_seen_is_never_a_pass_and_the_school_says_what_it_is(
    products: Maybe[list[str]], none_seen: str, wanted: tuple[str, str]
) -> None:
    found = judged(products=products, none_seen=none_seen)
    assert (found.status, found.says) == wanted


def test_a_list_nobody_could_see_is_unknown_whatever_the_school_says() -> None:
    for none_seen in ("unknown", "fail", "outside"):
        found = judged(now=BackupsNow(DENIED, []), none_seen=none_seen)
        assert (found.status, found.args) == ("unknown", {"reason": "denied"})


def test_a_place_that_was_closed_is_told_beside_a_good_job_and_excuses_no_late_one() -> None:
    found = judged(job(), everywhere=DENIED)
    assert (found.status, found.says) == ("warn", "another-unseen")
    assert judged(job(HOUR, 2), job(), everywhere=DENIED).says == "failing"
    assert judged(job(2 * AGE), everywhere=DENIED).status == "unknown"


@pytest.mark.parametrize("none_seen", ["unknown", "fail", "outside"])
def test_where_a_place_was_closed_nobody_says_that_no_named_job_is_there(none_seen: str) -> None:
    found = judged(job(), named=["veeam*"], products=[], none_seen=none_seen, everywhere=DENIED)
    assert (found.status, found.args) == ("unknown", {"reason": "denied"})


def test_only_jobs_the_school_named_count() -> None:
    assert judged(job(), products=[], named=["veeam*"]).says == "no-job-seen"
    assert judged(job(), named=["RESTIC"]).status == "pass"
    assert judged(job(), job(None, 5, name="old"), named=["nightly*", ""]).status == "pass"


@pytest.mark.parametrize(
    ("online", "wanted"),
    [
        ([Stretch(SEEN - DAY + 1, SEEN, DAY - 1)], "unknown"),
        ([Stretch(SEEN - DAY, SEEN, DAY)], "fail"),
        ([Stretch(SEEN - 3 * DAY, SEEN, DAY - 1)], "unknown"),
        (ALWAYS_ON, "fail"),
        ([], "unknown"),
        (DENIED, "fail"),
    ],
)
def test_a_server_that_was_off_could_save_nothing(
    online: Maybe[list[Stretch]], wanted: str
) -> None:
    found = judged(job(20 * DAY), online=online)
    assert found.status == wanted
    assert found.says == ("was-off" if wanted == "unknown" else "late")


def test_as_much_as_an_agent_remembers_is_enough_to_call_a_backup_late() -> None:
    """It keeps no more hours than a check may ask for."""
    ledger = presence.Ledger()
    for night in range(12):
        moment = SEEN - (12 - night) * DAY
        lessons = presence.Sample(f"boot {night}", moment, 3 * HOUR, 3 * HOUR, connected=True)
        ledger = presence.noted(ledger, lessons)
    assert judged(job(20 * DAY), online=ledger.stretches).says == "late"
    assert judged(job(4 * DAY), online=ledger.stretches).says == "was-off"


@pytest.mark.parametrize(
    ("begins", "ends", "hours"),
    [
        (0, 0, 0),
        (0, 24, 24),
        (36, 48, 12),  # Friday noon to midnight
        (36, 60, 12),
        (36, 96, 12),  # to Monday 00:00
        (36, 97, 13),
        (50, 60, 0),  # a Saturday
        (0, 24 * 7, 24 * 5),
        (60, 60 + 24 * 14, 24 * 10),
        (24, 0, 0),
    ],
)
def test_weekends_do_not_count_into_an_age(begins: int, ends: int, hours: int) -> None:
    found = on_workdays(THURSDAY + begins * HOUR, THURSDAY + ends * HOUR)
    assert found == hours * HOUR


def test_fridays_backup_is_good_on_monday_morning_and_late_by_evening() -> None:
    friday, monday = THURSDAY + 46 * HOUR, THURSDAY + 4 * DAY
    on = [Stretch(THURSDAY, monday + DAY, monday + DAY - THURSDAY)]
    for hour, status in ((2, "pass"), (24, "pass"), (25, "fail")):
        seen = monday + hour * HOUR
        found = judged(job(seen - friday, seen=seen), online=on, seen=seen)
        assert (hour, found.status) == (hour, status)


def test_a_script_counts_once_the_school_has_named_it() -> None:
    script = Job("script", "nightly-backup.service", "result", SEEN - HOUR, 0)
    found = judged(script)
    assert (found.status, found.says) == ("warn", "by-name")
    assert judged(script, named=["nightly-*"]).says == "recent"
    assert judged(Job("script", "x", "result", SEEN - 2 * AGE, 0)).says == "late"
    assert judged(Job("script", "x", "result", SEEN - HOUR, 2)).says == "failing"
    assert judged(script, job()).says == "recent"
