"""A report and its line in the log are one; receipts say where, and computers bear witness."""

import base64
import threading

import pytest
from django.db import connection, transaction

from controller.evidence import services
from controller.fleet.models import Device, Report
from inventory.ledger import log
from inventory.ledger import services as ledger
from inventory.ledger.contradictions import VERB
from inventory.models import Event, Line
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW, Machine
from wire import dsse, merkle
from wire.receipt import Receipt
from wire.report import Seen, seen_of

pytestmark = pytest.mark.django_db


def _root(site: str, size: int | None = None) -> str:
    leaves = [merkle.leaf(line.encode()) for line in log.lines(site)]
    return base64.b64encode(merkle.root(leaves[:size])).decode()


def _seen(receipt: Receipt) -> Seen:
    seen = seen_of(receipt.size, receipt.root)
    assert seen is not None
    return seen


def test_a_receipt_says_which_line_a_report_is_and_how_far_the_log_reaches(
    controller: Controller,
) -> None:
    machine = controller.machine()
    envelope = machine.report()
    receipt = controller.door.post(envelope).receipt
    lines = list(log.lines(controller.site))
    assert receipt.index is not None
    assert lines[receipt.index].endswith(f" report {machine.device} 1 {dsse.digest(envelope)}")
    assert (receipt.size, receipt.root) == (len(lines), _root(controller.site))


def test_the_receipt_of_a_duplicate_names_the_line_it_got_then(controller: Controller) -> None:
    machine = controller.machine()
    envelope = machine.report()
    first = controller.door.post(envelope).receipt
    controller.door.post(machine.report())
    again = controller.door.post(envelope).receipt
    assert (again.status, again.index) == ("duplicate", first.index)
    assert (again.size, again.root) == (first.size and first.size + 1, _root(controller.site))
    assert Line.objects.filter(text__startswith="report ").count() == 2


def test_a_refused_report_leaves_no_line(controller: Controller) -> None:
    machine = controller.machine()
    before = log.extent(controller.site)
    assert controller.door.post(machine.report(seq=7, prev=dsse.digest(b"x"))).status == 409
    assert log.extent(controller.site) == before


def test_a_second_report_for_one_place_is_in_the_log_once(controller: Controller) -> None:
    machine = controller.machine()
    controller.door.post(machine.report())
    other = machine.sign(machine.draft(seq=1, prev="", uptime_seconds=61), advance=False)
    for _ in range(3):
        controller.door.post(other)
    forks = Line.objects.filter(text=f"fork {machine.device} 1")
    assert [bytes(line.digest).hex() for line in forks] == [dsse.digest(other)[7:]]


def test_what_a_computer_saw_of_the_log_is_silently_right(controller: Controller) -> None:
    machine, other = controller.machine(), controller.machine("lab-2")
    receipts = [controller.door.post(machine.report()).receipt]
    for _ in range(3):
        controller.door.post(other.report())
        seen = _seen(receipts[-1])
        receipts.append(controller.door.post(machine.report(seen=seen)).receipt)
    assert not Event.objects.filter(verb=VERB).exists()


def test_anybody_may_have_the_newest_checkpoint_and_nothing_else_of_the_log(
    controller: Controller,
) -> None:
    path = f"/v1/log/checkpoint?site={controller.site}"
    assert (controller.door.ask("GET", path).status, controller.door.ask("GET", path).body) == (
        204,
        b"",
    )
    for _ in range(2):
        sheet = services.make(controller.site, actor="u", at=NOW, data=controller.data)
    reply = controller.door.ask("GET", path)
    assert (reply.status, reply.body.decode()) == (200, sheet.note)
    assert reply.headers["Content-Type"].startswith("text/plain")
    elsewhere = controller.site[:-1] + ("0" if controller.site[-1] != "0" else "1")
    assert controller.door.ask("GET", f"/v1/log/checkpoint?site={elsewhere}").status == 204
    for wrong in (
        "/v1/log/checkpoint",
        "/v1/log/checkpoint?site=x",
        f"/v1/log/entries?site={controller.site}",
        f"/v1/log/proof?site={controller.site}&index=0",
    ):
        assert controller.door.ask("GET", wrong).problem.code == "not_found", wrong


def _rewrite(site: str, index: int) -> None:
    """As somebody with the database would, and the head after it."""
    Line.objects.filter(site_id=site, idx=index).update(at=NOW - 1)


@pytest.mark.parametrize("seen", ["another root", "lines now gone", "more lines than there are"])
def test_a_computer_that_saw_another_log_is_believed_and_written_down(
    seen: str, controller: Controller
) -> None:
    machine = controller.machine()
    held = _seen(controller.door.post(machine.report()).receipt)
    if seen == "another root":
        _rewrite(controller.site, 0)
    elif seen == "lines now gone":
        Line.objects.filter(site_id=controller.site, idx=1).delete()
    else:
        held = Seen(size=held.size + 1, root=held.root)
    reply = controller.door.post(machine.report(seen=held))
    assert (reply.status, reply.receipt.need) == (202, reply.receipt.need)
    assert Report.objects.filter(device_id=machine.device).count() == 2
    event = Event.objects.get(verb=VERB)
    assert (event.actor, event.subject) == (machine.device, controller.site)
    assert event.after_digest == ledger.digest({"size": held.size, "root": held.root})


def test_one_computer_contradicts_once_a_day(controller: Controller) -> None:
    machine = controller.machine()
    held = _seen(controller.door.post(machine.report()).receipt)
    wrong = Seen(size=held.size, root=dsse.digest(b""))
    for _ in range(3):
        controller.door.post(machine.report(seen=wrong))
    assert Event.objects.filter(verb=VERB).count() == 1


def test_an_unchanged_night_is_kept_in_700_bytes(controller: Controller) -> None:
    machine = controller.machine()
    receipt = controller.door.post(machine.report()).receipt
    machine.supply(receipt.need)
    digest = Device.objects.get(id=machine.device).content_digest
    unchanged = machine.report(
        digest, seen=_seen(receipt), echo=receipt.nonce, boot="6f9d1a52-9d0e-4a41-8f6b-1c1a6f6f0b11"
    )
    assert controller.door.post(unchanged).receipt.need == []
    row = Report.objects.get(device_id=machine.device, seq=2)
    line = Line.objects.get(site_id=row.site_id, idx=row.line or 0)
    report = [row.device_id, row.site_id, row.digest, bytes(row.envelope), row.content_digest]
    logged = [line.site_id, line.text, bytes(line.digest)]
    numbers = 4 * (8 + 2)  # seq, line, times: at most eight bytes each and their places
    key = len(row.device_id) + 8
    assert sum(map(len, [*report, *logged])) + numbers + key <= 640


@pytest.mark.django_db(transaction=True)
def test_intake_people_and_the_night_keep_one_numbering(running: Controller) -> None:
    machines = [running.machine(f"lab-{n}") for n in range(3)]
    start = threading.Barrier(len(machines) + 2)
    receipts: list[Receipt] = []

    def report(machine: Machine) -> None:
        start.wait()
        receipts.extend(running.door.post(machine.report()).receipt for _ in range(6))

    def write(verb: str) -> None:
        start.wait()
        for _ in range(10):
            with transaction.atomic():
                ledger.append(
                    site_id=running.site, at=NOW, actor="user_1", verb=verb, subject=running.site
                )
        connection.close()

    threads = [threading.Thread(target=report, args=[machine]) for machine in machines]
    threads += [threading.Thread(target=write, args=[verb]) for verb in ("night", "role")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = list(log.lines(running.site))
    assert [int(line.split()[0]) for line in lines] == list(range(len(lines)))
    assert len(receipts) == 18
    for receipt in receipts:
        assert receipt.index is not None
        assert lines[receipt.index].endswith(f" {receipt.request}")
        assert receipt.root == _root(running.site, receipt.size)
    assert log.extent(running.site).root == base64.b64decode(_root(running.site))
