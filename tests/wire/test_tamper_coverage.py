"""No signed type escapes the tamper matrix: what the code signs has golden bytes, and is damaged.

A payload type that any package names is in use. It then needs a sample in `samples.py`, whose
golden bytes every release must open, and which `test_tamper.py` damages at every byte.
"""

import ast
import re
from pathlib import Path

import pytest

from tests.wire import golden, samples
from tests.wire.refusals import code
from tests.wire.test_tamper import ONE_OF_EACH, damaged
from wire import dsse, sections, types

ROOT = Path(__file__).parents[2]
ROOMS = ("wire", "checks", "agent", "inventory", "controller")
PAYLOAD_TYPE = re.compile(re.escape(types.PREFIX) + r"[a-z-]+\.v[0-9]+(\+json)?")
NAMES = {
    name: value
    for name, value in vars(types).items()
    if isinstance(value, str) and PAYLOAD_TYPE.fullmatch(value)
}
NOT_DSSE = {"CHECKPOINT"}
"""Signed as a note (`wire/note.py`), whose own tests damage it."""


def named_in(source: str) -> set[str]:
    """Payload types that a module names, as `types.REPORT` or by import."""
    if "types" not in source:  # either way says so, and most modules need no reading
        return set()
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found |= {node.attr} if node.value.id == "types" else set()
        elif isinstance(node, ast.ImportFrom) and node.module == "wire.types":
            found |= {alias.name for alias in node.names}
    return found & set(NAMES)


def in_use() -> set[str]:
    """Payload types that any module of the product names."""
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    return {name for path in files for name in named_in(path.read_text("utf-8"))}


def test_every_type_in_use_is_damaged_at_every_byte() -> None:
    used = in_use()
    assert len(used) >= 8
    assert {NAMES[name] for name in used - NOT_DSSE} == set(ONE_OF_EACH)


def test_every_type_in_use_has_golden_bytes() -> None:
    for kind, name in ONE_OF_EACH.items():
        written = (golden.FOLDER / f"{name}.dsse.json").read_bytes()
        assert dsse.parse(written).payload_type == kind


def test_a_type_that_only_a_function_names_counts_as_used() -> None:
    assert named_in("def f():\n    return types.POLICY") == {"POLICY"}
    assert named_in("from wire.types import TIME") == {"TIME"}


def test_no_two_types_have_one_name() -> None:
    assert len(set(NAMES.values())) == len(NAMES)


@pytest.mark.parametrize("size", [1, 300])
def test_no_damaged_section_is_stored_under_its_name(size: int) -> None:
    body = sections.pack({"programs": [{"title": "x" * size, "version": "1.0"}] * 3})
    name = dsse.digest(body)
    sections.check(name, body)
    for other in damaged(body):
        assert code(lambda other=other: sections.check(name, other)) == "bad_digest"  # type: ignore[misc]  # bound now


def test_every_sample_is_signed_by_a_key_of_the_samples() -> None:
    """Else the matrix would prove refusals of a message nobody accepts."""
    for sample in samples.SAMPLES.values():
        assert sample.open(dsse.parse(sample.envelope)) == sample.message
