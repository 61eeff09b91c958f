"""A clock that a simulation drives, through a file in a demonstration's data folder.

Real data folders never have one: `follow` refuses to read it anywhere but in a folder that was made
for a demonstration (O34), so nobody can turn back a school's time by dropping a file.
"""

from pathlib import Path

from controller import clock, datafolder


class DrivenClock:
    """The time in `<data>/clock`; several processes may read it, one sets it."""

    def __init__(self, data: Path) -> None:
        """Raises DataFolderError for a folder made for real computers."""
        if not datafolder.is_demo(data):
            raise datafolder.DataFolderError(
                f"{data} is not a demonstration; its clock is the machine's own."
            )
        self._path = data / "clock"

    def set(self, at: int) -> None:
        """Make it `at`, epoch seconds; a reader sees the old or the new time, never half of one."""
        fresh = self._path.with_suffix(".new")
        fresh.write_text(str(at), encoding="ascii")
        fresh.replace(self._path)

    def stop(self) -> None:
        """Hand time back to the machine."""
        self._path.unlink(missing_ok=True)

    def now(self) -> int:
        """The driven time, or the machine's where nobody drives it."""
        try:
            return int(self._path.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return clock.machine()


def follow(data: Path) -> None:
    """Let this process's clock follow a demonstration's driven clock; elsewhere do nothing."""
    if datafolder.is_demo(data):
        clock.use(DrivenClock(data).now)
