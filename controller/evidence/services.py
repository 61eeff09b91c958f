"""Checkpoints of a school's evidence log: made, compared with the one before, written for people.

A checkpoint is the log's length and root, signed by the log key and by no other (trust §4.5). What
makes it worth something is that copies of it lie where nobody here can change them: on paper, in a
mail, in the signed reports of every computer.
"""

import base64
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from controller.keyfiles import log_key, log_key_before
from inventory.ledger import checkpoints, log
from inventory.ledger import services as ledger
from inventory.ledger.checkpoints import Sheet
from wire import keys, note

MOST: int = 12
"""Checkpoints compared with the log when one is shown."""


class Checked(msgspec.Struct, frozen=True):
    """A signed checkpoint and whether the log still begins with what it was signed over."""

    sheet: Sheet
    consistent: bool


def origin(site: str) -> str:
    """The name of a school's log, inside each of its checkpoints."""
    return f"caretaker.{site}/evidence"


def make(site: str, *, actor: str, at: int, data: Path) -> Sheet:
    """Sign how far the log reaches, this line included. Raises DataFolderError without a key."""
    key, before = log_key(data), log_key_before(data)
    with transaction.atomic():
        return _sign(site, key, before, actor=actor, at=at)


def _sign(
    site: str, key: Ed25519PrivateKey, retiring: Ed25519PrivateKey | None, *, actor: str, at: int
) -> Sheet:
    """`retiring` signs as well while it hands over to `key`."""
    before = checkpoints.newest(site, 1)
    ledger.append(
        site_id=site,
        at=at,
        actor=actor,
        verb="checkpoint",
        subject=site,
        before={"size": before[0].size, "root": before[0].root.hex()} if before else None,
        after={"key": keys.key_id(keys.public_bytes(key))},
    )
    extent = log.extent(site)
    name = origin(site)
    signed = note.write(note.Checkpoint(name, extent.size, extent.root), name, key)
    text = (note.cosign(signed, name, retiring) if retiring else signed).decode()
    checkpoints.keep(site, extent, text, at)
    return Sheet(extent.size, extent.root, at, text)


def checked(site: str, most: int = MOST) -> list[Checked]:
    """The newest checkpoints, each held against the log as it is now, line for line."""
    sheets = checkpoints.newest(site, most)
    roots = log.roots_at(site, {sheet.size for sheet in sheets})
    return [Checked(sheet, roots.get(sheet.size) == sheet.root) for sheet in sheets]


def groups(root: bytes) -> list[str]:
    """A root for reading aloud and typing: eight groups of eight hexadecimal digits."""
    digits = root.hex()
    return [digits[at : at + 8] for at in range(0, len(digits), 8)]


def text_of(root: bytes) -> str:
    """A root in base64, as it stands in the signed note."""
    return base64.b64encode(root).decode()
