"""Threads that meet a type for the first time at once: without care, the end of the process."""

import subprocess
import sys

import msgspec

from wire import first_use

_MEET = """
import sys, threading
import msgspec
from wire import first_use
sys.setswitchinterval(1e-6)
for _ in range(40):
    inner = msgspec.defstruct("Inner", [(f"a{n}", int) for n in range(30)])
    outer = msgspec.defstruct("Outer", [(f"x{n}", inner | None) for n in range(30)])
    first_use.prepare()
    body = {f"a{n}": n for n in range(30)}
    data = msgspec.json.encode({f"x{n}": body for n in range(30)})
    start = threading.Barrier(6)
    def read():
        start.wait()
        msgspec.json.decode(data, type=outer)
    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
print("whole")
"""


def test_types_that_were_met_before_are_read_by_many_threads_at_once() -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", _MEET],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "whole\n"), done.stderr


def test_a_type_that_nobody_can_read_stops_nothing() -> None:
    class Unreadable(msgspec.Struct):
        what: "Nowhere"  # type: ignore[name-defined]  # noqa: F821  that is the point

    before = first_use.prepare()
    assert Unreadable in msgspec.Struct.__subclasses__()
    assert first_use.prepare() == before
