"""A real ClamAV in a folder of its own: dated definitions, a daemon, a host that looks there."""

import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from agent.hosts.local import LocalHost
from checks.host import READ_LIMIT, RUN_TIMEOUT, Processes, Ran, Stat
from tests import needs

EICAR_MD5 = "44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test"


def sigtool(folder: Path, version: int) -> Path:
    """Build an unsigned `daily.cud` dated now, as ClamAV's own tool writes it."""
    tool = needs.program("sigtool", package="clamav")
    work = folder / "build"
    work.mkdir()
    (work / "COPYING").write_text("none\n")
    (work / "daily.hdb").write_text(EICAR_MD5 + "\n")
    command = [tool, "--build=daily.cud", "--unsigned", f"--cvd-version={version}", "--flevel=90"]
    subprocess.run(
        [*command, "--hybrid"], cwd=work, input=b"2\ny\n", check=True, capture_output=True
    )
    return work / "daily.cud"


class Elsewhere(LocalHost):
    """This machine, with some folders in another place and no programs but ClamAV's."""

    def __init__(self, places: dict[str, Path]) -> None:
        """`places`: what a reader asks for → where it is."""
        super().__init__(b"k" * 32)
        self._places = places

    def _there(self, path: str) -> str:
        for asked, place in self._places.items():
            if path == asked or path.startswith(f"{asked}/"):
                return str(place) + path[len(asked) :]
        return path

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes | None:
        """As LocalHost, elsewhere."""
        return super().read(self._there(path), limit)

    def stat(self, path: str) -> Stat | None:
        """As LocalHost, elsewhere."""
        return super().stat(self._there(path))

    def list(self, path: str) -> list[str] | None:
        """As LocalHost, elsewhere."""
        return super().list(self._there(path))

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        """As LocalHost, arguments elsewhere."""
        return super().run([self._there(word) for word in argv], timeout, as_user)

    def processes(self) -> Processes:
        """Only the first program and ClamAV's own, whatever else runs here."""
        return [one for one in super().processes() if one.pid == 1 or "clam" in one.name]


class Clam:
    """A folder with `etc/`, `db/`, `log/`."""

    def __init__(self, root: Path) -> None:
        """Lay the folder out with an empty database folder."""
        self.root = root
        for name in ("etc", "db", "log", "units", "rules"):
            (root / name).mkdir(parents=True)
        self.conf = root / "etc" / "clamd.conf"
        self.socket = root / "clamd.ctl"
        self.conf.write_text(
            f"LocalSocket {self.socket}\nDatabaseDirectory {root}/db\nForeground yes\n"
            "FixStaleSocket yes\nOnAccessMaxFileSize 5M\n"
        )
        (root / "etc" / "freshclam.conf").write_text(f"UpdateLogFile {root}/log/freshclam.log\n")

    def host(self) -> Elsewhere:
        """A host that finds this ClamAV where Debian puts it."""
        return Elsewhere(
            {
                "/etc/clamav": self.root / "etc",
                "/etc/systemd/system": self.root / "units",
                "/etc/udev/rules.d": self.root / "rules",
            }
        )

    @contextmanager
    def daemon(self) -> Iterator[None]:
        """Run clamd until the socket answers; stop it afterwards."""
        clamd = needs.program("clamd", package="clamav-daemon")
        running = subprocess.Popen(
            [clamd, f"--config-file={self.conf}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            for _ in range(300):
                if self.host().ask(str(self.socket), b"zPING\0") == b"PONG\0":
                    break
                time.sleep(0.1)
            else:
                raise AssertionError("clamd did not start")
            yield
        finally:
            running.terminate()
            running.wait(20)
