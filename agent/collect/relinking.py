"""Keeps the chain whole when a report has to leave it, or comes back into it.

A condemned or damaged report gives its number free, and every report after it is signed
again onto what then is the end. Its findings are kept: the same content, times and nonce
take a new place in the chain.
"""

import logging
from pathlib import Path
from typing import Final

import msgspec

from agent import chain, files, keyfile, spool
from agent.collect.round import append, credentials, settled, sign
from agent.release import RELEASE
from agent.state import State
from wire import canonical, dsse, keys, limits, packing, report
from wire.errors import WireError

log = logging.getLogger("agent.collect")

RETRY_DEAD_SECONDS: Final = 7 * 86_400
"""In case the controller was changed without a new release of its own."""


class Condemned(msgspec.Struct, frozen=True):
    """When a report was put aside, and which releases of agent and controller were in force."""

    agent: str = ""
    at: int = 0
    controller: str = ""


def revive(state: State, now: int) -> int:
    """Sign dead reports again as new links: after an upgrade here or there (O2), else weekly.

    A condemned number is free again, so the same findings take a new place at the end of the chain.
    """
    revived = 0
    controller = chain.load(state.key).controller
    for entry in spool.entries(state.dead):
        then = _condemned(entry)
        same = (then.agent, then.controller) == (RELEASE, controller)
        if same and now - then.at < RETRY_DEAD_SECONDS:
            continue
        if again(state, entry):
            files.remove_folder(entry.path)
            revived += 1
    return revived


def _condemned(entry: spool.Entry) -> Condemned:
    """What was noted when it was put aside; nothing readable counts as long ago."""
    marker = files.read_or_none(entry.path / "condemned.json", 4096)
    try:
        return msgspec.json.decode(marker or b"{}", type=Condemned)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Condemned()


def relink(state: State) -> None:
    """Sign again, onto the chain as it now stands, every waiting report that comes after its end,
    or that has a number from before this computer was set back.

    Also finishes what a crash interrupted: a report signed again but not yet removed is signed
    twice, which costs one line in the history and loses nothing. They wait beside `kept/`, where
    the sender cannot reach: else it could have an old report signed as a new one.
    """
    links = chain.load(state.key)
    for entry in spool.entries(state.spool):
        set_back = entry.seq <= links.confirmed.seq and entry.answer("receipt") is None
        if entry.seq > links.last.seq or set_back:
            files.move(entry.path, state.kept / f"{spool.AGAIN}{entry.path.name}")
    for path in sorted(state.kept.glob(f"{spool.AGAIN}*")):
        if again(state, spool.Entry(path)):
            files.remove_folder(path)
        else:
            files.move(path, _grave(state, path.name[-10:]))


def readable(state: State, entry: spool.Entry, former: bytes | None = None) -> report.Report | None:
    """Our own report as we signed it, or as the key `former` that we gave up did; None if the disk
    did not keep it whole."""
    trusted = keyfile.trusted(state.key) if former is None else [former]
    try:
        parsed = dsse.parse(entry.envelope())
        found = report.open_report(parsed, keys.named(parsed.keyid, trusted))
    except (WireError, FileNotFoundError):
        return None
    return found if found.seq == entry.seq else None


def again(state: State, entry: spool.Entry, former: bytes | None = None) -> bool:
    """Sign a report's findings as the chain's next link; False if they cannot be read any more.

    `former` is the public key that signed them, if it was another than ours now.
    """
    identity, key = credentials(state)
    links = settled(state)
    old = readable(state, entry, former)
    content = files.read_or_none(entry.path / "content.json", limits.BODY_INFLATED)
    if old is None or content is None or dsse.digest(content) != _named(old):
        return False
    made = msgspec.structs.replace(
        old,
        device=identity.device,
        seq=links.last.seq + 1,
        prev=links.last.digest,
        content=canonical.decode(content, report.Content, limit=len(content)),
    )
    append(state, sign(made, key), made.seq, content, _bodies(entry))
    return True


def _named(old: report.Report) -> str:
    """The digest of the content that we signed. The files beside the envelope lay where the sender
    may write, so nothing of them is signed again but what was signed before (O13)."""
    return old.content if isinstance(old.content, str) else report.content_digest(old.content)


def _bodies(entry: spool.Entry) -> dict[str, bytes]:
    """The section bodies that are what their names say; a damaged one counts as dropped."""
    found: dict[str, bytes] = {}
    for path in entry.sections():
        digest = f"sha256:{path.name[:64]}"
        packed = files.read_or_none(path, limits.BODY_COMPRESSED)
        try:
            plain = packing.gunzip_limited(packed or b"", limits.SECTION)
        except WireError:
            continue
        if dsse.digest(plain) == digest:
            found[digest] = plain
    return found


def bury(state: State, entry: spool.Entry, at: int) -> None:
    """Condemned: its number becomes free, and what follows must be linked again."""
    links = chain.load(state.key)
    marker = Condemned(RELEASE, at, links.controller)
    files.replace(entry.path / "condemned.json", msgspec.json.encode(marker))
    before = link_before(state, links, entry.seq)
    chain.save(state.key, msgspec.structs.replace(links, last=before, pending=None))
    files.step("answers:rewound")
    files.move(entry.path, _grave(state, entry.path.name))


def link_before(state: State, links: chain.Chain, seq: int) -> chain.Link:
    """What a report numbered `seq` is linked to: the one
    waiting before it, or the last confirmed."""
    for waiting in spool.entries(state.spool):
        if waiting.seq == seq - 1:
            return chain.Link(waiting.seq, waiting.digest())
    return links.confirmed


def _grave(state: State, name: str) -> Path:
    """Where a dead report goes; an older one of the same number makes way."""
    target = state.dead / name
    if target.exists():
        files.remove_folder(target)
    return target


def bring_back(state: State, head: chain.Link) -> int:
    """The controller went back to an older state: hand it again what it once confirmed (O5)."""
    missing = [entry for entry in spool.entries(state.kept) if entry.seq > head.seq]
    if missing:
        links = chain.load(state.key)
        chain.save(state.key, msgspec.structs.replace(links, confirmed=head, content=""))
    for entry in reversed(missing):
        entry.clear_answer("receipt")
        files.move(entry.path, state.spool / entry.path.name)
    return len(missing)
