"""Everything that reads bytes from outside, as functions for a fuzzer: any bytes give a value or
the reader's own refusal, and nothing else.

The parsers of checks/formats are found, not listed, so a new one is fuzzed on the day it is added.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Final

import msgspec

import checks.formats
from checks.formats import table
from checks.formats.errors import ParseError
from checks.other_release import understood
from checks.policy import PolicyError
from tests.fuzz import seeds as begin
from tests.wire import samples
from wire import (
    canonical,
    dsse,
    enrolment,
    frame,
    itself,
    keys,
    limits,
    log_proof,
    merkle,
    note,
    packing,
    policy,
    problem,
    readmit,
    receipt,
    rekey,
    report,
    sshsig,
)
from wire import roots as wire_roots
from wire.errors import WireError
from wire.join_code import JoinCode
from wire.report import NowSection, Report

Target = Callable[[bytes], object]


def _parse_report(data: bytes) -> object:
    """A report under a signature that fits: nothing but the decoder stands in the way."""
    return canonical.decode(data, Report, longest=limits.NOW_TOTAL)


def _policy(data: bytes) -> object:
    """A policy under a signature that fits, as an agent goes on to read it."""
    try:
        return understood(policy.read_payload(data).policy.encode())
    except PolicyError as error:
        raise WireError("schema", str(error)) from None


def _checkpoint(data: bytes) -> object:
    return note.open_note(data, samples.LOG_NAME, samples.LOG_PUBLIC)


def _itself(data: bytes) -> object:
    """What an agent says of itself: read, or passed over, whatever it is."""
    return [
        itself.heard(
            [NowSection(section=kind.section, schema=1, body=data.decode("latin-1"))], kind
        )
        for kind in (itself.Cost, itself.Clock, itself.Leaving)
    ]


def _proof(data: bytes) -> object:
    """An inclusion proof of any length over any numbers: true or false, never a fault."""
    size = 1 + int.from_bytes(data[:2], "big")
    index = int.from_bytes(data[2:4], "big")
    hashes = [data[at : at + 32] for at in range(4, len(data), 32)]
    leaf, root = merkle.leaf(b"line"), merkle.EMPTY
    return merkle.verify_inclusion(index, size, leaf, hashes, root), merkle.verify_consistency(
        index, size, hashes, root, root
    )


WIRE: Final[dict[str, Target]] = {
    "envelope": dsse.parse,
    "report": _parse_report,
    "frame": frame.parse,
    "gunzip": lambda data: packing.gunzip_limited(data, limits.BODY_INFLATED),
    "join_code": lambda data: JoinCode.parse(data.decode("latin-1")),
    "content": lambda data: report.open_content(data, dsse.digest(data)),
    "public_key": keys.load_public,
    "roots": lambda data: canonical.decode(data, wire_roots.Roots),
    "checkpoint": _checkpoint,
    "checkpoint_text": note.read,
    "enrol": lambda data: canonical.decode(data, enrolment.Enrol),
    "enrolment": lambda data: canonical.decode(data, enrolment.Enrolment),
    "hello": lambda data: canonical.decode(data, enrolment.Hello),
    "receipt": lambda data: canonical.decode(data, receipt.Receipt),
    "problem": lambda data: canonical.decode(data, problem.Problem),
    "itself": _itself,
    "proof": _proof,
    "line_proof": lambda data: log_proof.check(
        data, samples.LOG_LINES[1].encode(), samples.LOG_NAME, samples.LOG_PUBLIC
    ),
    "rekey": lambda data: canonical.decode(data, rekey.Rekey),
    "readmit": lambda data: canonical.decode(data, readmit.Readmit, longest=limits.CARRIED),
    "policy": _policy,
    "policy_envelope": lambda data: policy.open_rules(data, samples.RULED),
    "log_head": merkle.Frontier.unpack,
    "ssh_signature": lambda data: sshsig.check(
        samples.CHECKPOINT_SIGNED, data, samples.SSH_NAMESPACE, samples.LOG_PUBLIC
    ),
    "section": lambda data: canonical.decode(data, object, limit=limits.SECTION),
}


def _formats() -> Iterator[tuple[str, Target]]:
    """Each public function of checks/formats that takes bytes and nothing else, and those that the
    table of formats names elsewhere."""
    yield from ((to, table.function(to)) for to in table.FORMATS.values() if "checks." in to)
    for found in pkgutil.iter_modules(checks.formats.__path__):
        module = importlib.import_module(f"checks.formats.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == module.__name__ and not name.startswith("_")
            takes = [p.annotation for p in inspect.signature(function).parameters.values()]
            if own and takes == [bytes]:
                yield f"{found.name}.{name}", function


FORMATS: Final[dict[str, Target]] = dict(_formats())
TARGETS: Final[dict[str, Target]] = WIRE | FORMATS


def run(name: str, data: bytes) -> bool:
    """Give the bytes to one target; whether it read them. Any exception but a refusal is a find,
    and so is a value of a format that nothing can write down, such as half a character.
    """
    try:
        found = TARGETS[name](data)
    except (WireError, ParseError):
        return False
    if name in FORMATS:
        msgspec.json.encode(found)
    return True


def seeds(name: str) -> list[bytes]:
    """Bytes to begin with, the first of which the target reads."""
    return begin.seeds(TARGETS[name], of_wire=name in WIRE)


def words(name: str) -> list[bytes]:
    """What a target's code compares its bytes with."""
    return begin.words(TARGETS[name])
