"""A /24 swept by ARP, beside arp-scan and nmap in the same network namespace: 41 addresses answer.

The school's pace is 100 frames a second, which takes its time; `arp-scan` sends some 600 by itself,
so it is compared with 1,000, and nmap at 100 with ours at 100. Exit 0: all 41 were found.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import msgspec

from agent.survey.worker.task import Task
from bench.measure import Cost, Figure, cost, figure_of
from tests.namespaces import batch, made

RUNS = 5
FOUND = 41
NETWORK = "10.77.0.0/24"
OWN = "10.77.0.5"
MAC = "00:23:24:00:00:05"
SEARCH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
ALL = """
import subprocess, sys
done = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, capture_output=True)
words = done.stdout.decode().replace(")", " ").split()
sys.exit(0 if sum(f"10.77.0.{n}" in words for n in range(10, 51)) == 41 else 1)
"""


def figures() -> Iterator[Figure]:
    """Ours, arp-scan and nmap in turns; nothing where no namespace can be made."""
    tool = shutil.which("ip", path=SEARCH)
    if tool is None or os.geteuid() != 0:
        print("  skipped: namespaces need root and iproute2", file=sys.stderr)
        return
    near, far = f"ctb{os.getpid()}a", f"ctb{os.getpid()}b"
    with made(tool, [near, far]), tempfile.TemporaryDirectory() as folder:
        batch(tool, [f"link add eth0 address {MAC} type veth peer eth0 netns {far}"], near)
        batch(tool, ["link set eth0 up", f"addr add {OWN}/24 dev eth0"], near)
        answering = [f"addr add 10.77.0.{n}/24 dev eth0" for n in range(10, 10 + FOUND)]
        batch(tool, ["link set eth0 up", *answering], far)
        inside = [tool, "netns", "exec", near]
        yield from _in_turns([(name, [*inside, *argv]) for name, argv in _programs(Path(folder))])


def _programs(folder: Path) -> Iterator[tuple[str, list[str]]]:
    for rate in (1_000, 100):
        yield f"caretaker-agent, {rate:,} a second", _ours(folder, rate)
    peers = (
        ("arp-scan", ["arp-scan", "-I", "eth0", NETWORK]),
        ("nmap -sn -n", ["nmap", "-sn", "-n", NETWORK]),
        ("nmap -sn -n --max-rate 100", ["nmap", "-sn", "-n", "--max-rate", "100", NETWORK]),
    )
    for name, argv in peers:
        program = shutil.which(argv[0], path=SEARCH)
        if program is None:
            print(f"  {argv[0]} is not installed: apt-get install {argv[0]}", file=sys.stderr)
        else:
            yield name, [sys.executable, "-I", "-S", "-c", ALL, program, *argv[1:]]


def _ours(folder: Path, rate: int) -> list[str]:
    """The agent's side and the worker, as a survey starts it."""
    task = Task(
        card="eth0",
        mac=MAC,
        source=OWN,
        targets=[f"10.77.0.{n}" for n in range(1, 255) if f"10.77.0.{n}" != OWN],
        per_second=rate,
        tries=2,
        networks=[NETWORK],
        offers=False,
        clients=False,
        names=False,
        wait_ms=500,
        offer_seconds=0,
        listen_seconds=0,
        six_sources=[],
    )
    path = folder / f"{rate}.json"
    path.write_bytes(msgspec.json.encode(asdict(task)))
    return [sys.executable, "-P", "-m", "bench.one_sweep", str(path), str(FOUND)]


def _in_turns(programs: Sequence[tuple[str, list[str]]]) -> Iterator[Figure]:
    taken: dict[str, list[Cost]] = {name: [] for name, _ in programs}
    for _ in range(RUNS):
        for name, argv in programs:
            taken[name].append(cost(argv))
    for name, costs in taken.items():
        yield figure_of(name, costs)
