"""The round: look, sign the next link of the chain, put it in the spool. No network (O13).

What a night found is `Content`; when its digest is the one the last receipt confirmed, the report
carries only that digest and an unchanged night is a few hundred bytes.
"""

import logging
import secrets
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import UNSET

from agent import chain, cost, files, keyfile, room, spool, surveys, testpages, ticking, wipes
from agent.collect import binding, ruling, scoping
from agent.collect.breadcrumbs import Watch
from agent.collect.budget import Sections
from agent.collect.judging import TOO_SLOW
from agent.collect.looking import Look, look
from agent.release import RELEASE
from agent.state import Identity, State, StateError
from checks.facts import Facts, encode_section, parted, seldom_name
from checks.filtering import pages
from checks.hardware import filling
from checks.hardware.facts import HardwareNow
from checks.host import CannotLook, Host
from checks.judging import Body, Device
from checks.policy import Policy, policy_hash
from checks.unseen import NotHere, Unseen
from checks.verdicts import Verdict
from wire import dsse, itself, report, sections
from wire.errors import WireError

log = logging.getLogger("agent.collect")

INLINE: Final = 2 * 1024
"""Bytes of drifting facts that travel inside a report. A longer list goes by hash like a steady
section, or it would make every night as long as itself; what is not the same every night costs
more by its hash, with its content and a second message, up to about here."""
_TOO_LARGE: Final = encode_section(Unseen("too-large"))


class Collected(msgspec.Struct, frozen=True):
    """A report in the spool: its number, its envelope's digest, and what was found."""

    seq: int
    digest: str
    unchanged: bool
    look: Look


class Packed(msgspec.Struct, frozen=True):
    """Sections as they travel: steady ones and what changes seldom by reference with their bodies,
    drifting ones inline."""

    refs: list[report.SectionRef]
    bodies: dict[str, bytes]
    now: list[report.NowSection]


def collect(
    state: State, host: Host, policy: Policy | None = None, *, leaving: str = ""
) -> Collected:
    """Make the next report; `leaving` says how, if it is the last one (`wire.itself`).

    It is judged by the policy in force here unless somebody gives another.

    Raises StateError (not enrolled, damaged), SpoolFullError, OSError.
    """
    identity, key = credentials(state)
    spool.tidy(state.spool)
    spool.tidy(state.kept)
    spool.limit(state.spool)
    links = settled(state)
    device = device_of(state, host)
    ruled = ruling.in_force(state, device) if policy is None else ruling.Ruled(policy)
    testpages.hand_out(state, testpages.request(*pages.asked(ruled.policy)))
    watch = Watch(state.key, host.clock(), _boot(host)[0])
    seen = look(host, ruled.policy, device, watch)
    _remember_room(state, seen)
    packed = pack(seen.sections)
    surveyed = surveys.waiting(state.key)
    found, bodies = surveys.refs(surveyed)
    content = report.Content(
        policy=policy_hash(seen.policy),
        profile=UNSET if isinstance(device.profile, Unseen) else device.profile,
        ruled=(ruled.why if seen.policy == ruled.policy else TOO_SLOW) or UNSET,
        catalogue=seen.catalogue.hash,
        sections=[*packed.refs, *found],
        results=[result_of(verdict) for verdict in seen.verdicts],
    )
    digest = report.content_digest(content)
    unchanged = digest == links.content
    wiped = wipes.waiting(state.key)
    made = msgspec.structs.replace(
        _link(identity, host, links, digest if unchanged else content, seen.seen_at),
        now=[*packed.now, *_of_itself(state, leaving), *wipes.say(wiped)],
        # 40 bytes that an unchanged night does not repeat.
        roots="" if unchanged else identity.roots,
    )
    envelope = sign(made, key)
    bodies = {**packed.bodies, **bodies}
    append(state, envelope, made.seq, report.content_bytes(content), bodies)
    wipes.told(state.key, wiped)
    surveys.told(state.key, surveyed)
    return Collected(made.seq, dsse.digest(envelope), unchanged, seen)


def _remember_room(state: State, seen: Look) -> None:
    """What the drives have free today, for the forecasts of later days."""
    body = seen.sections.get(HardwareNow)
    if isinstance(body, HardwareNow) and not isinstance(body.volumes, Unseen):
        room.keep(state.key, seen.seen_at, filling.named(body.volumes))


def device_of(state: State, host: Host) -> Device:
    """This computer as it is judged: for what the newest receipt says it is for (S1)."""
    profile = ruling.profile(state)
    return Device(host.platform) if profile is None else Device(host.platform, profile)


def _of_itself(state: State, leaving: str) -> list[report.NowSection]:
    """What the round before this one cost (S10), how far off the clock was at the last receipt,
    what a scanner goes by, and that there will be no other (S15)."""
    said: list[itself.Itself] = []
    spent = cost.load(state.key)
    if spent is not None:
        peak = round(spent.peak_bytes / 1e6)
        said.append(itself.Cost(cpu_ms=spent.cpu_ms, wall_ms=spent.wall_ms, peak_mb=peak))
    ahead = ticking.seen(state.spool)
    if ahead:
        said.append(itself.Clock(ahead_seconds=ahead))
    if (scanner := scoping.said(state)) is not None:
        said.append(scanner)
    if leaving:
        said.append(itself.Leaving(how=leaving))
    return [itself.say(one) for one in said]


def credentials(state: State) -> tuple[Identity, Ed25519PrivateKey]:
    """Who we are and the key to say so with. Raises StateError before enrolment."""
    identity = state.identity()
    key = keyfile.load(state.key)
    if identity is None or key is None:
        raise StateError(
            "This computer is not enrolled. Ask for a join code and run: caretaker-agent enrol"
        )
    return identity, key


def settled(state: State) -> chain.Chain:
    """The chain, after deciding what a crash left open."""
    links = chain.load(state.key)
    pending = links.pending
    appeared = pending is not None and any(
        entry.seq == pending.seq and entry.digest() == pending.digest
        for entry in spool.entries(state.spool)
    )
    return chain.settle(state.key, links, appeared=appeared)


def append(
    state: State, envelope: bytes, seq: int, content: bytes, bodies: dict[str, bytes]
) -> None:
    """Add one link: announce it, put it in the spool, count it. Safe against a crash in between."""
    links = chain.load(state.key)
    link = chain.Link(seq, dsse.digest(envelope))
    chain.save(state.key, msgspec.structs.replace(links, pending=link))
    files.step("round:announced")
    try:
        spool.add(state.spool, seq, envelope, content, bodies, workshop=state.kept)
    except OSError:
        chain.save(state.key, msgspec.structs.replace(links, pending=None))
        raise
    files.step("round:spooled")
    chain.save(state.key, msgspec.structs.replace(links, last=link, pending=None))


def sign(made: report.Report, key: Ed25519PrivateKey) -> bytes:
    """Sign; a content too big for one payload goes by its digest and is asked for."""
    try:
        return report.sign_report(made, key)
    except WireError as error:
        if error.code != "too_large" or isinstance(made.content, str):
            raise
        by_digest = msgspec.structs.replace(made, content=report.content_digest(made.content))
        return report.sign_report(by_digest, key)


def result_of(verdict: Verdict) -> report.Result:
    """A verdict as it travels."""
    return report.Result(
        check=verdict.check, status=verdict.status, severity=verdict.severity, says=verdict.says
    )


def pack(found: Sections) -> Packed:
    """Facts into bytes: steady ones by hash, drifting ones inline where they are small. That a
    machine has no such thing, or nothing to tell of it, does not drift.

    A section beyond the limits becomes `Unseen("too-large")`, never a broken night.
    """
    packed = Packed([], {}, [])
    for kind, body in found.items():
        drifts, seldom = parted(_bytes_of(kind, body), kind)
        drifting = kind.section.endswith("_now") and not isinstance(body, NotHere)
        drifting = drifting and drifts != kind.resting
        if drifting and len(drifts) <= INLINE:
            now = report.NowSection(section=kind.section, schema=kind.schema, body=drifts.decode())
            packed.now.append(now)
        else:
            _refer(packed, kind.section, kind.schema, drifts)
        if seldom:
            _refer(packed, seldom_name(kind.section), kind.schema, seldom)
    return packed


def _bytes_of(kind: type[Facts], body: Body) -> bytes:
    try:
        return sections.pack(body)
    except WireError as error:
        log.warning("section %s cannot travel: %s", kind.section, error.code)
        return _TOO_LARGE


def _refer(packed: Packed, section: str, schema: int, data: bytes) -> None:
    ref = sections.ref(section, schema, data)
    packed.refs.append(ref)
    packed.bodies[ref.sha256] = data


def _link(
    identity: Identity,
    host: Host,
    links: chain.Chain,
    content: report.Content | str,
    seen_at: int,
) -> report.Report:
    boot, uptime = _boot(host)
    return report.Report(
        device=identity.device,
        agent=RELEASE,
        seq=links.last.seq + 1,
        prev=links.last.digest,
        boot=boot,
        uptime_seconds=uptime,
        created_at=seen_at,
        nonce=secrets.token_hex(16),
        echo=links.nonce,
        seen=links.seen,
        binding=binding.digest(binding.factors(host)),
        content=content,
        now=[],
    )


def _boot(host: Host) -> tuple[str, int]:
    """The boot's id and its age in seconds, where the system tells (Linux)."""
    try:
        boot = host.read("/proc/sys/kernel/random/boot_id") or b""
        uptime = host.read("/proc/uptime") or b"0"
    except CannotLook:
        return "", 0
    return boot.decode("ascii", "replace").strip()[:64], int(float(uptime.split()[0]))
