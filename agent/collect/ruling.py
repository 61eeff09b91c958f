"""Decides which policy this computer judges by: the newest that was signed by who may (O20, T4).

The sender lays beside the reports what it was given. It is taken only if the newest signed receipt
names these very bytes, the roots held say that its signer may sign, it is for this computer's
school, and it is not older than what that signer was seen to sign for it. So whoever stands between
cannot choose among genuine policies, and who took over the controller cannot write one.

What is remembered of a signer (`ruling.json`) goes when the roots stop naming the signer: a leaked
key that once signed the highest number there is does not shut out the honest one that follows it.
A policy whose signer they stopped naming is in force no longer: then the catalogue's defaults are,
as before the first policy. One past its date stays in force and is said to be; the date is held
against the time of signed receipts, never against this computer's clock.

A receipt that names no policy takes none away: that would be the oldest version of all.
"""

import logging
from typing import Final

import msgspec

from agent import chain, files
from agent.collect import rooting
from agent.state import State
from checks.catalogue import catalogue
from checks.judging import Device
from checks.other_release import understood, usable
from checks.policy import DEFAULT_POLICY, PROFILES, Policy, PolicyError, Profile
from wire import dsse, keys, limits
from wire.errors import WireError
from wire.policy import Rules, open_rules
from wire.roots import Roots, open_held

log = logging.getLogger("agent.collect")

NAME: Final = "policy.json"
MEMORY: Final = "ruling.json"
MARKS: Final = 64
"""Signers and schools remembered; a computer meets one or two."""
_LARGEST: Final = 64 * 1024


class Mark(msgspec.Struct, frozen=True):
    """The highest version one signer was seen to sign for one school, and its envelope's digest."""

    site: str
    signer: str
    version: int
    digest: str


class Memory(msgspec.Struct, frozen=True):
    """Marks, oldest first; digest of the policy refused last, and why (`wire.policy.RULED`)."""

    marks: list[Mark] = []
    refused: str = ""
    why: str = ""


class Ruled(msgspec.Struct, frozen=True):
    """What to judge by, and what a report says of it; "" when all is well."""

    policy: Policy = DEFAULT_POLICY
    why: str = ""
    rules: Rules | None = None


class _RefusedError(Exception):
    """Why a policy is not taken, as reports say it."""


def adopt(state: State) -> bool:
    """Take a policy that the sender brought, if it is one to take; True if another is in force.

    Safe against a crash at any point: the offer goes last.
    """
    identity = state.identity()
    if identity is None:
        return False
    believed = _roots(state)
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
    links, memory = chain.load(state.key), _memory(state)
    why = memory.why if memory.refused == links.policy else ""
    held = _held(state, _roots(state))
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
    links, memory, digest = chain.load(state.key), _memory(state), dsse.digest(offered)
    if digest != links.policy:
        log.warning("a policy was offered that no receipt names")
        return
    try:
        mark = _judge(links, memory, believed, offered)
    except _RefusedError as refused:
        log.warning("a policy was not taken: %s", refused)
        _remember(state, msgspec.structs.replace(memory, refused=digest, why=str(refused)))
        return
    others = [one for one in memory.marks if (one.site, one.signer) != (mark.site, mark.signer)]
    _remember(state, Memory([*others, mark][-MARKS:]))
    files.step("ruling:marked")
    files.replace(state.key / NAME, offered)


def _judge(links: chain.Chain, memory: Memory, believed: Roots | None, offered: bytes) -> Mark:
    """What to remember of a policy that may be taken. Raises _RefusedError."""
    if believed is None:
        raise _RefusedError("not_signed")
    try:
        rules, signer = open_rules(offered, believed)
        understood(rules.policy.encode())
    except (WireError, PolicyError) as error:
        unsigned = isinstance(error, WireError) and error.code in ("bad_signature", "bad_type")
        raise _RefusedError("not_signed" if unsigned else "not_understood") from error
    if links.site and rules.site != links.site:
        raise _RefusedError("other_site")
    mark = Mark(rules.site, signer, rules.version, dsse.digest(offered))
    for seen in memory.marks:
        same_line = (seen.site, seen.signer) == (mark.site, mark.signer)
        if same_line and seen != mark and mark.version <= seen.version:
            raise _RefusedError("old_policy")
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
    memory = _memory(state)
    if believed is None or not memory.marks:
        return
    texts = [*believed.policy_signers, *(believed.controllers if believed.delegated else [])]
    named = {keys.key_id(keys.from_text(text)) for text in texts}
    marks = [one for one in memory.marks if one.signer in named]
    if marks != memory.marks:
        _remember(state, msgspec.structs.replace(memory, marks=marks))


def _roots(state: State) -> Roots | None:
    data = files.read_or_none(state.key / rooting.NAME, limits.ENVELOPE)
    try:
        return None if data is None else open_held(data)
    except WireError:
        return None  # damaged on the disk: `rooting` asks for them again


def _memory(state: State) -> Memory:
    data = files.read_or_none(state.key / MEMORY, _LARGEST)
    try:
        return Memory() if data is None else msgspec.json.decode(data, type=Memory)
    except (msgspec.DecodeError, UnicodeDecodeError):
        log.warning("what was remembered of policies is damaged; it begins anew")
        return Memory()


def _remember(state: State, memory: Memory) -> None:
    files.replace(state.key / MEMORY, msgspec.json.encode(memory))
