"""What people type into sheets, understood as fields of the register.

Days come in three styles and Excel's own numbers; money with signs and commas; kinds in a school's
words. A day that could be two days is refused, never guessed.
"""

import datetime
import functools
import re
import tomllib
from pathlib import Path
from typing import Final

from inventory.assets.errors import RegisterError
from inventory.assets.fields import FIELDS, Field, Value, clean

_FOLDER: Final = Path(__file__).parent
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")
_BRITISH: Final = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})(?: .*)?")
_NAMED: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})[ ,-]*(\d{4}|\d{2})")
_MONTH_ONLY: Final = re.compile(r"([A-Za-z]{3,9})[ -](\d{4})")
_SERIAL: Final = re.compile(r"\d{5}")
MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_EXCEL_DAY_0: Final = datetime.date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 25_569, 73_050
"""1970 and the end of 2099."""
_CENTURY: Final = 70
"""Two digits from here on are of the last century."""
_MONEY: Final = re.compile(r"-?\d{1,9}(?:\.\d{1,2})?")
NOTHING: Final = frozenset(
    ("", "-", "n/a", "na", "none", "null", "unknown", "not known", "tbc", "tba", "?")
)
"""What a cell says that says nothing."""
RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "'", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a cell begins with that a spreadsheet may run, and the sign that keeps it from that."""


def guarded(text: str) -> str:
    """A cell that no spreadsheet runs and no import takes for nothing; `understood` and `said` give
    it back as it was."""
    return f"'{text}" if text.startswith(RISKY) or text.casefold() in NOTHING - {""} else text


def said(cell: str) -> str | None:
    """What a guarded cell says, letter by letter; None for any other cell."""
    text = cell[1:]
    return text if cell.startswith("'") and guarded(text) == cell else None


def understood(name: str, cell: str) -> Value:
    """A cell as a value of a field. Raises RegisterError with what to write instead."""
    field = FIELDS[name]
    literally = said(cell)
    if literally is not None and field.kind in ("text", "note"):
        return clean(name, literally)
    text = cell if literally is None else literally
    plain = " ".join(text.split()) if field.kind != "note" else text.strip()
    if plain.casefold() in NOTHING:
        return None if field.kind == "money" else ""
    if field.kind == "date":
        return clean(name, _day(field, plain))
    if field.kind == "money":
        return clean(name, _pence(field, plain))
    if field.kind == "choice":
        return clean(name, _choice(field, plain))
    return clean(name, plain)


@functools.cache
def words() -> dict[str, dict[str, list[str]]]:
    """A school's words for choices: field, choice, words."""
    found: dict[str, dict[str, list[str]]] = tomllib.loads(
        (_FOLDER / "words.toml").read_text(encoding="utf-8")
    )
    return found


def _choice(field: Field, text: str) -> str:
    low = text.casefold()
    for choice in field.choices:
        if choice and low in (choice, choice.replace("_", " ")):
            return choice
    for choice, known in words().get(field.name, {}).items():
        if low in known:
            return choice
    if field.name == "kind":
        return _kind(low)
    return text  # refused by `clean`, with what it may be


def _kind(text: str) -> str:
    """A kind by a word in it: "HP laptop 14-inch" is a laptop. Raises RegisterError."""
    found = {
        kind
        for kind, known in words()["kind"].items()
        for word in known
        if re.search(rf"(?<![a-z]){re.escape(word)}s?(?![a-z])", text)
    }
    if len(found) == 1:
        return found.pop()
    raise RegisterError("bad_value", f"Kind: “{text[:40]}” is no kind that is known.", "kind")


def _day(field: Field, text: str) -> str:
    for pattern, order in ((_ISO, "ymd"), (_BRITISH, "dmy")):
        if match := pattern.fullmatch(text):
            parts = dict(zip(order, match.groups(), strict=True))
            return _date(field, text, parts["y"], int(parts["m"]), int(parts["d"]))
    if match := _NAMED.fullmatch(text):
        month = _month(field, text, match[2])
        return _date(field, text, match[3], month, int(match[1]))
    if match := _MONTH_ONLY.fullmatch(text):
        return _date(field, text, match[2], _month(field, text, match[1]), 1)
    if _SERIAL.fullmatch(text) and _FIRST_SERIAL <= int(text) <= _LAST_SERIAL:
        return (_EXCEL_DAY_0 + datetime.timedelta(days=int(text))).isoformat()
    raise _no_day(field, text)


def _date(field: Field, text: str, year: str, month: int, day: int) -> str:
    number = int(year)
    if len(year) == 2:
        number += 1900 if number >= _CENTURY else 2000
    try:
        return datetime.date(number, month, day).isoformat()
    except ValueError as error:
        raise _no_day(field, text) from error


def _month(field: Field, text: str, name: str) -> int:
    short = name[:3].casefold()
    if short not in MONTHS:
        raise _no_day(field, text)
    return MONTHS.index(short) + 1


def _no_day(field: Field, text: str) -> RegisterError:
    sentence = f"{field.title}: “{text[:40]}” is no day; write it like 2026-09-01 or 1/9/2026."
    return RegisterError("bad_value", sentence, field.name)


def _pence(field: Field, text: str) -> int:
    plain = text.replace("£", "").replace("GBP", "").replace(",", "").replace(" ", "")
    if not _MONEY.fullmatch(plain) or plain.startswith("-"):
        sentence = f"{field.title}: “{text[:40]}” is no sum of money; write it like 449.99."
        raise RegisterError("bad_value", sentence, field.name)
    pounds, _, pence = plain.partition(".")
    return int(pounds) * 100 + int((pence + "00")[:2])
