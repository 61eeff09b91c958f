"""Whether a policy can be used at all: everything in it is tried out before anybody signs it.

An ask for a check or a setting that does not exist would be passed over in silence, so a slip of
the pen would look like a decision; here it is refused, with what was probably meant.
"""

import datetime
import difflib
import re
import zoneinfo
from collections.abc import Iterable, Iterator
from typing import Final

from checks.catalogue import Catalogue
from checks.filtering import pages
from checks.formats import ssids
from checks.policy import (
    PROFILES,
    InForce,
    Policy,
    PolicyError,
    Quiet,
    Ssid,
    Threshold,
    named,
    resolve,
)
from checks.records.catalogue import every
from checks.removable_media import named as media

MOST: Final = 1_000
"""Asks of one kind; the catalogue has a few dozen settings."""
MOST_QUIET: Final = 100
MOST_PATTERNS: Final = 500
MOST_STARS: Final = 8
MOST_GATEWAYS: Final = 64
MOST_SSIDS: Final = 32
WORDS: Final = 200
"""Characters of a reason, a name or who asked."""
_MAC: Final = re.compile(r"\A[0-9a-f]{2}(:[0-9a-f]{2}){5}\Z")
_NO_MAC: Final = frozenset({"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"})


def faults(policy: Policy) -> list[str]:
    """One sentence for each thing that cannot be; empty when the policy can be used."""
    known = every()
    return [
        *_shape(policy),
        *_asks(policy, known),
        *_severities(policy, known),
        *_numbers(policy, known),
        *_hours(policy, known),
        *_quiet(policy.quiet),
        *_gateways(policy.gateways),
        *_ssids(policy.ssids),
        *_pages(policy),
        *_media(policy),
    ]


def _shape(policy: Policy) -> Iterator[str]:
    if policy.v != 1:
        yield f"v is {policy.v}; this version of Caretaker reads 1."
    if not policy.name.strip():
        yield "The policy has no name."
    told = [policy.name, *(q.why for q in policy.quiet), *(s.reason for s in policy.severities)]
    told += [text for ask in (*policy.decisions, *policy.clauses) for text in (ask.by, ask.reason)]
    if max(map(len, told)) > WORDS:
        yield f"A name or a reason is longer than {WORDS} characters."
    many = max(len(policy.decisions), len(policy.clauses), len(policy.severities))
    places = len(policy.gateways) > MOST_GATEWAYS or len(policy.ssids) > MOST_SSIDS
    if many > MOST or len(policy.quiet) > MOST_QUIET or places:
        yield "The policy asks for more than a school can; was something written twice?"


def _asks(policy: Policy, known: Catalogue) -> Iterator[str]:
    seen = set()
    for ask in (*policy.decisions, *policy.clauses):
        domain = known.domain_of(ask.check)
        if domain is None:
            yield f"{ask.check}: there is no such check{_meant(ask.check, _checks(known))}"
            continue
        names = [one.name for one in domain.thresholds[ask.check]]
        if ask.setting not in names:
            yield f"{ask.check}.{ask.setting}: no such setting{_meant(ask.setting, names)}"
        if not ask.by.strip():
            yield f"{ask.check}.{ask.setting}: nobody is named who asks for it (by)."
        place = (ask.check, ask.setting, ask.profile, ask.by)
        if place in seen:
            yield f"{ask.check}.{ask.setting}: {ask.by} asks for it twice."
        seen.add(place)
        if isinstance(ask.value, list) and not _is_short(ask.value):
            yield (
                f"{ask.check}.{ask.setting}: a list may hold {MOST_PATTERNS} entries of {WORDS} "
                f"characters with {MOST_STARS} stars each."
            )


def _is_short(patterns: list[str]) -> bool:
    """Globs are tried on every program of every computer, so there is an end to them."""
    return len(patterns) <= MOST_PATTERNS and all(
        len(one) <= WORDS and one.count("*") <= MOST_STARS for one in patterns
    )


def _severities(policy: Policy, known: Catalogue) -> Iterator[str]:
    asked = [one.check for one in policy.severities]
    for one in policy.severities:
        if known.check(one.check) is None:
            yield f"{one.check}: there is no such check{_meant(one.check, _checks(known))}"
        if not one.reason.strip():
            yield f"{one.check}: a severity of the school's own needs a reason."
        if asked.count(one.check) > 1:
            yield f"{one.check}: its severity is said twice."


def _numbers(policy: Policy, known: Catalogue) -> Iterator[str]:
    """Every setting for every kind of computer, so a bad number is refused now, not at night."""
    for domain, check, _, _ in known.judged():
        for threshold in domain.thresholds[check]:
            if found := _refused(policy, check, threshold):
                yield found


def _refused(policy: Policy, check: str, threshold: Threshold) -> str:
    for profile in PROFILES:
        try:
            resolve(policy, check, threshold, [profile])
        except PolicyError as error:
            return str(error)
    return ""


def _hours(policy: Policy, known: Catalogue) -> Iterator[str]:
    """Hours that end before they begin are none, and a check that asks only in them would never
    ask."""
    for domain, check, _, _ in known.judged():
        edges = {one.name: one for one in domain.thresholds[check]}
        begins, ends = edges.get("begins_seconds"), edges.get("ends_seconds")
        if begins is None or ends is None:
            continue
        for profile in PROFILES:
            try:
                two = [resolve(policy, check, edge, [profile]) for edge in (begins, ends)]
            except PolicyError:
                break  # said already
            first, last = (one.value for one in two if isinstance(one, InForce))
            if isinstance(first, int) and isinstance(last, int) and first >= last:
                yield f"{check}: its hours end before they begin."
                break


def _quiet(windows: Iterable[Quiet]) -> Iterator[str]:
    for number, one in enumerate(windows, start=1):
        name = f"Quiet hours {number}" + (f" ({one.why})" if one.why else "")
        if not one.weekdays:
            yield f"{name}: no weekday is named."
        if one.begins_minute >= one.ends_minute:
            yield f"{name}: they end before they begin; write hours over midnight as two."
        try:
            zoneinfo.ZoneInfo(one.timezone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            yield f"{name}: there is no time zone {one.timezone[:40]!r}."
        days = [day for day in (one.first_day, one.last_day) if day]
        if not all(map(_is_day, days)):
            yield f"{name}: a day is not in the calendar."
        elif days != sorted(days):
            yield f"{name}: the last day is before the first."


def _gateways(macs: list[str]) -> Iterator[str]:
    for mac in macs:
        if not _MAC.match(mac) or mac in _NO_MAC:
            yield f"{mac[:40]!r} is no MAC address of a way out; write it as 00:1a:2b:3c:4d:5e."
    if len(set(macs)) != len(macs):
        yield "A way out is listed twice."


def _ssids(networks: list[Ssid]) -> Iterator[str]:
    for one in networks:
        name = ssids.raw(one.ssid)
        if not 1 <= len(name) <= ssids.LONGEST or not one.ssid.strip() or b"\0" in name:
            yield f"{one.ssid[:40]!r} cannot be a wireless network's name: it has 1 to 32 letters."
    names = [ssids.raw(one.ssid) for one in networks]
    if len(set(names)) != len(names):
        yield "A wireless network is listed twice; each has one role."


def _pages(policy: Policy) -> Iterator[str]:
    """A filter and a dead line look the same where nothing has to open."""
    tried = {one: named(policy, pages.CHECK, one) for one in pages.LISTS}
    stopped = {*tried["blocked"], *tried["illegal"]}
    if stopped and not tried["open"]:
        yield f"{pages.CHECK}.open: name a page that must open too, or nothing can be told."
    for name in sorted(stopped.intersection(tried["open"])):
        yield f"{pages.CHECK}: {name} must be stopped and must open."
    for words in named(policy, pages.CHECK, "block_page"):
        plain = " ".join(words.split()).casefold()
        if any(plain in name for name in stopped):
            yield f"{pages.CHECK}.block_page: {words!r} stands in a test page's own name as well."


def _media(policy: Policy) -> Iterator[str]:
    """What a computer would not look for must not look like an approval."""
    if len(media.entries(named(policy, media.CHECK, media.SETTING))) > media.MOST_ENTRIES:
        yield f"{media.CHECK}.{media.SETTING}: at most {media.MOST_ENTRIES} media by serial number."


def _is_day(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _checks(known: Catalogue) -> list[str]:
    return [check for _, check, _, _ in known.judged()]


def _meant(word: str, there: list[str]) -> str:
    close = difflib.get_close_matches(word, there, 1)
    return f"; did you mean {close[0]}?" if close else "."
