"""What the management (MDM) said of a thing, as its page says it (S30)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from checks.records.tablets.facts import TabletFacts
from checks.records.tablets.judges import SHEET_SECONDS
from checks.unseen import Maybe, Unseen
from controller.wording.shown import shown
from inventory.managed.queries import Said

_GIGABYTE: Final = 1_000_000_000
_SYSTEMS: Final = {
    "ipados": "iPadOS",
    "ios": "iOS",
    "chromeos": "ChromeOS",
    "android": "Android",
    "other": "",
}
_NOT_TOLD: Final = "not in the list"
_EMPTY: Final = "not said"


@dataclass(frozen=True, slots=True)
class Line:
    """One fact. `at`: a moment to be said in its stead."""

    title: str
    text: str
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Management:
    """`at`: when the list was taken in; `stale`: it proves nothing any more."""

    title: str
    sheet: str
    at: int
    stale: bool
    listed: bool
    lines: list[Line]


def management(said: Said, now: int) -> Management:
    """Put it together."""
    facts = said.facts
    return Management(
        title=said.title,
        sheet=said.sheet,
        at=facts.imported_at,
        stale=now - facts.imported_at > SHEET_SECONDS,
        listed=facts.listed,
        lines=list(_lines(facts, said.lost)) if facts.listed else [],
    )


def _lines(facts: TabletFacts, lost: bool | None) -> Iterator[Line]:
    yield Line("Enrolled", _yes(facts.managed))
    if facts.family in ("ipados", "ios"):
        yield Line("Supervised", _yes(facts.supervised))
    yield _contact(facts.synced_at)
    if isinstance(facts.release, str):
        yield Line("System", f"{_SYSTEMS[facts.family]} {shown(facts.release, 30)}".strip())
    else:
        yield Line("System", _blank(facts.release))
    if facts.family == "chromeos":
        yield Line("Updates until", _text(facts.updates_until))
    else:
        yield Line("Code set", _yes(facts.passcode))
        yield Line("Encrypted", _yes(facts.encrypted))
        yield Line("Can be locked and found", _yes(facts.lost_mode_ready))
    if lost is not None:
        yield Line("In lost mode now", "yes" if lost else "no")
    if isinstance(facts.free_bytes, int) or isinstance(facts.size_bytes, int):
        yield Line("Storage", _storage(facts.free_bytes, facts.size_bytes))


def _contact(at: Maybe[int | None]) -> Line:
    if isinstance(at, int):
        return Line("Last contact", "", at)
    return Line("Last contact", "not once yet" if at is None else _NOT_TOLD)


def _yes(fact: Maybe[bool] | Maybe[bool | None]) -> str:
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    return _blank(fact)


def _text(fact: Maybe[str | None]) -> str:
    return shown(fact, 40) if isinstance(fact, str) else _blank(fact)


def _blank(fact: object) -> str:
    return _NOT_TOLD if isinstance(fact, Unseen) else _EMPTY


def _storage(free: Maybe[int | None], size: Maybe[int | None]) -> str:
    said = [
        f"{fact / _GIGABYTE:,.0f} GB {what}"
        for fact, what in ((free, "free"), (size, "in all"))
        if isinstance(fact, int)
    ]
    return ", ".join(said)
