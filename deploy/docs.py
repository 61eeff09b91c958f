"""Writes the pages of docs/ that come from the product itself: its commands and its checks.

`python -m deploy.docs` writes them; `python -m deploy.docs --check` says what is out of date. A
test runs the second.
"""

import functools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import agent.commands.main
import controller.commands.main
from checks import explained
from checks.catalogue import catalogue
from checks.records.catalogue import DOMAINS, records
from deploy import coverage, licences

ROOT: Final = Path(__file__).parents[1]
DOCS: Final = ROOT / "docs"
NOTE: Final = "Written by `python -m deploy.docs` from the product itself; do not edit it here."
WIDTH: Final = "90"
ABOUT_LICENCES: Final = """\
Ours is GPL-2.0-or-later. Each process is a program of its own with its own list; scapy is
GPL-2.0-only and shares a process with nothing but the standard library. Every package is locked by
version and hash in `requirements.lock`; the lists are those of Linux, from installed metadata."""
ABOUT_CHECKS: Final = """\
Every check has a page: what it asks and why, where it is read on each system, what a school may set
and where the number comes from, how to put it right, and which standards ask for it. The controller
shows the same under *What is checked*, with what your school has decided."""
ABOUT_RECORDS: Final = """\
The controller judges its own records, too: the register, lists of iPads and Chromebooks that a
management (MDM) wrote, licences. No computer is asked for these; they are judged when a night ends,
and again after a new policy. A school sets their numbers in its policy like any other."""
ABOUT_COVERAGE: Final = """\
*Live*: the reader runs on this platform in the tests, against the machine they run on. *Recorded*:
it is replayed on the answers of a real machine. *Constructed*: on answers that we wrote after the
system's own documentation and output; no such machine has been seen by that reader. Readers of
Windows also run over published dumps of real machines where those are at hand; that is not counted
here, for a dump answers only part of the questions. *Not applicable*: nobody asks it of such a
computer."""
ABOUT_PEOPLE: Final = """\
The history holds ids and digests, never names or free text; words lie in rows of their own that can
be emptied. `caretaker people export ID --out FILE` writes all that is held about a person;
`caretaker people erase ID` empties their account, ends roles and sessions, empties the reasons they
wrote, and leaves an event that says so. `caretaker nightly` lets go of what is past its days.

Two things stay for a person to do: a back-up made before an erasure still holds what was erased, so
after restoring one the erasures since are made again; and a name that somebody wrote into a label
or a reason of their own is listed by both commands, not changed by them.

Names a person: *yes*, the row is about them; *by id*, it holds the id of their account."""


def _commands() -> Iterator[str]:
    yield from ("# Commands", "", NOTE, "")
    yield "Exit codes: 0 done and nothing failed · 2 a check failed · 64 wrong usage · 1 could not"
    yield from ("run.", "")
    for program, module in (
        ("caretaker", controller.commands.main),
        ("caretaker-agent", agent.commands.main),
    ):
        for said, text in _helps(module.__name__):
            yield from (f"{'#' * (len(said) + 1)} {' '.join((program, *said))}", "")
            yield from ("```", text, "```", "")


_HELP: Final = """
import importlib, sys
module = importlib.import_module(sys.argv[1])
for name in module.COMMANDS:
    command = importlib.import_module(module._module(name))
    verbs = getattr(module.parser_of(name, command), "verbs", ())
    for verb in ([], *([one] for one in verbs)):
        print(name, *verb)
        try:
            module.main([name, *verb, "--help"])
        except SystemExit:
            print(end="\\0")
"""


def _helps(module: str) -> Iterator[tuple[list[str], str]]:
    """Each command of a program, and each verb of one, with what it says of itself, in order."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", _HELP, module],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": WIDTH},
    )
    for one in done.stdout.split("\0")[:-1]:
        said, _, text = one.partition("\n")
        yield said.split(), text.strip()


def _checks() -> Iterator[str]:
    yield from ("# Checks", "", NOTE, "")
    yield from (ABOUT_CHECKS, "")
    for domain in catalogue().domains:
        if not domain.checks:
            continue
        yield f"## {domain.name.replace('_', ' ').capitalize()}"
        yield from ("", explained.about(domain.name), "")
        yield "| check | what is asked | severity | on |"
        yield "|---|---|---|---|"
        for check_id, check in domain.checks.items():
            where = ", ".join(s for one, s in explained.PLATFORMS.items() if one in check.platforms)
            link = f"[`{check_id}`]({check_id}.md)"
            yield f"| {link} | {check.title} | {check.severity} | {where} |"
        yield ""
    yield "What the controller judges of the register itself is on [a page of its own](records.md)."


def _check(check_id: str) -> Iterator[str]:
    one = explained.explain(check_id)
    if one is None:
        raise LookupError(check_id)
    yield from (f"# {check_id}", "", NOTE, "")
    yield from (f"**{one.words.title}.** {one.words.why}", "")
    yield f"Severity {one.words.severity} · {', '.join(one.read)} · [all checks](README.md)"
    yield from ("", "## How it is read", "")
    yield from (f"- **{where}**: {text}" for where, text in one.read.items())
    cells = next(row[2] for row in coverage.rows() if row[1] == check_id)
    known = zip(coverage.PLATFORMS.values(), cells, strict=True)
    how = "; ".join(f"{platform}: {cell}" for platform, cell in known)
    yield from ("", f"How that is known ([what is read where](../coverage.md)): {how}.")
    yield from ("", "## What a school may set", "")
    yield from _settings(one)
    yield from ("", "## How to put it right", "")
    yield from (f"- **{where}**: {text}" for where, text in one.remedies.items())
    yield from ("", "## Who asks for it", "")
    yield from (_asked(one.asked) or ["No standard we know of: it is Caretaker's own."])


def _records() -> Iterator[str]:
    yield from ("# Checks of the register", "", NOTE, "")
    yield from (ABOUT_RECORDS, "")
    for folder, domain in zip(DOMAINS, records().domains, strict=True):
        yield from (f"## {domain.name.capitalize()}", "")
        yield from (explained.about(folder.replace("/", ".")), "")
        for check_id, check in domain.checks.items():
            yield from (f"### {check_id}", "", f"**{check.title}.** {check.why}", "")
            yield from (f"Severity {check.severity}. How to put it right: {check.fix}", "")
            yield from _table(explained.settings_of(domain, check_id))
            yield from ("", *_asked(explained.asked(check_id)), "")


def _settings(one: explained.Explained) -> Iterator[str]:
    yield from _table(one.settings)


def _table(settings: list[explained.Setting]) -> Iterator[str]:
    if not settings:
        yield "Nothing: there is no number in it."
        return
    yield "| setting | default | bounds | for some profiles | source |"
    yield "|---|---|---|---|---|"
    for setting in settings:
        profiles = ", ".join(f"{name}: {value}" for name, value in setting.profiles.items())
        cells = (f"`{setting.name}`", setting.default, setting.bounds, profiles, setting.source)
        yield "| " + " | ".join(cells) + " |"


def _asked(asked: list[explained.Asked]) -> list[str]:
    return [
        f"- {', '.join(filter(None, (a.standard, a.part)))}{f': {a.says}' if a.says else ''}"
        for a in asked
    ]


def _dependencies() -> Iterator[str]:
    yield from ("# What Caretaker is built on", "", NOTE, "")
    yield from (ABOUT_LICENCES, "")
    yield from licences.page()


def _personal_data() -> Iterator[str]:
    _django()
    from controller.personal import record

    yield from ("# What is kept about people and their computers", "", NOTE, "")
    yield from (ABOUT_PEOPLE, "")
    yield from record.page()


def _django() -> None:
    """Load the models; their settings want no data folder yet."""
    import django
    from django.apps import apps

    if not apps.ready:
        os.environ["DJANGO_SETTINGS_MODULE"] = "controller.settings"
        django.setup()


def _coverage() -> Iterator[str]:
    yield from ("# What is read where, and how that is known", "", NOTE, "")
    yield from (ABOUT_COVERAGE, "")
    platforms = list(coverage.PLATFORMS.values())
    yield f"| domain | check | {' | '.join(platforms)} |"
    yield "|---" * (2 + len(platforms)) + "|"
    for domain, check, cells in coverage.rows():
        yield f"| {domain} | `{check}` | {' | '.join(cells)} |"


def _description() -> Iterator[str]:
    """A copy for whoever reads the docs: what is served must lie in the package."""
    text = (ROOT / "controller" / "api" / "openapi.yaml").read_text(encoding="utf-8")
    yield from (f"# {NOTE}", *text.splitlines())


PAGES: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "commands.md": _commands,
    "checks/README.md": _checks,
    **{
        f"checks/{check_id}.md": functools.partial(_check, check_id)
        for _, check_id, _, _ in catalogue().judged()
    },
    "checks/records.md": _records,
    "coverage.md": _coverage,
    "dependencies.md": _dependencies,
    "personal-data.md": _personal_data,
    "api-openapi.yaml": _description,
}


def page(name: str) -> str:
    """The text of a written page."""
    return "\n".join(PAGES[name]()) + "\n"


def main(arguments: list[str]) -> int:
    """Write, or say what is out of date."""
    pages = {name: page(name) for name in PAGES}
    stale = [
        name
        for name, text in pages.items()
        if not (DOCS / name).exists() or (DOCS / name).read_text(encoding="utf-8") != text
    ] + gone()
    if "--check" in arguments:
        print("\n".join(f"docs/{name} is out of date" for name in stale) or "docs are up to date")
        return 1 if stale else 0
    for name in gone():
        (DOCS / name).unlink()
    for name, text in pages.items():
        (DOCS / name).parent.mkdir(exist_ok=True)
        (DOCS / name).write_text(text, encoding="utf-8")
    return 0


def gone() -> list[str]:
    """Pages of checks that are no more."""
    found = (path.relative_to(DOCS).as_posix() for path in (DOCS / "checks").glob("*.md"))
    return sorted(name for name in found if name not in PAGES)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
