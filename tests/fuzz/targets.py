"""Everything that reads bytes from outside, as functions for a fuzzer: any bytes give a value or
the reader's own refusal, and nothing else.

The parsers of checks/formats are found, not listed, so a new one is fuzzed on the day it is added.
"""

import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import checks.formats
from checks.formats.errors import ParseError
from checks.other_release import understood
from checks.policy import PolicyError
from tests.wire import golden, samples
from wire import (
    canonical,
    dsse,
    frame,
    keys,
    limits,
    log_proof,
    merkle,
    note,
    packing,
    policy,
    readmit,
    rekey,
    report,
    sshsig,
)
from wire import roots as wire_roots
from wire.errors import WireError
from wire.join_code import JoinCode
from wire.report import Report

Target = Callable[[bytes], object]
RECORDINGS: Final = Path(__file__).parents[1] / "checks" / "recordings"
SEEDS: Final = 400
LONGEST_SEED: Final = 4_000


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
    return note.open_note(data, "caretaker.site_1/evidence", samples.CONTROLLER_PUBLIC)


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
    "proof": _proof,
    "line_proof": lambda data: log_proof.check(
        data, b"line", "caretaker.site_1/evidence", samples.CONTROLLER_PUBLIC
    ),
    "rekey": lambda data: canonical.decode(data, rekey.Rekey),
    "readmit": lambda data: canonical.decode(data, readmit.Readmit, longest=limits.CARRIED),
    "policy": _policy,
    "policy_envelope": lambda data: policy.open_rules(data, samples.RULED),
    "log_head": merkle.Frontier.unpack,
    "ssh_signature": lambda data: sshsig.check(b"x", data, "evidence", samples.DEVICE_PUBLIC),
    "section": lambda data: canonical.decode(data, object, limit=limits.SECTION),
}


def _formats() -> Iterator[tuple[str, Target]]:
    """Each public function of checks/formats that takes bytes and nothing else."""
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
    """Give the bytes to one target; whether it read them. Any exception but a refusal is a find."""
    try:
        TARGETS[name](data)
    except (WireError, ParseError):
        return False
    return True


def seeds(name: str) -> list[bytes]:
    """Bytes that look like what a target reads: golden messages, answers of recorded machines."""
    if name in WIRE:
        files = sorted(path for path in golden.FOLDER.rglob("*") if path.is_file())
        return [path.read_bytes() for path in files] + [bytes(96)]
    found: set[str] = set()
    for path in sorted(RECORDINGS.rglob("*.json")):
        found |= set(_texts(json.loads(path.read_text("utf-8"))))
    return [text.encode() for text in sorted(found)[:: max(1, len(found) // SEEDS)]]


def _texts(value: Any) -> Iterator[str]:
    """Strings of several lines anywhere in a recording, cut."""
    if isinstance(value, str) and "\n" in value:
        yield value[:LONGEST_SEED]
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
