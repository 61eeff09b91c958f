"""Decides which list of keys, certificates and addresses this computer believes (O3).

The sender lays beside the reports what somebody gave it as newer roots; here it is held against the
list we keep, and `wire.roots.follow` decides. What we believe is written in two steps, the list
first and then who we are; a crash between them is mended the next time.
"""

import logging

import msgspec

from agent import files
from agent.state import Identity, State
from wire import dsse, keys, limits, roots
from wire.errors import WireError

log = logging.getLogger("agent.collect")

NAME = "roots.json"


def adopt(state: State) -> bool:
    """Take newer roots if the sender brought some that are genuine; True if anything changed."""
    identity = state.identity()
    if identity is None or not identity.recovery:
        return False
    held = files.read_or_none(state.key / NAME, limits.ENVELOPE)
    offered = files.read_or_none(state.spool / NAME, limits.ENVELOPE)
    if offered is not None:
        if _follows(identity, held, offered):
            files.replace(state.key / NAME, offered)
            held = offered
        (state.spool / NAME).unlink(missing_ok=True)
    if held is not None and dsse.digest(held) == identity.roots:
        return False
    if held is None or not _is_sound(held):
        if identity.roots:  # lost or damaged on the disk: the sender asks for it again
            state.remember(msgspec.structs.replace(identity, roots=""))
        return False
    found = roots.open_held(held)
    state.remember(believing(identity, found, held))
    log.warning("the controller's list of keys is now version %d", found.version)
    return True


def believing(identity: Identity, found: roots.Roots, envelope: bytes) -> Identity:
    """Who we are, once we believe these roots. Known addresses stay, behind those listed."""
    further = [one for one in identity.addresses if one not in found.addresses]
    return msgspec.structs.replace(
        identity,
        controller=found.controllers[0],
        controllers=list(found.controllers),
        recovery=keys.to_text(roots.heir(found)),
        roots=dsse.digest(envelope),
        roots_version=found.version,
        spki=list(found.tls_spki),
        addresses=[*found.addresses, *further][: limits.ADDRESSES],
    )


def _follows(identity: Identity, held: bytes | None, offered: bytes) -> bool:
    try:
        if held is not None and _is_sound(held):
            return roots.follow(held, offered) is not None
        # Our own copy is gone: then by what we remember of it.
        found = roots.open_roots(dsse.parse(offered), keys.from_text(identity.recovery))
    except WireError as error:
        log.warning("a list of keys was not taken over: %s", error.code)
        return False
    return found.version >= identity.roots_version


def _is_sound(held: bytes) -> bool:
    try:
        roots.open_held(held)
    except WireError:
        return False
    return True
