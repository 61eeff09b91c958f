"""One computer: what is wrong and what to do, what could not be seen, and never a green tick for
it.
"""

import zlib

from controller.fleet.models import Device, Held, Section, Verdict
from controller.people.models import User
from controller.people.roles import Role
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn


def verdict(place: Place, check: str, status: str, says: str, **args: object) -> None:
    """A result in force."""
    Verdict.objects.create(
        site=place.site,
        device=place.device,
        check_id=check,
        status=status,
        severity="high",
        says=says,
        args=args,
        since=school.NOW - 3 * school.DAY,
    )


def page(place: Place, user: User, signed_in: SignedIn) -> str:
    """The page of the school's one computer."""
    answer = signed_in(user).get(f"/computers/{place.device.id}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_fault_says_what_why_and_how_to_fix_it_on_this_system(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    Device.objects.filter(id=place.device.id).update(n_fail=1, worst=3)
    verdict(place, "lock-idle-timeout", "fail", "too-late", seconds=1800, limit=900)
    body = page(place, technician, signed_in)
    assert "Stays open for 30 minutes without use; the limit is 15 minutes." in body
    assert "Interactive logon" in body
    assert "GNOME" not in body
    assert "Thu 19 Nov" in body


def test_what_could_not_be_checked_has_its_reason_and_no_tick(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    Device.objects.filter(id=place.device.id).update(n_unknown=1, n_pass=0)
    verdict(place, "lock-idle-timeout", "unknown", "could-not-look", reason="denied")
    body = page(place, technician, signed_in)
    assert "because Caretaker was not allowed to look" in body
    assert "#circle-check" not in body


def test_old_answers_of_a_silent_computer_carry_a_clock_and_no_tick(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    Device.objects.filter(id=place.device.id).update(last_seen_at=school.NOW - 9 * school.DAY)
    verdict(place, "lock-idle-timeout", "pass", "locks", seconds=600)
    body = page(place, technician, signed_in)
    assert "what follows is what it last said" in body
    assert "#circle-check" not in body
    assert "as it last said" in body


def test_a_computer_without_results_says_so(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    Device.objects.filter(id=place.device.id).update(judged_at=None, last_seen_at=None, n_pass=0)
    body = page(place, technician, signed_in)
    assert "No results yet." in body
    assert "has not reported yet" in body
    assert "#circle-check" not in body


def test_facts_show_reasons_units_and_cut_lists(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    facts = {
        "idle_seconds": 900,
        "free_bytes": 12_000_000_000,
        "installed_at": 1_795_000_000,
        "locks": {"unseen": "denied"},
        "limit": None,
        "on": True,
        "names": [f"n{number}" for number in range(60)],
        "rules": [{"deep": {"deeper": {"deepest": {"pit": {"floor": 1}}}}}],
    }
    school.hold_facts(place.device, "locking", facts)
    client = signed_in(technician)
    [group] = client.get(f"/computers/{place.device.id}/").context["page"].facts
    said = {fact.label: fact.value for fact in group.facts}
    assert said["Idle"] == "15 minutes"
    assert said["Free"] == "12 GB"
    assert said["Installed"] == "18 November 2026"
    assert said["Limit"] == "not set"
    assert said["On"] == "yes"
    assert said["Names"].endswith("and 20 more")
    assert "not allowed to look" in said["Locks"]


def test_small_things_in_a_list_take_one_line_each(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    programs = [{"name": f"tool-{n}", "version": f"{n}.0", "publisher": None} for n in range(45)]
    school.hold_facts(place.device, "software", {"programs": programs})
    client = signed_in(technician)
    [group] = client.get(f"/computers/{place.device.id}/").context["page"].facts
    assert [(fact.label, fact.value) for fact in group.facts[:2]] == [
        ("Programs", "45 in all"),
        ("tool-0", "version 0.0"),
    ]
    assert group.facts[-1].value == "and 5 more"


def test_numbers_with_thousands_of_digits_are_a_few_words_and_no_error(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    digits = "9" * 4_000
    school.hold_facts(
        place.device,
        "locking",
        {f"x{unit}": int(digits) for unit in ("", "_seconds", "_bytes", "_at")},
    )
    text = page(place, technician, signed_in)
    assert text.count("an impossible number") == 4
    assert "9" * 40 not in text  # shorter runs of it stand in digests now and then


def test_a_bomb_or_a_broken_body_is_a_line_and_no_error(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    bodies = [zlib.compress(b"[" * 900_000), b"not zlib", zlib.compress(b"\xff\xfe")]
    for number, body in enumerate(bodies):
        section = Section.objects.create(site=place.site, digest=f"sha256:{number}", body=body)
        Held.objects.create(
            site=place.site,
            device=place.device,
            name=f"x{number}",
            schema=1,
            digest=section.digest,
            section=section,
            report_seq=1,
            since=1,
        )
    groups = signed_in(technician).get(f"/computers/{place.device.id}/").context["page"].facts
    assert [group.facts[0].value for group in groups] == ["could not be read"] * 3


def test_only_those_with_hands_on_see_keys_and_raw_facts(
    place: Place, technician: User, slt: User, signed_in: SignedIn
) -> None:
    school.hold_facts(place.device, "locking", {"idle_seconds": 900})
    assert place.device.key_id in page(place, technician, signed_in)
    assert place.device.key_id not in page(place, slt, signed_in)
    assert "What was read from it" not in page(place, slt, signed_in)


def test_saying_what_it_is_for_is_kept_with_who_said_it(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    client.post(f"/computers/{place.device.id}/purpose/", {"profile": "staff"})
    device = Device.objects.get(id=place.device.id)
    assert (device.profile, device.profile_source) == ("staff", "person")
    client.post(f"/computers/{place.device.id}/purpose/", {"profile": "spaceship"})
    assert Device.objects.get(id=place.device.id).profile == "staff"


def test_a_withdrawn_computer_is_still_there_as_evidence(place: Place, signed_in: SignedIn) -> None:
    Device.objects.filter(id=place.device.id).update(state="revoked")
    auditor = school.make_person(place.site, Role.AUDITOR)
    assert "It was withdrawn" in page(place, auditor, signed_in)


def test_a_lost_computer_is_withdrawn_with_the_reason_and_counted_no_more(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, path = signed_in(technician), f"/computers/{place.device.id}/withdraw/"
    assert "Say why" in client.post(path, {"reason": " "}, follow=True).content.decode()
    assert Device.objects.get(id=place.device.id).state == "active"
    answer = client.post(path, {"reason": "Left on the train"}, follow=True)
    assert "no longer counted" in answer.content.decode()
    assert Device.objects.get(id=place.device.id).state == "revoked"
    assert client.get("/computers/").context["page"].tabs["all"] == 0
    again = client.post(path, {"reason": "Twice"}, follow=True).content.decode()
    assert "It was withdrawn" in again
    assert "Withdraw this computer" not in again


def test_somebody_with_two_schools_reads_each_as_what_they_are_there(
    place: Place, elsewhere: Place, signed_in: SignedIn
) -> None:
    user = school.make_person(place.site, Role.TECHNICIAN)
    school.add_role(user, elsewhere.site, Role.SLT)
    client = signed_in(user)
    client.get(f"/?school={place.site.id}")
    body = client.get(f"/computers/{elsewhere.device.id}/").content.decode()
    assert elsewhere.device.key_id not in body
    assert "Withdraw this computer" not in body
    assert f'<span class="me-school">{elsewhere.site.name}</span>' in body
