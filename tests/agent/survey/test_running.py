"""The round: one part that fails costs its own answers and no others', and nothing goes on late."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent.hosts.addressed import Card
from agent.survey import running
from agent.survey.child import WalkError
from agent.survey.pace import BudgetError, Pace
from agent.survey.parts import Asked, Part, Progress, Question, Told
from agent.survey.running import Doors, Round
from agent.survey.said import Done, Thing, Walked
from agent.survey.scope import Refused
from agent.survey.worker.task import Task
from checks.facts import decode_section
from checks.surveys.equipment import Equipment, Identity
from checks.surveys.lan import MOST_PROBLEMS, Door, LanSurvey, Problem, SurveyRun
from checks.unseen import Unseen
from tests.scopes import ALWAYS, AT, held
from wire import sections

CARDS = [
    Card("eth0", "02:00:00:00:00:05", ["10.20.0.5/24"], up=True),
    Card("eth1", "02:00:00:00:00:06", ["10.30.0.5/24"], up=True),
]
SWITCH = "00:1b:a9:00:00:01"
NOTHING = Unseen("unsupported")


class Lab:
    """A wire that says what it is told to, and a clock."""

    def __init__(self) -> None:
        self.now = AT
        self.tasks: list[Task] = []
        self.fails: dict[str, str] = {}
        self.takes = 1
        self.given: list[float] = []
        self.shown: list[Progress] = []

    def walk(self, task: Task, seconds: float, told: Callable[[int, int], None]) -> Walked:
        assert seconds > 0
        self.given.append(seconds)
        self.tasks.append(task)
        self.now += self.takes
        if task.card in self.fails:
            raise WalkError(self.fails[task.card])
        told(7, 1)
        thing = Thing(SWITCH, [task.targets[0]], ["arp"], [])
        return Walked([thing], [], Done(400, len(task.targets), cut=False, passed_over=False))

    def doors(self, *parts: tuple[Question, Part]) -> Doors:
        return Doors(
            now=lambda: self.now,
            cards=CARDS,
            key=Path("key"),
            walk=self.walk,
            parts=parts,
            pace=Pace(lambda: 0.0, lambda _: None),
            told=self.shown.append,
        )


@pytest.fixture
def lab() -> Lab:
    return Lab()


def went(lab: Lab, *parts: tuple[Question, Part], **scope: Any) -> Round:
    two = {"subnets": ["10.20.0.0/24", "10.30.0.0/24"], "dhcp": False, "listens": False}
    return running.run(held(**{**two, **scope}), lab.doors(*parts))


def problems(made: Round) -> list[tuple[str, str, str]]:
    return [(one.about, one.question, one.code) for one in made.run.problems]


def device(address: str) -> Equipment:
    return Equipment(
        address=address,
        way="snmp-v3",
        credential="switches",
        kind="switch",
        identity=Identity("sw", "Switch", "", "", "", None),
        parts=NOTHING,
        ports=NOTHING,
        neighbours=NOTHING,
        bindings=NOTHING,
        wireless=None,
        printing=None,
        power=None,
        default_community=NOTHING,
    )


def test_a_whole_round_tells_each_subnet_and_what_it_cost(lab: Lab) -> None:
    made = went(lab)
    assert made.lan is not None
    assert [one.subnet for one in made.lan.segments] == ["10.20.0.0/24", "10.30.0.0/24"]
    assert (made.run.frames, made.run.problems, made.run.refused) == (800, [], "")
    assert (made.run.began_at, made.run.ended_at) == (AT, AT + 2)
    assert made.equipment is None


def test_its_sections_travel_and_are_read_back(lab: Lab) -> None:
    made = went(lab, ("snmp", lambda _: Told(equipment=[device("10.20.0.1")])))
    for one in made.sections():
        body = sections.pack(one)
        assert decode_section(body, one.schema, type(one)) == one
    assert {one.section for one in made.sections()} == {"lan", "equipment", "survey"}


def test_a_wire_that_could_not_be_walked_does_not_cost_the_other(lab: Lab) -> None:
    lab.fails["eth0"] = "denied"
    made = went(lab)
    assert made.lan is not None
    first, second = made.lan.segments
    assert first.hosts == Unseen("denied")
    assert not isinstance(second.hosts, Unseen)
    assert problems(made) == [("10.20.0.0/24", "sweep", "denied")]


def test_parts_are_given_what_answered_and_nothing_that_is_barred(lab: Lab) -> None:
    given: list[Asked] = []

    def part(asked: Asked) -> Told:
        given.append(asked)
        return Told(questions=3, frames=2)

    made = went(lab, ("snmp", part), exclude=["10.30.0.0/28"])
    assert [one.address for one in given[0].alive] == ["10.20.0.1", "10.30.0.16"]
    assert (made.run.questions, made.run.frames) == (3, 802)
    given.clear()
    went(lab, ("snmp", part), exclude=[SWITCH[:8]])
    assert given[0].alive == []


def test_a_part_that_breaks_is_said_and_the_next_one_still_asks(lab: Lab) -> None:
    def broken(_asked: Asked) -> Told:
        raise RuntimeError("no")

    found = Told(equipment=[device("10.20.0.1")], problems=[Problem("10.20.0.2", "ssh", "budget")])
    made = went(lab, ("snmp", broken), ("ssh", lambda _: found))
    assert problems(made) == [("", "snmp", "crashed"), ("10.20.0.2", "ssh", "budget")]
    assert made.equipment is not None
    assert [one.address for one in made.equipment.devices] == ["10.20.0.1"]


def test_a_part_that_is_stopped_by_a_person_stops_the_round(lab: Lab) -> None:
    def stopped(_asked: Asked) -> Told:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        went(lab, ("snmp", stopped))


def test_what_an_earlier_part_reached_is_not_told_twice(lab: Lab) -> None:
    second = msgspec.structs.replace(device("10.20.0.1"), way="ssh")
    made = went(
        lab,
        ("snmp", lambda _: Told(equipment=[device("10.20.0.1")])),
        ("ssh", lambda _: Told(equipment=[second, device("10.20.0.0")])),
    )
    assert made.equipment is not None
    assert [(one.address, one.way) for one in made.equipment.devices] == [
        ("10.20.0.0", "snmp-v3"),
        ("10.20.0.1", "snmp-v3"),
    ]


def test_doors_are_told_where_a_part_tried_them(lab: Lab) -> None:
    doors = [
        Door(SWITCH, address, "telnet", port, open=True)
        for address, port in (("10.20.0.2", 23), ("10.20.0.1", 80), ("10.20.0.1", 23))
    ]
    made = went(lab, ("service", lambda _: Told(doors=doors)))
    assert made.lan is not None
    assert not isinstance(made.lan.doors, Unseen)
    told = [(one.address, one.port) for one in made.lan.doors]
    assert told == [("10.20.0.1", 23), ("10.20.0.1", 80), ("10.20.0.2", 23)]
    bare = went(lab)
    assert bare.lan is not None
    assert bare.lan.doors == Unseen("unsupported")


EARLY = msgspec.structs.replace(ALWAYS, begins_minute=60, ends_minute=76)
"""01:00 to 01:16; AT is 01:15:00."""


def test_outside_its_hours_nothing_is_asked_at_all(lab: Lab) -> None:
    lab.now = AT + 60
    made = went(lab, hours=EARLY)
    assert (made.run.refused, lab.tasks, made.lan) == ("outside-hours", [], None)
    assert [one.section for one in made.sections()] == ["survey"]


def test_when_its_hours_end_the_rest_is_told_as_not_asked(lab: Lab) -> None:
    lab.takes = 58
    made = went(lab, ("snmp", lambda _: Told(questions=9)), hours=EARLY)
    assert [one.card for one in lab.tasks] == ["eth0"]
    assert problems(made) == [("10.30.0.0/24", "sweep", "outside-hours")]
    lab.now, lab.takes = AT, 60
    late = went(lab, ("snmp", lambda _: Told(questions=9)), hours=EARLY)
    assert ("", "snmp", "outside-hours") in problems(late)
    assert late.run.questions == 0


def test_a_walk_is_ended_when_its_hours_end(lab: Lab) -> None:
    lab.now, lab.fails["eth0"] = AT + 50, "timeout"
    made = went(lab, subnets=["10.20.0.0/24"], hours=EARLY)
    assert lab.given == [10]
    assert problems(made) == [("10.20.0.0/24", "sweep", "outside-hours")]
    lab.now = AT
    hung = went(lab, subnets=["10.20.0.0/24"], hours=EARLY)
    assert problems(hung) == [("10.20.0.0/24", "sweep", "timeout")]


def test_a_clock_set_back_meanwhile_lengthens_no_hours(lab: Lab) -> None:
    ticks = [0.0]

    def slow(asked: Asked) -> Told:
        with asked.pace.target("10.20.0.1") as turn:
            turn.ask("snmp")
            ticks[0], lab.now = 60.0, AT  # the hours are over, and the wall says they are not
            with pytest.raises(BudgetError):
                turn.ask("snmp")
        return Told(problems=[Problem("10.20.0.1", "snmp", "budget")])

    two = held(subnets=["10.20.0.0/24"], dhcp=False, listens=False, hours=EARLY)
    doors = lab.doors(("snmp", slow), ("ssh", lambda _: Told(questions=9)))
    doors = msgspec.structs.replace(doors, pace=Pace(lambda: ticks[0], lambda _: None))
    made = running.run(two, doors)
    late = [("10.20.0.1", "snmp", "outside-hours"), ("", "ssh", "outside-hours")]
    assert (problems(made), made.run.questions) == (late, 0)


def test_problems_beyond_the_limit_are_counted(lab: Lab) -> None:
    many = [Problem(f"10.20.0.{n % 250}", "snmp", "no-answer") for n in range(MOST_PROBLEMS + 7)]
    made = went(lab, ("snmp", lambda _: Told(problems=many)))
    assert (len(made.run.problems), made.run.more_problems) == (MOST_PROBLEMS, 7)


def test_a_person_hears_how_far_it_is(lab: Lab) -> None:
    went(lab, subnets=["10.20.0.0/24"])
    assert [(one.part, one.done, one.of, one.found) for one in lab.shown] == [
        ("sweep", 7, 253, 1),
        ("sweep", 253, 253, 1),
    ]


def test_a_refusal_is_a_round_of_its_own() -> None:
    made = running.refused(Refused("expired", "It ended."), "sha256:" + "0" * 64, AT)
    assert [type(one) for one in made.sections()] == [SurveyRun]
    assert made.run.refused == "expired"
    assert LanSurvey.section == "lan"
