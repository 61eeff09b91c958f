"""This machine under Windows: the registry by `winreg`, WMI by one PowerShell, plain paths.

What is said of every local door holds: one instance sees one round, `None` is looked and not there.
"""

import os
import stat as st
import subprocess
from collections.abc import Sequence
from typing import Literal, cast

from agent import presence
from agent.hosts import living
from agent.hosts.local import NAMES_LIMIT, LocalHost
from agent.hosts.windows import answers, paths, people, powershell, registry, running, uptime
from agent.state import State
from checks.host import (
    READ_LIMIT,
    RUN_TIMEOUT,
    CannotLook,
    Hive,
    Interfaces,
    Names,
    Platform,
    Processes,
    Ran,
    RegistryKey,
    Stat,
    Users,
    View,
    WmiRows,
)

_POWERSHELL = r"WindowsPowerShell\v1.0\powershell.exe"


class WindowsHost(LocalHost):
    """`Host` over this machine, as whoever runs it."""

    def __init__(self, alias_key: bytes, state: State | None = None) -> None:
        """As `LocalHost`."""
        super().__init__(alias_key, state)
        self._environment = running.environment(os.environ)
        self._powershell = powershell.PowerShell(self._start_powershell)

    @property
    def platform(self) -> Platform:
        """Windows."""
        return "windows"

    @property
    def privileged(self) -> bool:
        """Whether we are an administrator with all of an administrator's rights."""
        import ctypes

        shell = getattr(ctypes, "windll", None)
        return shell is not None and bool(shell.shell32.IsUserAnAdmin())

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        """Run a program of Windows' or an installed one; never as somebody else."""
        if as_user is not None:
            raise CannotLook("unsupported", "nothing runs as somebody else on Windows")
        program = running.found(argv[0], self._environment, _system())
        return running.run(argv, timeout, self._environment, program)

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes | None:
        """A regular file."""
        return paths.read(path, limit, _system())

    def stat(self, path: str) -> Stat | None:
        """What a path is; owners have no numbers here, so they are 0."""
        info = paths.look(path, _system())
        if info is None:
            return None
        return Stat(_kind(info), info.st_size, st.S_IMODE(info.st_mode), 0, 0, int(info.st_mtime))

    def list(self, path: str) -> Names | None:
        """Sorted names."""
        return paths.names(path, _system(), NAMES_LIMIT)

    def link(self, path: str) -> str | None:
        """No reader follows links here."""
        raise CannotLook("unsupported", "links")

    def registry(self, hive: Hive, key: str, view: View = "64") -> RegistryKey | None:
        """One key."""
        return registry.read(hive, key, view)

    def wmi(self, cls: str, namespace: str, properties: Sequence[str]) -> WmiRows:
        """Instances of a class, `Class WHERE condition` too."""
        return self._powershell.wmi(cls, namespace, properties)

    def processes(self) -> Processes:
        """Running programs; of others' only what may be seen."""
        if self._processes is None:
            self._processes = living.processes(self, {})
        return [*self._processes]

    def interfaces(self) -> Interfaces:
        """Network interfaces; what kind each is, readers ask WMI."""
        if self._interfaces is None:
            self._interfaces = living.interfaces(self)
        return [*self._interfaces]

    def users(self) -> Users:
        """Whoever has a profile here."""
        if self._users is None:
            drive = self._environment.get("SystemDrive", "C:")
            self._users = people.users(self, drive)
        return [*self._users]

    def ask(self, unix_socket: str, question: bytes, limit: int = READ_LIMIT) -> bytes | None:
        """There are none."""
        raise CannotLook("unsupported", "sockets")

    def sample(self) -> presence.Sample:
        """This moment as the ledger of hours switched on keeps it."""
        up, awake = uptime.clocks(uptime.kernel())
        return presence.Sample(
            boot=uptime.start(self),
            at=self.clock(),
            up=up,
            awake=min(awake, up),
            connected=uptime.connected(self),
        )

    def _start_powershell(self) -> "subprocess.Popen[bytes]":
        program = running.found(
            rf"{self._environment['SystemRoot']}\System32\{_POWERSHELL}",
            self._environment,
            _system(),
        )
        try:
            return subprocess.Popen(
                [program, *answers.FLAGS, answers.encoded(powershell.script())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # blocks of CLIXML, localised
                env=self._environment,
                creationflags=running.FLAGS,
            )
        except PermissionError as error:
            raise CannotLook("denied", program) from error
        except OSError as error:
            raise CannotLook("tool-missing", program) from error


def _system() -> paths.System:
    return cast("paths.System", os)


def _kind(info: os.stat_result) -> Literal["file", "folder", "link", "other"]:
    if paths.is_link(info):
        return "link"
    if st.S_ISREG(info.st_mode):
        return "file"
    return "folder" if st.S_ISDIR(info.st_mode) else "other"
