"""A controller came back from a backup older than this computer: it is known again."""

from collections.abc import Callable

import pytest

from agent import files, spool
from agent.collect import answers, readmitting, rekeying
from agent.collect.round import collect
from agent.deliver import upload
from agent.deliver.upload import deliver
from agent.state import State
from tests.agent.conftest import machine
from tests.agent.simulator import NOW, Controller
from tests.agent.test_rekeying import public
from wire import dsse, enrolment, keys, readmit

DAY = 86_400


def night(state: State, at: int = NOW) -> str:
    """Look, deliver, and go on for as long as acting on answers helps; what stood in the way."""
    collect(state, machine(at=at))
    for _ in range(6):
        outcome = deliver(state, at)
        acted = answers.act(state, at)
        if not (acted.resent or acted.asks or acted.known_again or acted.rekeyed):
            break
    return outcome.code


def seqs(controller: Controller) -> list[int]:
    return [found.seq for found in controller.reports]


def test_it_shows_what_it_was_let_in_with_and_hands_every_report_back(
    enrolled: State, controller: Controller
) -> None:
    for _ in range(2):
        assert night(enrolled) == ""
    before = list(controller.heads)
    controller.lose()
    assert night(enrolled) == ""
    assert controller.heads[:2] == before
    assert seqs(controller) == [1, 2, 3]
    assert spool.entries(enrolled.spool) == []
    assert not readmitting.waits(enrolled)


def test_a_new_key_since_the_backup_is_handed_over_again_after_the_old_keys_reports(
    enrolled: State, controller: Controller
) -> None:
    assert night(enrolled) == ""
    old = controller.device_key
    assert rekeying.propose(enrolled)
    assert night(enrolled) == ""
    assert controller.device_key == public(enrolled) != old
    assert night(enrolled) == ""
    before = list(controller.heads)
    # The backup knows the computer, with the key it had then.
    controller.device_key = old
    controller.heads.clear()
    controller.reports.clear()
    assert night(enrolled) == ""
    assert controller.heads[:3] == before
    assert seqs(controller) == [1, 2, 3, 4]
    assert controller.device_key == public(enrolled)


def test_joined_and_rekeyed_since_the_backup_it_is_known_by_both(
    enrolled: State, controller: Controller
) -> None:
    assert night(enrolled) == ""
    assert rekeying.propose(enrolled)
    assert night(enrolled) == ""
    assert night(enrolled) == ""
    before = list(controller.heads)
    controller.lose()
    assert night(enrolled) == ""
    assert controller.heads[:3] == before
    assert seqs(controller) == [1, 2, 3, 4]
    assert controller.device_key == public(enrolled)


def test_let_in_after_the_backup_it_waits_for_nobody(
    enrolled: State, controller: Controller
) -> None:
    assert night(enrolled) == ""
    controller.restored, controller.status = True, "pending"
    assert night(enrolled) == ""
    assert seqs(controller) == [1, 2]


def test_a_controller_that_does_not_believe_it_is_asked_once_a_day(
    enrolled: State, controller: Controller
) -> None:
    assert night(enrolled) == ""
    controller.lose()
    controller.restored = False
    asked = []
    for at in (NOW, NOW + 60, NOW + DAY):
        controller.requests.clear()
        assert night(enrolled, at) == "unknown_key"
        paths = [request.path for request in controller.requests]
        asked.append(paths.count("/v1/readmit"))
    assert asked == [1, 0, 1]
    assert len(spool.entries(enrolled.spool)) == 3


def test_a_handover_that_mends_nothing_is_asked_again_once_a_day(
    enrolled: State, controller: Controller
) -> None:
    assert rekeying.propose(enrolled)
    assert night(enrolled) == ""
    controller.device_key = keys.public_bytes(keys.generate())
    asked = []
    for at in (NOW, NOW + 60, NOW + DAY):
        controller.faults = []
        controller.requests.clear()
        assert night(enrolled, at) == "unknown_key"
        paths = [request.path for request in controller.requests]
        asked.append((paths.count("/v1/rekey") > 0, paths.count("/v1/readmit")))
        assert len(paths) < 12
    assert asked == [(True, 1), (False, 0), (True, 1)]


def test_who_was_never_let_in_has_nothing_to_show(state: State, controller: Controller) -> None:
    from agent.enrolling import enrol_machine

    controller.status = "pending"
    enrol_machine(state, machine(), controller.url, controller.code())
    collect(state, machine())
    controller.status = "active"
    assert not readmitting.propose(state, NOW)


def forged(controller: Controller, state: State) -> bytes:
    """Somebody else says that we are known."""
    controller.key, key = keys.generate(), controller.key
    body = controller.standing(200).body
    controller.key = key
    return body


def of_another(controller: Controller, state: State) -> bytes:
    """Genuine, about another computer."""
    identity = state.identity()
    assert identity is not None
    said = enrolment.Enrolment(
        request=identity.enrolled,
        device="dev_01JD9ZK3V5N8Q2R4T6W8Y0A1B9",
        status="active",
        at=NOW,
        words="",
    )
    return enrolment.sign_enrolment(said, controller.key)


def nonsense(controller: Controller, state: State) -> bytes:
    return b"<html>"


@pytest.mark.parametrize("answer", [forged, of_another, nonsense])
def test_nothing_but_the_controllers_word_about_us_counts(
    enrolled: State, controller: Controller, answer: Callable[[Controller, State], bytes]
) -> None:
    assert night(enrolled) == ""
    controller.refuse_next("unknown_key")
    collect(enrolled, machine())
    deliver(enrolled, NOW)
    assert answers.act(enrolled, NOW).asks
    files.replace(enrolled.spool / "readmitted.json", answer(controller, enrolled))
    acted = answers.act(enrolled, NOW)
    assert (acted.known_again, acted.stopped) == (False, "unknown_key")
    assert not (enrolled.spool / "readmitted.json").exists()
    assert (enrolled.key / "readmit.json").exists(), "it is asked again"


@pytest.mark.parametrize("where", ["replace:readmit.asked:renamed", "replace:readmit.json:renamed"])
def test_a_crash_while_it_asks_costs_a_day_at_most(
    enrolled: State, controller: Controller, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert night(enrolled) == ""
    controller.lose()
    collect(enrolled, machine())
    deliver(enrolled, NOW)

    def dies(step: str) -> None:
        if step == where:
            raise KeyboardInterrupt

    monkeypatch.setattr(files, "step", dies)
    with pytest.raises(KeyboardInterrupt):
        answers.act(enrolled, NOW)
    monkeypatch.undo()
    assert night(enrolled, NOW + DAY) == ""
    assert seqs(controller) == [1, 2, 3]


def test_the_senders_half_alone_changes_nothing(enrolled: State, controller: Controller) -> None:
    assert night(enrolled) == ""
    controller.lose()
    collect(enrolled, machine())
    assert deliver(enrolled, NOW).code == "unknown_key"
    answers.act(enrolled, NOW)
    asked = dsse.parse((enrolled.spool / "readmit.json").read_bytes())
    assert readmit.open_readmit(asked).receipt, "it says when it was last welcome"
    assert deliver(enrolled, NOW).code == "unknown_key", "known again, but not yet believed here"
    identity = enrolled.identity()
    assert identity is not None
    assert upload.stopped(enrolled, identity) is not None
    assert answers.act(enrolled, NOW).known_again
    assert upload.stopped(enrolled, identity) is None
