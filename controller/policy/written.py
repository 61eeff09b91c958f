"""Read a policy as a person wrote it: TOML with hours as `08:45` and lengths as `10 minutes`; or
JSON as it travels.

    name = "Hill School"
    gateways = ["00:1a:2b:3c:4d:5e"]

    [[ssids]]
    ssid = "Hill-Staff"
    role = "staff"              # staff, pupil, guest or things

    [[decisions]]
    check = "lock-idle-timeout"
    setting = "limit_seconds"
    value = "10 minutes"        # or a number in the setting's own unit
    profile = "staff"           # left out: every computer
    by = "head"
    reason = "staff room is open to visitors"

    [[quiet]]
    weekdays = ["mon", "tue", "wed", "thu", "fri"]
    begins = "08:45"
    ends = "15:30"
    why = "lessons"

Whether all that can be is `trying.faults`' to say; here it is only read.
"""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec

from checks.catalogue import CLOCK, UNITS
from checks.policy import Ask, Policy, Quiet, SeverityAsk, Ssid, Value
from checks.records.catalogue import every
from wire import policy as signed
from wire.errors import WireError
from wire.policy import Rules

LONGEST: Final = 256 * 1024
"""Bytes of a file; what is sent to computers is smaller still."""
_DAYS: Final = {
    day: at for at, day in enumerate(["mon", "tue", "wed", "thu", "fri", "sat", "sun"], start=1)
}
_LENGTH: Final = re.compile(r"\s*([0-9]{1,9})\s*([a-z]+)\s*\Z")
_HOUR: Final = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])\Z")


class WrittenError(Exception):
    """The file cannot be read as a policy; the sentence says where."""


class _Hours(msgspec.Struct, forbid_unknown_fields=True):
    weekdays: list[str | int]
    begins: str
    ends: str
    first_day: str = ""
    last_day: str = ""
    timezone: str = ""
    why: str = ""


class _File(msgspec.Struct, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(min_length=1)]
    version: int = 0
    decisions: list[Ask] = []
    clauses: list[Ask] = []
    severities: list[SeverityAsk] = []
    quiet: list[_Hours] = []
    gateways: list[str] = []
    ssids: list[Ssid] = []


def read(path: Path, timezone: str) -> Policy:
    """The policy in a file; quiet hours are by `timezone` where they do not name one. Raises
    WrittenError and OSError."""
    with path.open("rb") as file:
        data = file.read(LONGEST + 1)
    if len(data) > LONGEST:
        raise WrittenError(f"{path} is larger than any policy.")
    try:
        if data.lstrip()[:1] == b"{":
            return msgspec.json.decode(data, type=Policy)
        raw: Any = msgspec.to_builtins(tomllib.loads(data.decode()))  # days as text
        return _policy(msgspec.convert(raw, _File), timezone)
    except UnicodeDecodeError as error:
        raise WrittenError(f"{path} is no text in UTF-8, so it is no policy.") from error
    except (msgspec.MsgspecError, tomllib.TOMLDecodeError) as error:
        raise WrittenError(
            f"{path} is no policy as docs/policy.md has it: {str(error).rstrip('.')}."
        ) from error


def read_payload(data: bytes) -> tuple[Policy, Rules] | None:
    """What was written out to be signed, or None for anything else. Raises WrittenError for a
    payload whose policy this release cannot read."""
    try:
        rules = signed.read_payload(data)
    except WireError:
        return None
    try:
        return msgspec.json.decode(rules.policy, type=Policy), rules
    except msgspec.MsgspecError as error:
        raise WrittenError(f"This policy cannot be read here: {error}.") from error


def _policy(file: _File, timezone: str) -> Policy:
    return Policy(
        name=file.name,
        version=file.version,
        decisions=[_in_base_units(ask) for ask in file.decisions],
        clauses=[_in_base_units(ask) for ask in file.clauses],
        severities=file.severities,
        quiet=[_hours(one, timezone) for one in file.quiet],
        gateways=[mac.strip().lower().replace("-", ":") for mac in file.gateways],
        ssids=file.ssids,
    )


def _in_base_units(ask: Ask) -> Ask:
    return msgspec.structs.replace(ask, value=_number(ask.check, ask.setting, ask.value))


def _number(check: str, setting: str, value: Value) -> Value:
    """`10 minutes` or, of a time of day, `08:30` as seconds, where the setting is of that kind."""
    domain = every().domain_of(check)
    known = domain.thresholds[check] if domain else []
    unit = next((one.unit for one in known if one.name == setting), "")
    if isinstance(value, str) and unit == CLOCK and _HOUR.match(value.strip()):
        return _minute(value) * 60
    if not isinstance(value, str) or not (found := _LENGTH.match(value)):
        return value
    base, factor = UNITS.get(found[2], UNITS.get(f"{found[2]}s", ("", 0)))
    kinds = ("seconds", CLOCK) if unit == CLOCK else (unit,)
    return int(found[1]) * factor if base in kinds else value


def _hours(one: _Hours, timezone: str) -> Quiet:
    return Quiet(
        weekdays=sorted({_weekday(day) for day in one.weekdays}),
        begins_minute=_minute(one.begins),
        ends_minute=_minute(one.ends),
        first_day=one.first_day,
        last_day=one.last_day,
        timezone=one.timezone or timezone,
        why=one.why,
    )


def _weekday(day: str | int) -> int:
    number = day if isinstance(day, int) else _DAYS.get(day.strip().lower()[:3], 0)
    if not 1 <= number <= len(_DAYS):
        raise msgspec.ValidationError(f"{str(day)[:40]!r} is no weekday: write mon to sun")
    return number


def _minute(hour: str) -> int:
    found = _HOUR.match(hour.strip())
    minute = int(found[1]) * 60 + int(found[2]) if found else -1
    if not 0 <= minute <= 24 * 60:
        raise msgspec.ValidationError(f"{hour[:40]!r} is no time of day: write 08:45")
    return minute
