"""Debian's own nwipe, run on a loop device; nothing else can be named to it.

Loop devices have no serial number, so beside nwipe stands a `smartctl` that answers with one, as a
drive's electronics would: everything else of the log is nwipe's.
"""

import os
import subprocess
import textwrap
from pathlib import Path

from tests import needs

_SMARTCTL = """\
#!/bin/sh
echo "=== START OF INFORMATION SECTION ==="
echo "Device Model:     {model}"
echo "Serial Number:    {serial}"
"""
# In a namespace of mounts of its own, whose /dev has this one loop device.
_RUN = """\
set -e
mkdir -p {folder}/dev
mount -t tmpfs none {folder}/dev
cp -a {loop} /dev/null /dev/zero /dev/urandom /dev/random {folder}/dev/
mount --move {folder}/dev /dev
PATH={folder}/bin:$PATH exec timeout 60 {nwipe} --nogui --autonuke --method=zero --verify=last \\
  --noblank --nowait --logfile={folder}/nwipe.log {loop}
"""


def wiped(image: Path, serial: str, model: str = "WDC WD5000LPCX-24C6HT0") -> bytes:
    """Overwrite a file with zeros by nwipe; its log. Skips where the machine has no loop devices,
    mount namespaces or nwipe."""
    needs.root()
    nwipe = needs.program("nwipe", package="nwipe")
    losetup = needs.program("losetup", package="mount")
    unshare = needs.program("unshare", package="util-linux")
    folder = image.parent / f"nwipe-{serial}"
    (folder / "bin").mkdir(parents=True)
    smartctl = folder / "bin" / "smartctl"
    smartctl.write_text(_SMARTCTL.format(model=model, serial=serial))
    smartctl.chmod(0o755)
    made = _said([losetup, "-f", "--show", str(image)])
    if made.returncode:
        needs.impossible(f"loop devices: {made.stderr.strip()}")
    loop = made.stdout.strip()
    script = _RUN.format(folder=folder, loop=loop, nwipe=nwipe)
    try:
        done = _said([unshare, "-m", "sh", "-c", textwrap.dedent(script)])
    finally:
        _said([losetup, "-d", loop])
    log = folder / "nwipe.log"
    if not log.exists():
        needs.impossible(f"nwipe in a namespace of mounts: {done.stderr.strip()[:200]}")
    return log.read_bytes()


def _said(argv: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": needs.SEARCH, "HOME": os.environ.get("HOME", "/root"), "TZ": "UTC"}
    return subprocess.run(argv, capture_output=True, text=True, check=False, env=environment)
