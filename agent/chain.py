"""Where this device's chain of reports stands: the last
link, the last receipt, and what it confirmed.

Adding a link touches two places, this file and the spool, and a power cut may fall between. So
the file first names the link that is about to appear (`pending`); whether it did appear
decides, at the next start, whether it counts. A number that was never visible to the sender may
be used again; one that was, never.
"""

from pathlib import Path
from typing import Final

import msgspec

from agent import files
from agent.state import StateError
from wire.report import Seen

_LIMIT: Final = 64 * 1024


class Link(msgspec.Struct, frozen=True):
    """One report: its number and its envelope's digest."""

    seq: int
    digest: str


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """`last` is the newest link; `nonce` and `content` are what the newest receipt confirmed, and
    `controller` is the release that wrote it. `policy` is the envelope it wants used, `site` and
    `profile` are what it says this computer belongs to and is for, `scope` and `credentials` the
    envelopes by which it may ask things of a network; "" for none."""

    last: Link = Link(0, "")
    pending: Link | None = None
    confirmed: Link = Link(0, "")
    nonce: str = ""
    content: str = ""
    policy: str = ""
    site: str = ""
    profile: str = ""
    scope: str = ""
    credentials: str = ""
    received_at: int = 0
    seen: Seen | None = None
    """How far the evidence log reached, as the newest receipt says."""
    controller: str = ""


def load(folder: Path) -> Chain:
    """The chain as written. Raises StateError if the file is
    damaged (its backup is in the controller)."""
    path = folder / "chain.json"
    data = files.read_or_none(path, _LIMIT)
    if data is None:
        return Chain()
    try:
        return msgspec.json.decode(data, type=Chain)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StateError(f"{path} is damaged; enrol this computer again.") from error


def save(folder: Path, chain: Chain) -> None:
    """Write the chain, whole or not at all."""
    files.replace(folder / "chain.json", msgspec.json.encode(chain))


def settle(folder: Path, chain: Chain, *, appeared: bool) -> Chain:
    """After a crash: count the pending link if it appeared in the spool, else forget it."""
    if chain.pending is None:
        return chain
    last = chain.pending if appeared else chain.last
    settled = msgspec.structs.replace(chain, last=last, pending=None)
    save(folder, settled)
    return settled
