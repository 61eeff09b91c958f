"""The part of a round that asks over SSH: only devices whose host key a person pinned, for which
the scope names a login, and which answered on the wire."""

import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import msgspec

from agent.survey import held
from agent.survey.pace import Turn
from agent.survey.parts import Asked, Progress, Told
from agent.survey.ssh.asking import Target, ask
from agent.survey.ssh.talking import TalkError
from checks.surveys.equipment import Equipment
from checks.surveys.lan import Problem
from wire.credentials import Login

log = logging.getLogger("agent")

AT_ONCE: Final = 8


class _Came(msgspec.Struct, frozen=True):
    """What came of one device."""

    equipment: Equipment | None = None
    code: str = ""
    questions: int = 0


def run(asked: Asked) -> Told:
    """Ask them all, eight at a time."""
    targets, problems = planned(asked)
    equipment: list[Equipment] = []
    questions = 0
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="ssh") as crew:
        came = crew.map(lambda one: _one(asked, one), targets)
        for done, (target, what) in enumerate(zip(targets, came, strict=True), 1):
            questions += what.questions
            if what.equipment is not None:
                equipment.append(what.equipment)
            if what.code:
                problems.append(Problem(target.address, "ssh", what.code))
            asked.told(Progress("ssh", done, len(targets), len(equipment)))
    return Told(equipment=equipment, problems=problems, questions=questions)


def planned(asked: Asked) -> tuple[list[Target], list[Problem]]:
    """Whom to ask as whom, and who is left out and why. A login that the scope names and nobody
    typed here is a problem; a device without a pinned key is left alone: nothing says it is ours.
    """
    opened = held.held(asked.key, asked.scope.said.scanner)
    pins = held.pins(asked.key)
    macs = {one.address: one.mac for one in asked.alive}
    targets, problems = [], []
    for address, pin in sorted(pins.items()):
        named = [one for one in asked.scope.credentials(address) if one.kind == "ssh"]
        if not named:
            continue
        if not asked.scope.may(address, macs.get(address, "")):
            problems.append(Problem(address, "ssh", "excluded"))
        elif address not in macs:
            problems.append(Problem(address, "ssh", "no-answer"))
        else:
            login = opened.get(named[0].id)
            if isinstance(login, Login):
                targets.append(Target(address, login, named[0].id, pin))
            else:
                problems.append(Problem(address, "ssh", "no-credential"))
    return targets, problems


def _one(asked: Asked, target: Target) -> _Came:
    """One device, at its pace, unless the hours are over."""
    if asked.now() >= asked.closes_at:
        return _Came(code="outside-hours")
    with asked.pace.target(target.address) as turn:
        before = turn.questions
        try:
            found = ask(target, lambda: turn.ask("ssh"))
        except TalkError as error:
            return _Came(code=error.code, questions=_since(turn, before))
        except Exception as error:  # noqa: BLE001 - one device must not cost the round; of the error only its kind, its text may be anything
            log.warning("code=ssh_crashed error=%s", type(error).__name__)
            return _Came(code="crashed", questions=_since(turn, before))
        return _Came(found, _worst(found), _since(turn, before))


def _since(turn: Turn, before: int) -> int:
    return turn.questions - before


def _worst(found: Equipment) -> str:
    """A group it was asked for and did not give is told as a problem too: "unreadable"."""
    groups: Iterable[object] = (found.parts, found.ports, found.neighbours, found.bindings)
    reasons = {getattr(one, "unseen", "") for one in groups} - {"", "unsupported"}
    codes = {"timeout": "never-ends", "deferred": "budget", "crashed": "broken"}
    return min((codes.get(reason, "unreadable") for reason in reasons), default="")
