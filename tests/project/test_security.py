"""SECURITY.md promises only what is tested: a threat has tests that exist, or says why not."""

import ast
import re

import pytest

from tests.project.repository import ROOT

PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (?P<threat>[^|]+) \| (?P<holds>[^|]+) \| (?P<proof>[^|]+) \|$", re.MULTILINE)
TEST = re.compile(r"`([a-z0-9_/]+\.py)::(\w+)`")
ROWS = [row for row in ROW.finditer(PAGE[PAGE.index("## Threats") :]) if "`" in row["proof"]]
UNPROVED = [
    row
    for row in ROW.finditer(PAGE[PAGE.index("## Threats") : PAGE.index("## What leaves")])
    if row["threat"] not in {"threat", "attacker"} and not TEST.search(row["proof"])
]
NAMED = sorted({(file, test) for row in ROWS for file, test in TEST.findall(row["proof"])})
ATTACKERS = (
    "pupil, local administrator",
    "pupil with a USB stick",
    "technician who left",
    "administrator before the governors meet",
    "stolen laptop",
    "somebody on the guest Wi-Fi",
    "hostile strings",
    "a bad dependency",
)


def defined(file: str) -> set[str]:
    """Names at the top of a test file."""
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    found = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


@pytest.mark.parametrize(("file", "test"), NAMED, ids=[test for _, test in NAMED])
def test_a_test_that_the_page_names_exists(file: str, test: str) -> None:
    assert test in defined(file)


def test_every_threat_and_every_attacker_has_its_row() -> None:
    rows = [row["threat"] for row in ROW.finditer(PAGE)]
    for number in range(1, 19):
        assert len([row for row in rows if row.startswith(f"T{number} ")]) == 1
    assert set(ATTACKERS) <= set(rows)
    assert len(NAMED) > 60


def test_what_no_test_proves_is_said_to_be_accepted() -> None:
    assert [row["threat"] for row in UNPROVED if "accepted:" not in row["holds"]] == []
