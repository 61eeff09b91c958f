"""The pages keep their shape: thin views, and rows only behind `queries(actor)` and services
(O11).
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import controller

ROOT = Path(controller.__file__).parent
LONGEST_VIEW = 30
NO_ROWS = (
    *ROOT.glob("*/views*.py"),
    *ROOT.glob("*/forms.py"),
    *ROOT.glob("*/urls.py"),
    *ROOT.glob("*/middleware.py"),
    *ROOT.glob("templatetags/*.py"),
    ROOT / "frame.py",
    ROOT / "serving" / "error_pages.py",
)


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    """Every function of a file."""
    tree = ast.parse(path.read_text("utf-8"))
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_a_view_is_short_enough_to_be_read_at_once() -> None:
    for path in ROOT.glob("*/views*.py"):
        for function in functions(path):
            lines = (function.end_lineno or 0) - function.lineno + 1
            assert lines <= LONGEST_VIEW, f"{path.name}: {function.name} has {lines} lines"


def test_no_view_form_or_tag_reaches_a_row_by_itself() -> None:
    assert len(NO_ROWS) > 10
    for path in NO_ROWS:
        named = {
            n.attr for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Attribute)
        }
        assert named.isdisjoint({"objects", "save", "delete", "bulk_create", "update_or_create"}), (
            path
        )


def test_what_a_page_is_given_cannot_be_changed_on_the_way() -> None:
    for path in (*ROOT.glob("fleet/*.py"), *ROOT.glob("posture/*.py")):
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("@dataclass") and "frozen=True" not in line:
                assert path.name == "jobs.py", f"{path.name}: {line}"  # a running sum of its own


def addressed() -> set[tuple[Path, str]]:
    """The functions that addresses lead to, each with its file."""
    found = set()
    for path in ROOT.glob("**/urls*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found.add((path.parent / f"{node.value.id}.py", node.attr))
    return found


def test_every_view_of_ours_names_the_ability_it_needs() -> None:
    """The rest of a file of views helps these; the table of doors tries every address itself."""
    open_to_all = {"change_password", "label"}
    views = {(path, name) for path, name in addressed() if path.name.startswith("views")}
    assert len(views) > 100
    for path in ROOT.glob("**/views*.py"):
        for function in functions(path):
            if (path, function.name) in views and function.name not in open_to_all:
                marks = [ast.unparse(decorator) for decorator in function.decorator_list]
                assert any(mark.startswith("needs(Ability.") for mark in marks), function.name
                assert any("require_" in mark for mark in marks), function.name
