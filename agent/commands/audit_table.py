"""An audit for a person at a terminal: what needs attention first, why, how to fix it; 80 columns.

Every string that came from the machine is cleaned before it is shown (O36). Colours repeat what the
words already say, so nothing is lost without them.
"""

import datetime
import textwrap
from collections import Counter
from collections.abc import Iterator
from typing import Final

from agent import settings
from agent.collect.looking import Look
from checks.host import Host
from checks.verdicts import SEVERITIES, Verdict
from checks.words import clean, sentence

WIDTH: Final = 80
_INDENT: Final = " " * 4
_COLOURS: Final = {"fail": "31;1", "warn": "33", "pass": "32", "unknown": "36"}
_MARKS: Final = {"fail": "FAIL", "warn": "WARN", "pass": "ok", "unknown": "?"}


def table(host: Host, seen: Look, shown: list[Verdict], *, colours: bool) -> str:
    """The whole page as text, no newline at its end."""
    lines = [_title(host, seen), ""]
    for status, heading in (
        ("fail", "Needs attention"),
        ("warn", "Could be better"),
        ("unknown", "Couldn't be checked"),
        ("pass", "Fine"),
    ):
        group = [verdict for verdict in shown if verdict.status == status]
        if group:
            lines += [heading, ""]
            for verdict in sorted(group, key=_worst_first):
                lines += _entry(seen, verdict, colours=colours)
            if status == "pass":
                lines.append("")
    lines += _not_applicable(shown)
    if not host.privileged:
        lines += _wrapped(
            "You are not an administrator, so some things could not be seen. "
            "Run it with sudo to check everything.",
            "",
        )
        lines.append("")
    lines.append(summary(shown))
    return "\n".join(lines)


def summary(shown: list[Verdict]) -> str:
    """One line: how many of each."""
    count = Counter(verdict.status for verdict in shown)
    parts = [
        _some(count["fail"], "needs attention", "need attention"),
        _some(count["warn"], "could be better", "could be better"),
        _some(count["unknown"], "couldn't be checked", "couldn't be checked"),
        f"{count['pass']} fine",
    ]
    checks = "1 check" if len(shown) == 1 else f"{len(shown)} checks"
    return f"{checks}: " + ", ".join(part for part in parts if part) + "."


def _some(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}" if count else ""


def _title(host: Host, seen: Look) -> str:
    when = datetime.datetime.fromtimestamp(seen.seen_at, tz=datetime.UTC)
    name = clean(settings.host_name(), 40)
    return f"Caretaker looked at {name} ({host.platform}) on {when:%-d %B %Y, %H:%M} UTC"


def _worst_first(verdict: Verdict) -> tuple[int, str]:
    return -SEVERITIES.index(verdict.severity), verdict.check


def _entry(seen: Look, verdict: Verdict, *, colours: bool) -> Iterator[str]:
    check = seen.catalogue.check(verdict.check)
    title = check.title if check else verdict.check
    mark = _paint(f"{_MARKS[verdict.status]:5}", verdict.status, colours=colours)
    short = verdict.status == "pass"
    head = textwrap.wrap(title, WIDTH - 5)
    yield mark + head[0]
    yield from (" " * 5 + line for line in head[1:])
    if short:
        return
    yield from _wrapped(sentence(check, verdict.says, verdict.args))
    if verdict.status in ("fail", "warn"):
        yield from _wrapped(f"Severity: {verdict.severity}. Check: {verdict.check}")
        remedy = check.remedy.get(seen.device.platform) if check else None
        if remedy:
            yield from _wrapped(f"How to fix it: {remedy}")
    yield ""


def _not_applicable(shown: list[Verdict]) -> list[str]:
    names = [verdict.check for verdict in shown if verdict.status == "not-applicable"]
    if not names:
        return []
    return [*_wrapped(f"Doesn't apply to this computer: {', '.join(sorted(names))}.", ""), ""]


def _wrapped(text: str, indent: str = " " * 5) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def _paint(text: str, status: str, *, colours: bool) -> str:
    return f"\033[{_COLOURS[status]}m{text}\033[0m" if colours else text
