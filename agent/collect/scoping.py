"""Takes the scope that lets this computer survey a network, and what is sealed for it to ask with
(network.md §4, O20).

The sender lays beside the reports what it was given; a scope is taken as a policy is: only the
bytes that the newest signed receipt names, signed by who may by the roots held, for this scanner
and school, and never one older than was seen of that signer.

Unlike a policy a scope is an authority and no duty, so what is in doubt lets nothing be asked: one
that the newest receipt does not name is not in force, and whoever ends it at the controller ends it
here. With the first scope this computer makes the key that secrets are sealed to, and tells it.
"""

import logging
from typing import Final

import msgspec

from agent import chain, files
from agent.collect import marks
from agent.collect.marks import Mark, RefusedError
from agent.state import State
from wire import dsse, itself, keys, limits
from wire.errors import WireError
from wire.roots import Roots

log = logging.getLogger("agent.collect")

NAME: Final = "scope.json"
MEMORY: Final = "scoping.json"
SEALED: Final = "credentials.json"
SEALING: Final = "sealing.key"


def adopt(state: State) -> None:
    """Take what the sender brought, if it is to be taken, and note what is in force.

    Safe against a crash at any point: the offers go last. Raises OSError.
    """
    identity = state.identity()
    if identity is None:
        return
    links, believed = chain.load(state.key), marks.roots(state)
    if believed is not None:
        listed = [*believed.scope_signers, *(believed.controllers if believed.delegated else [])]
        marks.forget(state.key / MEMORY, listed)
    offered = _offered(state, NAME)
    if offered is not None:
        _consider(state, links, believed, offered)
    sealed = _offered(state, SEALED)
    kept = identity.credentials
    if sealed is not None and dsse.digest(sealed) == links.credentials and _take(state, sealed):
        kept = links.credentials
    digest = dsse.digest(envelope) if (envelope := in_force(state)) is not None else ""
    if (identity.scope, identity.credentials) != (digest, kept):
        state.remember(msgspec.structs.replace(identity, scope=digest, credentials=kept))
        log.info("the scope in force is now %s", digest or "none")
    for name in (NAME, SEALED):
        (state.spool / name).unlink(missing_ok=True)


def in_force(state: State) -> bytes | None:
    """The scope to go by, as it was signed: held here, and named by the newest receipt.

    Whether it is in date is asked by whoever goes by it (`agent.survey.scope.read`)."""
    data = files.read_or_none(state.key / NAME, limits.ENVELOPE)
    named = chain.load(state.key).scope
    return data if data is not None and named and dsse.digest(data) == named else None


def said(state: State) -> itself.Scanner | None:
    """What a report says of it; None from a computer that never had a scope."""
    if not (state.key / SEALING).exists():
        return None
    from agent.survey import held  # few computers are scanners, and none pays for this but they

    identity = state.identity()
    try:
        sealing = held.public(state.key)
    except held.HeldError as error:
        log.warning("%s", error)
        return None
    if identity is None:
        return None
    memory, named = marks.load(state.key / MEMORY), chain.load(state.key).scope
    why = memory.why if named and memory.refused == named else ""
    return itself.Scanner(sealing=sealing, scope=identity.scope, refused=why)


def _offered(state: State, name: str) -> bytes | None:
    return files.read_or_none(state.spool / name, limits.ENVELOPE)


def _consider(state: State, links: chain.Chain, believed: Roots | None, offered: bytes) -> None:
    digest = dsse.digest(offered)
    if digest != links.scope:
        log.warning("a scope was offered that no receipt names")
        return
    try:
        mark = _judge(state, links, believed, offered)
    except RefusedError as refused:
        log.warning("a scope was not taken: %s", refused)
        marks.refuse(state.key / MEMORY, digest, str(refused))
        return
    marks.note(state.key / MEMORY, mark)
    files.step("scoping:marked")
    from agent.survey import held

    held.key(state.key)
    files.replace(state.key / NAME, offered)


def _judge(state: State, links: chain.Chain, believed: Roots | None, offered: bytes) -> Mark:
    """What to remember of a scope that may be taken. Raises RefusedError."""
    identity = state.identity()
    if believed is None or identity is None:
        raise RefusedError("not-signed")
    from wire.scope import open_scope

    try:
        scope, signer = open_scope(offered, believed)
    except WireError as error:
        unsigned = error.code in ("bad_signature", "bad_type")
        raise RefusedError("not-signed" if unsigned else "not-understood") from error
    if scope.scanner != identity.device:
        raise RefusedError("not-this-scanner")
    if links.site and scope.site != links.site:
        raise RefusedError("other-site")
    mark = Mark(scope.site, signer, scope.version, dsse.digest(offered))
    if marks.is_old(marks.load(state.key / MEMORY), mark):
        raise RefusedError("older")
    return mark


def _take(state: State, envelope: bytes) -> bool:
    """Keep what is sealed for us; what the message leaves out goes. Whether it was to be taken."""
    from agent.survey import held
    from wire import credentials

    identity = state.identity()
    if identity is None:
        return False
    try:
        parsed = dsse.parse(envelope)
        public = keys.named(parsed.keyid, identity.trusted())
        message = credentials.open_credentials(parsed, public)
    except WireError as error:
        log.warning("credentials were not taken: %s", error.code)
        return False
    if message.device != identity.device:
        log.warning("credentials were not taken: they are another computer's")
        return False
    held.fetched(state.key, message.sealed)
    return True
