"""Print the part of requirements.lock that some extras need, hashes and markers included.

Standard library only: it runs before anything is installed. The lock says under each package who
asked for it ("# via"), which is the dependency graph read backwards; the names asked for by hand
come from pyproject.toml. Trap: "# via x" does not say which extra of x asked, so a little too much
may be kept, never too little.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")


def normal(name: str) -> str:
    """Spell a package name as the lock does (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def asked_for(pyproject: dict[str, object], parts: list[str]) -> set[str]:
    """Collect the names that `base`, an extra or a dependency group asks for by hand."""
    project = pyproject["project"]
    groups = pyproject["dependency-groups"]
    assert isinstance(project, dict)
    assert isinstance(groups, dict)
    lists = {"base": project["dependencies"], **project["optional-dependencies"], **groups}
    wanted: set[str] = set()
    for part in parts:
        for entry in lists[part]:
            if isinstance(entry, dict):
                wanted |= asked_for(pyproject, [entry["include-group"]])
            elif match := NAME.match(entry):
                wanted.add(normal(match[0]))
    return wanted


def blocks(lock: str) -> dict[str, tuple[str, set[str]]]:
    """Split a lock into {name: (its lines, the names that asked for it)}."""
    found: dict[str, tuple[str, set[str]]] = {}
    for text in re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE):
        if match := NAME.match(text):
            comments = re.findall(r"^\s+#\s+(?:via\s+)?([A-Za-z0-9][\w.-]*)", text, re.MULTILINE)
            found[normal(match[0])] = (text, {normal(name) for name in comments if name != "via"})
    return found


def subset(lock: str, pyproject: dict[str, object], parts: list[str]) -> str:
    """Keep what `parts` ask for and everything those packages ask for in turn."""
    packages = blocks(lock)
    kept = asked_for(pyproject, parts)
    growing = True
    while growing:
        more = {name for name, (_, via) in packages.items() if via & kept} - kept
        kept |= more
        growing = bool(more)
    return "".join(text for name, (text, _) in packages.items() if name in kept)


if __name__ == "__main__":
    print(
        subset(
            (ROOT / "requirements.lock").read_text(encoding="utf-8"),
            tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8")),
            sys.argv[1:],
        ),
        end="",
    )
