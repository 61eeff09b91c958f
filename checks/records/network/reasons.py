"""Many things to say about one check, and the one verdict that comes of them.

A check of the whole network has many reasons: each stands on its own on the page, and the worst
one, with its number and a few names, is the verdict.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from checks.verdicts import Args, Finding, Severity, Status

NAMED: Final = 3
_LONGEST: Final = 24
_RANK: Final[Mapping[Status, int]] = {"pass": 1, "warn": 2, "unknown": 3, "fail": 4}
_SEVERITIES: Final[tuple[Severity | None, ...]] = ("low", "medium", None, "high", "critical")


class Reason(msgspec.Struct, frozen=True):
    """One thing to say. `about`: id of the row, `name`: what people call it; `severity` None: the
    check's own."""

    status: Status
    says: str
    name: str = ""
    about: str = ""
    severity: Severity | None = None
    args: Args = {}


def verdict(reasons: Sequence[Reason], otherwise: Finding) -> Finding:
    """The worst of them, with how many say the same; `otherwise` where nobody says anything."""
    if not reasons:
        return otherwise
    first = min(reasons, key=order)
    same = [one for one in reasons if one.says == first.says]
    args: Args = {**first.args, "count": len(same)}
    if any(one.name for one in same):
        args["names"] = named(one.name for one in same)
    if first.status == "unknown":
        args.setdefault("reason", "deferred")
    severity = first.severity if first.status in ("fail", "warn") else None
    return Finding(first.status, first.says, args, severity)


def named(names: Iterable[str]) -> str:
    """A few of them, each cut so that the sentence keeps the number of those it does not name."""
    distinct = sorted({name for name in names if name}, key=str.casefold)
    more = f" and {len(distinct) - NAMED} more" if len(distinct) > NAMED else ""
    return ", ".join(name[:_LONGEST] for name in distinct[:NAMED]) + more


def order(one: Reason) -> tuple[int, int, str, str]:
    """For sorting: the worst first."""
    return (-_RANK.get(one.status, 0), -_SEVERITIES.index(one.severity), one.says, one.name)
