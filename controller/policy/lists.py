"""One list of a check inside a policy: what it holds, and a policy with a longer or shorter one.

Where several ask for such a list, a check takes only what all of them name, so an addition goes
into each wish that holds for every computer; a list of one kind of computer (pupils') is a narrower
wish and is left alone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import msgspec

from checks.catalogue import catalogue
from checks.policy import Ask, InForce, Policy, PolicyError, Threshold, resolve


@dataclass(frozen=True, slots=True)
class PolicyList:
    """A setting of a check that is a list of which fewer entries are stricter."""

    check: str
    setting: str

    def lines(self, policy: Policy) -> list[str]:
        """What it holds for a computer of no particular kind; nothing where the wishes
        contradict."""
        try:
            found = resolve(policy, self.check, self._threshold(), [])
        except PolicyError:
            return []
        value = found.value if isinstance(found, InForce) else []
        return list(value) if isinstance(value, list) else []

    def own(self, policy: Policy) -> list[str]:
        """Kinds of computers that have a list of their own."""
        return sorted({ask.profile for ask in policy.decisions if self._is(ask) and ask.profile})

    def changed(
        self, policy: Policy, add: Sequence[str], take: Collection[str], *, by: str, reason: str
    ) -> Policy:
        """The policy with lines added to the list and others taken out of it."""
        for_all = [ask for ask in policy.decisions if self._is(ask) and ask.profile is None]
        if not for_all:
            value = _with(self.lines(policy), add, take)
            made = Ask(self.check, self.setting, value, by, reason=reason)
            return msgspec.structs.replace(policy, decisions=[*policy.decisions, made])
        decisions = [
            msgspec.structs.replace(ask, value=_with(_listed(ask), add, take))
            if ask in for_all
            else ask
            for ask in policy.decisions
        ]
        return msgspec.structs.replace(policy, decisions=decisions)

    def _is(self, ask: Ask) -> bool:
        return (ask.check, ask.setting) == (self.check, self.setting)

    def _threshold(self) -> Threshold:
        domain = catalogue().domain_of(self.check)
        if domain is None:
            raise LookupError(self.check)
        return next(one for one in domain.thresholds[self.check] if one.name == self.setting)


def _with(held: list[str], add: Sequence[str], take: Collection[str]) -> list[str]:
    gone = {one.casefold() for one in take}
    kept = [one for one in held if one.casefold() not in gone]
    there = {one.casefold() for one in kept}
    return kept + [one for one in dict.fromkeys(add) if one.casefold() not in there]


def _listed(ask: Ask) -> list[str]:
    return list(ask.value) if isinstance(ask.value, list) else []
