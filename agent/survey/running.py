"""The round itself: the wire first, then each part that asks what was found there.

Whatever goes wrong with one subnet, one thing or one part is told as a problem, and the rest is
done. When the scope's hours end, what has not been asked is told as not asked.
"""

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from agent.hosts.addressed import Card
from agent.survey import child, planning, segments
from agent.survey.pace import Pace
from agent.survey.parts import Alive, Asked, Part, Progress, Question, Told
from agent.survey.said import Walked
from agent.survey.scope import Refused, Scope, outside_hours
from agent.survey.worker.task import Task
from checks.facts import Facts
from checks.surveys.equipment import MOST_DEVICES, Equipment, EquipmentSurvey
from checks.surveys.lan import MOST_DOORS, MOST_PROBLEMS, Door, LanSurvey, Problem, SurveyRun
from checks.unseen import Maybe, Unseen

log = logging.getLogger("agent.survey")

Walks = Callable[[Task, float, Callable[[int, int], None]], Walked]
LATE: Final = "outside-hours"


class Doors(msgspec.Struct, frozen=True):
    """What the round touches; tests bring their own."""

    now: Callable[[], int]
    """Epoch seconds UTC."""
    cards: Sequence[Card]
    key: Path
    walk: Walks = child.walk
    parts: Sequence[tuple[Question, Part]] = ()
    pace: Pace = msgspec.field(default_factory=lambda: Pace(time.monotonic, time.sleep))
    told: Callable[[Progress], None] = lambda _: None
    listen_seconds: int = planning.LISTEN_SECONDS


class Round(msgspec.Struct, frozen=True):
    """The sections of a finished round, as they travel."""

    run: SurveyRun
    lan: LanSurvey | None = None
    equipment: EquipmentSurvey | None = None

    def sections(self) -> list[Facts]:
        """Those there are."""
        return [one for one in (self.lan, self.equipment, self.run) if one is not None]


class _Kept:
    """What adds up while the round goes on."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.alive: dict[str, Alive] = {}
        self.frames = 0
        self.questions = 0
        self.equipment: dict[str, Equipment] = {}
        self.doors: Maybe[list[Door]] = Unseen("unsupported")


def refused(refusal: Refused, scope: str, now: int) -> Round:
    """A round in which nothing was asked. `scope`: the envelope's digest, or ""."""
    return Round(SurveyRun(scope, refusal.code, now, now, 0, 0, [], 0))


def run(scope: Scope, doors: Doors) -> Round:
    """Make the round. Raises KeyboardInterrupt."""
    began = doors.now()
    if not scope.is_open(began):
        return refused(outside_hours(scope), scope.digest, began)
    kept = _Kept()
    closes_at = scope.closes_at(began)
    doors.pace.ends_in(closes_at - began)
    plans = [*planning.plans(scope, doors.cards, doors.listen_seconds)]
    walked = [_subnet(scope, plan, doors, closes_at, kept) for plan in plans]
    asked = Asked(
        scope=scope,
        alive=[*kept.alive.values()],
        pace=doors.pace,
        key=doors.key,
        now=doors.now,
        closes_at=closes_at,
        told=doors.told,
    )
    for name, part in doors.parts:
        known = [*kept.equipment.values()]
        _part(name, part, msgspec.structs.replace(asked, equipment=known), kept)
    ended = max(began, doors.now())
    equipment = sorted(kept.equipment.values(), key=lambda one: one.address)
    return Round(
        run=SurveyRun(
            scope=scope.digest,
            refused="",
            began_at=began,
            ended_at=ended,
            frames=kept.frames,
            questions=kept.questions,
            problems=kept.problems[:MOST_PROBLEMS],
            more_problems=max(0, len(kept.problems) - MOST_PROBLEMS),
        ),
        lan=LanSurvey(scope.digest, began, ended, [one.segment for one in walked], kept.doors),
        equipment=EquipmentSurvey(scope.digest, began, equipment[:MOST_DEVICES])
        if doors.parts
        else None,
    )


def _subnet(
    scope: Scope, plan: planning.Plan, doors: Doors, closes_at: int, kept: _Kept
) -> segments.Seen:
    seen = _walked(scope, plan, doors, closes_at, kept)
    kept.problems += seen.problems
    kept.alive.update({one.address: one for one in seen.alive})
    return seen


def _walked(
    scope: Scope, plan: planning.Plan, doors: Doors, closes_at: int, kept: _Kept
) -> segments.Seen:
    if plan.task is None:
        return segments.blind(plan, plan.code)
    left = closes_at - doors.now()
    if planning.least(plan.task) > left:
        return segments.blind(plan, LATE)  # it could not be done in time
    seconds = planning.seconds(plan.task)
    of = len(plan.task.targets)

    def told(sent: int, found: int) -> None:
        doors.told(Progress("sweep", min(sent, of), of, found))

    try:
        walked = doors.walk(plan.task, min(seconds, left), told)
    except child.WalkError as error:
        log.warning("the walk along %s came to nothing: %s", plan.subnet, error)
        late = error.code == "timeout" and left < seconds
        return segments.blind(plan, LATE if late else error.code)
    kept.frames += walked.done.frames
    doors.told(Progress("sweep", of, of, len(walked.things)))
    return segments.seen(scope, plan, plan.task, walked)


def _part(name: Question, part: Part, asked: Asked, kept: _Kept) -> None:
    if asked.now() >= asked.closes_at or asked.pace.is_over():
        kept.problems.append(Problem("", name, LATE))
        return
    try:
        told = part(asked)
    except Exception:  # the runner: one part that breaks must not cost the round
        log.exception("the part %s of the survey broke", name)
        told = Told(problems=[Problem("", name, "crashed")])
    late = asked.pace.is_over()
    kept.problems += [
        msgspec.structs.replace(one, code=LATE) if late and one.code == "budget" else one
        for one in told.problems
    ]
    kept.frames += told.frames
    kept.questions += told.questions
    for one in told.equipment:
        kept.equipment.setdefault(one.address, one)
    if not isinstance(told.doors, Unseen):
        kept.doors = sorted(told.doors, key=lambda one: (one.address, one.port))[:MOST_DOORS]
