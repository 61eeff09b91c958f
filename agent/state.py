"""The agent's own folder: what lies where, who may read it, and the refusal of one not ours.

    key/      device key, alias key, chain, hardware binding, breadcrumb: the reader's alone (O13)
    spool/    one folder per report that waits for its receipt
    kept/     reports with their receipts, 30 days or 20 MB (O5)
    dead/     reports that a signed problem condemned, tried again after an upgrade on either side
    orphan/   keys and reports of an identity this hardware no longer has
    identity.json   who we are to which controller; holds no secret
    key/roots.json  the signed list of the controller's keys that we believe (O3)
    key/policy.json, ruling.json    the signed policy we judge by; the versions seen (O20)
    key/scope.json, scoping.json    of a scanner: the signed scope it asks by; the versions seen
    key/sealing.key, credentials*.json, host_keys.json    what it asks with (`agent.survey.held`)

Everything is 0700. Where a user of its own delivers (`share`), that user's group may enter this
folder and write into the spool; keys, kept and dead reports stay closed to it.
"""

import os
import stat as st
from pathlib import Path
from typing import Final

import msgspec

from agent import files

FOLDERS: Final = ("key", "spool", "kept", "dead", "orphan")
_SMALL: Final = 64 * 1024


class StateError(Exception):
    """The state folder cannot be used; the sentence says what to do."""


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Who we are to which controller. `enrolled` is the digest of our enrol envelope.

    `trust` says what a TLS connection must show: `pins` (SHA-256 of the server's public key is in
    `spki`) or `system` (the operating system's certificate store). Authenticity never rests on it
    (O4). `controllers` are the keys whose answers count, `recovery` is the one that may change
    them, `roots` and `roots_version` name the list that says so (O3). `policy` is the digest of the
    policy in force, `scope` and `credentials` those of what a scanner goes by, so that the sender
    knows when to ask for others.
    """

    device: str
    controller: str
    addresses: list[str]
    trust: str
    spki: list[str]
    enrolled: str
    words: str
    enrolled_at: int
    controllers: list[str] = []
    recovery: str = ""
    roots: str = ""
    roots_version: int = 0
    policy: str = ""
    scope: str = ""
    credentials: str = ""

    def trusted(self) -> list[bytes]:
        """The public keys whose answers count; the one in use first."""
        from wire import keys  # with it comes all of the signing, which an audit never needs

        return [keys.from_text(text) for text in self.controllers or [self.controller]]


class State:
    """Paths inside one state folder; makes them 0700 and refuses looser ones."""

    def __init__(self, data: Path) -> None:
        """`data` is the data folder; ours is `agent` inside it."""
        self.root: Final = data / "agent"
        self.key: Final = self.root / "key"
        self.spool: Final = self.root / "spool"
        self.kept: Final = self.root / "kept"
        self.dead: Final = self.root / "dead"
        self.orphan: Final = self.root / "orphan"

    def prepare(self) -> None:
        """Make what is missing. Raises StateError for a folder somebody else owns or may read."""
        try:
            if self.root.parent.is_dir():
                _nobody_elses(self.root.parent)
            for name in FOLDERS:
                files.make_folder(self.root / name)
            _ours(self.root, closed=0o067)
            _ours(self.spool, closed=0o007)
            for folder in (self.key, self.kept, self.dead, self.orphan):
                _ours(folder, closed=0o077)
        except OSError as error:
            raise StateError(
                f"Cannot use {self.root}: {error.strerror}. Choose a folder with --data."
            ) from error

    def share(self, user: str) -> None:
        """Let `user` deliver: the spool and who we are, and nothing else (O13).

        Raises StateError.
        """
        import pwd

        self.prepare()
        try:
            gid = pwd.getpwnam(user).pw_gid
        except KeyError as error:
            raise StateError(f"There is no user {user} to deliver reports.") from error
        self.share_with(gid)

    def share_with(self, gid: int) -> None:
        """The same by number: the agent's folder can be
        entered, the spool written, by this group."""
        from agent import spool  # with it comes all of the signing, which an audit never needs

        for folder, mode in ((self.root, 0o2710), (self.spool, 0o2770)):
            os.chown(folder, -1, gid)
            folder.chmod(mode)
        for path in (self.root / "identity.json", *self.spool.glob("*.*")):
            files.share_file(path, gid)
        for entry in spool.entries(self.spool):
            files.share_like(entry.path, self.spool)

    def identity(self) -> Identity | None:
        """Who we are, or None before enrolment. Raises StateError if the file is damaged."""
        data = files.read_or_none(self.root / "identity.json", _SMALL)
        if data is None:
            return None
        try:
            return msgspec.json.decode(data, type=Identity)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise StateError(
                f"{self.root / 'identity.json'} is damaged; enrol this computer again."
            ) from error

    def remember(self, identity: Identity) -> None:
        """Write who we are, whole or not at all.

        What a newer release noted of the same identity stays: this one may be here for a day.
        """
        path = self.root / "identity.json"
        files.replace(path, msgspec.json.encode(_of_other_releases(path, identity)))


def _of_other_releases(path: Path, identity: Identity) -> dict[str, object]:
    """All fields to write: ours, and those we do not know that lie there of the same device."""
    ours: dict[str, object] = msgspec.to_builtins(identity)
    data = files.read_or_none(path, _SMALL)
    try:
        there = {} if data is None else msgspec.json.decode(data, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ours
    return there | ours if there.get("device") == identity.device else ours


def _nobody_elses(data: Path) -> None:
    """Refuse root's own state in a folder that somebody else could take it out of, and put another
    in its place: a controller's, on a computer that is both, or a person's."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    info = data.stat()
    written_by = 0o002 | (0o020 if info.st_gid != 0 else 0)
    if info.st_uid != 0 or (info.st_mode & written_by and not info.st_mode & st.S_ISVTX):
        raise StateError(
            f"Others than root can change what is in {data}, so root keeps no key there; choose a "
            "folder with --data, and schedule it with the same one."
        )


def _ours(folder: Path, closed: int) -> None:
    """Refuse a folder of somebody else's, or one with a permission that must be closed."""
    info = folder.lstat()
    if not st.S_ISDIR(info.st_mode):
        raise StateError(f"{folder} is not a folder; remove it or choose another with --data.")
    if not hasattr(os, "geteuid"):
        return
    if info.st_uid != os.geteuid():
        raise StateError(
            f"{folder} belongs to another user; run as that user or choose another with --data."
        )
    if info.st_mode & closed:
        raise StateError(f"{folder} can be read by other users; run: chmod 700 {folder}")
