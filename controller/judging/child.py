"""The judging process: frames in on stdin, frames out on stdout. Pure: no database, no network, no
clock.

Started as `python -m controller.judging.child`; ends when its stdin does.
"""

import datetime
from collections.abc import Callable, Mapping
from typing import Final, get_args

import msgspec

from checks.catalogue import Catalogue, catalogue
from checks.device import Numbers, judge_device, numbers_for
from checks.facts import Facts, MalformedSectionError, decode_section, joined, seldom_name
from checks.hardware.facts import HardwareFacts
from checks.host import Platform
from checks.judging import Body, Device, Moment
from checks.policy import DEFAULT_POLICY, Policy, PolicyError, Profile
from checks.surveys.air import AirFacts
from checks.surveys.lan import Neighbours
from checks.unseen import Unseen
from checks.verdicts import Verdict
from controller.judging.looks import cards, drives, factors, looks
from controller.judging.messages import Answer, Case, Judged, SectionBody
from controller.pipes.answering import answer_all
from wire.text import clean

_ARGS: Final = msgspec.json.Encoder(order="sorted")
_PLATFORMS: Final = get_args(Platform)
_REMEMBERED: Final = 1_000
_NETWORK: Final = frozenset({Neighbours.section, AirFacts.section})

Asked = Callable[[Case, Device], tuple[Policy, Numbers]]


class Bench:
    """Judges cases by one catalogue; remembers what each policy asks of each kind of computer."""

    def __init__(self, known: Catalogue) -> None:
        """`known` is the catalogue."""
        self._known = known
        self._numbers: dict[tuple[str, str, str], tuple[Policy, Numbers]] = {}

    def judge(self, case: Case) -> Judged:
        """All verdicts of one device."""
        return _judge(case, self._known, self._asked)

    def _asked(self, case: Case, device: Device) -> tuple[Policy, Numbers]:
        """The policy and its numbers. Raises PolicyError and DecodeError."""
        key = (case.policy_digest, case.profile, case.platform)
        if key not in self._numbers:
            policy = (
                msgspec.json.decode(case.policy, type=Policy) if case.policy else DEFAULT_POLICY
            )
            if len(self._numbers) >= _REMEMBERED:
                self._numbers.clear()
            self._numbers[key] = policy, numbers_for(self._known, policy, device)
        return self._numbers[key]


def judge(case: Case, known: Catalogue) -> Judged:
    """All verdicts of one device, nothing remembered."""
    return Bench(known).judge(case)


def _judge(case: Case, known: Catalogue, asked: Asked) -> Judged:
    malformed: list[str] = []
    sections = _sections(case.sections, known, malformed)
    newer = _newer(case.sections, sections, known)
    try:
        verdicts = _verdicts(case, sections, known, asked)
        failed = ""
    except (PolicyError, msgspec.DecodeError) as error:
        verdicts, failed = [], str(error)
    return Judged(
        device=case.device,
        turn=case.turn,
        seq=case.seq,
        agent=case.agent,
        policy=case.policy_digest,
        catalogue=known.hash,
        verdicts=_answers(case, verdicts, known, newer, sections),
        looks=looks(sections),
        factors=factors(sections),
        malformed=malformed,
        failed=failed,
        ruled=_ruled(case),
        drives=drives(sections),
        cards=cards(sections),
        told=_told(case.sections),
    )


def _told(bodies: list[SectionBody]) -> list[SectionBody]:
    """What it says of the network, with its parts put together; whoever takes it in reads it."""
    came = {one.name: one.body for one in bodies}
    found = []
    for one in bodies:
        if one.name in _NETWORK:
            seldom = came.get(seldom_name(one.name))
            try:
                whole = one.body if seldom is None else joined(one.body, seldom)
            except MalformedSectionError:
                continue
            found.append(SectionBody(one.name, one.schema, whole))
    return found


def _ruled(case: Case) -> str:
    """How the policy that the agent judges by stands to the one in force."""
    behind = case.agent_policy != case.policy_digest
    return case.agent_ruled or ("behind" if behind else "")


def _sections(
    bodies: list[SectionBody], known: Catalogue, malformed: list[str]
) -> dict[type[Facts], Body]:
    """Read what we know how to read; an unknown section is left alone (A4)."""
    sections: dict[type[Facts], Body] = {}
    came = {one.name: one.body for one in bodies}
    for one in bodies:
        kind = known.section(one.name)
        if kind is None:
            continue
        seldom = came.get(seldom_name(one.name)) if one.name.endswith("_now") else None
        try:
            whole = one.body if seldom is None else joined(one.body, seldom)
            sections[kind] = decode_section(whole, one.schema, kind)
        except MalformedSectionError:
            malformed.append(one.name)
            sections[kind] = Unseen("parse-error")
    return sections


def _newer(
    bodies: list[SectionBody], sections: Mapping[type[Facts], Body], known: Catalogue
) -> set[str]:
    """The checks that wait for our own upgrade: they read a section of a newer agent that we could
    not (O2)."""
    kinds = {known.section(one.name): one.schema for one in bodies}
    unread = {
        kind
        for kind, schema in kinds.items()
        if kind is not None and schema > kind.schema and isinstance(sections[kind], Unseen)
    }
    return {
        check
        for domain in known.domains
        for check, judge in domain.judges.items()
        if unread.intersection(judge.sections)
    }


def _verdicts(
    case: Case, sections: Mapping[type[Facts], Body], known: Catalogue, asked: Asked
) -> list[Verdict]:
    if case.platform not in _PLATFORMS:
        return []
    device = Device(
        platform=msgspec.convert(case.platform, Platform),
        profile=msgspec.convert(case.profile, Profile) if case.profile else Unseen("unsupported"),
        portable=True if case.goes_home else Unseen("unsupported"),
    )
    moment = Moment.at(case.seen, datetime.date.fromisoformat(case.today), case.zone)
    policy, numbers = asked(case, device)
    return judge_device(known, sections, policy, device, moment, numbers=numbers)


def _answers(
    case: Case,
    verdicts: list[Verdict],
    known: Catalogue,
    newer: set[str],
    sections: Mapping[type[Facts], Body],
) -> list[Answer]:
    """As they are stored; with the agent's own verdict where it ought to be the same and is not
    (A4)."""
    # An agent that was not told yet what its computer is for may rightly differ, and so may one
    # that left out wishes it could not understand.
    theirs_by = (case.agent_policy, case.agent_catalogue, case.agent_profile)
    ours_by = (case.policy_digest, known.hash, case.profile)
    comparable = theirs_by == ours_by and case.agent_ruled != "not_understood"
    comparable = comparable and not _carried_only_here(case, sections)
    theirs = {result.check: result for result in case.agent_results} if comparable else {}
    answers = []
    for verdict in verdicts:
        agent = theirs.get(verdict.check)
        differs = agent is not None and agent.status != verdict.status
        waits = verdict.status == "unknown" and verdict.check in newer
        answers.append(
            Answer(
                check=verdict.check,
                status=verdict.status,
                severity=verdict.severity,
                says="agent-newer" if waits else verdict.says,
                args="{}" if waits else _args(verdict),
                agent_status=agent.status if agent is not None and differs else "",
            )
        )
    return answers


def _carried_only_here(case: Case, sections: Mapping[type[Facts], Body]) -> bool:
    """Whether the register knows that it goes home while the machine itself does not look it: then
    its agent was not asked as strictly."""
    hardware = sections.get(HardwareFacts)
    looks_it = isinstance(hardware, HardwareFacts) and hardware.portable is True
    return case.goes_home and not looks_it


def _args(verdict: Verdict) -> str:
    """What fills the sentence, as JSON. Strings in facts are as hostile as their machine (O36)."""
    args = {
        name: clean(value) if isinstance(value, str) else value
        for name, value in verdict.args.items()
    }
    return _ARGS.encode(args).decode() if args else "{}"


def main() -> None:
    """Judge until nothing more comes."""
    bench = Bench(catalogue())
    answer_all(list[Case], lambda cases: [bench.judge(case) for case in cases])


if __name__ == "__main__":
    main()
