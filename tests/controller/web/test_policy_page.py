"""The policy page: what is in force, by whose word, until when; nothing of it harmful."""

import msgspec
import pytest

from checks.policy import Policy
from controller import clock
from controller.fleet.models import Device
from controller.people.models import User
from controller.people.roles import Role
from controller.policy.page import Page
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.controller.web.policies import POLICY, put_policy

DAY = 86_400


def publish(place: Place, policy: Policy = POLICY) -> int:
    """Put a policy in force; its version."""
    return put_policy(place.site, policy)


def html(user: User, signed_in: SignedIn) -> str:
    """The page as it is sent."""
    return signed_in(user).get("/policy/").content.decode()


def test_a_school_without_one_reads_so_and_only_technicians_what_to_type(
    place: Place, technician: User, slt: User, signed_in: SignedIn
) -> None:
    for user, told in ((technician, True), (slt, False)):
        page = html(user, signed_in)
        assert "No policy of the school’s own is in force" in page
        assert ("caretaker policy use" in page) == told


@pytest.mark.parametrize("role", [Role.GOVERNOR, Role.SLT, Role.TECHNICIAN])
def test_everybody_reads_what_is_asked_and_by_whose_word(
    role: Role, place: Place, signed_in: SignedIn
) -> None:
    version = publish(place)
    page = html(school.make_person(place.site, role), signed_in)
    for said in (
        "Willowbrook",
        str(version),
        "not separated",
        "Monday and Wednesday, 08:45 to 15:30: lessons",
        "Limit: 5 minutes",
        "for: Staff",
        "otherwise 15 minutes",
        "Asked by head",
        "If not: Urgent",
        "00:1a:2b:3c:4d:5e",
    ):
        assert said in page


def test_what_was_in_force_before_is_told(place: Place, slt: User, signed_in: SignedIn) -> None:
    first = publish(place)
    publish(place, msgspec.structs.replace(POLICY, name="Stricter"))
    found = signed_in(slt).get("/policy/").context["page"]
    assert isinstance(found, Page)
    assert [one.version for one in found.earlier] == [first]
    assert found.now.version is not None
    assert (found.now.version.name, found.earlier[0].until) == ("Stricter", school.NOW)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        pytest.param(0, "", id="new"),
        pytest.param(380, "This policy ends soon", id="soon"),
        pytest.param(401, "This policy is past its end", id="over"),
    ],
)
def test_the_end_is_told_in_time(
    place: Place, slt: User, signed_in: SignedIn, day: int, told: str
) -> None:
    publish(place)
    clock.use(lambda: school.NOW + day * DAY)
    page = html(slt, signed_in)
    assert told in page
    assert ("note-task" in page) == bool(told)


def test_how_many_computers_have_taken_it_is_told(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    publish(place)
    Device.objects.filter(state="active").update(judged_at=school.NOW, ruled="")
    assert "The one computer that reports judges itself by it" in html(slt, signed_in)
    other = school.make_device(place.site, "LAB-2", judged_at=school.NOW, ruled="behind")
    other.save()
    assert "1 of 2 computers that report judges by it already" in html(slt, signed_in)


@pytest.mark.parametrize(
    ("ruled", "told"),
    [
        pytest.param("behind", "an earlier policy", id="behind"),
        pytest.param("expired", "past its end", id="expired"),
        pytest.param("not_signed", "nobody signed it who may", id="not-signed"),
        pytest.param("a_newer_word", "by another policy", id="newer"),
    ],
)
def test_a_computer_that_judges_itself_otherwise_says_why(
    place: Place, slt: User, signed_in: SignedIn, ruled: str, told: str
) -> None:
    address = f"/computers/{place.device.id}/"
    assert "Policy on it" not in signed_in(slt).get(address).content.decode()
    Device.objects.filter(id=place.device.id).update(ruled=ruled)
    assert told in signed_in(slt).get(address).content.decode()


def test_no_word_of_a_policy_is_taken_for_markup(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    hostile = "<script>alert(1)</script>"
    publish(
        place,
        Policy(
            name=hostile,
            decisions=[msgspec.structs.replace(POLICY.decisions[0], by=hostile, reason=hostile)],
            quiet=[msgspec.structs.replace(POLICY.quiet[0], why=hostile)],
        ),
    )
    page = html(slt, signed_in)
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)") == 4
