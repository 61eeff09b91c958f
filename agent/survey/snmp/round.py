"""The part of a round that asks over SNMP: whatever answered on the wire, with what the scope names
for its address, at most eight devices at once and each one question at a time (network §4)."""

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Literal

import msgspec
from pysnmp.error import PySnmpError

from agent.survey import held
from agent.survey.pace import Turn
from agent.survey.parts import Asked, Progress, Told
from agent.survey.snmp.engine import PORT, STRETCHED, Engine, Line, Round
from agent.survey.snmp.live import Live
from agent.survey.snmp.silence import Silence
from checks.snmp import columns
from checks.snmp.asking import CannotAsk
from checks.snmp.collecting import collect
from checks.surveys.equipment import Equipment
from checks.surveys.lan import Problem
from checks.unseen import Maybe, Unseen
from wire.credentials import SnmpV2, SnmpV3
from wire.secret import Secret

log = logging.getLogger("agent")

Known = Literal["none", "public", "private"]
EVERYBODYS: Final[tuple[Literal["public", "private"], ...]] = ("public", "private")
"""Communities that everybody knows: tried only when the scope says so, each once, by a GET."""
_NEXT: Final = frozenset({"no-answer", "wrong-user", "wrong-password", "wrong-level", "denied"})
"""Codes after which another credential of the scope's may do better."""


class _Way(msgspec.Struct, frozen=True):
    """One credential, ready."""

    id: str
    opened: SnmpV2 | SnmpV3
    engine: Engine


class _Came(msgspec.Struct, frozen=True):
    """What came of one device."""

    address: str
    equipment: Equipment | None = None
    code: str = ""
    questions: int = 0
    vain: int = 0
    """Questions that nobody answered."""


def run(asked: Asked) -> Told:
    """Ask them all."""
    silence = Silence(asked.key)
    with Round() as round_:
        ways, problems = _ways(asked, round_)
        everybodys = _everybodys(asked, round_)
        crowd = _Crowd(asked, round_, ways, everybodys, silence)
        targets = crowd.targets()
        equipment: list[Equipment] = []
        questions = 0
        with ThreadPoolExecutor(asked.scope.said.snmp_at_once, "snmp") as crew:
            for done, came in enumerate(crew.map(crowd.one, targets), 1):
                questions += came.questions
                problems += _counted(came, silence, asked.now())
                if came.equipment is not None:
                    equipment.append(came.equipment)
                asked.told(Progress("snmp", done, len(targets), len(equipment)))
    if targets:
        silence.save(set(targets))
    return Told(equipment=equipment, problems=problems, questions=questions)


def _ways(asked: Asked, round_: Round) -> tuple[dict[str, list[_Way]], list[Problem]]:
    """Credentials by their names, of those that are for anything that is there; one that the scope
    names and nobody holds is a problem."""
    there = {way.id for one in asked.alive for way in asked.scope.credentials(one.address)}
    of_snmp = (one for one in asked.scope.said.credentials if one.kind.startswith("snmp"))
    named = [one.id for one in of_snmp if one.id in there]
    opened = held.held(asked.key, asked.scope.said.scanner) if named else {}
    found, problems = dict[str, list[_Way]](), list[Problem]()
    for name in dict.fromkeys(named):
        secret = opened.get(name)
        if not isinstance(secret, SnmpV2 | SnmpV3):
            problems.append(Problem(name, "snmp", "no-credential"))
            continue
        try:
            found[name] = [_Way(name, secret, round_.engine(secret))]
            if isinstance(secret, SnmpV3) and secret.privacy in STRETCHED:
                found[name].append(_Way(name, secret, round_.engine(secret, otherwise=True)))
        except PySnmpError:
            problems.append(Problem(name, "snmp", "no-cipher"))
    return found, problems


def _everybodys(asked: Asked, round_: Round) -> dict[Literal["public", "private"], Engine]:
    if not asked.scope.said.default_communities:
        return {}
    return {word: round_.engine(SnmpV2(Secret(word))) for word in EVERYBODYS}


def _counted(came: _Came, silence: Silence, now: int) -> list[Problem]:
    """Who answered is known; who never did is no problem: most things have no SNMP."""
    before = silence.answered_before(came.address)
    if came.equipment is not None:
        silence.heard(came.address)
    elif came.vain:
        silence.silent(came.address, now, came.vain)
    if not came.code or (came.code == "no-answer" and not before):
        return []
    return [Problem(came.address, "snmp", came.code)]


class _Crowd:
    """All that one round asks."""

    def __init__(
        self,
        asked: Asked,
        round_: Round,
        ways: dict[str, list[_Way]],
        everybodys: dict[Literal["public", "private"], Engine],
        silence: Silence,
    ) -> None:
        self._asked, self._round, self._ways = asked, round_, ways
        self._everybodys, self._silence = everybodys, silence
        self._macs = {one.address: one.mac for one in asked.alive}

    def targets(self) -> list[str]:
        """Addresses that may be asked, that a credential is for, and that do not rest."""
        now = self._asked.now()
        return [
            address
            for address, mac in self._macs.items()
            if self._asked.scope.may(address, mac)
            and self._for(address)
            and not self._silence.resting(address, now)
        ]

    def _for(self, address: str) -> list[_Way]:
        named = (one.id for one in self._asked.scope.credentials(address))
        return [way for name in named for way in self._ways.get(name, [])]

    def one(self, address: str) -> _Came:
        """One device, with the first credential that it lets in."""
        if self._asked.now() >= self._asked.closes_at:
            return _Came(address, code="outside-hours")
        with self._asked.pace.target(address) as turn:
            before = turn.questions
            try:
                came = self._tried(address, turn)
            except Exception as error:  # noqa: BLE001 - one device must not cost the round; of the error only its kind, its text may be anything
                log.warning("code=snmp_crashed error=%s", type(error).__name__)
                came = _Came(address, code="crashed")
            return msgspec.structs.replace(came, questions=turn.questions - before)

    def _tried(self, address: str, turn: Turn) -> _Came:
        code, vain = "", 0
        for way in self._for(address):
            line = Line(self._round, way.engine, address, PORT)
            try:
                found = collect(Live(line, turn))
            except CannotAsk as error:
                code, vain = _worse(code, error.code), vain + (error.code == "no-answer")
                if error.code == "no-answer" and isinstance(way.opened, SnmpV3) and line.speaks():
                    code = "wrong-privacy-key"
                if error.code not in _NEXT:
                    break
                continue
            return _Came(address, self._told(found, way, address, turn), _group(found))
        return _Came(address, code=code, vain=vain)

    def _told(self, found: Equipment, way: _Way, address: str, turn: Turn) -> Equipment:
        return msgspec.structs.replace(
            found,
            address=address,
            way="snmp-v2c" if isinstance(way.opened, SnmpV2) else "snmp-v3",
            credential=way.id,
            default_community=self._default(way, address, turn),
        )

    def _default(self, way: _Way, address: str, turn: Turn) -> Maybe[Known]:
        """Which of everybody's communities it answers to. Only devices that let us in are tried."""
        if not self._everybodys:
            return Unseen("deferred")
        own = way.opened.community.reveal() if isinstance(way.opened, SnmpV2) else ""
        for word, engine in self._everybodys.items():
            if own == word:
                return word
            line = Line(self._round, engine, address, PORT, retries=0)
            try:
                if Live(line, turn).get([columns.SYS_OBJECT_ID]):
                    return word
            except CannotAsk as error:
                if error.code != "no-answer":
                    return Unseen(error.reason)
        return "none"


def _worse(before: str, code: str) -> str:
    """What says more of two tries: silence says least."""
    return before if code == "no-answer" and before else code


def _group(found: Equipment) -> str:
    """What a device that let us in did not tell, as one problem of the round's."""
    groups = (found.parts, found.ports, found.learnt, found.neighbours, found.bindings)
    reasons = {one.unseen for one in groups if isinstance(one, Unseen)}
    codes = {
        "too-large": "budget",
        "timeout": "no-answer",
        "parse-error": "never-ends",
        "denied": "denied",
        "crashed": "crashed",
    }
    return next((code for reason, code in codes.items() if reason in reasons), "")
