"""Make a round: act on the last answers, look, sign, put the
report in the spool, deliver all that waits.

Reports that could not be delivered are kept and sent next time. Exit 0 when all was delivered, 1
when something waits; with --scheduled waiting is normal and exits 0.
"""

import argparse
import sys
import time
from typing import TYPE_CHECKING, Final

import msgspec

from agent import newcomer, presence, settings
from agent.commands import network, shared
from agent.commands.exits import COULD_NOT, OK
from agent.hosts.local import LocalHost
from agent.state import State, StateError
from agent.turns import turn
from checks.host import CannotLook, Host

if TYPE_CHECKING:
    from agent.collect.looking import Look

MAY_MEND: Final = ("gap", "rolled_back", "unknown_key", "pending")
"""Refusals that acting on them may mend."""
DEFERRED: Final = "deferred"
GO_AGAIN: Final = 5
"""Times in one round, at most."""
HURRY_SECONDS: Final = 3
"""How long a note waits for its turn: the computer is being switched off."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_data(parser)
    shared.add_format(parser)
    parser.add_argument("--policy", metavar="FILE", help="judge by this policy, not the school's")
    parser.add_argument(
        "--dry-run", action="store_true", help="look and sign, keep and send nothing"
    )
    parser.add_argument(
        "--scheduled", action="store_true", help="started by the schedule: be patient"
    )
    parser.add_argument(
        "--trust",
        choices=("pins", "system"),
        help="from now on: this controller's certificate only, or any this computer trusts",
    )
    network.add_proxy(parser)
    parser.add_argument(
        "--controller", metavar="URL", help="the same controller, at another address from now on"
    )
    parser.add_argument(
        "--settle", action="store_true", help="first wait until ten minutes after switching on"
    )
    parser.add_argument(
        "--part",
        choices=("collect", "deliver", "note"),
        help="only look and sign, only deliver, or only note that the computer is on",
    )


class Done(msgspec.Struct):
    """What a round did. `code` is "" when nothing waits."""

    schema: str = "caretaker.run/1"
    device: str = ""
    seq: int = 0
    report: str = ""
    unchanged: bool = False
    confirmed: int = 0
    sent: int = 0
    waiting: int = 0
    bytes_sent: int = 0
    code: str = ""
    sentence: str = ""
    retry_seconds: int = 0
    summary: str = ""


def main(options: argparse.Namespace) -> int:
    """Make the round and say how it went."""
    # The sender may be another user: it makes nothing here and must not need the keys.
    sender = options.part == "deliver"
    state = shared.state_of(options, prepare=not sender)
    if options.scheduled and not sender and _is_nobody(state):
        return OK  # nobody's yet, and perhaps about to be copied: leave no trace
    host = shared.this_machine(None if sender else state)
    if options.controller:
        _moved(state, options.controller)
    if options.part in (None, "deliver"):
        network.settle(options, state)
    if not (sender or options.scheduled):
        network.remember(options, state)
    if options.dry_run:
        return _dry_run(options, host)
    if options.part == "note":
        with turn(state.key, HURRY_SECONDS):
            _note(state, host)
        return OK
    done = Done()
    if sender:
        _deliver(options, state, host, done)
        _try_pages(state, host)
    else:
        if options.settle:
            _settle(state, host)
        _round(options, state, host, done)
    _print(options, done)
    return OK if not done.code or options.scheduled else COULD_NOT


def at_once(state: State, host: LocalHost) -> Done:
    """A whole round, as by `run` without any options. Raises StateError, OSError, UsageError."""
    options = argparse.Namespace(policy=None, scheduled=False, part=None, trust=None, proxy=None)
    network.settle(options, state)
    done = Done()
    _round(options, state, host, done)
    return done


def _round(options: argparse.Namespace, state: State, host: LocalHost, done: Done) -> None:
    began = time.monotonic()
    with turn(state.key):
        _note(state, host)
        _collect(options, state, host, done, began)
        if options.part is None:
            _deliver(options, state, host, done)
    if options.part is None:
        _try_pages(state, host)  # in nobody's turn: it may take a minute


def _settle(state: State, host: LocalHost) -> None:
    """Whoever has just switched on, opened the lid or signed in comes first (S10)."""
    from agent.collect import manners

    try:
        woken = manners.woken(state.key, host.sample())
    except CannotLook:
        woken = 0
    manners.settle(host, woken)


def _note(state: State, host: LocalHost) -> None:
    """Remember that the computer is on now, also when the round itself is put off (S3)."""
    try:
        presence.keep(state.key, host.sample())
    except CannotLook:
        return  # this system's hours cannot be seen; the checks that count them say so


def _moved(state: State, address: str) -> None:
    """Go to another address: who we trust is a key, so a stranger there gains nothing (O4)."""
    from agent.deliver.answers import DeliveryError
    from agent.deliver.connection import Connection

    identity = state.identity()
    if identity is not None:
        try:
            line = Connection(address, "pins", [])  # refuses what is no address
        except DeliveryError as error:
            raise shared.UsageError(error.sentence) from error
        state.remember(msgspec.structs.replace(identity, addresses=[line.address]))


def _collect(
    options: argparse.Namespace, state: State, host: Host, done: Done, began: float
) -> None:
    from agent.collect import answers, relinking, renewing, ruling, succession
    from agent.collect.manners import put_off
    from agent.collect.round import collect
    from agent.spool import SpoolFullError
    from checks.page import summary

    if not _has_identity(options, state, host, done):
        return
    policy = shared.policy_from(options.policy) if options.policy else None
    held = policy or ruling.in_force(state).policy
    waits = put_off(state.key, host, held) if options.scheduled else ""
    if waits:
        done.code, done.sentence = DEFERRED, f"{waits} This round waits for the next."
        return
    now = host.clock()
    if answers.act(state, now).copied:
        succession.begin(state, host)
        if not _has_identity(options, state, host, done):
            return
    relinking.revive(state, now)
    renewing.consider(state)
    try:
        collected = collect(state, host, policy)
    except SpoolFullError as error:
        done.summary = str(error)
        return
    done.seq, done.report = collected.seq, collected.digest
    done.unchanged, done.summary = collected.unchanged, summary(collected.look.verdicts)
    _tell(state, collected.look, began)


def _tell(state: State, seen: "Look", began: float) -> None:
    """Keep what the round cost, and lay out for everybody how it went (S10, S17)."""
    from agent import chain, cost, public

    spent = cost.measured(seen.seen_at, began)
    cost.keep(state.key, spent)
    received_at = chain.load(state.key).received_at
    told = public.told(seen.verdicts, seen.seen_at, received_at, spent.cpu_ms)
    public.publish(state.key, told, for_all=False)
    if (folder := settings.public_folder(state.root.parent)) is not None:
        public.publish(folder, told, for_all=True)


def _deliver(options: argparse.Namespace, state: State, host: Host, done: Done) -> None:
    from agent.collect import answers, succession
    from agent.commands import copies
    from agent.deliver import backoff, news
    from agent.deliver.upload import deliver

    identity = state.identity()
    if identity is None:
        _ask(options, state, done)
        return
    done.device = identity.device
    now = host.clock()
    wait = backoff.waits(state.spool, now) if options.scheduled else 0
    if wait:
        done.code, done.retry_seconds = "backing_off", wait
        done.sentence = f"The controller was not reached last time; trying again in {wait} seconds."
        return
    outcome = deliver(state, now, options.trust, scheduled=options.scheduled)
    for _ in range(GO_AGAIN):
        # Old reports that were asked for, the controller's new keys (O3), or a controller that has
        # to know us again (O5): worth going again at once.
        may_mend = outcome.code in MAY_MEND or outcome.code in news.MAY_MEND
        acted = answers.act(state, now) if may_mend and options.part is None else answers.Acted()
        if not (acted.resent or acted.rooted or acted.asks or acted.known_again or acted.rekeyed):
            break
        outcome = deliver(state, now, options.trust, scheduled=options.scheduled)
    done.sent, done.waiting, done.bytes_sent = outcome.sent, outcome.waiting, outcome.bytes_sent
    if outcome.code or done.code != DEFERRED:
        done.code, done.sentence = outcome.code, outcome.sentence
    done.retry_seconds = outcome.retry_seconds
    if options.part is None:
        acted = answers.act(state, now)
        done.confirmed = acted.confirmed
        done.code = done.code or acted.stopped
        if acted.copied:
            succession.begin(state, host)
            done.sentence = copies.ASKS


def _try_pages(state: State, host: Host) -> None:
    """Whether the school's filter stops its test pages; the next look takes it up (ADR 22)."""
    from agent import testpages

    if testpages.asked(state) is not None:
        import logging

        from agent.deliver import trying

        try:
            trying.go(state, host.clock())
        except OSError as error:  # no room, or no readable store of certificates
            logging.getLogger("agent.deliver").warning("test pages were not tried: %s", error)


def _is_nobody(state: State) -> bool:
    return state.identity() is None and newcomer.load(state) is None


def _has_identity(options: argparse.Namespace, state: State, host: Host, done: Done) -> bool:
    """A copied disk wakes up on other hardware with somebody else's key: then this computer asks
    for an identity of its own (trust §4.3)."""
    from agent.commands import copies
    from agent.deliver.answers import DeliveryError

    if copies.has_identity(state, host):
        return True
    done.code, done.sentence = "joining", copies.ASKS
    if options.part is None:
        try:
            if copies.ask(state, host, options.trust):
                done.code = done.sentence = ""
        except DeliveryError as error:
            done.code, done.sentence = error.code, error.sentence
    return not done.code


def _ask(options: argparse.Namespace, state: State, done: Done) -> None:
    """The sender's part of the same: hand the request over, lay down the answer."""
    from agent.deliver.answers import DeliveryError
    from agent.deliver.joining import join

    asks = newcomer.load(state)
    if asks is None:
        raise StateError(
            "This computer is not enrolled. Ask for a join code and run: "
            "caretaker-agent enrol --controller URL --code CODE"
        )
    if options.part is None:
        return  # it was asked before looking
    try:
        join(state, asks, options.trust)
    except DeliveryError as error:
        done.code, done.sentence = error.code, error.sentence


def _dry_run(options: argparse.Namespace, host: Host) -> int:
    from agent.collect.looking import look
    from agent.collect.round import pack
    from agent.commands.asked import asked
    from checks.page import summary

    policy, device = asked(shared.state_of(options, prepare=False), host, options.policy)
    seen = look(host, policy, device)
    packed = pack(seen.sections)
    size = sum(map(len, packed.bodies.values()))
    done = {
        "schema": "caretaker.dry-run/1",
        "summary": summary(seen.verdicts),
        "sections": [{"section": ref.section, "bytes": ref.size} for ref in packed.refs],
    }
    if options.format == "json":
        shared.print_json(done)
        return OK
    print(done["summary"])
    print(f"{len(packed.refs)} sections, {size:,} bytes. Nothing kept, nothing sent.")
    return OK


def _print(options: argparse.Namespace, done: Done) -> None:
    if options.format == "json":
        shared.print_json(done)
        return
    if done.seq:
        changed = "nothing changed" if done.unchanged else "something changed"
        print(f"Report {done.seq} signed ({changed}). {done.summary}")
    if done.confirmed or done.sent:
        print(f"{done.sent} delivered, {done.confirmed} confirmed, {done.waiting} waiting.")
    if done.sentence:
        kept = " Nothing is lost: it is sent again next time." if done.waiting else ""
        print(f"caretaker-agent: {shared.cleaned(done.sentence)}{kept}", file=sys.stderr)
