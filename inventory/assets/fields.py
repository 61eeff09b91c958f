"""The fields of an entry: one table from which forms, imports, exports, events and checks of what
was typed all follow.

A value is text, a whole number (money in pence), or None; text that was not given is "". Dates are
`YYYY-MM-DD`. References (`room`, `pool`, `parent`) hold an id or "".
"""

import datetime
import re
import unicodedata
from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from inventory.assets.errors import RegisterError
from inventory.assets.kinds import kinds

Value = str | int | None
FieldKind = Literal["text", "note", "choice", "money", "date", "ref"]

EARLIEST: Final = datetime.date(1970, 1, 1)
LATEST: Final = datetime.date(2100, 1, 1)
MOST_PENCE: Final = 100_000_000_00
"""A hundred million pounds: more than a school, and within every database's integer."""
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class Field(msgspec.Struct, frozen=True):
    """One field. `longest`: characters; `reported`: a computer's own report may fill it; `group`:
    the part of a page it stands in."""

    name: str
    kind: FieldKind
    title: str
    group: str
    longest: int = 128
    choices: tuple[str, ...] = ()
    reported: bool = False


def _text(
    name: str, title: str, group: str, longest: int = 128, *, reported: bool = False
) -> Field:
    return Field(name, "text", title, group, longest, reported=reported)


FIELDS: Final[dict[str, Field]] = {
    field.name: field
    for field in (
        _text("tag", "Asset tag", "identity", 64),
        Field("kind", "choice", "Kind", "identity", 32, tuple(kinds())),
        _text("name", "Name", "identity", 255, reported=True),
        _text("make", "Make", "identity", reported=True),
        _text("model", "Model", "identity", reported=True),
        _text("serial", "Serial number", "identity", reported=True),
        _text("uuid", "System UUID", "identity", 64, reported=True),
        _text("imei", "IMEI", "identity", 32),
        _text("security_mark", "Security marking", "identity", 64),
        Field("room", "ref", "Room", "place", 32),
        Field("pool", "ref", "Set", "place", 32),
        Field("parent", "ref", "Kept in", "place", 32),
        Field("condition", "choice", "Condition", "state", 16, ("", "good", "worn", "broken")),
        Field(
            "ownership",
            "choice",
            "Whose it is",
            "buying",
            16,
            ("owned", "leased", "loaned", "provided"),
        ),
        _text("owner", "Owner, if not the school", "buying"),
        _text("funding", "Paid from", "buying"),
        Field("bought_on", "date", "Bought on", "buying", 10),
        Field(
            "acquired",
            "choice",
            "Came as",
            "buying",
            16,
            ("", "new", "used", "refurbished", "donated"),
        ),
        Field("cost_pence", "money", "Cost", "buying"),
        _text("supplier", "Supplier", "buying"),
        _text("order", "Order", "buying", 64),
        _text("invoice", "Invoice", "buying", 64),
        _text("finance_number", "Number in the accounts", "buying", 64),
        Field("warranty_until", "date", "Warranty until", "dates", 10),
        Field("review_on", "date", "Review on", "dates", 10),
        Field("support_ends", "date", "Support ends", "dates", 10),
        Field("replace_on", "date", "Replace by", "dates", 10),
        Field("personal_data", "choice", "May hold personal data", "state", 8, ("", "yes", "no")),
        Field("notes", "note", "Notes", "notes", 4_000),
    )
}
"""Every field a person may fill, in the order pages show them."""
REPORTED: Final = tuple(name for name, field in FIELDS.items() if field.reported)
DEFAULTS: Final[Mapping[str, Value]] = {
    name: None if field.kind == "money" else field.choices[0] if field.choices else ""
    for name, field in FIELDS.items()
} | {"kind": "other"}
"""What an entry says where nobody said anything."""


def clean(name: str, value: object) -> Value:
    """A value as it is kept. Raises RegisterError that names the field and what to write instead.

    Text is trimmed, made one line (but for notes) and rid of invisible characters (O36).
    """
    field = FIELDS.get(name)
    if field is None:
        raise RegisterError("no_field", f"There is no field called {name[:40]}.", name)
    if field.kind == "money":
        return _money(field, value)
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise _refused(field, "is not text")
    text = _plain(value, lines=field.kind == "note")
    if len(text) > field.longest:
        raise _refused(field, f"is longer than {field.longest} characters")
    if field.kind == "choice" and text not in field.choices:
        raise _refused(field, f"must be one of: {', '.join(filter(None, field.choices))}")
    if field.kind == "date" and text:
        _date(field, text)
    return text


def cleaned(values: Mapping[str, object]) -> dict[str, Value]:
    """Several at once. Raises RegisterError for the first that cannot be."""
    return {name: clean(name, value) for name, value in values.items()}


def _money(field: Field, value: object) -> int | None:
    if value in (None, ""):
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_PENCE:
        raise _refused(field, "must be a whole number of pence, from 0 up")
    return value


def _date(field: Field, text: str) -> None:
    try:
        day = datetime.date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise _refused(field, "must be a day, written like 2026-09-01")
    if not EARLIEST <= day <= LATEST:
        raise _refused(field, f"must lie between {EARLIEST.year} and {LATEST.year}")


def _plain(text: str, *, lines: bool) -> str:
    if text.isascii() and text.isprintable():  # most of what is ever typed
        return text.strip() if lines else " ".join(text.split())
    kept = "".join(
        c if c == "\n" and lines else " " if c in "\t\r\n\v\f\u2028\u2029\x85" else c
        for c in unicodedata.normalize("NFC", text)
        if c in "\t\r\n\v\f\u2028\u2029\x85"
        or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    if lines:
        return "\n".join(" ".join(line.split(" ")).rstrip() for line in kept.split("\n")).strip()
    return " ".join(kept.split())


def _refused(field: Field, why: str) -> RegisterError:
    return RegisterError("bad_value", f"{field.title} {why}.", field.name)
