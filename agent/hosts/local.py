"""This machine: Linux and macOS here, Windows in `agent.hosts.windows`.

Every place a user can write is hostile (O17): see `walking`. Programs run through `running`. One
instance sees one round: users, programs, sockets and interfaces are asked for once and remembered.
"""

import hashlib
import hmac
import os
import stat as st
import sys
import time
from collections.abc import Sequence
from typing import Final, Literal

from agent import presence, scans
from agent.hosts import passwd, running, walking
from agent.state import State, StateError
from checks.host import (
    READ_LIMIT,
    RUN_TIMEOUT,
    CannotLook,
    Hive,
    Interfaces,
    Listeners,
    MediaScans,
    Names,
    Platform,
    Processes,
    Ran,
    RegistryKey,
    Rooms,
    Stat,
    Stretches,
    Users,
    View,
    WmiRows,
)
from checks.tried import Tried

_PLATFORMS: Final[dict[str, Platform]] = {"win32": "windows", "darwin": "macos"}
NAMES_LIMIT: Final = 100_000


class LocalHost:
    """`Host` over this machine, as whoever runs it."""

    def __init__(self, alias_key: bytes, state: State | None = None) -> None:
        """`alias_key` is this device's own and never leaves it; `state` is the agent's memory of
        this machine, if it has any."""
        self._alias_key = alias_key
        self._state = state
        self.just_tried: Tried | None = None
        """What somebody had tried by hand, in place of the sender's word."""
        self._users: Users | None = None
        self._processes: Processes | None = None
        self._interfaces: Interfaces | None = None
        self._listeners: Listeners | None = None

    @property
    def platform(self) -> Platform:
        """The family of readers for this system; anything unknown is read as Linux."""
        return _PLATFORMS.get(sys.platform, "linux")

    @property
    def privileged(self) -> bool:
        """Whether we are root."""
        return hasattr(os, "geteuid") and os.geteuid() == 0

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        """Run a program, dropping to `as_user` first if asked."""
        self._posix_only("programs")
        return running.run(argv, timeout, None if as_user is None else self._account(as_user))

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes | None:
        """Read at most `limit` bytes; sizes in sysfs and procfs
        lie, so reading decides, not stat."""
        self._posix_only("files")
        try:
            opened = walking.open_file(path)
        except walking.MissingError:
            return None
        try:
            return _read_all(opened, path, limit)
        finally:
            os.close(opened)

    def stat(self, path: str) -> Stat | None:
        """What a path is; the last component is never followed."""
        self._posix_only("files")
        try:
            with walking.parent_of(path) as (folder, name, _):
                info = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except (walking.MissingError, FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise walking.cannot(error, path) from error
        return Stat(
            _kind(info.st_mode),
            info.st_size,
            st.S_IMODE(info.st_mode),
            info.st_uid,
            info.st_gid,
            int(info.st_mtime),
        )

    def list(self, path: str) -> Names | None:
        """Sorted names; a name that is not UTF-8 has its bad bytes
        replaced, as reports allow only text."""
        self._posix_only("folders")
        try:
            opened = walking.open_folder(path)
        except walking.MissingError:
            return None
        try:
            names = os.listdir(opened)  # noqa: PTH208  (by descriptor; a path could be swapped)
        except OSError as error:
            raise walking.cannot(error, path) from error
        finally:
            os.close(opened)
        if len(names) > NAMES_LIMIT:
            raise CannotLook("too-large", path)
        return sorted(os.fsencode(name).decode("utf-8", "replace") for name in names)

    def link(self, path: str) -> str | None:
        """Where a link points, unresolved; None for anything that is not a link."""
        self._posix_only("links")
        try:
            with walking.parent_of(path) as (folder, name, _):
                target = os.readlink(name, dir_fd=folder)
        except walking.MissingError:
            return None
        except OSError as error:
            if isinstance(error, FileNotFoundError) or error.errno == 22:  # EINVAL: not a link
                return None
            raise walking.cannot(error, path) from error
        return os.fsencode(target).decode("utf-8", "replace")

    def registry(self, hive: Hive, key: str, view: View = "64") -> RegistryKey | None:
        """Windows only."""
        raise CannotLook("unsupported", f"registry {hive}\\{key} on {self.platform}")

    def wmi(self, cls: str, namespace: str, properties: Sequence[str]) -> WmiRows:
        """Windows only."""
        raise CannotLook("unsupported", f"WMI {cls} on {self.platform}")

    def processes(self) -> Processes:
        """Running programs; kernel threads, which have no program, are left out."""
        if self._processes is None:
            from agent.hosts import living

            names = {int(user.uid): user.name for user in self.users()}
            self._processes = living.processes(self, names)
        return list(self._processes)

    def listeners(self) -> Listeners:
        """Listening sockets; without root the owning program of others' sockets is None."""
        if self._listeners is None:
            self._listeners = self._listening()
        return list(self._listeners)

    def _listening(self) -> Listeners:
        if self.platform == "linux":
            from agent.hosts import listening

            return listening.listeners(self)
        if self.platform == "macos" and not self.privileged:
            from agent.hosts import macos  # psutil refuses everything to an ordinary user

            return macos.listeners(self)
        from agent.hosts import living

        return living.portable_listeners()

    def interfaces(self) -> Interfaces:
        """Network interfaces, from sysfs on Linux (it alone
        knows whether an address is permanent)."""
        if self._interfaces is None:
            from agent.hosts import living

            self._interfaces = living.interfaces(self)
        return list(self._interfaces)

    def users(self) -> Users:
        """Accounts of this machine, none of a directory's."""
        if self._users is None and self.platform == "macos":
            from agent.hosts import macos

            self._users = macos.users(self)
        if self._users is None:
            self._posix_only("accounts")
            self._users = passwd.users(self.read(passwd.PASSWD), self.alias)
        return list(self._users)

    def ask(self, unix_socket: str, question: bytes, limit: int = READ_LIMIT) -> bytes | None:
        """One question to a local daemon; the socket's folder is walked like any hostile place."""
        self._posix_only("sockets")
        from agent.hosts import sockets

        return sockets.ask(unix_socket, question, limit)

    def alias(self, kind: str, text: str) -> str:
        """64 bits of HMAC-SHA-256 under this device's key:
        stable here, meaningless elsewhere (O19)."""
        mac = hmac.new(self._alias_key, f"{kind}\0{text}".encode(), hashlib.sha256)
        return mac.hexdigest()[:16]

    def clock(self) -> int:
        """This machine's own idea of now."""
        return int(time.time())

    def enrolled_at(self) -> int | None:
        """By the identity in the state folder in use; without one this agent is not enrolled."""
        try:
            identity = None if self._state is None else self._state.identity()
        except StateError as error:
            raise CannotLook("parse-error", str(error)) from error
        except OSError as error:
            raise walking.cannot(error, "identity.json") from error
        return None if identity is None else identity.enrolled_at

    def online(self) -> Stretches:
        """By the ledger of the rounds before, and this moment; nothing is written here."""
        now = self.sample()
        try:
            before = presence.Ledger() if self._state is None else presence.load(self._state.key)
        except presence.DamagedError as error:
            raise CannotLook("parse-error", str(error)) from error
        except OSError as error:
            raise walking.cannot(error, presence.NAME) from error
        return presence.noted(before, now).stretches

    def tried(self) -> Tried | None:
        """By what the sender left beside the reports; its word is believed as far as it is one."""
        from agent import testpages

        if self.just_tried is not None:
            return self.just_tried
        try:
            return None if self._state is None else testpages.tried(self._state)
        except testpages.DamagedError as error:
            raise CannotLook("parse-error", str(error)) from error
        except OSError as error:
            raise walking.cannot(error, testpages.FOUND) from error

    def room(self) -> Rooms:
        """By the record of the rounds before; without a memory nobody knows."""
        from agent import room

        if self._state is None:
            raise CannotLook("unsupported", "no memory of room")
        try:
            return room.load(self._state.key)
        except room.DamagedError as error:
            raise CannotLook("parse-error", str(error)) from error
        except OSError as error:
            raise walking.cannot(error, room.NAME) from error

    def media_scans(self) -> MediaScans:
        """By what `scan-media` noted; without a memory nobody knows."""
        if self._state is None:
            raise CannotLook("unsupported", "no memory of scans")
        try:
            return scans.remembered(self._state.key, self.clock())
        except scans.DamagedError as error:
            raise CannotLook("parse-error", str(error)) from error
        except OSError as error:
            raise walking.cannot(error, scans.NAME) from error

    def sample(self) -> presence.Sample:
        """This moment as the ledger keeps it. Raises CannotLook."""
        if self.platform == "macos":
            return self._sample_of_a_mac()
        if self.platform != "linux":
            raise CannotLook("unsupported", "hours switched on")
        from agent.hosts import connected

        # CLOCK_BOOTTIME goes on in sleep, CLOCK_MONOTONIC does not (clock_gettime(2)).
        return presence.Sample(
            boot=connected.start(self),
            at=self.clock(),
            up=int(time.clock_gettime(time.CLOCK_BOOTTIME)),
            awake=int(time.clock_gettime(time.CLOCK_MONOTONIC)),
            connected=connected.connected(self),
        )

    def _sample_of_a_mac(self) -> presence.Sample:
        from agent.hosts import macos_uptime

        up, awake = macos_uptime.clocks()
        return presence.Sample(
            boot=macos_uptime.start(self),
            at=self.clock(),
            up=up,
            awake=min(awake, up),
            connected=macos_uptime.connected(self),
        )

    def _posix_only(self, what: str) -> None:
        """Nothing here follows the paths of Windows safely; its own door does."""
        if self.platform == "windows":
            raise CannotLook("unsupported", what)

    def _account(self, name: str) -> passwd.Account:
        account = passwd.account(self.read(passwd.PASSWD), name)
        if not self.privileged and account.uid != os.geteuid():
            raise CannotLook("denied", "only root can look as somebody else")
        return account


def _kind(mode: int) -> Literal["file", "folder", "link", "other"]:
    if st.S_ISREG(mode):
        return "file"
    if st.S_ISDIR(mode):
        return "folder"
    return "link" if st.S_ISLNK(mode) else "other"


def _read_all(opened: int, path: str, limit: int) -> bytes:
    if os.fstat(opened).st_size > limit:
        raise CannotLook("too-large", path)
    kept = bytearray()
    try:
        while len(kept) <= limit:
            piece = os.read(opened, min(65536, limit + 1 - len(kept)))
            if not piece:
                return bytes(kept)
            kept += piece
    except OSError as error:
        raise walking.cannot(error, path) from error
    raise CannotLook("too-large", path)
