"""What each process of Caretaker loads, under which licence, and why: docs/dependencies.md (§E).

Read from the metadata of what is installed. Each process is a distributed work of its own: ours is
GPL-2.0-or-later and so goes with Apache-2.0 under version 3, scapy is GPL-2.0-only and does not, so
it lives alone in the survey worker.

Trap: some packages name no licence in their metadata, or only "BSD"; then the text they bring
decides, and one that is not recognised fails the test rather than pass.
"""

import importlib.metadata
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).parents[1]

FREE: Final = frozenset(
    {"MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "PSF-2.0", "MIT-CMU"}
)
UNDER_3: Final = FREE | {"Apache-2.0", "LGPL-2.1", "LGPL-3.0-only"}
"""What goes with GPL-2.0-or-later, by taking its version 3 for the whole."""
BESIDE_SCAPY: Final = FREE | {"GPL-2.0-only"}


class Process(NamedTuple):
    """One program: what it may load (requirements of pyproject.toml), under which licences."""

    name: str
    about: str
    asks: tuple[str, ...]
    allowed: frozenset[str]


PROCESSES: Final = (
    Process("agent", "on every machine", ("dependencies",), UNDER_3),
    Process("agent, remote", "looks at a machine over SSH", ("dependencies", "ssh"), UNDER_3),
    Process("agent, network", "asks switches over SNMP", ("dependencies", "network"), UNDER_3),
    Process("survey worker", "standard library and scapy alone", ("network",), BESIDE_SCAPY),
    Process("controller", "pages, intake, judging", ("dependencies", "controller"), UNDER_3),
)
WORKER: Final = "survey worker"
ONLY_IN_WORKER: Final = frozenset({"scapy"})
INSIDE_WHEELS: Final = {
    "cryptography": "OpenSSL (Apache-2.0)",
    "pynacl": "libsodium (ISC)",
    "pillow": "libjpeg-turbo, libpng, libtiff, libwebp, zlib (all as free)",
    "psycopg-binary": "libpq (PostgreSQL), OpenSSL (Apache-2.0)",
}
"""Compiled parts that metadata does not name."""
_CLASSIFIED: Final = {
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
}


def pyproject() -> dict[str, Any]:
    """The project's own declaration."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def closure(asked: list[str]) -> set[str]:
    """Every package that these requirements bring on this machine."""
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()
    todo = [Requirement(line) for line in asked]
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        found.add(name)
        for extra in {"", *requirement.extras} - {e for n, e in seen if n == name}:
            seen.add((name, extra))
            for line in importlib.metadata.requires(name) or []:
                child = Requirement(line)
                if not child.marker or child.marker.evaluate({"extra": extra}):
                    todo.append(child)
    return found


def loads(process: Process) -> set[str]:
    """The packages a process may load."""
    project = pyproject()["project"]
    lists = {"dependencies": project["dependencies"], **project["optional-dependencies"]}
    names = closure([line for ask in process.asks for line in lists[ask]])
    return names & ONLY_IN_WORKER if process.name == WORKER else names - ONLY_IN_WORKER


def licence(name: str) -> str:
    """The licence of an installed package, an SPDX expression; "" when nothing says it."""
    about = importlib.metadata.metadata(name)
    stated = about["License-Expression"] or about["License"] or ""
    if re.fullmatch(r"[A-Za-z0-9.+-]+( OR [A-Za-z0-9.+-]+)*", stated):
        return str(stated)
    for classifier in about.get_all("Classifier", []):
        if classifier in _CLASSIFIED:
            return _CLASSIFIED[classifier]
    return _recognise(" ".join(_texts(name).split()))


def _texts(name: str) -> str:
    files = importlib.metadata.files(name) or []
    own = [file for file in files if ".dist-info" in str(file) and "LICENSE" in file.name.upper()]
    return "\n".join(file.read_text(encoding="utf-8") for file in own)


def _recognise(text: str) -> str:
    if "Redistribution and use in source and binary forms" not in text:
        return ""
    return "BSD-3-Clause" if "Neither the name" in text else "BSD-2-Clause"


def fits(expression: str, allowed: frozenset[str]) -> bool:
    """Whether one of the licences offered is allowed."""
    return any(choice in allowed for choice in expression.split(" OR "))


def reasons() -> dict[str, str]:
    """Package → the one line of pyproject.toml that says why it is there."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = re.findall(r'^    "([A-Za-z0-9-]+)[^"]*",\s+# (.+)$', text, re.MULTILINE)
    return {canonicalize_name(name): why for name, why in lines}


def asked_by(name: str, among: set[str]) -> str:
    """Who needs a package that nobody asked for by hand."""
    parents = []
    for parent in sorted(among):
        lines = map(Requirement, importlib.metadata.requires(parent) or [])
        wanted = [one for one in lines if not one.marker or "extra" not in str(one.marker)]
        if name in {canonicalize_name(one.name) for one in wanted}:
            parents.append(parent)
    return "needed by " + (", ".join(parents) or "an extra that is asked for")


def page() -> Iterator[str]:
    """The tables of docs/dependencies.md."""
    why = reasons()
    for process in PROCESSES:
        names = loads(process)
        yield from (f"## {process.name.capitalize()}: {process.about}", "")
        yield "| package | version | licence | why |"
        yield "|---|---|---|---|"
        for name in sorted(names):
            inside = f"; inside: {INSIDE_WHEELS[name]}" if name in INSIDE_WHEELS else ""
            version = importlib.metadata.version(name)
            because = why.get(name) or asked_by(name, names)
            yield f"| {name} | {version} | {licence(name)}{inside} | {because} |"
        yield ""
    yield from ("## Files of others in the pages", "", "| file | package | version | licence |")
    yield "|---|---|---|---|"
    for file, part in vendored().items():
        yield f"| {file} | {part['package']} | {part['version']} | {part['licence']} |"


def vendored() -> dict[str, dict[str, str]]:
    """The manifest of what the web pages bring along."""
    import json

    path = ROOT / "controller" / "static" / "vendor" / "manifest.json"
    found: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return found
