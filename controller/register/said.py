"""A field's value as people say it: a day, an amount, a word, a name for an id."""

from collections.abc import Mapping
from typing import Any, Final

from controller.wording.days import day
from controller.wording.shown import BLOCK, shown
from controller.wording.words import words
from inventory.assets.fields import FIELDS
from inventory.assets.kinds import kind_of

REFERENCES: Final = frozenset(
    {"holder", "merged_into", *(name for name, field in FIELDS.items() if field.kind == "ref")}
)
"""Fields that hold an id."""
DAYS: Final = frozenset(
    {"due_on", *(name for name, field in FIELDS.items() if field.kind == "date")}
)
NOBODY: Final = "somebody whose name was erased"


def title_of(name: str) -> str:
    """What a field is called on a page; one that this release does not know goes by its name."""
    known = words().register.fields.get(name)
    return known or (FIELDS[name].title if name in FIELDS else shown(name).replace("_", " "))


def said(name: str, value: Any, names: Mapping[str, str]) -> str:
    """A value in words; "" for one that says nothing."""
    if value in (None, ""):
        return ""
    if name in REFERENCES:
        return called(value, names)
    if name in DAYS:
        return day(value)
    if name == "kind":
        return kind_of(value).title
    if name == "state":
        return words().register.state(value).label
    if name in FIELDS and FIELDS[name].kind == "money":
        return money(value)
    if name in FIELDS and FIELDS[name].choices:
        return words().register.choices.get(name, {}).get(value, shown(value))
    return shown(value, BLOCK)


def called(id_: str, names: Mapping[str, str]) -> str:
    """The name of what an id stands for."""
    if id_ not in names:
        return "something that is not there any more"
    nameless = NOBODY if id_.startswith("pers_") else "an entry without a name"
    return shown(names[id_]) or nameless


def money(pence: int) -> str:
    """`£1,249.50`."""
    return f"£{pence // 100:,}.{pence % 100:02d}"
