"""A computer gets a new key: the chain goes on, and no report is lost whatever is cut off."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agent import files, keyfile, spool
from agent.collect import answers, rekeying
from agent.collect.round import collect
from agent.deliver import handover
from agent.deliver.upload import deliver
from agent.state import Identity, State
from tests.agent.cli import agent, enrol, one_line, printed
from tests.agent.conftest import machine
from tests.agent.simulator import NOW, Controller, html
from wire import dsse, keys


def who(state: State) -> Identity:
    """Who we are, having enrolled."""
    identity = state.identity()
    assert identity is not None
    return identity


def public(state: State) -> bytes:
    """The key in use here."""
    key = keyfile.load(state.key)
    assert key is not None
    return keys.public_bytes(key)


def night(state: State) -> str:
    """Act on answers, look, deliver, act; the code that stood in the way."""
    answers.act(state, NOW)
    collect(state, machine())
    code = deliver(state, NOW, scheduled=False).code
    answers.act(state, NOW)
    return code


def test_one_command_changes_the_key_and_the_chain_goes_on(
    controller: Controller, tmp_path: Path
) -> None:
    data = tmp_path / "d"
    enrol(controller, data)
    assert agent("run", data=data).returncode == 0
    old = controller.device_key
    ran = agent("rekey", "--format", "json", data=data)
    assert ran.returncode == 0, ran.stderr
    assert printed(ran)["words"] == keys.words(controller.device_key)
    assert controller.device_key != old
    assert agent("run", data=data).returncode == 0
    assert [found.seq for found in controller.reports] == [1, 2]
    status = printed(agent("status", "--format", "json", data=data))
    assert status["words"] == keys.words(controller.device_key)
    key = data / "agent" / "key"
    assert (key / "device.key").stat().st_mode & 0o777 == 0o600
    assert not (key / "device.key.next").exists()
    assert not (key / "rekey.json").exists()


def test_the_old_key_stays_while_nobody_answers(controller: Controller, tmp_path: Path) -> None:
    data = tmp_path / "d"
    enrol(controller, data)
    controller.faults = [html(403)]
    ran = agent("rekey", data=data)
    assert (ran.returncode, "asked again at the next round" in one_line(ran)) == (1, True)


def test_an_answer_lost_on_the_way_is_made_up_for(enrolled: State, controller: Controller) -> None:
    assert night(enrolled) == ""
    assert rekeying.propose(enrolled)
    controller.faults = [html(502)]
    assert not handover.hand_over(enrolled, who(enrolled), "pins")
    assert controller.device_key != public(enrolled)  # it went over, and we do not know
    answers.act(enrolled, NOW)
    collect(enrolled, machine())  # signed with the old key, which it does not know any more
    assert deliver(enrolled, NOW).code == "unknown_key"
    acted = answers.act(enrolled, NOW)
    assert (acted.rekeyed, acted.stopped) == (True, "")
    assert public(enrolled) == controller.device_key
    assert deliver(enrolled, NOW).code == ""
    assert answers.act(enrolled, NOW).confirmed == 1
    assert [found.seq for found in controller.reports] == [1, 2]
    assert night(enrolled) == ""


def test_a_no_to_the_old_key_gives_nothing_up_while_the_new_one_is_asked_for(
    enrolled: State, controller: Controller
) -> None:
    """The controller went over and its answers got lost twice: the old key is a former one there,
    as that of a computer that was set back would be."""
    assert night(enrolled) == ""
    before = who(enrolled)
    assert rekeying.propose(enrolled)
    collect(enrolled, machine())
    controller.refuse_next("copied")
    controller.faults = [html(502)] * 4
    assert deliver(enrolled, NOW).code == "copied"
    assert not answers.act(enrolled, NOW).copied
    assert who(enrolled) == before
    controller.faults.clear()
    deliver(enrolled, NOW)
    assert answers.act(enrolled, NOW).rekeyed
    assert deliver(enrolled, NOW).code == ""
    assert answers.act(enrolled, NOW).confirmed == 1
    assert public(enrolled) == controller.device_key


def test_while_reports_wait_the_key_stays(enrolled: State, controller: Controller) -> None:
    collect(enrolled, machine())
    assert not rekeying.propose(enrolled)
    assert not (enrolled.key / "device.key.next").exists()


def test_a_receipt_that_waits_by_the_old_keys_report_still_counts(
    enrolled: State, controller: Controller
) -> None:
    assert rekeying.propose(enrolled)
    collect(enrolled, machine())
    assert deliver(enrolled, NOW).code == ""  # and asks for the new key after it
    acted = answers.act(enrolled, NOW)
    assert acted.rekeyed
    assert acted.confirmed == 1
    assert [found.seq for found in controller.reports] == [1]
    assert spool.entries(enrolled.spool) == []


@pytest.mark.parametrize(
    "case",
    [
        *("another-request", "another-computer", "no-to-another-request"),
        *("a-stranger", "nonsense", "refused"),
    ],
)
def test_nothing_but_the_controllers_yes_to_this_request_changes_the_key(
    enrolled: State, controller: Controller, case: str
) -> None:
    before = public(enrolled)
    assert rekeying.propose(enrolled)
    asked = dsse.digest((enrolled.key / "rekey.json").read_bytes())
    if case == "a-stranger":
        controller.key = keys.generate()
    if case == "another-computer":
        controller.device = "dev_01JD9ZK3V5N8Q2R4T6W8Y0A1B9"
    answers_of: dict[str, Callable[[], bytes]] = {
        "another-request": lambda: controller.standing(200).body,
        "another-computer": lambda: controller.standing(200, asked).body,
        "no-to-another-request": lambda: controller.refuse("bad_key", dsse.digest(b"")).body,
        "a-stranger": lambda: controller.standing(200, asked).body,
        "nonsense": lambda: b"<html>",
        "refused": lambda: controller.refuse("bad_key", asked).body,
    }
    answer = answers_of[case]()
    (enrolled.spool / "rekeyed.json").write_bytes(answer)
    assert not rekeying.settle(enrolled)
    assert public(enrolled) == before
    assert not (enrolled.spool / "rekeyed.json").exists()
    # A genuine no ends the matter; whatever else leaves it open.
    assert (enrolled.key / "rekey.json").exists() == (case != "refused")


@pytest.mark.parametrize(
    "where",
    [
        *("replace:former.pub:written", "replace:chain.json:renamed", "rekeying:rewound"),
        *("move:key", "replace:identity.json:written"),
    ],
)
def test_a_crash_at_any_step_of_going_over_is_finished(
    enrolled: State, controller: Controller, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert night(enrolled) == ""
    assert rekeying.propose(enrolled)
    collect(enrolled, machine())  # waits, signed by the old key
    assert handover.hand_over(enrolled, who(enrolled), "pins")

    def dies(step: str) -> None:
        if step == where:
            raise KeyboardInterrupt

    monkeypatch.setattr(files, "step", dies)
    with pytest.raises(KeyboardInterrupt):
        rekeying.settle(enrolled)
    monkeypatch.undo()
    assert answers.act(enrolled, NOW).rekeyed
    assert public(enrolled) == controller.device_key
    assert deliver(enrolled, NOW).code == ""
    answers.act(enrolled, NOW)
    assert night(enrolled) == ""
    assert [found.seq for found in controller.reports] == [1, 2, 3]
