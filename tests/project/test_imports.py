"""Each import contract breaks when the tree breaks it: a rule that cannot fail is no rule."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.repository import PACKAGES, ROOT, files, pyproject

# Contract id -> the files that break it, and only what has to be there for it.
PLANTS: dict[str, dict[str, str]] = {
    "layers": {"inventory/planted_layers.py": "import controller.planted_target"},
    "agent-alone": {"agent/planted_alone.py": "import inventory.planted_target"},
    "collect-offline": {"agent/collect/planted_offline.py": "import ssl"},
    "deliver-keyless": {"agent/deliver/planted_keyless.py": "import agent.keyfile"},
    "judges-pure": {"checks/planted_domain/judges.py": "import checks.planted_helper"},
    "judges-doorless": {"checks/planted_other/judges.py": "import checks.planted_other.linux"},
    "readers-one-door": {"checks/planted_domain/macos.py": "import checks.planted_helper"},
    "checks-licence": {"checks/planted_licence.py": "import scapy.all"},
    "worker-alone": {"agent/survey/worker/planted_company.py": "import msgspec"},
    "register-owned": {"controller/planted_owner.py": "import inventory.models"},
    "domains-apart": {"checks/planted_domain/linux.py": "import checks.planted_other.linux"},
    "no-cycles": {
        "wire/planted_here.py": "import wire.planted_there",
        "wire/planted_there.py": "import wire.planted_here",
    },
}
# What plants point at.
TARGETS = {
    "controller/planted_target.py": "",
    "inventory/planted_target.py": "",
    "checks/planted_helper.py": "import subprocess",
    "checks/planted_domain/__init__.py": "",
    "checks/planted_other/__init__.py": "",
    "checks/planted_other/linux.py": "",
}
CONTRACTS = {
    contract["id"]: contract for contract in pyproject()["tool"]["importlinter"]["contracts"]
}


def lint(tree: Path) -> str:
    """Run import-linter over a tree and return its report."""
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as lint; lint()",
    ]
    done = subprocess.run(
        [*command, "--no-cache"],
        cwd=tree,
        env={"PYTHONPATH": str(tree), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report on a copy of the tree in which every contract is broken once."""
    tree = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", tree)
    for path in files(*PACKAGES):
        if path.suffix == ".py":
            copy = tree / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    for plant in [TARGETS, *PLANTS.values()]:
        for name, source in plant.items():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_text(f"{source}\n", encoding="utf-8")
    return lint(tree)


def section(report: str, title: str) -> str:
    """Cut the part of the report that explains one broken contract: title, dashes, text."""
    start = re.search(rf"^{re.escape(title)}\n-+\n", report, re.MULTILINE)
    if start is None:
        return ""
    rest = report[start.end() :]
    end = re.search(r"^\S.*\n-{3,}\n", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_planted_violation_breaks_its_contract(contract: str, report: str) -> None:
    # The report on cycles leaves the package's name out: compare without it everywhere.
    planted = {
        name.removesuffix(".py").replace("/", ".").partition(".")[2] for name in PLANTS[contract]
    }

    explained = section(report, CONTRACTS[contract]["name"])

    assert all(module in explained for module in planted), report


def test_every_contract_has_a_plant() -> None:
    assert set(PLANTS) == set(CONTRACTS)
