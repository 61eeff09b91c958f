"""The list of approved software inside a policy: what it is, and a policy with a longer one.

The check `software-unapproved` has it as its setting `approved`. Where several ask for it, the
check takes only what all of them name, so an addition goes into each wish that holds for every
computer; a list of one kind of computer (pupils') is a narrower wish and is left alone.
"""

from collections.abc import Collection, Sequence
from typing import Final

import msgspec

from checks.catalogue import catalogue
from checks.policy import Ask, InForce, Policy, PolicyError, Threshold, resolve

CHECK: Final = "software-unapproved"
SETTING: Final = "approved"


def patterns(policy: Policy) -> list[str]:
    """What is approved on a computer of no particular kind; nothing where the wishes contradict."""
    try:
        found = resolve(policy, CHECK, _threshold(), [])
    except PolicyError:
        return []
    value = found.value if isinstance(found, InForce) else []
    return list(value) if isinstance(value, list) else []


def own_lists(policy: Policy) -> list[str]:
    """Kinds of computers that have a list of their own."""
    found = {ask.profile for ask in policy.decisions if _is_list(ask) and ask.profile}
    return sorted(found)


def changed(
    policy: Policy, add: Sequence[str], take: Collection[str], *, by: str, reason: str
) -> Policy:
    """The policy with patterns added to its approved list and others taken out of it."""
    for_all = [ask for ask in policy.decisions if _is_list(ask) and ask.profile is None]
    if not for_all:
        made = Ask(CHECK, SETTING, _with(patterns(policy), add, take), by, reason=reason)
        return msgspec.structs.replace(policy, decisions=[*policy.decisions, made])
    decisions = [
        msgspec.structs.replace(ask, value=_with(_listed(ask), add, take))
        if ask in for_all
        else ask
        for ask in policy.decisions
    ]
    return msgspec.structs.replace(policy, decisions=decisions)


def _longer(ask: Ask, add: Sequence[str], take: Collection[str]) -> Ask:
    return msgspec.structs.replace(ask, value=_with(_listed(ask), add, take))


def _with(held: list[str], add: Sequence[str], take: Collection[str]) -> list[str]:
    gone = {one.casefold() for one in take}
    kept = [one for one in held if one.casefold() not in gone]
    there = {one.casefold() for one in kept}
    return kept + [one for one in dict.fromkeys(add) if one.casefold() not in there]


def _listed(ask: Ask) -> list[str]:
    return list(ask.value) if isinstance(ask.value, list) else []


def _is_list(ask: Ask) -> bool:
    return (ask.check, ask.setting) == (CHECK, SETTING)


def _threshold() -> Threshold:
    domain = catalogue().domain_of(CHECK)
    if domain is None:
        raise LookupError(CHECK)
    return next(one for one in domain.thresholds[CHECK] if one.name == SETTING)
