"""Reads every domain of a made-up Linux machine as root or as nobody, and prints its sections.

Arguments: the folder that stands for `/`, and `root` or `nobody`. Root reads first in any case, so
that everything is imported by then: Python itself may lie where nobody may look.
"""

import os
import pwd
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from agent.collect.reading import read_domain
from checks.catalogue import catalogue
from checks.host import RUN_TIMEOUT, CannotLook, Listeners, Process, Processes, Ran
from tests.checks.rooted import RootedHost


class MadeUp(RootedHost):
    """The made-up machine. Only root may run a program as somebody else, as everywhere."""

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        if as_user is not None and not self.privileged:
            raise CannotLook("denied", as_user)
        if list(argv) == ["passwd", "-S", "-a"]:
            told = b"maya P 2026-01-01 0 99999 7 -1\n"
            return Ran(0, told) if self.privileged else Ran(1, b"")
        if argv[0] == "find":  # who has a camera open
            return Ran(0, b"") if self.privileged else Ran(1, b"", b"find: Permission denied")
        return super().run(argv, timeout)

    def processes(self) -> Processes:
        return [Process(1, "systemd", "/usr/lib/systemd/systemd", self.alias("user", "root"))]

    def listeners(self) -> Listeners:
        return []

    def clock(self) -> int:
        return 1_795_305_600


def sections(root: Path) -> dict[str, object]:
    host = MadeUp(root)
    return {
        section.section: body
        for domain in catalogue().domains
        for section, body in read_domain(host, domain).items()
    }


def main(root: Path, who: str) -> None:
    found = sections(root)
    if who != "root":
        account = pwd.getpwnam(who)
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
        found = sections(root)
    sys.stdout.buffer.write(msgspec.json.encode(found))


main(Path(sys.argv[1]), sys.argv[2])
