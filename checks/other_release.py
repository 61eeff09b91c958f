"""What this release makes of a policy written for another one (O2, O20).

A controller is upgraded before its agents, and an agent that refused all of a policy for one new
word in it would go on by an old one. So it is read entry by entry: what is not understood (a field,
a profile, a condition on a wish) is left out, never guessed, and whoever judges says that something
was. What must be understood as a whole raises the policy's own `v`.

Trap: what was left out is missing from `policy_hash`, so results by such a policy are never taken
for results by the whole one. A file that a person types is read strictly instead, because there an
unknown word is a slip (`agent.commands.shared.policy_from`).
"""

from typing import Any, Final, get_args, get_origin

import msgspec

from checks.catalogue import Catalogue, settings
from checks.device import profiles_of
from checks.judging import Device
from checks.policy import Policy, PolicyError

VERSION: Final = 1
"""The policy's `v` that this release understands."""


def understood(text: bytes) -> tuple[Policy, bool]:
    """What of a policy's JSON this release understands, and whether that is all of it.

    `text` is within `wire.limits`. Raises PolicyError when it must be understood whole and is not.
    """
    try:
        found = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise PolicyError("This is not a policy.") from None
    if not isinstance(found, dict) or type(found.get("v", VERSION)) is not int:
        raise PolicyError("This is not a policy.")
    if found.get("v", VERSION) != VERSION:
        raise PolicyError("This policy is for a newer release.")
    fields = msgspec.structs.fields(Policy)
    known = {one.name: _part(found[one.name], one.type) for one in fields if one.name in found}
    policy = Policy(**{name: part for name, (part, _) in known.items() if part is not None})
    whole = all(complete for _, complete in known.values())
    return policy, whole and found.keys() <= known.keys()


def usable(policy: Policy, known: Catalogue, device: Device) -> tuple[Policy, bool]:
    """The policy without the wishes about a check that this catalogue has in other bounds, and
    whether those were none."""
    wished = {ask.check for ask in (*policy.decisions, *policy.clauses)}
    profiles = profiles_of(device)
    odd = set()
    for domain, check, _, judge in known.judged():
        if check in wished:
            try:
                settings(domain, judge, policy, profiles)
            except PolicyError:
                odd.add(check)
    if not odd:
        return policy, True
    kept = {
        "decisions": [ask for ask in policy.decisions if ask.check not in odd],
        "clauses": [ask for ask in policy.clauses if ask.check not in odd],
    }
    return msgspec.structs.replace(policy, **kept), False


def _part(value: object, kind: Any) -> tuple[Any, bool]:
    """One field: as it is; of a list, the entries that are understood; else None."""
    whole = _convert(value, kind)
    if whole is not None:
        return whole, True
    if not isinstance(value, list) or get_origin(kind) is not list:
        return None, False
    (entry,) = get_args(kind)
    entries = [_convert(one, entry) for one in value]
    return [one for one in entries if one is not None], False


def _convert(value: object, kind: Any) -> Any:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return None
