"""What a policy asks, in the words of pages and commands. Pure: no database.

Everything written by people (reasons, names) is cleaned like a device's own words, because a
payload to sign comes from elsewhere (O36).
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from checks import explained
from checks.policy import Ask, Policy, Quiet, Role, Threshold, Value
from checks.records.catalogue import every
from checks.words import clean

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_REASON: Final = 200
ROLES: Final[dict[Role, str]] = {
    "staff": "for staff",
    "pupil": "for pupils",
    "guest": "for guests",
    "things": "for boards, printers and other things",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One number, list or choice that is not the catalogue's. `profile` "" is every computer."""

    check: str
    title: str
    name: str
    value: str
    default: str
    profile: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Urgency:
    """A severity of the school's own, and the catalogue's."""

    check: str
    title: str
    severity: str
    default: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Network:
    """A wireless network of the school's, and who it is for."""

    ssid: str
    role: str


@dataclass(frozen=True, slots=True)
class Said:
    """All a policy asks."""

    name: str
    settings: list[Setting]
    urgencies: list[Urgency]
    quiet: list[str]
    gateways: list[str]
    ssids: list[Network]

    @property
    def empty(self) -> bool:
        """Whether it is the catalogue's defaults."""
        return not (self.settings or self.urgencies or self.quiet or self.gateways or self.ssids)


def said(policy: Policy) -> Said:
    """Put a policy into words; what this release does not know is named by its id."""
    return Said(
        name=clean(policy.name),
        settings=[_setting(ask) for ask in (*policy.decisions, *policy.clauses)],
        urgencies=list(_urgencies(policy)),
        quiet=[hours(one) for one in policy.quiet],
        gateways=[clean(mac, 40) for mac in policy.gateways],
        ssids=[Network(clean(one.ssid), ROLES[one.role]) for one in policy.ssids],
    )


def hours(quiet: Quiet) -> str:
    """`Monday to Friday, 08:45 to 15:30: lessons`."""
    text = (
        f"{_weekdays(quiet.weekdays)}, {_time(quiet.begins_minute)} to {_time(quiet.ends_minute)}"
    )
    if quiet.first_day:
        text += f", from {_day(quiet.first_day)}"
    if quiet.last_day:
        text += f", until {_day(quiet.last_day)}"
    return f"{text}: {clean(quiet.why)}" if quiet.why else text


def _setting(ask: Ask) -> Setting:
    check, threshold = every().check(ask.check), _threshold(ask)
    default = threshold.default if threshold else ""
    if threshold and ask.profile is not None:
        default = threshold.profiles.get(ask.profile, threshold.default)
    unit = threshold.unit if threshold else ""
    return Setting(
        check=clean(ask.check),
        title=check.title if check else clean(ask.check),
        name=explained.called(clean(ask.setting)),
        value=_value(ask.value, unit),
        default=_value(default, unit),
        profile=ask.profile or "",
        by=clean(ask.by),
        reason=clean(ask.reason, _REASON),
    )


def _urgencies(policy: Policy) -> Iterator[Urgency]:
    for one in policy.severities:
        check = every().check(one.check)
        yield Urgency(
            check=clean(one.check),
            title=check.title if check else clean(one.check),
            severity=one.severity,
            default=check.severity if check else "",
            by=clean(one.by),
            reason=clean(one.reason, _REASON),
        )


def _threshold(ask: Ask) -> Threshold | None:
    domain = every().domain_of(ask.check)
    known: Sequence[Threshold] = domain.thresholds[ask.check] if domain else ()
    return next((one for one in known if one.name == ask.setting), None)


def _value(value: Value, unit: str) -> str:
    """As on the page of a check, but every entry of a list by its words."""
    if isinstance(value, list):
        return ", ".join(map(clean, value)) or "none"
    return clean(value) if isinstance(value, str) else explained.value(value, unit)


def _weekdays(numbers: Sequence[int]) -> str:
    days = [_DAYS[number - 1] for number in sorted(set(numbers)) if 1 <= number <= len(_DAYS)]
    whole = list(_DAYS)
    if len(days) > 2 and days == whole[whole.index(days[0]) :][: len(days)]:
        return f"{days[0]} to {days[-1]}"
    return " and ".join([", ".join(days[:-1]), days[-1]] if len(days) > 1 else days)


def _day(iso: str) -> str:
    try:
        day = datetime.date.fromisoformat(iso)
    except ValueError:
        return clean(iso)
    return f"{day.day} {day:%B %Y}"


def _time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
