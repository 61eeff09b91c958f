"""Whole-process cost of a command: CPU seconds and peak memory, children included.

CPU time, not wall time: the machine may be shared. Peak memory is the largest resident set of any
one process of the tree, as the kernel reports it for waited-for children.
"""

import os
import platform
import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

import msgspec


class Cost(msgspec.Struct, frozen=True):
    """One run: user and system CPU seconds, peak resident bytes, exit code, seconds it took."""

    cpu_seconds: float
    peak_bytes: int
    code: int
    wall_seconds: float


class Figure(msgspec.Struct, frozen=True):
    """Several runs of one command: the median of each, and how far they lay apart."""

    name: str
    cpu_seconds: float
    cpu_worst: float
    peak_bytes: int
    runs: int
    codes: list[int]
    wall_seconds: float


_CHILD = """
import resource, subprocess, sys, time
began = time.monotonic()
code = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                      stderr=subprocess.DEVNULL).returncode
wall = time.monotonic() - began
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, code, wall)
"""


def cost(argv: Sequence[str], environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command once under a small parent of its own, so that only its tree is counted."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _CHILD, *argv],
        capture_output=True,
        check=True,
        text=True,
        env=None if environment is None else {**os.environ, **environment},
    )
    cpu, peak, code, wall = done.stdout.split()
    return Cost(float(cpu), int(peak), int(code), float(wall))


def figure(name: str, argv: Sequence[str], runs: int) -> Figure:
    """The median of several runs; the first, which fills caches, is thrown away."""
    cost(argv)
    return figure_of(name, [cost(argv) for _ in range(runs)])


def figure_of(name: str, costs: Sequence[Cost]) -> Figure:
    """The medians of what was measured."""
    return Figure(
        name=name,
        cpu_seconds=median(c.cpu_seconds for c in costs),
        cpu_worst=max(c.cpu_seconds for c in costs),
        peak_bytes=int(median(c.peak_bytes for c in costs)),
        runs=len(costs),
        codes=sorted({c.code for c in costs}),
        wall_seconds=median(c.wall_seconds for c in costs),
    )


def machine() -> str:
    """What was measured on, in one line."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return f"{os.cpu_count()} × {cpu}, {system}, Python {platform.python_version()}"


def tree_cpu_seconds(pids: Sequence[int]) -> float:
    """User and system CPU seconds so far of running processes, their waited-for children too."""
    ticks = 0
    for pid in pids:
        stat = Path(f"/proc/{pid}/stat")
        if not stat.exists():  # it ended while we measured
            continue
        fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        ticks += sum(int(field) for field in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def children_of(pid: int) -> list[int]:
    """A running process and everything below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text(encoding="utf-8").split():
            found += children_of(int(child))
    return found


def limit_open_files() -> None:
    """Let this process hold as many connections as the hard limit allows."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
