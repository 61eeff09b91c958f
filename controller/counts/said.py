"""What a scan came to, in words for whoever holds the phone: read out, shown and coloured."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from controller.counts.page import ThingRow
from controller.wording.shown import shown
from controller.wording.words import Tone
from inventory.stocktake.services import Answer

_HEADS: Final[Mapping[str, tuple[str, Tone]]] = {
    "found": ("Found", "good"),
    "moved": ("Belongs elsewhere", "warn"),
    "twice": ("Counted already", "grey"),
    "strange": ("Not in the register", "bad"),
    "unclear": ("Not clear which", "bad"),
    "empty": ("Nothing was read", "grey"),
    "refused": ("Not counted", "bad"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One answer; `thing`: the entry it is about, "" for none."""

    outcome: str
    head: str
    tone: Tone
    say: str
    thing: str = ""

    def as_dict(self) -> dict[str, str]:
        """For a script."""
        return asdict(self)


def refused(sentence: str) -> Said:
    """Nothing was counted."""
    return Said("refused", *_HEADS["refused"], sentence)


Beside = tuple[Mapping[str, str], list[str], str]
"""Names of accounts; what the text may mean; the time of the scan before."""


def said(answer: Answer, thing: ThingRow | None, beside: Beside) -> Said:
    """`thing`: the entry as the room's list has it."""
    head, tone = _HEADS[answer.outcome]
    name = thing.title if thing else shown(answer.text, 40)
    return Said(answer.outcome, head, tone, _sentence(answer, thing, name, beside), answer.asset)


def _sentence(answer: Answer, thing: ThingRow | None, name: str, beside: Beside) -> str:
    people, others, at = beside
    if answer.outcome == "empty":
        return "Scan it again, or type its tag."
    if answer.outcome == "unclear":
        return f"{' and '.join(others)} have this number. Scan or type the tag instead."
    if answer.outcome == "twice":
        who = people.get(answer.before[2], "somebody") if answer.before else "somebody"
        return f"{name}: {shown(who)} counted it here, {at}."
    if answer.outcome == "strange":
        return f"“{name}” is kept in a list below. It can be added to the register."
    return _placed(answer, thing, name)


def _placed(answer: Answer, thing: ThingRow | None, name: str) -> str:
    if thing is None:
        return f"{name}."
    if answer.outcome == "moved":
        state = f" The register says: {thing.state.lower()}." if thing.state else ""
        where = (
            f"It belongs in {thing.place}." if thing.place else "The register has no room for it."
        )
        return f"{name}. {where}{state}"
    return f"{name}, with {thing.inside} things in it." if thing.inside else f"{name}."
