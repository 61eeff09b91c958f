"""The lock: every package pinned, with hashes, for every extra and tool, and no index named."""

import importlib.metadata
import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.bootstrap import subset
from tests.project.repository import ROOT, pyproject

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
LOCKED = {name: text for name, (text, _) in subset.blocks(LOCK).items()}


def direct() -> list[Requirement]:
    """Return every requirement that pyproject.toml names by hand, once."""
    project = pyproject()
    lists = [
        project["project"]["dependencies"],
        *project["project"]["optional-dependencies"].values(),
        *project["dependency-groups"].values(),
        project["build-system"]["requires"],
    ]
    named = dict.fromkeys(entry for one in lists for entry in one if isinstance(entry, str))
    return [Requirement(entry) for entry in named]


def installed_closure(names: list[str]) -> set[str]:
    """Follow what the installed packages themselves say they require, on this machine.

    `names` may carry extras, as in `psycopg[binary]`.
    """
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()
    todo = [Requirement(name) for name in names]
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        found.add(name)
        for extra in {"", *requirement.extras}:
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            for line in importlib.metadata.requires(name) or []:
                child = Requirement(line)
                if not child.marker or child.marker.evaluate({"extra": extra}):
                    todo.append(child)
    return found


def test_each_locked_package_has_one_version_and_hashes() -> None:
    whole = re.compile(
        r"\A[a-z0-9-]+==\S+ .*?--hash=sha256:[0-9a-f]{64}$", re.DOTALL | re.MULTILINE
    )

    assert len(LOCKED) > 20
    assert [name for name, text in LOCKED.items() if not whole.search(text)] == []


def test_each_line_is_a_package_a_hash_or_who_asked() -> None:
    line = re.compile(
        r"[a-z0-9-]+==\S+( ; .+)? \\"  # package, marker
        r"|    --hash=sha256:[0-9a-f]{64}( \\)?"
        r"|    #(?: .*)?"
    )

    assert [text for text in LOCK.splitlines() if not line.fullmatch(text)] == []


@pytest.mark.parametrize("requirement", direct(), ids=str)
def test_what_is_asked_for_is_locked_at_a_version_it_accepts(requirement: Requirement) -> None:
    locked = re.match(r"\S+==(\S+)", LOCKED[canonicalize_name(requirement.name)])

    assert locked is not None
    assert requirement.specifier.contains(locked[1])


@pytest.mark.parametrize("parts", [["base"], ["base", "controller"], ["build"]], ids="+".join)
def test_a_subset_holds_all_that_its_packages_require(parts: list[str]) -> None:
    project = pyproject()
    lists = {"base": project["project"]["dependencies"]}
    lists |= project["project"]["optional-dependencies"] | project["dependency-groups"]

    kept = subset.blocks(subset.subset(LOCK, project, parts))

    assert installed_closure([entry for part in parts for entry in lists[part]]) <= set(kept)


def test_running_needs_less_than_testing() -> None:
    kept = subset.blocks(subset.subset(LOCK, pyproject(), ["base", "controller", "build"]))

    assert {"django", "granian", "hatchling"} <= set(kept)
    assert not {"mypy", "playwright", "pytest", "scapy", "paramiko"} & set(kept)
