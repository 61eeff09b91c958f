"""A survey in plain words, for the person who started it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from agent.survey.planning import Plan
from agent.survey.running import Round
from agent.survey.scope import Scope
from checks.surveys.equipment import Equipment
from checks.surveys.lan import Heard, LanSurvey, Problem, Segment
from checks.unseen import Unseen
from checks.words import clean, common

_QUESTIONS: Final = {
    "sweep": "who is on the wire",
    "dhcp": "who hands out addresses",
    "names": "what announces itself",
    "snmp": "SNMP",
    "ssh": "SSH",
    "service": "the ports that the scope names",
    "air": "wireless networks",
}
_CODES: Final = {
    "not-attached": "this computer has no card in that network",
    "denied": "only an administrator may send such questions: run this with sudo",
    "tool-missing": "the program for it is not installed: pip install 'caretaker[network]'",
    "timeout": "it took too long and was ended",
    "crashed": "the part that asks stopped unexpectedly",
    "too-large": "more came than is read",
    "card": "the network card went away",
    "unsupported": "this system cannot do it; a scanner runs Linux",
    "outside-hours": "the scope's hours ended",
    "excluded": "left out, as the scope says",
    "budget": "it had been asked as much as one thing is asked",
    "no-answer": "no answer",
    "wrong-user": "the user name is not known there",
    "wrong-password": "the password is wrong",
    "wrong-privacy-key": "it knows SNMP version 3, and the privacy password is wrong there",
    "wrong-level": "it wants another level of security than ours",
    "no-cipher": "the credential names a cipher that is not installed here",
    "no-credential": "the scope names a credential that nobody typed or fetched here",
    "malformed": "it answered in a way that nobody can read",
    "too-big": "its answers do not fit into a packet",
    "host-key-changed": "its key is not the one that was compared",
    "never-ends": "it answers without end",
}
_OF_SNMP: Final = {
    "no-answer": "no answer: off, a wrong community and a wrong password look alike from here",
}
_MOST_ADDRESSES: Final = 2
_HEAD: Final = ("ADDRESS", "MAC", "SAYS OF ITSELF")


def planned(scope: Scope, plans: Sequence[Plan]) -> Iterator[str]:
    """What would be asked, and nothing was."""
    yield from _authority(scope)
    for plan in plans:
        if plan.task is None:
            yield f"{plan.subnet}: not asked, {_CODES[plan.code]}."
            continue
        more = [word for word, on in _more(plan) if on]
        said = f", and {' and '.join(more)}" if more else ""
        yield (
            f"{plan.subnet}: {len(plan.task.targets):,} addresses by card {clean(plan.task.card)}, "
            f"{plan.task.per_second} a second{said}."
        )
    ids = ", ".join(one.id for one in scope.said.credentials)
    yield f"Equipment is asked with: {ids or 'nothing, as the scope names no credential'}."
    yield "Nothing was sent."


def _more(plan: Plan) -> list[tuple[str, bool]]:
    task = plan.task
    if task is None:
        return []
    return [
        ("who would hand out addresses", task.offers),
        ("what announces itself", task.names),
        ("who is there by IPv6", bool(task.six_sources)),
    ]


def _authority(scope: Scope) -> Iterator[str]:
    said = scope.said
    yield (
        f"Authorised by {clean(said.authorised_by, 120)} ({clean(said.role, 120)}); "
        f"if something dislikes being asked: {clean(said.contact, 120)}."
    )


def lines(scope: Scope, made: Round) -> Iterator[str]:
    """What was found."""
    yield from _authority(scope)
    if made.lan is not None:
        yield from _wire(made.lan)
    if made.equipment is not None:
        yield from _equipment(made.equipment.devices)
    yield from _missing(made.run.problems, made.run.more_problems)
    run = made.run
    took = run.ended_at - run.began_at
    yield f"{run.frames:,} frames and {run.questions:,} questions were sent in {took:,} seconds."


def _wire(lan: LanSurvey) -> Iterator[str]:
    for segment in lan.segments:
        if isinstance(segment.hosts, Unseen):
            yield f"{segment.subnet}: not seen, {_reason(segment.hosts)}."
            continue
        yield f"{segment.subnet}: {_count(segment)}."
        if segment.hosts:
            yield from _table([_HEAD, *map(_row, segment.hosts)])
        if not isinstance(segment.offers, Unseen):
            for offer in segment.offers:
                way = ", through a relay" if offer.relayed else ""
                yield f"  Addresses are handed out by {offer.server} ({offer.mac or '-'}{way})."
    if not isinstance(lan.doors, Unseen):
        for door in lan.doors:
            if door.open:
                yield f"  {door.address} answers at port {door.port} ({clean(door.name)})."


def _count(segment: Segment) -> str:
    hosts = 0 if isinstance(segment.hosts, Unseen) else len(segment.hosts)
    said = f"{segment.asked:,} addresses asked, {hosts:,} things there"
    if not isinstance(segment.private, Unseen) and segment.private:
        said += f", and {segment.private:,} under an address that they made up"
    return said


def _row(heard: Heard) -> tuple[str, str, str]:
    shown = ", ".join(heard.addresses[:_MOST_ADDRESSES]) or "-"
    more = len(heard.addresses) - _MOST_ADDRESSES
    told = [clean(one, 40) for one in (heard.model, heard.vendor_class) if one]
    told += [clean(one, 40) for one in heard.services[:3]]
    return f"{shown} and {more} more" if more > 0 else shown, heard.mac, ", ".join(told)


def _equipment(devices: Sequence[Equipment]) -> Iterator[str]:
    yield f"Equipment that answered: {len(devices):,}."
    rows = [_HEAD_EQUIPMENT]
    for one in devices:
        identity = one.identity
        said = "" if isinstance(identity, Unseen) else clean(identity.description, 60)
        rows.append((one.address, one.kind.replace("-", " "), said))
    if devices:
        yield from _table(rows)


_HEAD_EQUIPMENT: Final = ("ADDRESS", "KIND", "DESCRIPTION")


def _missing(problems: Sequence[Problem], more: int) -> Iterator[str]:
    """Each kind once, with whom it is about: a switched-off corridor is no list of forty lines."""
    kinds = Counter((one.question, one.code) for one in problems)
    for (question, code), count in sorted(kinds.items()):
        about = [one.about for one in problems if (one.question, one.code) == (question, code)]
        named = ", ".join(clean(one) for one in about[:3] if one)
        rest = f" and {count - 3} more" if count > 3 else ""
        where = f" ({named}{rest})" if named else ""
        said = _OF_SNMP.get(code) if question == "snmp" else None
        yield f"Not seen: {_QUESTIONS[question]}{where}: {said or _CODES.get(code, clean(code))}."
    if more:
        yield f"Not seen: {more:,} more."


def _reason(unseen: Unseen) -> str:
    return common()["reasons"][unseen.unseen]


def _table(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        cells = zip(row, widths, strict=True)
        yield ("  " + "  ".join(f"{cell:{width}}" for cell, width in cells)).rstrip()
