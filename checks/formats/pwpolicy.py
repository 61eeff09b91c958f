"""`pwpolicy -getaccountpolicies`: what macOS asks of passwords, as a property list of predicates.

A line for people comes before the list. Each policy is a predicate in text with its parameters
beside it; numbers stand in either place. Every policy of a list must hold, so the strictest counts.
Predicates nobody recognises ask for something we cannot name and are passed over.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from checks.formats import plist
from checks.formats.errors import ParseError

_LENGTH: Final = re.compile(r"policyAttributePassword\s{1,9}matches\s{1,9}'[\^]?\.\{(\d{1,4}),")
_ATTEMPTS: Final = re.compile(r"policyAttributeFailedAuthentications\s{0,9}<\s{0,9}(\d{1,6})")
_BEGIN: Final = (b"<?xml", b"<plist", b"bplist0")
_LONGEST: Final = 10_000


class Policy(msgspec.Struct, frozen=True):
    """What is asked; None: nothing."""

    min_length: int | None
    attempts: int | None
    opens_after_seconds: int | None
    expires_days: int | None


def parse(data: bytes) -> Policy:
    """Read the policies; nothing but the line for people means that there are none.

    Raises ParseError.
    """
    starts = [at for at in (data.find(sign) for sign in _BEGIN) if at >= 0]
    if not starts:
        if len(data) > _LONGEST or b"\0" in data:
            raise ParseError("pwpolicy: no property list")
        return Policy(None, None, None, None)
    found = plist.parse(data[min(starts) :])
    if not isinstance(found, dict):
        raise ParseError("pwpolicy: not a set of policies")
    shuts = list(_policies(found, "policyCategoryAuthentication"))
    changes = _policies(found, "policyCategoryPasswordChange")
    tries = [_attempts(*one) for one in shuts]
    return Policy(
        min_length=_most(
            _length(*one) for one in _policies(found, "policyCategoryPasswordContent")
        ),
        attempts=min((n for n in tries if n is not None), default=None),
        opens_after_seconds=_most(_whole(given, "autoEnableInSeconds") for _, given in shuts),
        expires_days=min(
            (
                days
                for _, given in changes
                if (days := _whole(given, "policyAttributeExpiresEveryNDays")) is not None
            ),
            default=None,
        ),
    )


def _policies(found: dict[str, Any], category: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Predicate and parameters of each policy of a category."""
    policies = found.get(category)
    for one in policies if isinstance(policies, list) else []:
        if isinstance(one, dict):
            text, given = one.get("policyContent"), one.get("policyParameters")
            yield (
                text[:_LONGEST] if isinstance(text, str) else "",
                given if isinstance(given, dict) else {},
            )


def _length(text: str, given: dict[str, Any]) -> int | None:
    written = _LENGTH.search(text)
    return int(written[1]) if written else _whole(given, "minimumLength")


def _attempts(text: str, given: dict[str, Any]) -> int | None:
    written = _ATTEMPTS.search(text)
    if written:
        return int(written[1])
    return _whole(given, "policyAttributeMaximumFailedAuthentications")


def _whole(given: dict[str, Any], name: str) -> int | None:
    value = given.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= 10**9 else None


def _most(numbers: Iterator[int | None]) -> int | None:
    return max((n for n in numbers if n is not None), default=None)
