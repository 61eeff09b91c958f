"""A scope out of what people type: on a page, at a command, or in a TOML file.

Whatever can be meant in one way only is taken so (blanks, upper case, dashes in a MAC address);
the rest is refused with a sentence (`wire.scope`).
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from controller.surveys.publishing import ScopeError
from wire import scope as signed
from wire.errors import WireError
from wire.scope import Scope

_CLOCK: Final = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})")
_APART: Final = re.compile(r"[\s,;]+")
_HARDWARE: Final = re.compile(r"[0-9A-Fa-f]{2}([-:][0-9A-Fa-f]{2}){2,5}")
USUAL_HOURS: Final = "18:00-06:00"
_KINDS: Final = ("snmp-v2c", "snmp-v3", "ssh")


def places(text: str) -> list[str]:
    """Addresses, subnets and MAC addresses as somebody separates them."""
    return [place(one) for one in _APART.split(text.strip()) if one]


def place(text: str) -> str:
    """One of them in its one spelling; anything else as it came, to be refused."""
    if _HARDWARE.fullmatch(text):
        return text.lower().replace("-", ":")
    return text.lower()


def hours(text: str, timezone: str) -> signed.Hours:
    """`18:00-06:00`, or `always`. Raises ScopeError."""
    if text.strip().lower() == "always":
        return signed.Hours(begins_minute=0, ends_minute=signed.DAY_MINUTES, timezone=timezone)
    begins, _, ends = text.replace("–", "-").partition("-")
    return signed.Hours(begins_minute=minute(begins), ends_minute=minute(ends), timezone=timezone)


def minute(text: str) -> int:
    """`18:00` as minutes of a day. Raises ScopeError."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None or int(found[2]) > 59 or _minutes(found) > signed.DAY_MINUTES:
        raise ScopeError("Write the hours as 18:00-06:00, or say: always.")
    return _minutes(found)


def _minutes(found: re.Match[str]) -> int:
    return int(found[1]) * 60 + int(found[2])


def service(text: str) -> signed.Service:
    """`telnet:23`. Raises ScopeError."""
    name, _, port = text.strip().partition(":")
    if not port.isascii() or not port.isdecimal() or len(port) > 5:
        raise ScopeError("Write a service as its name and port, such as telnet:23.")
    return signed.Service(name=name, port=int(port))


def credential(text: str) -> signed.Credential:
    """`switches snmp-v3 10.20.0.0/28 10.20.0.20`. Raises ScopeError."""
    name, kind, *where = [*_APART.split(text.strip()), "", ""]
    where = [place(one) for one in where if one]
    if kind not in _KINDS or not where:
        raise ScopeError(
            "Write a credential as its name, its kind (snmp-v3, snmp-v2c or ssh) and where it may "
            "be used, such as: switches snmp-v3 10.20.0.0/28"
        )
    return signed.Credential(id=name, kind=kind, addresses=where)  # type: ignore[arg-type]  # one of the kinds


def others(text: str) -> signed.Others:
    """`Tills | Caterer Ltd | 2026-09-01 | 10.20.0.64/27`. Raises ScopeError."""
    parts = [one.strip() for one in text.split("|")]
    if len(parts) != 4:
        raise ScopeError(
            "Write equipment of others as what, who runs it, the day of their statement and its "
            "addresses, such as: Tills | Caterer Ltd | 2026-09-01 | 10.20.0.64/27"
        )
    what, by, day, where = parts
    return signed.Others(what=what, by=by, statement_on=day, addresses=places(where))


def lines(text: str) -> list[str]:
    """The lines with something on them."""
    return [one.strip() for one in text.splitlines() if one.strip()]


def scope(site: str, timezone: str, typed: Mapping[str, Any]) -> Scope:
    """A scope not yet numbered; `typed` by the names of its fields. Raises ScopeError."""
    said = {name: _composed(value) for name, value in typed.items() if value is not None}
    when = said.pop("hours", USUAL_HOURS)
    if isinstance(when, str):
        when = msgspec.to_builtins(hours(when, timezone))
    said["hours"] = when
    said |= {"site": site, "version": 1, "issued_at": 0, "expires_at": signed.LONGEST_SECONDS}
    said.setdefault("exclude", [])
    for name in ("authorised_by", "role", "contact"):
        said[name] = str(said.get(name, "")).strip()
        if not said[name]:
            raise ScopeError(_MISSING[name])
    if not said.get("subnets"):
        raise ScopeError("Say which subnets may be asked, such as 10.20.0.0/24.")
    try:
        made = msgspec.convert(said, Scope)
        signed.payload_of(made)
    except msgspec.ValidationError as error:
        raise ScopeError(f"This is no scope yet: {error}.") from error
    except WireError as error:
        hidden = "Something typed has a hidden character in it; type it again by hand."
        raise ScopeError(hidden if error.code == "not_canonical" else error.sentence) from error
    return made


def _composed(value: Any) -> Any:
    """With every text in Unicode's composed form, which not every keyboard gives."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_composed(one) for one in value]
    if isinstance(value, dict):
        return {name: _composed(one) for name, one in value.items()}
    return value


_MISSING: Final = {
    "authorised_by": "Say who authorised it: the name of whoever may say so for the school.",
    "role": "Say what they are at the school, such as head teacher.",
    "contact": "Say whom to call if something does not like being asked.",
}


def from_toml(data: bytes) -> dict[str, Any]:
    """The fields in a file. Raises ScopeError."""
    try:
        found = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScopeError(f"The file is not TOML: {error}.") from error
    unknown = found.keys() - set(Scope.__struct_fields__)
    if unknown:
        raise ScopeError(f"A scope has no {min(unknown)}.")
    for name in ("subnets", "exclude"):
        found[name] = [place(str(one)) for one in _list(found, name)]
    for name in ("credentials", "equipment_of_others"):
        for one in _list(found, name):
            if isinstance(one, dict):
                one["addresses"] = [place(str(text)) for text in _list(one, "addresses")]
                if "statement_on" in one:
                    one["statement_on"] = str(one["statement_on"])
    return found


def _list(held: Mapping[str, Any], name: str) -> Sequence[Any]:
    found = held.get(name, [])
    if not isinstance(found, list):
        raise ScopeError(f'{name} is a list, such as {name} = ["…"].')
    return found


def builtins(found: Iterable[msgspec.Struct]) -> list[Any]:
    """As `scope` takes what was read by the functions above."""
    return [msgspec.to_builtins(one) for one in found]
