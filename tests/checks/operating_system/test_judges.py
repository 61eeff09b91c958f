"""The operating system at the edges: the last day of fixes, evidence of more, updates that wait."""

import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.judging import Moment
from checks.operating_system.facts import (
    Automatic,
    OperatingSystemFacts,
    OperatingSystemNow,
    Update,
)
from checks.operating_system.judges import (
    AutomaticSettings,
    PatchSettings,
    SupportedSettings,
    automatic,
    patches,
    supported,
)
from checks.unseen import BlindError, Unseen

DAY = 86_400
NOW = int(datetime.datetime(2026, 11, 22, 4, tzinfo=datetime.UTC).timestamp())
MOMENT = Moment.at(NOW)
HALF_YEAR = SupportedSettings(warn_seconds=180 * DAY)
LIMITS = PatchSettings(
    outstanding_seconds=14 * DAY,
    unrated_seconds=35 * DAY,
    lists_seconds=10 * DAY,
    settling_seconds=4 * 3_600,
    restart_seconds=7 * DAY,
)
WEEK = AutomaticSettings(contact_seconds=7 * DAY)
BY_ITSELF = Automatic("unattended-upgrades", True, True)
DEBIAN = OperatingSystemFacts(
    product="debian",
    name="Debian GNU/Linux 13 (trixie)",
    release="13",
    point="13.2",
    build=None,
    edition=None,
    support_end=None,
    extended=[],
    kernel="6.12.0-1-amd64",
    architecture="x86_64",
    automatic=[BY_ITSELF],
    managed_by=None,
)
FRESH = OperatingSystemNow(
    lists_at=NOW - DAY,
    pending=[],
    pending_count=0,
    security_at=NOW - 3 * DAY,
    memory_at=NOW - 60 * DAY,
    restart_since=None,
    up_since=NOW - 2 * DAY,
    automatic_at=NOW - DAY,
)
UNRATED = [Update("openssl", "3.0.19")]


def system(**changes: object) -> OperatingSystemFacts:
    return msgspec.structs.replace(DEBIAN, **changes)


def updates(**changes: object) -> OperatingSystemNow:
    return msgspec.structs.replace(FRESH, **changes)


def on(day: str) -> Moment:
    date = datetime.date.fromisoformat(day)
    noon = datetime.datetime(date.year, date.month, date.day, 12, tzinfo=datetime.UTC)
    return Moment.at(int(noon.timestamp()), date)


@pytest.mark.parametrize(
    ("day", "status", "says"),
    [
        ("2028-02-10", "pass", "supported"),  # 181 days left
        ("2028-02-11", "warn", "ends-soon"),  # 180
        ("2028-08-09", "warn", "ends-soon"),  # the last day itself
        ("2028-08-10", "fail", "ended"),
    ],
)
def test_support_ends_after_its_last_day_and_warns_half_a_year_before(
    day: str, status: str, says: str
) -> None:
    finding = supported(DEBIAN, HALF_YEAR, on(day))
    assert (finding.status, finding.says) == (status, says)


def test_debian_12_is_supported_only_with_evidence_of_its_long_term_support() -> None:
    twelve = system(release="12", name="Debian GNU/Linux 12 (bookworm)")
    assert supported(twelve, HALF_YEAR, MOMENT).says == "ended"
    lts = msgspec.structs.replace(twelve, extended=["debian-lts"])
    finding = supported(lts, HALF_YEAR, MOMENT)
    assert (finding.status, finding.says) == ("pass", "extended-supported")
    assert supported(lts, HALF_YEAR, on("2028-06-30")).says == "extended-ends-soon"
    assert supported(lts, HALF_YEAR, on("2028-07-01")).says == "extended-ended"


def test_evidence_nobody_could_look_for_is_not_missing_evidence() -> None:
    twelve = system(release="12", extended=Unseen("denied"))
    with pytest.raises(BlindError):
        supported(twelve, HALF_YEAR, MOMENT)


@pytest.mark.parametrize(
    ("made", "status", "says"),
    [
        (("windows-11", "23H2", "22631", "E"), "fail", "ended"),
        (("windows-11", "24H2", "26100", "W"), "fail", "ended"),
        (("windows-11", "24H2", "26100", "E"), "pass", "supported"),
        (("windows-11", "25H2", "26200", "W"), "pass", "supported"),
        (("windows-10", "22H2", "19045", "W"), "fail", "ended"),
        (("windows-10", "21H2", "19044", "LTSC"), "warn", "ends-soon"),
        (("windows-10", "21H2", "19044", "E"), "fail", "ended"),
        (("windows-10", "1507", "10240", "W"), "fail", "ended"),
        (("windows-10", "", "7601", "W"), "fail", "ended-long-ago"),
        (("windows-server", "2016", "14393", None), "warn", "ends-soon"),
        (("windows-server", "2012 R2", "9600", None), "fail", "ended"),
        (("macos", "13.7.8", None, None), "fail", "ended"),
        (("macos", "14.8.9", None, None), "warn", "ageing"),
        (("macos", "26.1", None, None), "pass", "current"),
        (("macos", "11.7", None, None), "fail", "ended-long-ago"),
        (("ubuntu", "20.04", None, None), "fail", "ended"),
        (("ubuntu", "22.04", None, None), "warn", "ends-soon"),
        (("ubuntu", "24.04", None, None), "pass", "supported"),
        (("linuxmint", "21.3", None, None), "warn", "ends-soon"),
        (("debian", "11", None, None), "fail", "ended"),
    ],
)
def test_on_the_day_the_list_was_made_for_each_release_is_what_its_maker_says(
    made: tuple[str, str, str | None, str | None], status: str, says: str
) -> None:
    product, release, build, edition = made
    facts = system(product=product, release=release, build=build, edition=edition)
    finding = supported(facts, HALF_YEAR, MOMENT)
    assert (finding.status, finding.says) == (status, says)


@pytest.mark.parametrize(
    ("product", "release", "build", "edition"),
    [
        ("windows-11", "26H2", "26300", "E"),
        ("windows-11", "27H2", "29000", "W"),
        ("macos", "27.0.1", None, None),
        ("debian", "14", None, None),
        ("ubuntu", "26.10", None, None),
        ("linuxmint", "23", None, None),
        ("debian", None, None, None),
        ("other", "40", None, None),
    ],
)
def test_what_the_list_does_not_know_is_unknown_and_never_a_pass(
    product: str, release: str | None, build: str | None, edition: str | None
) -> None:
    made = system(product=product, release=release, build=build, edition=edition)
    with pytest.raises(BlindError):
        supported(made, HALF_YEAR, MOMENT)


@given(number=st.integers(14, 10_000))
def test_no_release_of_debian_newer_than_the_list_ever_passes(number: int) -> None:
    with pytest.raises(BlindError):
        supported(system(release=str(number)), HALF_YEAR, MOMENT)


def test_a_system_without_a_list_is_judged_by_the_date_its_maker_wrote_into_it() -> None:
    fedora = system(product="other", release="43", support_end=NOW + 200 * DAY)
    assert supported(fedora, HALF_YEAR, MOMENT).says == "supported"
    over = msgspec.structs.replace(fedora, support_end=NOW - 2 * DAY)
    assert supported(over, HALF_YEAR, MOMENT).says == "ended"


def test_extended_updates_of_windows_10_count_with_a_licence_only() -> None:
    ten = system(product="windows-10", release="22H2", build="19045", edition="E")
    assert supported(ten, HALF_YEAR, MOMENT).status == "fail"
    one = msgspec.structs.replace(ten, extended=["windows-esu-1"])
    assert supported(one, HALF_YEAR, on("2026-10-13")).says == "extended-ends-soon"
    assert supported(one, HALF_YEAR, on("2026-10-14")).says == "extended-ended"
    two = msgspec.structs.replace(ten, extended=["windows-esu-1", "windows-esu-2"])
    assert supported(two, HALF_YEAR, MOMENT).says == "extended-supported"
    another = msgspec.structs.replace(ten, extended=["windows-esu", "ubuntu-pro"])
    assert supported(another, HALF_YEAR, MOMENT).says == "ended"


@pytest.mark.parametrize(
    ("waited", "status", "says"),
    [
        (0, "pass", "waiting"),
        (1, "pass", "serious-waiting"),
        (14 * DAY, "pass", "serious-waiting"),
        (14 * DAY + 1, "fail", "outstanding"),
    ],
)
@pytest.mark.parametrize("severity", ["critical", "high"])
def test_a_serious_update_may_wait_fourteen_days(
    severity: str, waited: int, status: str, says: str
) -> None:
    one = Update("openssl", "3", severity, NOW - waited)  # type: ignore[arg-type]  # from the list above
    finding = patches(updates(pending=[one], pending_count=1), DEBIAN, LIMITS, MOMENT)
    assert (finding.status, finding.says) == (status, says)


def test_a_harmless_update_may_wait_for_ever() -> None:
    one = Update("fonts", "3", "low", NOW - 400 * DAY)
    finding = patches(updates(pending=[one], pending_count=1), DEBIAN, LIMITS, MOMENT)
    assert finding.says == "waiting"


@pytest.mark.parametrize(
    ("age", "status", "says"),
    [
        (35 * DAY, "pass", "unrated-waiting"),
        (35 * DAY + 1, "fail", "none-installed"),
        (-DAY, "pass", "unrated-waiting"),  # a clock that was ahead
    ],
)
def test_unrated_updates_are_judged_by_the_last_one_that_was_installed(
    age: int, status: str, says: str
) -> None:
    now = updates(pending=UNRATED, pending_count=1, security_at=NOW - age)
    finding = patches(now, DEBIAN, LIMITS, MOMENT)
    assert (finding.status, finding.says) == (status, says)


def test_unrated_updates_that_nothing_installs_are_a_warning_even_after_a_recent_one() -> None:
    now = updates(pending=UNRATED, pending_count=70)
    finding = patches(now, system(automatic=[]), LIMITS, MOMENT)
    assert (finding.status, finding.says) == ("warn", "unrated-by-hand")


def test_a_serious_update_cut_from_the_list_is_not_taken_for_a_harmless_one() -> None:
    one = Update("fonts", "3", "low", NOW - DAY)
    now = updates(pending=[one], pending_count=101, security_at=NOW - 36 * DAY)
    assert patches(now, DEBIAN, LIMITS, MOMENT).says == "none-installed"


def test_nothing_in_a_long_memory_is_proof_and_in_a_short_one_is_none() -> None:
    silent = updates(pending=UNRATED, pending_count=1, security_at=None)
    assert patches(silent, DEBIAN, LIMITS, MOMENT).says == "none-installed"
    young = msgspec.structs.replace(silent, memory_at=NOW - 35 * DAY)
    with pytest.raises(BlindError):
        patches(young, DEBIAN, LIMITS, MOMENT)
    with pytest.raises(BlindError):
        patches(msgspec.structs.replace(silent, memory_at=None), DEBIAN, LIMITS, MOMENT)


@pytest.mark.parametrize("lists", [None, NOW - 10 * DAY - 1])
def test_old_lists_never_pass(lists: int | None) -> None:
    with pytest.raises(BlindError) as blind:
        patches(updates(lists_at=lists), DEBIAN, LIMITS, MOMENT)
    assert (blind.value.reason, blind.value.says) == ("stale", "lists-old")


def test_lists_of_exactly_the_limit_are_believed() -> None:
    now = updates(lists_at=NOW - 10 * DAY)
    assert patches(now, DEBIAN, LIMITS, MOMENT).says == "nothing-waits"


def test_old_lists_and_a_long_silence_fail_once_the_computer_had_time_to_ask() -> None:
    silent = updates(lists_at=NOW - 90 * DAY, security_at=NOW - 36 * DAY)
    assert patches(silent, DEBIAN, LIMITS, MOMENT).says == "lists-old-none-installed"
    just_on = msgspec.structs.replace(silent, up_since=NOW - 4 * 3_600)
    with pytest.raises(BlindError):
        patches(just_on, DEBIAN, LIMITS, MOMENT)


@pytest.mark.parametrize(
    ("since", "status"), [(None, "pass"), (NOW - 7 * DAY, "pass"), (NOW - 7 * DAY - 1, "warn")]
)
def test_a_restart_may_be_put_off_for_a_week(since: int | None, status: str) -> None:
    assert patches(updates(restart_since=since), DEBIAN, LIMITS, MOMENT).status == status


def test_a_failure_outranks_a_restart_that_is_due() -> None:
    now = updates(
        pending=UNRATED,
        pending_count=1,
        security_at=NOW - 36 * DAY,
        restart_since=NOW - 30 * DAY,
    )
    assert patches(now, DEBIAN, LIMITS, MOMENT).status == "fail"


@pytest.mark.parametrize(
    ("ran", "status", "says"),
    [
        (NOW - 7 * DAY, "pass", "installs"),
        (NOW - 7 * DAY - 1, "warn", "ran-long-ago"),
        (None, "warn", "never-ran"),
    ],
)
def test_automatic_updates_have_run_within_the_week(
    ran: int | None, status: str, says: str
) -> None:
    finding = automatic(DEBIAN, updates(automatic_at=ran), WEEK, MOMENT)
    assert (finding.status, finding.says) == (status, says)


@pytest.mark.parametrize(
    ("ways", "says"),
    [
        ([], "nothing-installs"),
        ([Automatic("unattended-upgrades", True, False)], "only-downloads"),
        ([Automatic("unattended-upgrades", False, True)], "nothing-installs"),
        ([Automatic("dnf-automatic", False, False)], "nothing-installs"),
    ],
)
def test_what_is_set_up_but_does_not_work_is_no_automatic_update(
    ways: list[Automatic], says: str
) -> None:
    finding = automatic(system(automatic=ways), FRESH, WEEK, MOMENT)
    assert (finding.status, finding.says) == ("fail", says)


def test_one_working_way_is_enough_and_a_hidden_one_is_not_a_broken_one() -> None:
    hidden = Automatic("mintupdate", Unseen("denied"), True)
    both = system(automatic=[hidden, BY_ITSELF])
    assert automatic(both, FRESH, WEEK, MOMENT).status == "pass"
    with pytest.raises(BlindError):
        automatic(system(automatic=[hidden]), FRESH, WEEK, MOMENT)


def test_a_management_server_counts_as_long_as_it_is_heard_of() -> None:
    managed = system(automatic=[], managed_by="wsus")
    assert automatic(managed, FRESH, WEEK, MOMENT).status == "pass"
    silent = updates(automatic_at=NOW - 8 * DAY)
    assert automatic(managed, silent, WEEK, MOMENT).status == "warn"


@pytest.mark.parametrize("field", ["lists_at", "security_at"])
def test_updates_newer_than_the_clock_are_unknown_because_nothing_then_looks_old(
    field: str,
) -> None:
    ahead = msgspec.structs.replace(FRESH, pending_count=1, **{field: NOW + 2 * DAY})
    with pytest.raises(BlindError) as blind:
        patches(ahead, DEBIAN, LIMITS, MOMENT)
    assert blind.value.says == "from-the-future"


def test_automatic_updates_that_ran_after_now_are_unknown() -> None:
    ahead = msgspec.structs.replace(FRESH, automatic_at=NOW + 2 * DAY)
    with pytest.raises(BlindError):
        automatic(DEBIAN, ahead, WEEK, MOMENT)


@pytest.mark.parametrize(
    ("age", "says"),
    [(35 * DAY, "unrated-new"), (35 * DAY + 1, "none-installed"), (None, "none-installed")],
)
def test_on_a_mac_an_update_that_came_out_lately_is_only_warned_of(
    age: int | None, says: str
) -> None:
    came = None if age is None else NOW - age
    late = Update("macOS 26.2", "26.2", None, came)
    for last in (NOW - 60 * DAY, None):
        now = updates(pending=[late], pending_count=1, security_at=last)
        found = patches(now, system(product="macos"), LIMITS, MOMENT)
        assert (found.status, found.says) == ("warn" if says == "unrated-new" else "fail", says)
        for product in ("debian", "windows"):  # the newest takes the place of those left out
            found = patches(now, system(product=product), LIMITS, MOMENT)
            assert (found.status, found.says) == ("fail", "none-installed")


def test_one_old_or_undated_or_unlisted_update_is_enough_to_doubt_them_all() -> None:
    new, old = Update("a", "1", None, NOW - DAY), Update("b", "1", None, NOW - 36 * DAY)
    for pending, count in (([new, old], 2), ([new, *UNRATED], 2), ([new], 2)):
        now = updates(pending=pending, pending_count=count, security_at=NOW - 60 * DAY)
        assert patches(now, system(product="macos"), LIMITS, MOMENT).says == "none-installed"


def test_an_update_from_the_future_shows_a_clock_that_was_set_back() -> None:
    late = Update("macOS 26.2", "26.2", None, NOW + 2 * DAY)
    now = updates(pending=[late], pending_count=1, security_at=NOW - 60 * DAY)
    with pytest.raises(BlindError) as blind:
        patches(now, system(product="macos"), LIMITS, MOMENT)
    assert blind.value.says == "from-the-future"


@pytest.mark.parametrize("layer", ["mdm", "local-policy"])
def test_updates_switched_off_on_a_mac_say_who_did_it(layer: str) -> None:
    off = Automatic("macos", runs=False, installs=False, decided_by=layer)  # type: ignore[arg-type]  # from the list above
    finding = automatic(system(automatic=[off]), updates(), WEEK, MOMENT)
    assert (finding.says, finding.args) == ("switched-off", {"by": layer})
