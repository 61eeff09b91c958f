"""Print every figure as a table; `--only PART` for one part of them, `--format json` for all.

`--only morning --computers N` is not among them: it says what a controller does when a whole trust
comes back at once, and takes minutes.
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec

from bench import air, audit, evidence, intake, morning, snmp, sweeping, wiping
from bench.intake import Intake
from bench.measure import Figure, limit_open_files, machine

AUDIT_HEAD = f"""
A full audit of this machine (whole process tree, medians)
{"":36}{"CPU s":>8}{"worst":>8}{"MB":>7}  exit"""
INTAKE_HEAD = f"""
Intake over loopback HTTPS, SQLite, one worker; wrk on the same cores
{"":12}{"bytes":>7}{"per s":>8}{"CPU µs":>8}{"p50 ms":>8}{"p99 ms":>8}{"stolen":>8}"""
LOG_HEAD = f"""
A stranger verifies an evidence log (goal: 1 s)
{"":36}{"CPU s":>8}{"worst":>8}{"MB":>7}  exit"""
AIR_HEAD = f"""
The networks in a capture (goal: 10,000 beacons in 1 s)
{"":36}{"CPU s":>8}{"worst":>8}{"MB":>7}  exit"""
SWEEP_HEAD = f"""
A /24 is swept, 41 of it answer (medians; goal: no longer than arp-scan, 60 MB)
{"":36}{"CPU s":>8}{"worst":>8}{"MB":>7}  exit{"s":>8}"""
SNMP_HEAD = f"""
{snmp.DEVICES} switches are asked over SNMP v2c (goal: 40 s of CPU)
{"":36}{"CPU s":>8}{"worst":>8}{"MB":>7}  exit"""
WIPE_HEAD = f"""
2 GiB of zeros are read back (medians; goal: at or above cmp, 40 MB)
{"":36}{"CPU s":>8}{"worst":>8}{"MB":>7}  exit{"MB/s":>8}"""
PARTS = ("audit", "intake", "log", "wipe", "air", "sweep", "snmp", "morning")
T = TypeVar("T")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--computers", type=int, default=5_000)
    parser.add_argument("--format", choices=("table", "json"), default="table")
    options = parser.parse_args()
    limit_open_files()
    show = print if options.format == "table" else _quiet
    results: dict[str, object] = {"schema": "caretaker.bench/1", "machine": machine()}
    show(machine())
    if options.only in (None, "audit"):
        results["audit"] = _part(AUDIT_HEAD, audit.figures(), _cost_row, show)
    if options.only in (None, "intake"):
        results["intake"] = _part(INTAKE_HEAD, intake.runs(), _intake_row, show)
        results["floor_us"] = floor = intake.floor()
        there = intake.GOALS_FLOOR_US
        show(
            f"  to parse and verify one takes {floor:.0f} µs here, and {there} where goals were set"
        )
    if options.only in (None, "log"):
        results["log"] = _part(LOG_HEAD, evidence.figures(), _cost_row, show)
    if options.only in (None, "wipe"):
        results["wipe"] = _part(WIPE_HEAD, wiping.figures(), _speed_row, show)
    if options.only in (None, "air"):
        results["air"] = _part(AIR_HEAD, air.figures(), _cost_row, show)
    if options.only in (None, "sweep"):
        results["sweep"] = _part(SWEEP_HEAD, sweeping.figures(), _wall_row, show)
    if options.only in (None, "snmp"):
        results["snmp"] = _part(SNMP_HEAD, snmp.figures(), _cost_row, show)
    if options.only == "morning":
        results["morning"] = found = morning.run(options.computers)
        show(_morning(found))
    if options.format == "json":
        print(msgspec.json.format(msgspec.json.encode(results), indent=1).decode())
    return 0


def _part(
    head: str, figures: Iterable[T], row: Callable[[T], str], show: Callable[[str], None]
) -> list[T]:
    show(head)
    taken = []
    for figure in figures:
        taken.append(figure)
        show(row(figure))
        sys.stdout.flush()
    return taken


def _cost_row(figure: Figure) -> str:
    codes = ",".join(map(str, figure.codes))
    cost = f"{figure.cpu_seconds:8.2f}{figure.cpu_worst:8.2f}{figure.peak_bytes / 1e6:7.0f}"
    return f"{figure.name:36}{cost}  {codes}"


def _speed_row(figure: Figure) -> str:
    return f"{_cost_row(figure):65}{wiping.SIZE / figure.wall_seconds / 1e6:8.0f}"


def _wall_row(figure: Figure) -> str:
    return f"{_cost_row(figure):65}{figure.wall_seconds:8.2f}"


def _intake_row(run: Intake) -> str:
    rate = run.reports / run.seconds
    cost = (
        f"{run.body_bytes:7}{rate:8.0f}{run.server_cpu_us:8.0f}{run.p50_ms:8.1f}{run.p99_ms:8.1f}"
        f"{run.stolen:8.0%}"
    )
    lost = run.refused or run.stored != run.reports
    return f"{run.kind:12}{cost}" + (
        f"\n  {run.refused} refused, {run.stored} of {run.reports} stored" if lost else ""
    )


def _morning(found: morning.Morning) -> str:
    answers = ", ".join(f"{code} {n}" for code, n in sorted(found.answers.items()))
    lines = (
        f"\n{found.computers} computers with {morning.WAITING} reports each come in one second",
        f"  {found.computers - found.late} had delivered all after {found.seconds:.0f} s",
        f"  {found.connected_at_once} lines open at once",
        f"  slowest answer {found.slowest_ms:.0f} ms; answers: {answers}",
        f"  {found.promised} receipts, {found.stored} reports and {found.bodies} bodies stored",
        f"  the server held {found.server_mb:.0f} MB at most",
    )
    return "\n".join(lines)


def _quiet(line: str) -> None:
    del line


if __name__ == "__main__":
    sys.exit(main())
