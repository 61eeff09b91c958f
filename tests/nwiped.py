"""Debian's own nwipe on loop devices: of a file there is, or of drives made for many runs at once.

nwipe takes every drive it finds, so each run has a namespace of mounts of its own, whose /dev holds
its loop devices and nothing else. Loop devices have no serial number: a `smartctl` that stands
beside nwipe answers with one, as a drive's electronics would. All else of the log is nwipe's.
"""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from tests import needs

MIB: Final = 1 << 20
PATIENCE: Final = 120
"""Seconds for all runs together; on an idle machine they take five."""
ZEROS: Final = ("--method=zero", "--verify=last", "--noblank")
_SMARTCTL: Final = """\
#!/bin/sh
for last; do :; done
case "$last" in {cases}
esac
echo "=== START OF INFORMATION SECTION ==="
{model}
echo "Serial Number:    $serial"
"""
# Drives of this run's own, with as much room behind them as it is given: $loops and $cases.
_MADE: Final = """\
set -eu
folder=$1; stop=$2; size=$3; count=$4; filled=$5; room=$6; shift 6
mkdir -p "$folder/disk"
mount -t tmpfs -o size="$room" none "$folder/disk"
loops=; cases=; number=0
while [ $number -lt $count ]; do
  truncate -s "$size" "$folder/disk/$number"
  if [ "$filled" = yes ]; then head -c "$size" /dev/urandom > "$folder/disk/$number"; fi
  loop=$(losetup -f --show "$folder/disk/$number")
  loops="$loops $loop"; cases="$cases $loop) serial=BENCH-$number ;;"
  number=$((number + 1))
done
"""
_GIVEN: Final = """\
set -eu
folder=$1; stop=$2; loops=$3; cases="*) serial=$4 ;;"; shift 4
"""
_WIPED: Final = """\
mkdir -p "$folder/dev" "$folder/bin"
if [ -e "$folder/smartctl" ]; then
  sed "s|{cases}|$cases|" "$folder/smartctl" > "$folder/bin/smartctl"
  chmod 755 "$folder/bin/smartctl"
fi
mount -t tmpfs -o mode=755 none "$folder/dev"
cp -a $loops /dev/null /dev/zero /dev/urandom /dev/random "$folder/dev/"
mount --move "$folder/dev" /dev
code=0
PATH=$folder/bin:$PATH timeout -s INT "$stop" nwipe --nogui --autonuke --nowait \\
  --logfile="$folder/log" "$@" $loops > /dev/null 2>&1 < /dev/null || code=$?
"""
_LEFT: Final = """\
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


@contextmanager
def loop(path: Path, *options: str) -> Iterator[str]:
    """A loop device over a file: `/dev/loop3`."""
    tool = needs.loop_devices()
    said = subprocess.run(
        [tool, "-f", "--show", *options, str(path)], capture_output=True, text=True, check=True
    )
    device = said.stdout.strip()
    try:
        yield device
    finally:
        subprocess.run([tool, "-d", device], check=False, capture_output=True)


def nwipe(device: str, folder: Path) -> str:
    """Wipe a loop device with zeros; the log."""
    # The name of a drive that tells none is whatever nwipe finds in its memory.
    return _given(device, folder, "").decode("utf-8", "replace")


def wiped(image: Path, serial: str, model: str = "WDC WD5000LPCX-24C6HT0") -> bytes:
    """Wipe a file with zeros, as a drive of that name; the log."""
    folder = image.parent / f"nwipe-{serial}"
    folder.mkdir()
    _smartctl(folder, model)
    with loop(image) as device:
        return _given(device, folder, serial)


def logs(runs: Mapping[str, Run], folder: Path) -> dict[str, bytes]:
    """The log of each run."""
    _needed()
    needs.loop_devices()
    started = {}
    for name, run in runs.items():
        (folder / name).mkdir()
        _smartctl(folder / name)
        numbers = (run.stop, run.size, run.drives, "yes" if run.filled else "no", run.room)
        started[name] = _start(_MADE + _WIPED + _LEFT, folder / name, *numbers, *run.options)
    said = {name: one.communicate(timeout=PATIENCE) for name, one in started.items()}
    return {name: _log(folder / name, said[name][1]) for name in runs}


def _given(device: str, folder: Path, serial: str) -> bytes:
    _needed()
    _, trouble = _start(_GIVEN + _WIPED, folder, 60, device, serial, *ZEROS).communicate(
        timeout=PATIENCE
    )
    return _log(folder, trouble)


def _needed() -> None:
    """Skip where there is no nwipe or namespace of mounts."""
    needs.program("nwipe", package="nwipe")
    needs.program("unshare", package="util-linux")
    if subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode:
        needs.impossible("no namespace of mounts")


def _smartctl(folder: Path, model: str = "") -> None:
    """What the run makes its `smartctl` of."""
    told = f'echo "Device Model:     {model}"' if model else ""
    (folder / "smartctl").write_text(_SMARTCTL.replace("{model}", told))


def _log(folder: Path, trouble: bytes) -> bytes:
    log = folder / "log"
    if not log.exists():
        needs.impossible(f"nwipe on loop devices: {trouble[:200]!r}")
    return log.read_bytes()


def _start(script: str, folder: Path, *words: object) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        ["unshare", "-m", "--propagation", "private", "sh", "-c", script, "sh", str(folder)]
        + [str(word) for word in words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PATH": needs.SEARCH, "TZ": "UTC"},
    )
