"""All that can be said of a check without a computer: why, where it is read, its settings and where
their numbers come from, how to put it right, which standards ask for it.

For pages of docs/ and of the controller, which show the same. Two files beside the checks hold
what no judge needs: `<domain>/reading.toml` and `standards.toml`.
"""

import datetime
import functools
import importlib
from typing import Final

import msgspec

from checks import shipped
from checks.catalogue import CLOCK, Check, Domain, catalogue
from checks.host import Platform
from checks.policy import DEFAULT_POLICY, Policy, Threshold, Value, resolve
from checks.unseen import Unseen
from checks.words import clock_time, duration, remedy, size

PLATFORMS: Final[dict[Platform, str]] = {"windows": "Windows", "macos": "macOS", "linux": "Linux"}
"""In the order in which schools have them."""


class Asked(msgspec.Struct, frozen=True):
    """One standard that asks for what a check looks at; `part` and `says` may be empty."""

    standard: str
    part: str
    says: str


class Setting(msgspec.Struct, frozen=True):
    """One number, list or choice that a school may set, in words; `bounds` empty: any."""

    name: str
    default: str
    bounds: str
    profiles: dict[str, str]
    source: str


class Explained(msgspec.Struct, frozen=True):
    """One check. `read` and `remedies`: by the platform's shown name, for each it is made for."""

    check: str
    domain: str
    words: Check
    read: dict[str, str]
    settings: list[Setting]
    remedies: dict[str, str]
    asked: list[Asked]


class _Standards(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    as_of: datetime.date
    standards: dict[str, str]
    parts: dict[str, str]
    asks: dict[str, dict[str, str]]


def explain(check_id: str, policy: Policy = DEFAULT_POLICY) -> Explained | None:
    """Everything about one check; None for an id nobody knows. `remedies` name the number that the
    policy asks of every computer. Raises PolicyError for a policy of another release."""
    domain = catalogue().domain_of(check_id)
    if domain is None:
        return None
    check = domain.checks[check_id]
    read = _reading(domain.name).get(check_id, {})
    fixes = {one: remedy(check, one, _limit(domain, check_id, policy)) for one in check.platforms}
    return Explained(
        check=check_id,
        domain=domain.name,
        words=check,
        read={shown: read[one] for one, shown in PLATFORMS.items() if one in read},
        settings=settings_of(domain, check_id),
        remedies={shown: fixes[one] for one, shown in PLATFORMS.items() if fixes.get(one)},
        asked=asked(check_id),
    )


def settings_of(domain: Domain, check_id: str) -> list[Setting]:
    """What a school may set of one check."""
    return [_setting(one) for one in domain.thresholds[check_id]]


def about(domain: str) -> str:
    """The question a domain answers, in a sentence."""
    return " ".join((importlib.import_module(f"checks.{domain}").__doc__ or "").split())


def asked(check_id: str) -> list[Asked]:
    """Which standards ask for it; none is an answer too."""
    known = standards()
    found = [
        Asked(known.standards[standard], _part(standard, key), says)
        for key, says in known.asks[check_id].items()
        for standard in known.standards
        if key == standard or (key.startswith(f"{standard}-") and standard != "cis")
    ]
    numbers = [key for key in known.asks[check_id] if key.startswith("cis-")]
    if numbers:
        parts = ", ".join(key.removeprefix("cis-").replace("-", ".") for key in numbers)
        many = "safeguards" if len(numbers) > 1 else "safeguard"
        found.append(Asked(known.standards["cis"], f"{many} {parts}", ""))
    return found


@functools.cache
def standards() -> _Standards:
    """The standards and what they ask for. Raises msgspec.ValidationError."""
    return msgspec.convert(shipped.toml("standards.toml"), _Standards)


def value(given: Value, unit: str) -> str:
    """A setting's value in words."""
    if isinstance(given, list) and unit == "choices":
        return ", ".join(given) or "none"
    if isinstance(given, list):
        return f"{len(given)} {unit if len(given) > 1 else unit[:-1]}" if given else "none"
    if isinstance(given, int) and unit == "seconds":
        return duration(given)
    if isinstance(given, int) and unit == CLOCK:
        return clock_time(given)
    if isinstance(given, int) and unit == "bytes":
        return size(given)
    said = f"{given:,}" if isinstance(given, int) else given
    return f"{said} %" if unit == "percent" else said


def called(setting: str) -> str:
    """A setting's name in words: `limit_seconds` is said with its value's unit, so goes without."""
    return setting.removesuffix("_seconds").removesuffix("_bytes").replace("_", " ")


@functools.cache
def _reading(domain: str) -> dict[str, dict[Platform, str]]:
    return msgspec.convert(shipped.toml(f"{domain}/reading.toml"), dict[str, dict[Platform, str]])


def _setting(threshold: Threshold) -> Setting:
    low, high = threshold.min, threshold.max
    bounds = ""
    if low is not None and high is not None:
        bounds = f"{value(low, threshold.unit)} to {value(high, threshold.unit)}"
    elif threshold.choices:
        bounds = ", ".join(threshold.choices)
    return Setting(
        name=threshold.name,
        default=value(threshold.default, threshold.unit),
        bounds=bounds,
        profiles={name: value(v, threshold.unit) for name, v in threshold.profiles.items()},
        source=threshold.source,
    )


def _limit(domain: Domain, check_id: str, policy: Policy) -> dict[str, int | str]:
    """What a remedy's gap says: the first number."""
    asked_for = (resolve(policy, check_id, one, []) for one in domain.thresholds[check_id])
    values = (one.value for one in asked_for if not isinstance(one, Unseen))
    return {"limit": next((one for one in values if isinstance(one, int)), 0)}


def _part(standard: str, key: str) -> str:
    return "" if key == standard else standards().parts[key]
