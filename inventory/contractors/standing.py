"""Whether a company may take equipment away on a day: pure (I7, T3, T8).

A paper counts from its first day to its last, both included; one without a last day counts on.
Days are `YYYY-MM-DD` of the school's calendar, so text compares as days do, 29 February included.
"""

import datetime
from collections.abc import Iterable, Sequence
from typing import Final, Literal

import msgspec

from inventory.contractors.kinds import Choice, Need, Rules, asked, known

SOON_DAYS: Final = 60
"""From so many days before its last day on a paper is said to end soon (disposal §5.4)."""

Code = Literal["missing", "expired", "not_yet", "level", "no_copy", "no_number", "terms"]
_NEAREST: Final[tuple[Code, ...]] = (
    *("no_number", "no_copy", "terms", "level", "not_yet", "expired", "missing"),
)
"""Of several papers that do not count, the one nearest to counting is spoken of."""


class Paper(msgspec.Struct, frozen=True):
    """One paper as it stands: what travels inside the event of a collection. No names, no free
    text but the number. `valid_to` "": no last day; `sha256` "": no copy is kept."""

    id: str
    kind: str
    scheme: str = ""
    level: str = ""
    number: str = ""
    valid_from: str = ""
    valid_to: str = ""
    sha256: str = ""
    terms: tuple[str, ...] = ()
    listed: bool = False
    """Whether something is listed in it, for the kinds that list."""


class Lack(msgspec.Struct, frozen=True):
    """What does not count, and why. `kind` of paper, `paper` the one spoken of, "" for none."""

    need: str
    kind: str
    code: Code
    sentence: str
    paper: str = ""


class Ending(msgspec.Struct, frozen=True):
    """A paper that counts on the day and ends within SOON_DAYS of it."""

    kind: str
    paper: str
    valid_to: str
    days_left: int


class Standing(msgspec.Struct, frozen=True):
    """How a company stands on one day for one kind of hand-over. `papers`: those that count;
    `lacking` stops it; `warnings` the school only wants to know; `rules`: their version."""

    contractor: str
    handover: str
    day: str
    rules: int
    papers: tuple[Paper, ...] = ()
    lacking: tuple[Lack, ...] = ()
    warnings: tuple[Lack, ...] = ()
    soon: tuple[Ending, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it may."""
        return not self.lacking

    @property
    def missing(self) -> list[str]:
        """Kinds of paper that were never entered, or say too little."""
        return [one.kind for one in self.lacking if one.code not in ("expired", "not_yet")]

    @property
    def expired(self) -> list[str]:
        """Kinds of paper whose last day is over."""
        return [one.kind for one in self.lacking if one.code == "expired"]

    @property
    def not_yet(self) -> list[str]:
        """Kinds of paper whose first day is still to come."""
        return [one.kind for one in self.lacking if one.code == "not_yet"]

    @property
    def sentence(self) -> str:
        """Everything that stops it, as one sentence for people; "" where it may."""
        if self.ok:
            return ""
        return (
            f"They may not collect on {said(self.day)} (I7): "
            + "; ".join(one.sentence for one in self.lacking)
            + ". Enter the papers first, or choose another day."
        )


def standing(
    papers: Iterable[Paper], handover: str, day: str, rules: Rules, contractor: str = ""
) -> Standing:
    """Hold papers against what a hand-over asks for on a day. Raises KeyError for a hand-over that
    is not in the file."""
    held = list(papers)
    counts: dict[str, Paper] = {}
    lacking: list[Lack] = []
    warnings: list[Lack] = []
    soon: list[Ending] = []
    for need in known().handovers[handover].needs:
        asks = asked(handover, need, rules)
        found = _best(held, need, day, rules)
        if isinstance(found, Paper):
            counts.setdefault(found.id, found)
            if asks != "no" and (ending := ends_soon(found, day)):
                soon.append(ending)
        elif asks == "must":
            lacking.append(found)
        elif asks == "warn":
            warnings.append(found)
    return Standing(
        contractor=contractor,
        handover=handover,
        day=day,
        rules=rules.version,
        papers=tuple(counts.values()),
        lacking=tuple(lacking),
        warnings=tuple(warnings),
        soon=tuple(soon),
    )


def ends_soon(paper: Paper, day: str) -> Ending | None:
    """Whether its last day is the day or one of the SOON_DAYS after it."""
    left = days_left(paper.valid_to, day)
    if left is None or not 0 <= left <= SOON_DAYS:
        return None
    return Ending(paper.kind, paper.id, paper.valid_to, left)


def days_left(valid_to: str, day: str) -> int | None:
    """Days from `day` to its last day, below 0 once that is over; None without a last day."""
    if not valid_to:
        return None
    return (datetime.date.fromisoformat(valid_to) - datetime.date.fromisoformat(day)).days


def newest(papers: Iterable[Paper]) -> list[Paper]:
    """Of each kind and scheme the paper that counts longest: what a renewal has replaced says
    nothing any more."""
    found: dict[tuple[str, str], Paper] = {}
    for paper in papers:
        key = paper.kind, paper.scheme
        if key not in found or _until(paper) > _until(found[key]):
            found[key] = paper
    return list(found.values())


def said(day: str) -> str:
    """`3 June 2026`."""
    at = datetime.date.fromisoformat(day)
    return f"{at.day} {at:%B %Y}"


def _best(papers: Sequence[Paper], need: Need, day: str, rules: Rules) -> Paper | Lack:
    """The paper that counts longest, or what is wrong with the one nearest to counting."""
    good: list[Paper] = []
    bad: list[tuple[int, str, Lack]] = []
    for choice in need.any:
        for paper in papers:
            if not _is(paper, choice):
                continue
            code = _wrong(paper, choice, day, rules.dial if need.dial else "")
            if code is None:
                good.append(paper)
            else:
                lack = _lack(need, paper, code, choice, rules)
                bad.append((-_NEAREST.index(code), _until(paper), lack))
    if good:
        return max(good, key=_until)
    if bad:
        return max(bad, key=lambda one: one[:2])[2]
    return _none(need)


def _is(paper: Paper, choice: Choice) -> bool:
    return paper.kind == choice.kind and (not choice.schemes or paper.scheme in choice.schemes)


def _wrong(paper: Paper, choice: Choice, day: str, dial: str) -> Code | None:
    """Why a paper does not count on a day; None where it does."""
    kind = known().kinds[paper.kind]
    if paper.valid_to and paper.valid_to < day:
        return "expired"
    if paper.valid_from > day:
        return "not_yet"
    if not _reaches(paper, choice.level) or (dial and not _reaches(paper, dial)):
        return "level"
    if kind.numbered and not paper.number:
        return "no_number"
    if kind.copy and not paper.sha256:
        return "no_copy"
    if paper.kind == "agreement" and not known().terms.keys() <= set(paper.terms):
        return "terms"
    if kind.lines and not paper.listed:
        return "missing"
    return None


def _reaches(paper: Paper, least: str) -> bool:
    """Whether its level is at least this one; a scheme without that level is not asked."""
    levels = list(known().kinds[paper.kind].schemes[paper.scheme].levels) if paper.scheme else []
    if least not in levels:
        return True
    return paper.level in levels and levels.index(paper.level) >= levels.index(least)


def _lack(need: Need, paper: Paper, code: Code, choice: Choice, rules: Rules) -> Lack:
    what = f"“{known().kinds[paper.kind].label}”"
    match code:
        case "not_yet":
            sentence = f"{what} begins only on {said(paper.valid_from)}"
        case "expired":
            sentence = f"{what} ended on {said(paper.valid_to)}"
        case "level":
            least = _least(paper, choice, rules)
            sentence = f"{what} is not high enough: {least} is needed"
        case "no_number":
            sentence = f"{what} has no number"
        case "no_copy":
            sentence = f"no copy of {what} is kept here"
        case "terms":
            lacks = len(known().terms.keys() - set(paper.terms))
            sentence = f"{what} lacks {lacks} of the {len(known().terms)} terms of UK GDPR art. 28"
        case "missing":
            sentence = f"nothing is listed under {what}"
    return Lack(need.id, paper.kind, code, sentence, paper.id)


def _none(need: Need) -> Lack:
    """What is said where no paper of the kind was entered."""
    kinds = list(dict.fromkeys(choice.kind for choice in need.any))
    names = " or ".join(f"“{known().kinds[kind].label}”" for kind in kinds)
    schemes = [
        known().kinds[choice.kind].schemes[scheme].label
        for choice in need.any
        for scheme in choice.schemes
    ]
    narrow = f" ({', '.join(schemes)})" if schemes else ""
    return Lack(need.id, kinds[0], "missing", f"{names}{narrow} is not entered")


def _least(paper: Paper, choice: Choice, rules: Rules) -> str:
    """The level that is asked for, in words: the choice's own, or else the school's."""
    levels = known().kinds[paper.kind].schemes[paper.scheme].levels
    least = rules.dial if _reaches(paper, choice.level) else choice.level
    return levels.get(least, least)


def _until(paper: Paper) -> str:
    return paper.valid_to or "9999-12-31"
