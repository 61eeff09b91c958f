"""Programs of Windows and macOS, of which an ordinary user may not be told everything."""

import psutil
import pytest

from agent.hosts import living
from checks.host import Process
from tests.agent.conftest import machine


class Program:
    """A program as psutil shows it; None: it refuses to tell."""

    def __init__(self, pid: int, user: str | None, exe: str | None, *, gone: bool = False) -> None:
        self.pid = pid
        self._user, self._exe, self._gone = user, exe, gone

    def name(self) -> str:
        if self._gone:
            raise psutil.NoSuchProcess(self.pid)
        return f"program-{self.pid}"

    def username(self) -> str:
        return self._told(self._user)

    def exe(self) -> str:
        return self._told(self._exe)

    def _told(self, value: str | None) -> str:
        if value is None:
            raise psutil.AccessDenied(self.pid)
        return value


def test_a_program_that_tells_nothing_but_its_name_is_there_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    programs = [
        Program(3, "maya", "/Applications/A.app/Contents/MacOS/A"),
        Program(1, None, None),
        Program(2, "SCHOOL\\omar", None),
        Program(4, "maya", None, gone=True),
    ]
    monkeypatch.setattr(psutil, "process_iter", lambda: iter(programs))
    host = machine()
    assert living._portable_processes(host) == [
        Process(1, "program-1", None, ""),
        Process(2, "program-2", None, host.alias("user", "omar")),
        Process(3, "program-3", programs[0].exe(), host.alias("user", "maya")),
    ]
