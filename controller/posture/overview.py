"""What the front page says: how many computers were checked before how they stand, then the work.

The sentence on top is the whole page for a head teacher in a hurry, so it may never sound better
than what is known: silence and blindness are said in it.
"""

from dataclasses import dataclass
from typing import Final

from checks.catalogue import catalogue
from controller.posture.area_counts import AreaCounts
from controller.posture.jobs import Job, SinceYesterday
from controller.posture.trend import Trend
from controller.wording.bars import Segment, bar
from controller.wording.words import Area, Tone, count, words

ORDER: Final = ("attention", "look", "unchecked", "kept")


@dataclass(frozen=True, slots=True)
class AreaCard:
    """One area of checks."""

    domain: str
    area: Area
    standing: str
    nothing: str
    """What is said where there is no number."""
    tone: Tone
    segments: list[Segment]
    attention: int
    look: int
    unchecked: int
    kept: int


@dataclass(frozen=True, slots=True)
class Silent:
    """A computer not heard from."""

    id: str
    name: str
    last_seen_at: int | None
    profile: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole page."""

    total: int
    checked: int
    headline: str
    subline: str
    tone: Tone
    segments: list[Segment]
    areas: list[AreaCard]
    register: list[AreaCard]
    """What is judged of the register itself, counted in entries."""
    jobs: list[Job]
    jobs_left: int
    changes: SinceYesterday
    silent: list[Silent]
    silent_count: int
    waiting: int
    unset: int
    trend: Trend | None

    @property
    def missed(self) -> int:
        """Computers we know nothing new about."""
        return self.total - self.checked


def area_cards(counts: AreaCounts) -> list[AreaCard]:
    """Every area of the catalogue in its order, those nobody could be checked for included."""
    domains = [domain for domain in catalogue().domains if domain.checks]
    none = "no computer here, or not asked for"
    return [_card(domain.name, counts.get(domain.name, {}), none) for domain in domains]


def register_cards(counts: AreaCounts) -> list[AreaCard]:
    """The areas of the register of which anything was judged."""
    return [_card(name, numbers, "nothing like that here") for name, numbers in counts.items()]


def _card(domain: str, numbers: dict[str, int], none: str) -> AreaCard:
    ordered = {name: numbers.get(name, 0) for name in ORDER}
    concerns_none = bool(numbers.get("not_applicable"))
    tone, standing = _standing(ordered, concerns_none)
    return AreaCard(
        domain=domain,
        area=words().area(domain),
        standing=standing,
        nothing=none if concerns_none else "no results yet",
        tone=tone,
        segments=bar({name: ordered[name] for name in reversed(ORDER)}),
        **ordered,
    )


def _standing(numbers: dict[str, int], concerns_none: bool) -> tuple[Tone, str]:
    """Only an area seen and kept on every computer is green."""
    if numbers["attention"]:
        return "bad", "Needs attention"
    if numbers["unchecked"]:
        return "blind", "Couldn’t check all"
    if numbers["look"]:
        return "warn", "Worth a look"
    if numbers["kept"]:
        return "good", "Kept"
    return "grey", "Not checked here" if concerns_none else "Nothing to check yet"


def headline(total: int, conditions: dict[str, int], urgent: int) -> tuple[Tone, str]:
    """The sentence on top and its tone."""
    if not total:
        return "grey", "No computers yet."
    bad, blind = conditions["attention"], conditions["unchecked"]
    silent = conditions["silent"] + conditions["left"]
    if bad:
        those = count(bad, "computer needs", "computers need")
        return "bad", f"{those} attention, {_urgently(bad, urgent)}."
    if silent + blind == total:
        return "blind", "Nothing could be checked yet."
    if silent or blind:
        return "blind", "No fault found on what we could check."
    if conditions["look"]:
        return "warn", "Nothing is wrong, and a few things could be better."
    return "good", "Everything we check is as it should be."


def _urgently(bad: int, urgent: int) -> str:
    if not urgent:
        return "not urgently"
    return "urgently" if bad == urgent else f"{urgent:,} of them urgently"


_OPEN: Final = (
    ("silent", "was not heard from", "were not heard from"),
    ("left", "had Caretaker taken off", "had Caretaker taken off"),
    ("unchecked", "has something we couldn’t check", "have something we couldn’t check"),
    ("look", "is worth a look", "are worth a look"),
    ("order", "is in order", "are in order"),
)


def subline(conditions: dict[str, int]) -> str:
    """What the headline leaves open."""
    said = [count(conditions[name], one, many) for name, one, many in _OPEN if conditions[name]]
    if not said:
        return ""
    listed = " and ".join([", ".join(said[:-1]), said[-1]]) if len(said) > 1 else said[0]
    return f"{listed}."
