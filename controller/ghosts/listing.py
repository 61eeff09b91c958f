"""An alarm in words: what was seen, how sure that is, what to do. Pure.

Nobody is accused by these sentences: only its own key on its own hardware is said to be it (O35).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from controller.wording.entries import name_of
from controller.wording.shown import shown
from controller.wording.words import Label, words
from inventory.ghosts.queries import Alarm
from inventory.managed.adapters import adapters

LONGEST_SOURCE: Final = 80
_KEY: Final = {
    "": "A report came in, signed with its own key, from the hardware it had. Only this computer"
    " can do that: somebody has switched it on.",
    "weak": "A report was signed with its key. It never showed enough of its hardware to tell it"
    " from a copy of its disk, so this may be another computer.",
    "fork": "Its key signed something that does not follow from its other reports: its key is on"
    " two computers, and one of them has a copy of its disk.",
    "moved": "Its key signed a report, but from hardware that is not quite what it had. Its drive"
    " may be in another computer, or a part was changed.",
    "later": "A computer that joined after it went was taken for this entry, and reports. Whether"
    " it is the same computer, nothing proves.",
}
_WAYS: Final = {
    "join": "A computer that asks to join shows marks of it. Anybody can claim those; or somebody"
    " found it and set it up anew.",
    "report": "Another computer reports marks of it. Two may show the same by mistake, or a part of"
    " it is in use there.",
    "drive": "A drive that went with it is in another computer.",
    "network": "Something with an address of its was on the network. Network adapters are moved"
    " from computer to computer.",
}
_GONE: Final = "Ask whoever took it for a written answer: it should not exist any more."
_MISSING: Final = (
    "If it was stolen, give the police the time and the proof. Nobody from school should go and"
    " fetch it."
)
_CHECK: Final = "Look at it and compare serial numbers before anybody is told anything."


@dataclass(frozen=True, slots=True)
class Row:
    """One alarm; every string may be shown as it is. `by`: the computer that showed it (id, name);
    `label`: the entry's state now; `back`: it is here again by now."""

    id: str
    site: str
    entry: str
    name: str
    tag: str
    label: Label
    was: Label
    back: bool
    sure: bool
    what: str
    todo: str
    source: str
    by: tuple[str, str] | None
    marks: list[tuple[str, str]]
    gone_at: int
    first_at: int
    last_at: int
    n: int
    digest: str
    proof: bool
    answered_at: int | None
    answered_by: str
    answer: str


def row(alarm: Alarm, computers: Mapping[str, str], people: Mapping[str, str]) -> Row:
    """Put it in words. `computers`: names by id, of those this person may see."""
    entry = alarm.entry
    name = computers.get(alarm.source)
    states = words().register
    return Row(
        id=alarm.id,
        site=alarm.site,
        entry=entry["id"],
        name=name_of(entry),
        tag=shown(entry["tag"]),
        label=states.state(entry["state"]),
        was=states.state(alarm.was),
        back=entry["state"] in ("in_use", "stored", "repair"),
        sure=alarm.sure,
        what=_what(alarm),
        todo=_todo(alarm),
        source=shown(alarm.source, LONGEST_SOURCE) if alarm.way == "network" else "",
        by=(alarm.source, name or "(no name)") if name is not None else None,
        marks=[
            (words().factors.get(_FACTOR.get(kind, kind), kind), shown(value, 64))
            for kind, value in alarm.marks
        ],
        gone_at=alarm.gone_at,
        first_at=alarm.first_at,
        last_at=alarm.last_at,
        n=alarm.n,
        digest=shown(alarm.digest),
        proof=alarm.kept,
        answered_at=alarm.answered_at,
        answered_by=shown(people.get(alarm.answered_by, "")) or "somebody",
        answer=shown(alarm.answer, 300),
    )


_FACTOR: Final = {"drive": "disk"}


def _what(alarm: Alarm) -> str:
    if alarm.way == "key":
        return _KEY.get(alarm.doubt, _KEY["weak"])
    if alarm.way == "list":
        known = adapters().get(alarm.source)
        return f"{known.title if known else 'A list'} had it in contact after it went."
    return _WAYS.get(alarm.way, "Something showed marks of it.")


def _todo(alarm: Alarm) -> str:
    if not alarm.sure:
        return _CHECK
    return _MISSING if alarm.was in ("lost", "stolen") else _GONE
