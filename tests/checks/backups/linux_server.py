"""A Linux server of files whose journal a test writes."""

import json
from collections.abc import Sequence

from checks.backups import linux
from checks.backups.facts import Job
from checks.backups.linux_journal import FAILED, SUCCEEDED
from checks.host import READ_LIMIT, RUN_TIMEOUT, CannotLook, Process, Processes, Ran, Stretches
from checks.online import Stretch
from checks.unseen import known
from tests.checks.rooted import Names, RootedHost

NOW = 1_795_305_600
HOUR = 3_600


class Server(RootedHost):
    """A Linux machine of files, with a journal that a test writes."""

    root_user = True
    journal: bytes | CannotLook = b""
    running: tuple[str, ...] = ()
    asked: list[Sequence[str]]
    closed: tuple[str, ...] = ()

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes | None:
        if path in self.closed:
            raise CannotLook("denied", path)
        return super().read(path, limit)

    def list(self, path: str) -> Names | None:
        if path in self.closed:
            raise CannotLook("denied", path)
        return super().list(path)

    @property
    def privileged(self) -> bool:
        return self.root_user

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        self.asked.append(argv)
        if argv[0] != "journalctl":
            raise CannotLook("tool-missing", argv[0])
        if isinstance(self.journal, CannotLook):
            raise self.journal
        return Ran(0, self.journal)

    def processes(self) -> Processes:
        return [Process(1, name, None, "a") for name in self.running]

    def online(self) -> Stretches:
        return [Stretch(NOW - 9, NOW, 9)]

    def clock(self) -> int:
        return NOW

    def timer(self, name: str, call: str = "", timer: str = "[Timer]\n") -> None:
        """An enabled timer and the service of its name."""
        self.put("/run/systemd/system/x", "")
        folder = "/etc/systemd/system"
        wants = self.root / f"{folder[1:]}/timers.target.wants"
        wants.mkdir(parents=True, exist_ok=True)
        (wants / f"{name}.timer").symlink_to(f"/usr/lib/systemd/system/{name}.timer")
        self.put(f"/usr/lib/systemd/system/{name}.timer", timer, 0o644)
        self.put(f"{folder}/{name}.service", f"[Service]\nExecStart={call}\n", 0o644)

    def ended(self, *ends: tuple[str, bool, int]) -> None:
        """Unit, whether it worked, and how many hours ago."""
        rows = [
            {
                "UNIT": unit,
                "MESSAGE_ID": SUCCEEDED if worked else FAILED,
                "__REALTIME_TIMESTAMP": str((NOW - hours * HOUR) * 10**6 + 5),
            }
            for unit, worked, hours in ends
        ]
        self.journal = "\n".join(json.dumps(row) for row in rows).encode()


def jobs(server: Server) -> list[Job]:
    return known(linux.read_now(server).jobs)
