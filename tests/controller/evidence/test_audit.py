"""The night reads the whole log: however thoroughly lines were changed, something does not fit."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import transaction

from controller import clock
from controller.evidence import archive, audit, export, services, verifying
from controller.evidence.verifying import Sheet
from controller.fleet.models import Report
from controller.intake.witness import Witness
from controller.selfcheck import database
from inventory.ledger import contradictions, log, settling
from inventory.ledger import services as ledger
from inventory.ledger.contradictions import DIFFERS, LOST, SETTLED, VERB
from inventory.models import Checkpoint, Event, EventNote, LedgerHead, Line, Settled, Waypoint
from tests.controller.evidence.conftest import report
from tests.controller.evidence.rewriting import Insider
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW, Machine
from tests.controller.intake.test_rekeying import hand_over

DAY = 86_400


@dataclass
class Grown:
    """A log of more than two marks, with sheets in between, and a computer that saw its end."""

    controller: Controller
    machine: Machine
    insider: Insider
    seen: Sheet

    @property
    def site(self) -> str:
        """Whose log."""
        return self.controller.site

    def look(self) -> audit.Found:
        """As the night does, without writing it down."""
        return audit.look(self.site, NOW, self.controller.data)

    def night(self, at: int = NOW) -> audit.Found:
        """As the night does."""
        return audit.night(self.site, at, self.controller.data)

    def what(self) -> set[str]:
        """The kinds of things that are wrong."""
        return {one.what for one in self.look().wrong}


@pytest.fixture
def grown(controller: Controller) -> Grown:
    """160 lines and more."""
    machine = controller.machine()
    for _ in range(2):
        with transaction.atomic():
            tail = log.take([controller.site])[controller.site]
            for n in range(80):
                tail.add(NOW, f"role.give user_{n} user_1 - - -")
            log.write([tail])
        services.make(controller.site, actor="user_1", at=NOW, data=controller.data)
    _, seen = report(controller, machine, None)
    return Grown(controller, machine, Insider(controller.site, controller.data), seen)


def test_an_honest_log_reads_as_it_was_written(grown: Grown) -> None:
    report(grown.controller, grown.machine, grown.seen)
    found = grown.night()
    assert (found.wrong, found.unheard, found.sentence) == ([], [], "")
    assert found.size == found.good == log.extent(grown.site).size
    assert not Event.objects.filter(verb__in=(DIFFERS, VERB)).exists()


def _nothing_more(insider: Insider) -> None:
    """The line was changed, and that was all."""


def _end(insider: Insider) -> None:
    insider.covers_up(end=True)


def _marks(insider: Insider) -> None:
    insider.covers_up(end=True, marks=True)


def _roots(insider: Insider) -> None:
    insider.covers_up(end=True, marks=True, sheets="roots")


def _sheets_gone(insider: Insider) -> None:
    insider.covers_up(end=True, marks=True)
    Checkpoint.objects.filter(site_id=insider.site).delete()


COVERED: dict[str, tuple[Callable[[Insider], None], set[str]]] = {
    "nothing": (_nothing_more, {"mark", "checkpoint", "end"}),
    "the end": (_end, {"mark", "checkpoint"}),
    "the marks as well": (_marks, {"checkpoint"}),
    "the roots of the sheets as well": (_roots, {"unsigned"}),
    "by removing the sheets": (_sheets_gone, {"missing"}),
}


@pytest.mark.parametrize("how", sorted(COVERED))
def test_a_changed_line_is_found_however_it_is_covered_up(how: str, grown: Grown) -> None:
    cover_up, wrong = COVERED[how]
    grown.insider.change(70)
    cover_up(grown.insider)
    found = grown.night()
    assert {one.what for one in found.wrong} == wrong
    assert min(one.size for one in found.wrong) > 70
    event = Event.objects.get(verb=DIFFERS)
    note = EventNote.objects.get(event=event)
    assert (event.actor, event.subject, note.text) == ("system", grown.site, found.sentence)


def test_the_log_is_said_to_be_whole_up_to_where_it_was_changed(grown: Grown) -> None:
    grown.insider.change(70)
    assert grown.look().good == log.STRIDE
    grown.insider.change(0)
    assert grown.look().good == 0


def test_with_every_key_the_change_is_betrayed_by_the_first_report_after_a_start(
    grown: Grown,
) -> None:
    grown.insider.change(70)
    grown.insider.covers_up(end=True, marks=True, sheets="signed")
    assert not grown.look().wrong, "nothing that lies here can tell"
    grown.controller.room._store.witness = Witness()
    report(grown.controller, grown.machine, grown.seen)
    assert Event.objects.get(verb=VERB).actor == grown.machine.device


def test_marks_set_back_for_the_day_deceive_intake_but_not_the_night(grown: Grown) -> None:
    """Whoever leaves the marks as they were until the computers have reported, and only then makes
    them fit: what the computers signed is still there to be read."""
    grown.insider.change(5)
    grown.insider.covers_up(end=True, sheets="signed")
    grown.controller.room._store.witness = Witness()
    report(grown.controller, grown.machine, grown.seen)
    assert not Event.objects.filter(verb=VERB).exists()
    grown.insider.covers_up(end=True, marks=True, sheets="signed")
    found = grown.night()
    assert not found.wrong
    (event,) = Event.objects.filter(verb=VERB)
    assert (event.actor, event.at) == (grown.machine.device, NOW)
    assert not grown.night().unheard, "said once"


def test_what_a_computer_said_twice_in_a_day_is_not_said_again_by_the_night(
    grown: Grown,
) -> None:
    other = Sheet(grown.seen.size, bytes(32))
    report(grown.controller, grown.machine, other)
    clock.use(lambda: NOW + 3_600)
    report(grown.controller, grown.machine, other)
    grown.night(NOW + audit.WINDOW_SECONDS + 1_800)  # the second is looked at, the first is not
    assert Event.objects.filter(verb=VERB).count() == 1


def test_a_removed_line_and_a_log_cut_short_are_found(grown: Grown) -> None:
    with transaction.atomic():
        Line.objects.filter(site_id=grown.site, idx=30).delete()
        assert grown.what() == {"gap"}
        transaction.set_rollback(True)
    Line.objects.filter(site_id=grown.site, idx__gte=100).delete()
    Waypoint.objects.filter(site_id=grown.site, size__gt=100).delete()
    grown.insider.covers_up(end=True)
    assert LedgerHead.objects.get(site_id=grown.site).size == 100
    assert grown.what() == {"checkpoint"}
    sheet = Checkpoint.objects.order_by("-size").first()
    assert sheet is not None
    with transaction.atomic():  # and grew again, to the very size a sheet was signed for
        tail = log.take([grown.site])[grown.site]
        for n in range(sheet.size - 101):
            tail.add(NOW, f"role.take user_{n} user_1 - - -")
        log.write([tail])
    again = services.make(grown.site, actor="system", at=NOW, data=grown.controller.data)
    assert again.size == sheet.size
    assert grown.what() == {"checkpoint"}


def test_a_mark_that_belongs_nowhere_does_not_hide_the_next_ones(grown: Grown) -> None:
    Waypoint.objects.create(site_id=grown.site, size=0, frontier=b"")
    assert [(one.what, one.size) for one in grown.look().wrong] == [("mark", 1)]


def test_a_stored_report_that_was_changed_is_not_the_one_its_line_names(grown: Grown) -> None:
    row = Report.objects.get(device_id=grown.machine.device)
    kept = bytes(row.envelope)
    Report.objects.filter(device_id=row.device_id, seq=row.seq).update(
        envelope=bytes([kept[0] ^ 1]) + kept[1:]
    )
    assert grown.what() == {"report"}


def test_a_head_that_fits_no_size_is_found_too(grown: Grown) -> None:
    LedgerHead.objects.filter(site_id=grown.site).update(frontier=b"")
    assert grown.what() == {"end"}


def test_what_a_night_found_is_written_down_once_and_what_comes_to_it_again(grown: Grown) -> None:
    grown.insider.change(150)
    for day in range(3):
        grown.night(NOW + day * DAY)
        services.make(grown.site, actor="system", at=NOW, data=grown.controller.data)
    assert Event.objects.filter(verb=DIFFERS).count() == 1
    grown.insider.change(20)
    grown.night(NOW + 3 * DAY)
    assert Event.objects.filter(verb=DIFFERS).count() == 2


def test_after_a_restore_what_computers_saw_before_accuses_nobody(grown: Grown) -> None:
    with transaction.atomic():
        ledger.append(
            site_id=grown.site, at=NOW, actor="system", verb="controller.restore", subject="s"
        )
    ahead = Sheet(grown.seen.size + 50, grown.seen.root)
    report(grown.controller, grown.machine, ahead)
    assert Event.objects.filter(verb=LOST).count() == 1
    assert not grown.night().unheard
    assert not Event.objects.filter(verb=VERB).exists()


def _answered(grown: Grown) -> None:
    """Somebody knows of it."""
    found = contradictions.recent(grown.site, NOW)
    assert found is not None
    settling.settle(grown.site, actor="user_1", at=NOW, reason="a disk", through=found.newest)
    assert contradictions.recent(grown.site, NOW) is None


def test_behind_an_answer_the_log_is_read_strictly_again(grown: Grown) -> None:
    grown.insider.change(70)
    grown.night()
    _answered(grown)
    report(grown.controller, grown.machine, grown.seen)
    services.make(grown.site, actor="system", at=NOW, data=grown.controller.data)
    assert not grown.night().wrong
    (_, said) = database.deep(grown.controller.data, NOW)
    assert (said.state, said.says) == ("ok", "known"), "never that every line is as it was written"
    last = log.extent(grown.site).size - 1
    grown.insider.change(last)
    assert {one.what for one in grown.night().wrong} == {"checkpoint", "end"}
    assert contradictions.recent(grown.site, NOW) is not None


def test_no_second_change_hides_behind_the_answer_to_the_first(grown: Grown) -> None:
    grown.insider.change(70)
    grown.night()
    _answered(grown)
    assert not grown.night().wrong
    grown.insider.change(71)
    found = grown.night()
    assert found.good == log.STRIDE
    told = contradictions.recent(grown.site, NOW)
    assert told is not None
    assert told.differs == found.sentence


def test_an_answer_to_computers_alone_lets_nothing_pass_in_the_log(grown: Grown) -> None:
    report(grown.controller, grown.machine, Sheet(grown.seen.size, bytes(32)))
    _answered(grown)
    assert not Settled.objects.exists()
    grown.insider.change(70)
    assert grown.night().wrong


def test_with_nothing_to_answer_or_a_damaged_end_nothing_is_written(grown: Grown) -> None:
    before = log.end(grown.site)
    with pytest.raises(settling.SettlingError, match="nothing to answer"):
        settling.settle(grown.site, actor="user_1", at=NOW, reason="x", through=9)
    assert log.end(grown.site) == before
    report(grown.controller, grown.machine, Sheet(grown.seen.size, bytes(32)))
    LedgerHead.objects.filter(site_id=grown.site).update(frontier=bytes(8))
    with pytest.raises(settling.SettlingError, match="bring a backup back"):
        settling.settle(grown.site, actor="user_1", at=NOW, reason="x", through=99)
    assert not Event.objects.filter(verb=SETTLED).exists()


def test_every_answer_is_kept_with_what_it_answered(grown: Grown) -> None:
    report(grown.controller, grown.machine, Sheet(grown.seen.size, bytes(32)))
    _answered(grown)
    grown.insider.change(70)
    sentence = grown.night().sentence
    _answered(grown)
    newest, oldest = settling.answers(grown.site)
    assert (oldest.computers, oldest.differs) == (1, "")
    assert (newest.computers, newest.differs) == (0, sentence)
    assert {one.actor for one in (newest, oldest)} == {"user_1"}


def test_a_log_changed_under_a_running_server_is_found_by_its_next_report(grown: Grown) -> None:
    """Whatever that report saw, and whatever the server remembers of the log."""
    grown.insider.change(70)
    grown.insider.covers_up(end=True, marks=True, sheets="signed")
    _, seen = report(grown.controller, grown.machine, None)
    told = contradictions.recent(grown.site, NOW)
    assert told is not None
    assert "While the server ran" in told.differs
    report(grown.controller, grown.machine, seen)
    assert Event.objects.filter(verb__in=(DIFFERS, VERB)).count() == 1, "said once"


def test_what_others_write_beside_the_server_is_no_change(grown: Grown) -> None:
    for _ in range(3):
        with transaction.atomic():
            ledger.append(
                site_id=grown.site, at=NOW, actor="user_1", verb="role.give", subject="user_2"
            )
        services.make(grown.site, actor="user_1", at=NOW, data=grown.controller.data)
        report(grown.controller, grown.machine, grown.seen)
    assert contradictions.recent(grown.site, NOW) is None


def test_a_batch_that_failed_is_not_gone_on_from(grown: Grown) -> None:
    witness = grown.controller.room._store.witness
    with transaction.atomic():
        tails = log.take([grown.site])
        before = {site: tail.pack() for site, tail in tails.items()}
        tails[grown.site].add(NOW, "report dev_1 1", bytes(32))
        log.write(tails.values())
        witness.check([], before, tails)
        transaction.set_rollback(True)
    report(grown.controller, grown.machine, grown.seen)
    assert contradictions.recent(grown.site, NOW) is None


def test_reports_from_before_a_change_of_key_are_read_with_the_key_of_their_time(
    grown: Grown, tmp_path: Path
) -> None:
    _, reply = hand_over(grown.machine)
    assert reply.status == 200
    assert not grown.night().wrong
    path = tmp_path / "export.zip"
    data = grown.controller.data
    export.export(grown.site, path, actor="user_1", at=NOW, data=data)
    assert f"witnesses/{grown.machine.device}.json" in archive.read(path)
    assert all(check.fits for check in verifying.verify(path))
