"""What a fuzzer begins with: bytes that each target reads, and the words its code looks for.

A fuzzer that begins with nothing its target reads stays at the first refusal for ever. So formats
begin with what recorded machines answered and what their own tests hold; wire, with golden messages
in every form in which they travel.
"""

import ast
import inspect
import json
import struct
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from checks.formats.errors import ParseError
from tests.checks.formats import hives
from tests.checks.surveys import air
from tests.wire import golden, samples
from wire import dsse, frame, log_proof, merkle, packing, report
from wire.errors import WireError

CHECKS: Final = Path(__file__).parents[1] / "checks"
LONGEST: Final = 4_000
MOST: Final = 60
"""Seeds that one target reads; more say the same again."""
OTHERS: Final = 20
"""Seeds of other targets, which it may refuse."""


def seeds(target: Callable[[bytes], object], *, of_wire: bool) -> list[bytes]:
    """Bytes for one target: those it reads, one for each thing it makes of them, then others."""
    pool = wire_pool() if of_wire else formats_pool()
    read: dict[str, bytes] = {}
    for data in pool:
        try:
            read.setdefault(repr(target(data)), data)
        except (WireError, ParseError):
            continue
        if len(read) == MOST:
            break
    return [*read.values(), *_spread(pool, OTHERS)]


@cache
def formats_pool() -> tuple[bytes, ...]:
    """Answers of recorded machines, and what the tests of checks hold, longest first."""
    found = {text.encode() for text in _recorded()} | set(_constants(CHECKS.rglob("*.py")))
    found = {one for one in found if len(one) <= LONGEST} | {hives.small(), hives.small_log()}
    found |= {struct.pack("<IQQII", 3, 0, 133_000_000_000_000_000, 0, 0)}  # what a task last did
    found |= set(air.captures())
    return tuple(sorted(found, key=lambda data: (-len(data), data)))


@cache
def wire_pool() -> tuple[bytes, ...]:
    """Golden messages: signed, bare, in frames and packed; and what has no message of its own."""
    found = {path.read_bytes() for path in golden.FOLDER.rglob("*") if path.is_file()}
    for envelope in [sample.envelope for sample in samples.SAMPLES.values()]:
        found |= {dsse.parse(envelope).payload, packing.gzip_bytes(envelope)}
        found |= {frame.pack(envelope), frame.pack(envelope, frame.FIRST)}
    leaves = [merkle.leaf(line.encode()) for line in samples.LOG_LINES]
    frontier = merkle.Frontier()
    for one in leaves:
        frontier.append(one)
    found |= {
        report.content_bytes(samples.CONTENT),
        samples.DEVICE_PUBLIC,
        frontier.pack(),
        log_proof.write(1, merkle.inclusion(leaves, 1), samples.CHECKPOINT_SIGNED),
        bytes(96),
    }
    found |= {one.body.encode() for one in samples.LAST.now}
    return tuple(sorted(found, key=lambda data: (-len(data), data)))


def words(target: Callable[[bytes], object]) -> list[bytes]:
    """Short texts in the module that holds the target: what it compares with."""
    module = inspect.getmodule(target)
    path = inspect.getsourcefile(module) if module else None
    found = set(_constants([Path(path)])) if path else set()
    return sorted(one for one in found if 1 < len(one) <= 40 and one.isascii())


def _recorded() -> Iterator[str]:
    for path in sorted(CHECKS.glob("recordings/*/*.json")):
        yield from _texts(json.loads(path.read_text("utf-8")))


def _texts(value: Any) -> Iterator[str]:
    """Every string in a recording; a list of strings is also the lines of one text."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        if value and all(isinstance(one, str) for one in value):
            yield "\n".join(value) + "\n"
        for inner in value:
            yield from _texts(inner)


def _constants(paths: Iterable[Path]) -> Iterator[bytes]:
    """Strings and bytes that stand in Python files."""
    for path in sorted(paths):
        for part in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value.encode("utf-8", "surrogatepass")
            elif isinstance(part, ast.Constant) and isinstance(part.value, bytes):
                yield part.value


def _spread(pool: tuple[bytes, ...], count: int) -> list[bytes]:
    return list(pool[:: max(1, len(pool) // count)])[:count]
