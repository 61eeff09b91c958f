"""Verdicts for a person at a terminal: what needs attention first, why, how to fix it; 80 columns.

Both commands print with this one page. Every string that came from a machine is cleaned before it
is shown (O36). Colours repeat what the words already say, so nothing is lost without them.
"""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from checks.catalogue import Catalogue, Check
from checks.verdicts import SEVERITIES, Args, Verdict
from checks.words import remedy, sentence

WIDTH: Final = 80
HEADINGS: Final = {
    "fail": "Needs attention",
    "warn": "Could be better",
    "unknown": "Couldn't be checked",
    "pass": "Fine",
}
_COLOURS: Final = {"fail": "31;1", "warn": "33", "pass": "32", "unknown": "36"}
_MARKS: Final = {"fail": "FAIL", "warn": "WARN", "pass": "ok", "unknown": "?"}
_INDENT: Final = " " * 5
_UNSET: Final = "profile-unset"


def page(
    catalogue: Catalogue, platform: str, verdicts: Sequence[Verdict], say: str, *, colours: bool
) -> Iterator[str]:
    """The lines between a title and the summary; the last item is the summary, wrapped.

    `say`: how to say what the computer is for, where nobody has.
    """
    for status, heading in HEADINGS.items():
        group = [verdict for verdict in verdicts if verdict.status == status]
        if group:
            yield from (heading, "")
            yield from _unset(group, say, colours)
            for verdict in sorted(group, key=_worst_first):
                if verdict.says != _UNSET:
                    yield from _entry(catalogue.check(verdict.check), platform, verdict, colours)
            if status == "pass":
                yield ""
    yield from _not_applicable(verdicts)
    yield "\n".join(wrapped(summary(verdicts), ""))


def summary(verdicts: Sequence[Verdict]) -> str:
    """One line: how many of each; they add up to the number of checks."""
    count = Counter(verdict.status for verdict in verdicts)
    parts = [
        _some(count["fail"], "needs attention", "need attention"),
        _some(count["warn"], "could be better", "could be better"),
        _some(count["unknown"], "couldn't be checked", "couldn't be checked"),
        f"{count['pass']} fine",
        _some(count["not-applicable"], "doesn't apply", "don't apply"),
    ]
    checks = "1 check" if len(verdicts) == 1 else f"{len(verdicts)} checks"
    return f"{checks}: " + ", ".join(part for part in parts if part) + "."


def how_to_fix(check: Check | None, platform: str, status: str, args: Args) -> str:
    """How to put it right on this platform; empty where there is nothing to put right."""
    return remedy(check, platform, args) if status in ("fail", "warn") else ""


def wrapped(text: str, indent: str = _INDENT) -> list[str]:
    """A paragraph in 80 columns."""
    return textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )


def _some(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}" if count else ""


def _worst_first(verdict: Verdict) -> tuple[int, str]:
    return -SEVERITIES.index(verdict.severity), verdict.check


def _entry(check: Check | None, platform: str, verdict: Verdict, colours: bool) -> Iterator[str]:
    head = textwrap.wrap(check.title if check else verdict.check, WIDTH - len(_INDENT))
    yield _paint(f"{_MARKS[verdict.status]:5}", verdict.status, colours=colours) + head[0]
    yield from (_INDENT + line for line in head[1:])
    if verdict.status == "pass":
        return
    yield from wrapped(sentence(check, verdict.says, verdict.args))
    if verdict.status in ("fail", "warn"):
        yield from wrapped(f"Severity: {verdict.severity}. Check: {verdict.check}")
        if how := how_to_fix(check, platform, verdict.status, verdict.args):
            yield from wrapped(f"How to fix it: {how}")
    yield ""


def _unset(group: Sequence[Verdict], say: str, colours: bool) -> Iterator[str]:
    """What waits for one and the same word is told once, however many checks it is."""
    names = sorted(verdict.check for verdict in group if verdict.says == _UNSET)
    if names:
        status = group[0].status
        yield _paint(f"{_MARKS[status]:5}", status, colours=colours) + "What this computer is for"
        yield from wrapped(f"Nobody has said. {say} These wait for it: {', '.join(names)}.")
        yield ""


def _not_applicable(verdicts: Sequence[Verdict]) -> Iterator[str]:
    names = sorted(verdict.check for verdict in verdicts if verdict.status == "not-applicable")
    if names:
        yield from wrapped(f"Doesn't apply to this computer: {', '.join(names)}.", "")
        yield ""


def _paint(text: str, status: str, *, colours: bool) -> str:
    return f"\033[{_COLOURS[status]}m{text}\033[0m" if colours else text
