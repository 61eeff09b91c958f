"""Make the network round: what is on the wire, and what switches, access points and printers say.

FILE is a scope that somebody who may has signed (`caretaker survey scope` makes one); without it
this computer goes by the one that its controller gave it. `survey credential add|list|remove` keeps
what switches and access points are asked with, where it is typed here; `survey host-key` which SSH
key each has. Nothing is asked that the scope does not name, at no hour that it does not allow, and
no faster. Only addresses are asked for, and only equipment for which the scope names a credential;
no port is tried but those it names. What was found goes to the school in a signed report. Sending
needs an administrator, and Linux.

Exit 0 when the round was made, 1 when the scope does not allow it or nothing could be asked.
"""

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from agent import files
from agent.commands import shared, survey_credential, survey_host_key, telling
from agent.commands.exits import COULD_NOT, OK
from agent.state import State, StateError
from checks.facts import Facts
from checks.unseen import Unseen
from wire import limits
from wire.errors import WireError

if TYPE_CHECKING:
    from agent.scanning.progress import Progress as _Line
    from agent.survey.parts import Progress
    from agent.survey.running import Doors, Round
    from agent.survey.scope import Refused, Scope

_MOST_SECONDS: Final = 600


class Said(msgspec.Struct):
    """What a program is told: the sections as the report tells them."""

    schema: str
    refused: str
    sections: dict[str, Facts]
    lines: list[str]
    report: int
    sentence: str


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_data(parser)
    shared.add_format(parser)
    parser.add_argument("--scope", metavar="FILE", help="the signed scope, if not the controller's")
    parser.add_argument("--dry-run", action="store_true", help="say what would be asked")
    parser.add_argument(
        "--listen",
        metavar="SECONDS",
        type=_seconds,
        default=30,
        help="how long to hear what announces itself, if the scope lets us (default: 30)",
    )

    # For the service alone: nothing is said where nothing is due.
    parser.add_argument("--scheduled", action="store_true", help=argparse.SUPPRESS)
    parts = parser.add_subparsers(dest="part", metavar="credential|host-key")
    survey_credential.arguments(parts.add_parser("credential", help="what to ask with"))
    survey_host_key.arguments(parts.add_parser("host-key", help="which SSH key a device has"))


def main(options: argparse.Namespace) -> int:
    """Read the scope, make the round, keep what came of it, report it, say it."""
    if options.part == "credential":
        return survey_credential.main(options)
    if options.part == "host-key":
        return survey_host_key.main(options)
    from agent.survey import running
    from agent.survey.scope import Refused, outside_hours
    from agent.turns import turn
    from wire import dsse

    state = shared.state_of(options, prepare=False)
    if options.scheduled and not _due(state):
        return OK
    envelope = _envelope(options.scope) if options.scope else _given(state)
    now = _now(state)
    scope = _read(state, envelope, now)
    if not isinstance(scope, Refused) and _is_replaced(state, envelope, scope):
        scope = Refused("older", "A newer scope took this one's place; go by that one.")
    if not isinstance(scope, Refused) and not scope.is_open(now) and not options.dry_run:
        scope = outside_hours(scope)
    if isinstance(scope, Refused):
        return _refuse(options, state, running.refused(scope, dsse.digest(envelope), now), scope)
    if options.dry_run:
        return _dry_run(options, scope)
    with turn(state.key, 0, "survey.lock"):
        made = _made(options, state, scope)
    return _told(options, state, scope, made)


def _due(state: State) -> bool:
    """Whether the service has anything to do; if so it is written down that it begins."""
    from agent.collect import scoping
    from agent.survey import due

    now, envelope = _now(state), scoping.in_force(state)
    if envelope is None or not due.due(_read(state, envelope, now), now, due.last(state.key)):
        return False
    due.begun(state.key, now)
    return True


def _seconds(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 <= int(text) <= _MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"a whole number from 0 to {_MOST_SECONDS}")
    return int(text)


def _envelope(path: str) -> bytes:
    """Raises UsageError, OSError."""
    with Path(path).open("rb") as file:
        data = file.read(limits.ENVELOPE + 1)
    if len(data) > limits.ENVELOPE:
        raise shared.UsageError(f"{path} is too large to be a scope.")
    return data


def _given(state: State) -> bytes:
    """The scope that the newest receipt names. Raises StateError where there is none."""
    from agent.collect import scoping

    found = scoping.in_force(state)
    if found is None:
        raise StateError(
            "This computer's controller lets it ask nothing of any network. Make a scope there "
            "(caretaker survey scope), then run: caretaker-agent run"
        )
    return found


def _read(state: State, envelope: bytes, now: int) -> "Scope | Refused":
    """Raises StateError before enrolment."""
    from agent.collect import rooting
    from agent.survey import scope
    from wire import roots

    identity = state.identity()
    held = files.read_or_none(state.key / rooting.NAME, limits.ENVELOPE)
    if identity is None:
        raise StateError(
            "This computer is not enrolled, so no scope can be for it. Ask for a join code and run:"
            " caretaker-agent enrol"
        )
    if held is None:
        raise StateError(
            "This computer does not hold its school's list of keys yet; it comes with the next "
            "round. Run: caretaker-agent run"
        )
    try:
        believed = roots.open_held(held)
    except WireError as error:
        raise StateError(
            "This computer's list of its school's keys is damaged; the next round mends it. Run: "
            "caretaker-agent run"
        ) from error
    return scope.read(envelope, believed, identity.device, now)


def _is_replaced(state: State, envelope: bytes, scope: "Scope") -> bool:
    """Whether this computer was given a later one of the same signer: what that one bars, an old
    file would not."""
    from agent.collect import marks, scoping
    from wire import dsse

    said, signer = scope.said, dsse.parse(envelope).keyid
    mark = marks.Mark(said.site, signer, said.version, scope.digest)
    return marks.is_old(marks.load(state.key / scoping.MEMORY), mark)


def _now(state: State) -> int:
    """By the later of this computer's clock and the newest receipt: a clock set back lengthens
    nothing."""
    from agent import chain

    return max(shared.this_machine().clock(), chain.load(state.key).received_at)


def _refuse(options: argparse.Namespace, state: State, made: "Round", why: "Refused") -> int:
    """That it was refused is told too: somebody expects a survey."""
    report = 0
    if not options.dry_run:
        report, _ = _reported(state, made)
    if options.format == "json":
        _print_json(made, [], report, why.sentence)
    print(f"caretaker-agent: {shared.cleaned(why.sentence)}", file=sys.stderr)
    return COULD_NOT


def _dry_run(options: argparse.Namespace, scope: "Scope") -> int:
    from agent.hosts import addressed
    from agent.survey import planning, words

    plans = [*planning.plans(scope, addressed.cards(), options.listen)]
    said = [*words.planned(scope, plans)]
    if options.format == "json":
        print(msgspec.json.encode(_Planned("caretaker.survey-plan/1", said)).decode())
    else:
        print("\n".join(said))
    return OK if any(plan.task is not None for plan in plans) else COULD_NOT


class _Planned(msgspec.Struct):
    """What would be asked."""

    schema: str
    lines: list[str]


def _made(options: argparse.Namespace, state: State, scope: "Scope") -> "Round":
    """The round. A closed window ends it as Ctrl-C does, and the worker with it."""
    from agent.survey import running

    progress = _Shown()
    try:
        with telling.stopped_by_all():
            return running.run(scope, _doors(options, state, progress))
    finally:
        progress.end()


def _doors(options: argparse.Namespace, state: State, progress: "_Shown") -> "Doors":
    from agent.hosts import addressed
    from agent.survey import parts, running

    return running.Doors(
        now=lambda: _now(state),
        cards=addressed.cards(),
        key=state.key,
        parts=parts.parts(),
        told=progress.told,
        listen_seconds=options.listen,
    )


class _Shown:
    """Progress on one line of a terminal, for each part anew."""

    def __init__(self) -> None:
        self._part = ""
        self._of = 0
        self._line: _Line | None = None
        self._found = 0

    def told(self, one: "Progress") -> None:
        """A part has come so far."""
        from agent.scanning.progress import Progress as Line

        if self._line is None or (self._part, self._of) != (one.part, one.of):
            self.end()
            self._part, self._of = one.part, one.of
            self._line = Line(one.of, sys.stderr, time.monotonic, self._words)
        self._found = one.found
        self._line.told(one.done)

    def end(self) -> None:
        """Wipe the line."""
        if self._line is not None:
            self._line.end()

    def _words(self, done: int, of: int, _seconds: float) -> str:
        return f"Survey: {self._part}, {done:,} of {of:,} asked, {self._found:,} found"


def _told(options: argparse.Namespace, state: State, scope: "Scope", made: "Round") -> int:
    from agent.survey import words

    report, sentence = _reported(state, made)
    said = [*words.lines(scope, made)]
    if options.format == "json":
        _print_json(made, said, report, sentence)
    else:
        print("\n".join([*said, shared.cleaned(sentence)]))
    seen = made.lan is not None and any(
        not isinstance(one.hosts, Unseen) for one in made.lan.segments
    )
    return OK if seen else COULD_NOT


def _reported(state: State, made: "Round") -> tuple[int, str]:
    from agent import surveys

    return telling.at_once(
        state,
        lambda: surveys.keep(state.key, made.sections(), made.run.ended_at),
        "surveys",
    )


def _print_json(made: "Round", lines: list[str], report: int, sentence: str) -> None:
    sections = {one.section: one for one in made.sections()}
    shared.print_json(
        Said("caretaker.survey/1", made.run.refused, sections, lines, report, sentence)
    )
