"""Device management: what can be carried away is enrolled, approved and not silent."""

import msgspec
import pytest

from checks.catalogue import catalogue, settings
from checks.judging import Device, Moment
from checks.management.facts import Enrolment, ManagementFacts
from checks.management.judges import ManagementSettings, enrolled
from checks.policy import DEFAULT_POLICY
from checks.unseen import BlindError, Maybe, Unseen

DAY = 86_400
HOUR = 3_600
NOW = 1_795_305_600
DENIED = Unseen("denied")
DEFAULT = ManagementSettings("portable", [], 14 * DAY, 8 * HOUR)
WELL = Enrolment("intune", None, "recent", None, None)


def silent(days: float, online: Maybe[int | None] = DAY) -> Enrolment:
    return Enrolment("intune", None, "past", int(NOW - days * DAY), online)


def judged(
    *enrolments: Enrolment,
    portable: Maybe[bool] = True,
    domain: Maybe[bool] = False,
    asks: ManagementSettings = DEFAULT,
) -> tuple[str, str]:
    facts = ManagementFacts([*enrolments], domain)
    finding = enrolled(facts, asks, Device("windows", portable=portable), Moment.at(NOW))
    return finding.status, finding.says


def says_blind(*enrolments: Enrolment, portable: Maybe[bool] = True) -> str:
    with pytest.raises(BlindError) as blind:
        judged(*enrolments, portable=portable)
    return blind.value.says


def test_the_numbers_are_the_catalogues() -> None:
    domain = catalogue().domain_of("mdm-enrolled")
    assert domain is not None
    assert settings(domain, enrolled, DEFAULT_POLICY, ["staff"]) == DEFAULT


def test_a_computer_that_stays_is_not_asked_unless_the_school_manages_all() -> None:
    assert judged(portable=False) == ("not-applicable", "stays")
    assert judged(WELL, portable=False) == ("not-applicable", "stays")
    everything = msgspec.structs.replace(DEFAULT, computers="all")
    assert judged(portable=False, asks=everything) == ("fail", "not-enrolled")
    assert judged(portable=DENIED, asks=everything) == ("fail", "not-enrolled")


def test_enrolled_and_heard_from_is_well_even_where_nobody_knows_what_it_is() -> None:
    assert judged(WELL) == ("pass", "enrolled")
    assert judged(WELL, portable=DENIED) == ("pass", "enrolled")
    assert judged(WELL, domain=DENIED) == ("pass", "enrolled")


def test_enrolled_nowhere_fails_only_what_is_known_to_be_portable() -> None:
    assert judged() == ("fail", "not-enrolled")
    assert says_blind(portable=DENIED) == "could-not-look"


def test_a_domain_alone_is_a_warning() -> None:
    assert judged(domain=True) == ("warn", "domain-only")
    with pytest.raises(BlindError):
        judged(domain=DENIED)


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (3, ("pass", "enrolled")),
        (14, ("pass", "enrolled")),
        (14 + 1 / DAY, ("fail", "silent")),
        (400, ("fail", "silent")),
    ],
)
def test_a_fortnight_of_silence_is_the_limit(days: float, found: tuple[str, str]) -> None:
    assert judged(silent(days)) == found


@pytest.mark.parametrize(("online", "fails"), [(8 * HOUR - 1, False), (8 * HOUR, True), (0, False)])
def test_silence_counts_only_after_hours_on_and_connected(online: int, fails: bool) -> None:
    if fails:
        assert judged(silent(30, online)) == ("fail", "silent")
    else:
        assert says_blind(silent(30, online)) == "too-little-online"


def test_without_a_memory_of_hours_nobody_is_blamed() -> None:
    assert says_blind(silent(30, DENIED)) == "could-not-look"
    assert says_blind(silent(30, None)) == "too-little-online"
    assert judged(silent(14, DENIED)) == ("pass", "enrolled")


def test_never_heard_from_is_a_warning_and_a_past_without_a_date_is_none() -> None:
    assert judged(Enrolment("intune", None, "never", None, None)) == ("warn", "never-reached")
    assert says_blind(Enrolment("intune", None, "past", None, None)) == "could-not-look"
    assert says_blind(Enrolment("intune", None, "past", DENIED, DAY)) == "could-not-look"


def test_a_date_ahead_of_the_look_is_no_silence() -> None:
    assert judged(silent(-3)) == ("pass", "enrolled")


def test_what_was_never_approved_fails() -> None:
    assert judged(msgspec.structs.replace(WELL, supervised=False)) == ("fail", "not-approved")
    assert judged(msgspec.structs.replace(WELL, supervised=True)) == ("pass", "enrolled")
    assert says_blind(msgspec.structs.replace(WELL, supervised=DENIED)) == "could-not-look"


def test_a_last_contact_that_nobody_saw_is_no_pass() -> None:
    unseen = msgspec.structs.replace(WELL, contact=Unseen("unsupported"))
    assert says_blind(unseen) == "last-contact-unseen"
    assert says_blind(unseen, silent(30)) == "last-contact-unseen"
    assert judged(unseen, WELL) == ("pass", "enrolled")


@pytest.mark.parametrize(
    ("managers", "found"),
    [
        (["Intune"], ("pass", "enrolled")),
        (["int*"], ("pass", "enrolled")),
        ([], ("pass", "enrolled")),
        (["intune"], ("pass", "enrolled")),
        (["jamf", "intune"], ("pass", "enrolled")),
        (["jamf"], ("fail", "another")),
        (["other"], ("fail", "another")),
    ],
)
def test_a_school_may_name_its_own_management(managers: list[str], found: tuple[str, str]) -> None:
    assert judged(WELL, asks=msgspec.structs.replace(DEFAULT, managers=managers)) == found


def test_one_enrolment_that_is_well_is_enough_and_the_best_of_the_others_is_told() -> None:
    never = Enrolment("other", None, "never", None, None)
    assert judged(silent(30), WELL) == ("pass", "enrolled")
    assert judged(silent(30), never) == ("warn", "never-reached")


def test_enrolments_that_nobody_could_list_are_no_pass() -> None:
    facts = ManagementFacts(DENIED, DENIED)
    with pytest.raises(BlindError):
        enrolled(facts, DEFAULT, Device("windows", portable=True), Moment.at(NOW))
