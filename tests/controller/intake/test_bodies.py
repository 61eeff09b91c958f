"""Section bodies: each device supplies its own, and nothing else is taken."""

from controller import clock
from controller.fleet.models import Device, Held, Section, Wanted
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW
from wire import dsse, report


def test_what_is_needed_is_asked_for_until_it_is_there(controller: Controller) -> None:
    machine = controller.machine()
    content = machine.content({"locking": b'{"a":1}', "software": b'{"b":2}'})
    envelope = machine.report(content)
    need = controller.door.post(envelope).receipt.need
    assert sorted(need) == sorted(dsse.digest(body) for body in machine.bodies.values())
    assert machine.put(b'{"a":1}').status == 204
    assert controller.door.post(envelope).receipt.need == [dsse.digest(b'{"b":2}')]
    assert machine.put(b'{"b":2}').status == 204
    assert controller.door.post(envelope).receipt.need == []
    assert Device.objects.get(id=machine.device).judge_due


def test_a_body_known_from_one_computer_is_not_taken_for_granted_from_another(
    controller: Controller,
) -> None:
    one, two = controller.machine("one"), controller.machine("two")
    for machine in (one, two):
        need = controller.door.post(machine.report()).receipt.need
        assert need == [dsse.digest(b'{"unseen":"denied"}')]
        machine.supply(need)
    assert Section.objects.count() == 1
    assert Held.objects.count() == 2


def test_a_body_that_was_not_asked_for_is_refused(controller: Controller) -> None:
    machine = controller.machine()
    reply = machine.put(b"anything")
    assert (reply.status, reply.problem.code) == (409, "not_needed")
    assert reply.problem.request == dsse.digest(b"anything")
    assert not Section.objects.exists()


def test_a_body_is_taken_only_from_the_device_it_was_asked_of(controller: Controller) -> None:
    one, two = controller.machine("one"), controller.machine("two")
    need = controller.door.post(one.report()).receipt.need
    assert two.supply(need, one.bodies.values())[0].problem.code == "not_needed"
    assert Held.objects.count() == 0


def test_a_damaged_body_is_refused_and_still_wanted(controller: Controller) -> None:
    machine = controller.machine()
    (digest,) = controller.door.post(machine.report()).receipt.need
    assert machine.put(b"damaged", digest).problem.code == "bad_digest"
    assert Wanted.objects.count() == 1


def test_content_that_is_not_known_is_asked_for_and_then_its_sections(
    controller: Controller,
) -> None:
    machine = controller.machine()
    content = machine.content({"locking": b'{"a":1}'})
    digest = report.content_digest(content)
    envelope = machine.report(digest)
    assert controller.door.post(envelope).receipt.need == [digest]
    assert machine.put(report.content_bytes(content)).status == 204
    assert controller.door.post(envelope).receipt.need == [dsse.digest(b'{"a":1}')]
    assert machine.put(b'{"a":1}').status == 204
    assert controller.door.post(envelope).receipt.need == []


def test_a_newer_report_replaces_what_is_wanted(controller: Controller) -> None:
    machine = controller.machine()
    first = machine.report(machine.content({"locking": b'{"a":1}'}))
    controller.door.post(first)
    second = machine.report(machine.content({"locking": b'{"a":2}'}))
    assert controller.door.post(second).receipt.need == [dsse.digest(b'{"a":2}')]
    assert controller.door.post(first).receipt.need == []


def test_content_unknown_and_then_known_again_asks_for_its_sections_again(
    controller: Controller,
) -> None:
    machine = controller.machine()
    known = machine.content({"locking": b'{"a":1}'})
    controller.door.post(machine.report(known))
    controller.door.post(machine.report(dsse.digest(b"never sent")))
    envelope = machine.report(report.content_digest(known))
    assert controller.door.post(envelope).receipt.need == [report.content_digest(known)]
    machine.put(report.content_bytes(known))
    assert controller.door.post(envelope).receipt.need == [dsse.digest(b'{"a":1}')]


def test_one_body_under_two_names_travels_once(controller: Controller) -> None:
    machine = controller.machine()
    same = b'{"unseen":"denied"}'
    content = machine.content({"locking": same, "software": same})
    need = controller.door.post(machine.report(content)).receipt.need
    assert need == [dsse.digest(same)]
    machine.supply(need)
    assert sorted(Held.objects.values_list("name", flat=True)) == ["locking", "software"]


def test_two_reports_at_once_are_stored_in_one_group(controller: Controller) -> None:
    from controller.intake.jobs import Job

    one, two = controller.machine("one"), controller.machine("two")
    bodies = [one.report(), two.report(), one.report()]
    jobs = [Job("report", parsed=dsse.parse(body), digest=dsse.digest(body)) for body in bodies]
    outcomes = controller.writer.work(jobs)
    assert [getattr(outcome, "seq", None) for outcome in outcomes] == [1, 1, 2]


def test_two_schools_share_no_body(controller: Controller) -> None:
    from controller.fleet import services
    from inventory.places.services import create_site
    from tests.controller.intake.machine import NOW, Machine
    from wire.enrolment import JoinCode

    here = controller.machine("here")
    here.supply(controller.door.post(here.report()).receipt.need)
    other = create_site(name="Valley School", at=NOW)
    code = services.create_join_code(site_id=other, actor="system", at=NOW)
    there = Machine(controller.door, name="there")
    there.join(JoinCode.parse(services.code_text(code.id, controller.data)))
    services.approve(there.device, actor="system", at=NOW)
    there.supply(controller.door.post(there.report()).receipt.need)
    assert sorted(Section.objects.values_list("site_id", flat=True)) == sorted(
        [controller.site, other]
    )
    assert Device.objects.get(id=there.device).site_id == other


def test_one_computer_cannot_fill_the_disk_and_holds_no_other_up(controller: Controller) -> None:
    greedy, honest = controller.machine("greedy"), controller.machine("honest")
    padding = b"0" * (500 * 1024)
    replies = []
    for turn in range(5):
        made = {f"s{n}": b'{"n":%d,"p":"%s"}' % (32 * turn + n, padding) for n in range(32)}
        need = controller.door.post(greedy.report(greedy.content(made))).receipt.need
        replies += greedy.supply(need)
    refused = [reply for reply in replies if reply.status == 429]
    stored = len(replies) - len(refused)
    assert 120 <= stored <= 130
    assert {reply.status for reply in replies} == {204, 429}
    assert refused[0].problem.code == "slow_down"
    assert honest.supply(controller.door.post(honest.report()).receipt.need)[0].status == 204
    clock.use(lambda: NOW + 3_601)
    (digest, *_) = controller.door.post(greedy.report(greedy.content(made))).receipt.need
    assert greedy.supply([digest])[0].status == 204


def test_bodies_that_a_stranger_sends_in_its_name_cost_a_computer_nothing(
    controller: Controller,
) -> None:
    machine = controller.machine()
    need = controller.door.post(machine.report()).receipt.need
    stranger = b"0" * (500 * 1024)
    refused = [machine.put(stranger).status for _ in range(140)]
    assert set(refused) == {409}
    assert machine.supply(need)[0].status == 204
