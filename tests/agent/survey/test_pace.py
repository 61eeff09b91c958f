"""How hard the round presses, by a clock that the test holds."""

import threading

import pytest

from agent.survey.pace import Budget, BudgetError, Pace


class Clock:
    """Goes forward when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def paced(rate: float = 10.0) -> tuple[Pace, Clock]:
    clock = Clock()
    return Pace(clock, clock.sleep, {"snmp": rate, "ssh": 1.0}), clock


def test_questions_of_one_kind_come_no_faster_than_allowed() -> None:
    pace, clock = paced()
    for _ in range(31):
        pace.wait("snmp")
    assert clock.now - 1_000 == pytest.approx(3.0, abs=0.01)


def test_kinds_do_not_wait_for_each_other() -> None:
    pace, clock = paced()
    pace.wait("ssh")
    pace.wait("snmp")
    assert clock.slept == []


def test_who_may_not_sleep_is_told_when_to_come_again() -> None:
    pace, clock = paced()
    assert pace.due("snmp") == 0.0
    assert pace.due("snmp") == pytest.approx(0.1)
    clock.now += 0.1
    assert pace.due("snmp") == 0.0


def test_a_thing_has_a_budget_of_questions() -> None:
    pace, _ = paced()
    with pace.target("10.20.0.1", Budget(questions=2)) as turn:
        turn.ask("snmp")
        turn.ask("snmp")
        with pytest.raises(BudgetError):
            turn.ask("snmp")
        with pytest.raises(BudgetError):
            turn.due("snmp")
    with pace.target("10.20.0.2", Budget(questions=2)) as turn:
        turn.ask("snmp")


def test_a_thing_has_a_budget_of_time_that_runs_only_while_it_is_asked() -> None:
    pace, clock = paced()
    with pace.target("10.20.0.1", Budget(seconds=5)):
        clock.now += 3
    clock.now += 1_000
    with pace.target("10.20.0.1") as turn:
        assert turn.left() == pytest.approx(2)
        turn.ask("snmp")
        clock.now += 2
        assert turn.left() == 0
        with pytest.raises(BudgetError):
            turn.ask("snmp")


def test_a_second_turn_does_not_win_a_new_budget() -> None:
    pace, _ = paced()
    with pace.target("10.20.0.1", Budget(questions=1)) as turn:
        turn.ask("snmp")
    with pace.target("10.20.0.1", Budget(questions=99)) as turn, pytest.raises(BudgetError):
        turn.ask("snmp")


def test_one_that_answers_for_ever_is_stopped_by_its_rows() -> None:
    pace, _ = paced()
    with pace.target("10.20.0.1", Budget(rows=10)) as turn:
        turn.got(10)
        with pytest.raises(BudgetError):
            turn.got(1)


def test_a_question_that_only_waits_is_not_counted() -> None:
    pace, _ = paced()
    with pace.target("10.20.0.1", Budget(questions=2)) as turn:
        assert turn.due("snmp") == 0.0
        assert turn.due("snmp") > 0
        assert turn.questions == 1


def test_nobody_is_asked_by_two_at_once() -> None:
    pace, _ = paced()
    first_in, second_in, leave = threading.Event(), threading.Event(), threading.Event()

    def first() -> None:
        with pace.target("10.20.0.1"):
            first_in.set()
            leave.wait(5)

    def second() -> None:
        with pace.target("10.20.0.1"):
            second_in.set()

    threads = [threading.Thread(target=first)]
    threads[0].start()
    assert first_in.wait(5)
    threads.append(threading.Thread(target=second))
    threads[1].start()
    with pace.target("10.20.0.2"):
        assert not second_in.wait(0.05)
    leave.set()
    assert second_in.wait(5)
    for one in threads:
        one.join(5)


def test_a_turn_that_broke_off_leaves_the_thing_free() -> None:
    pace, _ = paced()
    with pytest.raises(KeyError), pace.target("10.20.0.1"):
        raise KeyError
    with pace.target("10.20.0.1") as turn:
        turn.ask("snmp")


def test_when_its_time_is_over_a_turn_that_began_before_asks_no_more() -> None:
    pace, clock = paced()
    pace.ends_in(5.0)
    with pace.target("10.20.0.1") as turn:
        turn.ask("snmp")
        clock.now += 4.9
        turn.ask("snmp")
        clock.now += 0.1
        for ask in (turn.ask, turn.due):
            with pytest.raises(BudgetError):
                ask("snmp")
        assert turn.questions == 2
