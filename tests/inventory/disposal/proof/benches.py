"""Runs of Debian's own nwipe on loop devices of a few megabytes, all at once.

Each run has a namespace of mounts of its own, whose /dev holds its loop devices and nothing else,
so no other drive can be named to it. Loop devices have no serial number: a `smartctl` that stands
beside nwipe answers with one, as a drive's electronics would. Everything else of the log is
nwipe's.
"""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from tests import needs

MIB: Final = 1 << 20
PATIENCE: Final = 120
"""Seconds for all runs together; on an idle machine they take five."""
_SMARTCTL: Final = """\
#!/bin/sh
for last; do :; done
case "$last" in {cases}
esac
echo "=== START OF INFORMATION SECTION ==="
echo "Serial Number:    $serial"
"""
_RUN: Final = """\
set -eu
folder=$1; size=$2; count=$3; filled=$4; room=$5; stop=$6; shift 6
mkdir -p "$folder/dev" "$folder/bin" "$folder/disk"
mount -t tmpfs -o size="$room" none "$folder/disk"
mount -t tmpfs -o mode=755 none "$folder/dev"
loops=; cases=; number=0
while [ $number -lt $count ]; do
  truncate -s "$size" "$folder/disk/$number"
  if [ "$filled" = yes ]; then head -c "$size" /dev/urandom > "$folder/disk/$number"; fi
  loop=$(losetup -f --show "$folder/disk/$number")
  loops="$loops $loop"; cases="$cases $loop) serial=BENCH-$number ;;"
  cp -a "$loop" "$folder/dev/"; number=$((number + 1))
done
sed "s|{cases}|$cases|" "$folder/smartctl" > "$folder/bin/smartctl"
chmod 755 "$folder/bin/smartctl"
cp -a /dev/null /dev/zero /dev/urandom /dev/random "$folder/dev/"
mount --move "$folder/dev" /dev
code=0
PATH=$folder/bin:$PATH timeout -s INT "$stop" nwipe --nogui --autonuke --nowait \\
  --logfile="$folder/log" "$@" $loops > /dev/null 2>&1 < /dev/null || code=$?
for loop in $loops; do losetup -d $loop; done
echo $code
"""


class Run(NamedTuple):
    """One run: nwipe's options, how many drives of how many bytes; `filled` with chance; `room`:
    bytes that there really are behind them; `stop`: seconds until Ctrl+C."""

    options: tuple[str, ...]
    drives: int = 1
    size: int = 2 * MIB
    filled: bool = False
    room: int = 64 * MIB
    stop: int = 90


def serial(number: int) -> str:
    """Of a run's drive, the first is 0."""
    return f"BENCH-{number}"


def logs(runs: Mapping[str, Run], folder: Path) -> dict[str, bytes]:
    """The log of each run. Skips where there is no nwipe, loop device or namespace of mounts."""
    needs.program("nwipe", package="nwipe")
    needs.program("unshare", package="util-linux")
    needs.loop_devices()
    if subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode:
        needs.impossible("no namespace of mounts")
    started = {name: _start(folder / name, run) for name, run in runs.items()}
    said = {name: one.communicate(timeout=PATIENCE) for name, one in started.items()}
    found = {}
    for name in runs:
        log = folder / name / "log"
        if not log.exists():
            needs.impossible(f"nwipe on loop devices: {said[name][1][:200]!r}")
        found[name] = log.read_bytes()
    return found


def _start(folder: Path, run: Run) -> "subprocess.Popen[bytes]":
    folder.mkdir()
    (folder / "smartctl").write_text(_SMARTCTL)
    numbers = (run.size, run.drives, "yes" if run.filled else "no", run.room, run.stop)
    words = ["sh", str(folder), *map(str, numbers), *run.options]
    return subprocess.Popen(
        ["unshare", "-m", "--propagation", "private", "sh", "-c", _RUN, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PATH": needs.SEARCH, "TZ": "UTC"},
    )
