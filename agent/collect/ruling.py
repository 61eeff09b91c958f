"""Decides which policy this computer judges by: the newest that was signed by who may (O20, T4).

The sender lays beside the reports what it was given. It is taken only if the newest signed receipt
names these very bytes, the roots held say that its signer may sign, it is for this computer's
school, and it is not older than what that signer was seen to sign for it. So whoever stands between
cannot choose among genuine policies, and who took over the controller cannot write one.

What is remembered of a signer (`ruling.json`, `marks`) goes when the roots stop naming the signer.
A policy whose signer they stopped naming is in force no longer: then the catalogue's defaults are,
as before the first policy. One past its date stays in force and is said to be; the date is held
against the time of signed receipts, never against this computer's clock.

A receipt that names no policy takes none away: that would be the oldest version of all.
"""

import logging
from typing import Final

import msgspec

from agent import chain, files
from agent.collect import marks
from agent.collect.marks import Mark, Memory, RefusedError
from agent.state import State
from checks.catalogue import catalogue
from checks.judging import Device
from checks.other_release import understood, usable
from checks.policy import DEFAULT_POLICY, PROFILES, Policy, PolicyError, Profile
from wire import dsse, limits
from wire.errors import WireError
from wire.policy import Rules, open_rules
from wire.roots import Roots

log = logging.getLogger("agent.collect")

NAME: Final = "policy.json"
MEMORY: Final = "ruling.json"


class Ruled(msgspec.Struct, frozen=True):
    """What to judge by, and what a report says of it; "" when all is well."""

    policy: Policy = DEFAULT_POLICY
    why: str = ""
    rules: Rules | None = None


def adopt(state: State) -> bool:
    """Take a policy that the sender brought, if it is one to take; True if another is in force.

    Safe against a crash at any point: the offer goes last.
    """
    identity = state.identity()
    if identity is None:
        return False
    believed = marks.roots(state)
    _forget(state, believed)
    offered = files.read_or_none(state.spool / NAME, limits.ENVELOPE)
    if offered is not None:
        _consider(state, believed, offered)
        (state.spool / NAME).unlink(missing_ok=True)
    held = _held(state, believed)
    digest = "" if held is None else dsse.digest(held[0])
    if identity.policy == digest:
        return False
    state.remember(msgspec.structs.replace(identity, policy=digest))
    log.info("the policy in force is now %s", digest or "the catalogue's defaults")
    return True


def in_force(state: State, device: Device | None = None) -> Ruled:
    """The policy to judge by now; for a device, without wishes that this release's catalogue has in
    other bounds. Whatever is wrong with it, there is a round."""
    ruled = _in_force(state)
    if device is None:
        return ruled
    policy, whole = usable(ruled.policy, catalogue(), device)
    return ruled if whole else Ruled(policy, ruled.why or "not_understood", ruled.rules)


def _in_force(state: State) -> Ruled:
    links, memory = chain.load(state.key), marks.load(state.key / MEMORY)
    why = memory.why if memory.refused == links.policy else ""
    held = _held(state, marks.roots(state))
    if held is None:
        return Ruled(why=why or ("not_signed" if (state.key / NAME).exists() else ""))
    rules = held[1]
    if links.site and links.site != rules.site:
        return Ruled(why=why)  # it came to another school, which has none yet
    try:
        policy, whole = understood(rules.policy.encode())
    except PolicyError:
        return Ruled(why=why or "not_understood")  # kept by a newer release of this agent
    if not why and links.received_at >= rules.expires_at:
        why = "expired"
    return Ruled(policy, why or ("" if whole else "not_understood"), rules)


def profile(state: State) -> Profile | None:
    """What the school says this computer is for; None while it has not, or in a newer word."""
    said = chain.load(state.key).profile
    return next((one for one in PROFILES if one == said), None)


def _consider(state: State, believed: Roots | None, offered: bytes) -> None:
    links, digest = chain.load(state.key), dsse.digest(offered)
    if digest != links.policy:
        log.warning("a policy was offered that no receipt names")
        return
    try:
        mark = _judge(links, marks.load(state.key / MEMORY), believed, offered)
    except RefusedError as refused:
        log.warning("a policy was not taken: %s", refused)
        marks.refuse(state.key / MEMORY, digest, str(refused))
        return
    marks.note(state.key / MEMORY, mark)
    files.step("ruling:marked")
    files.replace(state.key / NAME, offered)


def _judge(links: chain.Chain, memory: Memory, believed: Roots | None, offered: bytes) -> Mark:
    """What to remember of a policy that may be taken. Raises RefusedError."""
    if believed is None:
        raise RefusedError("not_signed")
    try:
        rules, signer = open_rules(offered, believed)
        understood(rules.policy.encode())
    except (WireError, PolicyError) as error:
        unsigned = isinstance(error, WireError) and error.code in ("bad_signature", "bad_type")
        raise RefusedError("not_signed" if unsigned else "not_understood") from error
    if links.site and rules.site != links.site:
        raise RefusedError("other_site")
    mark = Mark(rules.site, signer, rules.version, dsse.digest(offered))
    if marks.is_old(memory, mark):
        raise RefusedError("old_policy")
    return mark


def _held(state: State, believed: Roots | None) -> tuple[bytes, Rules] | None:
    """The envelope we keep, and what is in it, if the roots still vouch for it."""
    data = files.read_or_none(state.key / NAME, limits.ENVELOPE)
    if data is None or believed is None:
        return None
    try:
        return data, open_rules(data, believed)[0]
    except WireError:
        return None


def _forget(state: State, believed: Roots | None) -> None:
    """A signer who may sign no longer is no measure of who may."""
    if believed is not None:
        own = believed.controllers if believed.delegated else []
        marks.forget(state.key / MEMORY, [*believed.policy_signers, *own])
