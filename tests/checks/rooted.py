"""This machine's own door, with one folder in place of `/` and chosen programs and interfaces.

The files, their modes and who may read them are real; only where they lie is the test's.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from agent.hosts import running
from agent.hosts.local import LocalHost
from checks.host import READ_LIMIT, RUN_TIMEOUT, CannotLook, Interface, Ran, Stat

Names = list[str]
Interfaces = list[Interface]
RADIO = Interface("wlan0", "02:00:00:00:00:01", True, "wireless", True)


class RootedHost(LocalHost):
    """`programs` may run for real, under `environment`; every other program is not installed."""

    def __init__(
        self,
        root: Path,
        *,
        programs: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        cards: Sequence[Interface] = (RADIO,),
    ) -> None:
        super().__init__(b"k" * 32)
        self.root = root
        self.programs = programs
        self.variables = [f"{name}={value}" for name, value in (environment or {}).items()]
        self.cards = list(cards)

    def put(self, path: str, content: str | bytes, mode: int = 0o600) -> None:
        """Write a file of this made-up root."""
        place = self.root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
        place.chmod(mode)

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes | None:
        return super().read(f"{self.root}{path}", limit)

    def stat(self, path: str) -> Stat | None:
        return super().stat(f"{self.root}{path}")

    def list(self, path: str) -> Names | None:
        return super().list(f"{self.root}{path}")

    def link(self, path: str) -> str | None:
        return super().link(f"{self.root}{path}")

    def interfaces(self) -> Interfaces:
        return self.cards

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        if argv[0] not in self.programs:
            raise CannotLook("tool-missing", argv[0])
        return running.run(["env", *self.variables, *argv], timeout)
