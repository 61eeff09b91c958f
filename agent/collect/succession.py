"""A computer that finds itself a copy puts the identity aside and asks to be let in as a new one,
by itself (trust §4.3).

Images, moved disks and swapped boards need nobody to delete a file or to type a join code: the key
that is given up vouches for the new one, which opens the queue and no more. Nothing is deleted. The
old identity lies in `orphan/`, whole; reports that were made on this hardware are signed again
under the new one, so no night is lost.

`begin`, `prepare` and `settle` may each be repeated after a crash at any point.
"""

import logging
import secrets
from pathlib import Path
from typing import Final

import msgspec

from agent import chain, files, keyfile, newcomer, settings, spool
from agent.collect import binding, introducing, relinking
from agent.collect.round import credentials
from agent.newcomer import Newcomer
from agent.release import RELEASE
from agent.state import State, StateError
from checks.host import Host
from wire import dsse, enrolment, keys, limits, succession
from wire.errors import WireError
from wire.text import clean

log = logging.getLogger("agent.collect")

_BELIEVED: Final = "roots.json"


def begin(state: State, host: Host) -> None:
    """Put this identity aside and become a newcomer. Raises StateError before enrolment."""
    identity, _ = credentials(state)
    at = host.clock()
    unnamed = msgspec.structs.replace(
        identity, device="", enrolled="", words="", enrolled_at=0, policy=""
    )
    log.warning("%s is given up; this computer asks to be let in as a new one", identity.device)
    newcomer.save(
        state,
        Newcomer(
            identity=unnamed,
            former=identity.device,
            grave=introducing.grave_name(identity.device, at),
            own=binding.digest(binding.factors(host)),
        ),
    )
    files.step("succession:noted")
    introducing.give_up(state, at)
    files.step("succession:given up")
    prepare(state, host)


def prepare(state: State, host: Host) -> Newcomer | None:
    """See that the newcomer's request is signed and lies where the sender finds it; None if this
    computer is no newcomer. Raises StateError if the former key is gone."""
    asks = newcomer.load(state)
    if asks is None or state.identity() is not None:
        return None
    request = files.read_or_none(state.key / newcomer.REQUEST, limits.ENVELOPE)
    if request is None:
        introducing.give_up(state, host.clock(), asks.grave)  # what a crash left behind
        request = _signed(state, host, asks)
        files.replace(state.key / newcomer.REQUEST, request)
    believed = state.orphan / asks.grave / _BELIEVED
    if believed.exists() and not (state.key / _BELIEVED).exists():
        files.replace(state.key / _BELIEVED, believed.read_bytes())
    if asks.identity.enrolled != dsse.digest(request):
        named = msgspec.structs.replace(asks.identity, enrolled=dsse.digest(request))
        asks = msgspec.structs.replace(asks, identity=named)
        newcomer.save(state, asks)
    if newcomer.request(state) != request:
        files.replace(state.spool / newcomer.REQUEST, request)
    return asks


def _signed(state: State, host: Host, asks: Newcomer) -> bytes:
    """The request: a new key, introduced by the one that was given up."""
    former = keyfile.load(state.orphan / asks.grave)
    if former is None:
        raise StateError("The former key is gone; enrol this computer with a join code.")
    key = keyfile.load(state.key) or keyfile.create(state.key)
    found = binding.factors(host)
    binding.store(state.key, found)
    public, nonce = keys.public_bytes(key), secrets.token_hex(16)
    enrol = enrolment.Enrol(
        token=asks.former,
        public_key=keys.to_text(public),
        nonce=nonce,
        proof=succession.prove(former, asks.former, nonce, public),
        created_at=host.clock(),
        agent=RELEASE,
        host_name=clean(settings.host_name(), 255),
        platform=host.platform,
        factors=[enrolment.Factor(kind=kind, value=value) for kind, value in sorted(found.items())],
        was=asks.former,
    )
    return enrolment.sign_enrol(enrol, key)


def settle(state: State, now: int) -> bool:
    """Take the identity that the controller gave this newcomer; True when it has one now."""
    asks = newcomer.load(state)
    if asks is None:
        return False
    identity = state.identity()
    if identity is not None and identity.device == asks.former:
        introducing.give_up(state, now, asks.grave)  # a crash fell into it
        return False
    if identity is None:
        answer = _answer(state, asks)
        if answer is None:
            return False
        identity = msgspec.structs.replace(
            asks.identity, device=answer.device, words=answer.words, enrolled_at=now
        )
        state.remember(identity)
        files.step("succession:named")
    _sign_own(state, asks)
    newcomer.forget(state)
    return True


def _answer(state: State, asks: Newcomer) -> enrolment.Enrolment | None:
    """What the controller said to our request, if it is genuine; the sender's word is nothing."""
    data = files.read_or_none(state.spool / "enrolment.json", limits.ENVELOPE)
    if data is None or not asks.identity.enrolled:
        return None
    try:
        parsed = dsse.parse(data)
        found = enrolment.open_enrolment(parsed, keys.named(parsed.keyid, asks.identity.trusted()))
    except WireError as error:
        log.warning("an answer to our request is not genuine (%s)", error.code)
        return None
    return found if found.request == asks.identity.enrolled else None


def _sign_own(state: State, asks: Newcomer) -> None:
    """Sign again what this very hardware reported under the identity it gave up."""
    grave = state.orphan / asks.grave
    former = keyfile.load(grave)
    if former is None or not asks.own:
        return
    public = keys.public_bytes(former)
    for entry in spool.entries(grave / "spool"):
        made = relinking.readable(state, entry, public)
        if made is None or made.binding != asks.own:
            continue
        if relinking.again(state, entry, public):
            _done(entry.path, grave / "signed-again")


def _done(path: Path, folder: Path) -> None:
    files.make_folder(folder)
    files.move(path, folder / path.name)


def rejoin(state: State, head: chain.Link) -> int:
    """Go on from the controller's head: this computer was set back, or the controller was and what
    it misses is gone here. What waits is linked again; returns how many reports.

    The signed answer named our own report, and the place after the head is free: nothing that the
    controller holds is replaced by what we sign there (ADR 8).
    """
    for entry in spool.entries(state.kept):
        if entry.seq > head.seq:
            entry.clear_answer("receipt")
            files.move(entry.path, state.spool / entry.path.name)
    links = chain.load(state.key)
    here = msgspec.structs.replace(links, last=head, confirmed=head, pending=None, content="")
    chain.save(state.key, here)
    files.step("answers:rejoined")
    return len(spool.entries(state.spool))


def can_follow(state: State, head: chain.Link) -> bool:
    """Whether the report after the controller's head is still here, to be sent again."""
    return any(
        entry.seq == head.seq + 1 and _prev(entry) == head.digest
        for folder in (state.spool, state.kept)
        for entry in spool.entries(folder)
    )


class _Linked(msgspec.Struct):
    prev: str


def _prev(entry: spool.Entry) -> str:
    try:
        return msgspec.json.decode(dsse.parse(entry.envelope()).payload, type=_Linked).prev
    except (WireError, FileNotFoundError, msgspec.DecodeError):
        return ""
