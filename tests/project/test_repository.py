"""The checkout as a whole: sizes, licence, and that it names no place to download from."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.project.repository import PACKAGES, ROOT, files

FILE_LINES = 400
FUNCTION_LINES = 40
PYTHON = [path for path in files() if path.suffix == ".py" and "migrations" not in path.parts]
PRODUCT = [path for path in PYTHON if path.relative_to(ROOT).parts[0] in {*PACKAGES, "deploy"}]
# Written apart, so that this file passes its own test.
REGISTRY_HOSTS = [
    rf"{name}\.{top}"
    for name, top in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "(?:org|com)"),
        ("yarnpkg", "com"),
        ("crates", "io"),
        ("rubygems", "org"),
        ("proxy.golang", "org"),
        ("jsdelivr", "net"),
        ("unpkg", "com"),
        (r"(?:deb|security)\.debian", "org"),
        (r"(?:archive|security|ports)\.ubuntu", "com"),
    ]
]


def relative(path: Path) -> str:
    """Name a file in what a failed test says."""
    return str(path.relative_to(ROOT))


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a function's lines without its docstring: explaining more must not cost anything."""
    first = function.body[0]
    last = function.end_lineno or function.lineno
    total = last - function.lineno + 1
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        total -= (first.end_lineno or first.lineno) - first.lineno + 1
    return total


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {relative(path): len(path.read_text("utf-8").splitlines()) for path in PYTHON}

    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    lengths = {
        f"{relative(path)}: {node.name}": code_lines(node)
        for path in PRODUCT
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert {name: lines for name, lines in lengths.items() if lines > FUNCTION_LINES} == {}


def test_whoever_silences_a_checker_says_which_rule_and_why() -> None:
    silent = re.compile(r"#\s*(?:type:\s*ignore|noqa)\b(.*)$", re.MULTILINE)
    reason = re.compile(r"(\[[a-z, -]+\]|: [A-Z]+[0-9]+(, [A-Z]+[0-9]+)*)\s+\W*\w.*")
    bare = {
        f"{relative(path)}: {found[0]}"
        for path in PYTHON
        for found in silent.finditer(path.read_text("utf-8"))
        if not reason.fullmatch(found[1].rstrip())
    }

    assert bare == set()


def test_no_file_names_a_place_to_download_packages_from() -> None:
    host = re.compile("|".join(REGISTRY_HOSTS), re.IGNORECASE)
    named = {}
    for path in files():
        text = path.read_bytes().decode("utf-8", errors="replace")
        if match := host.search(text):
            named[relative(path)] = match[0]

    assert named == {}


def test_the_licence_is_the_whole_gpl_2() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")

    assert "Version 2, June 1991" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_each_dependency_says_why_it_is_there() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("dependencies"))
    stop = lines.index("[project.scripts]")
    entries = [line for line in lines[start:stop] if line.startswith('    "')]

    assert entries
    assert [line for line in entries if not re.search(r"#\s+\S.{10,}", line)] == []


def test_every_data_file_of_the_product_parses() -> None:
    for path in files(*PACKAGES):
        if path.suffix == ".toml":
            tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("listing", ["test-packages.txt", "bench-packages.txt"])
def test_each_debian_package_says_why_it_is_installed(listing: str) -> None:
    lines = (ROOT / "deploy" / listing).read_text(encoding="utf-8").splitlines()
    entries = [line for line in lines if line and not line.startswith("#")]

    assert entries
    assert [line for line in entries if not re.fullmatch(r"[a-z0-9.+-]+ +# \S.{10,}", line)] == []


def test_what_tests_need_of_debian_is_what_make_test_installs() -> None:
    listed = (ROOT / "deploy" / "test-packages.txt").read_text(encoding="utf-8")
    tests = {path: path.read_text("utf-8") for path in files("tests") if path.suffix == ".py"}
    wanted = {
        package
        for path, text in tests.items()
        if path.parent.name != "project"
        for package in re.findall(r'\bpackage="([a-z0-9.+-]+)"', text)
    }

    assert wanted
    assert wanted - set(re.findall(r"^[a-z0-9.+-]+", listed, re.MULTILINE)) == set()
