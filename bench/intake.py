"""Signed reports into a real controller over loopback HTTPS, as fast as they are taken.

The reports are signed and packed beforehand, as agents send them, for many enrolled keys; each is a
link of its device's chain. `wrk` sends them from the same two cores, so the rate is a lower bound;
the server's CPU time a report is the figure to compare. `changed` carries its results inline,
`unchanged` is one hash.
"""

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.measure import children_of, tree_cpu_seconds
from checks.catalogue import catalogue
from checks.policy import DEFAULT_POLICY, policy_hash
from wire import dsse, frame, keys, types
from wire.report import Content, Report, Result, content_digest, sign_report

DEVICES: Final = 1_000
ROUNDS: Final = 40
CONNECTIONS: Final = 512
"""Fewer leave the server waiting for the sender: with 128 it is idle for a quarter of the time."""
SECONDS: Final = 8
Kind = Literal["changed", "unchanged"]


class Intake(msgspec.Struct, frozen=True):
    """One run: how many reports were taken, in what time, at what cost to the server."""

    kind: Kind
    reports: int
    refused: int
    seconds: float
    server_cpu_us: float
    body_bytes: int
    p50_ms: float
    p99_ms: float
    stored: int
    stolen: float
    """Of both cores' time, what the host of a virtual machine gave to others meanwhile."""


GOALS_FLOOR_US: Final = 149
"""One report parsed and verified on the machine that the goals were set on."""


def floor() -> float:
    """The same on this machine: the least that any server could take for one, in µs of CPU time.

    With the library agents have, as it was there; the median of some runs.
    """
    devices = [Device(number) for number in range(200)]
    parsed = [dsse.parse(device.envelope("unchanged", 1_795_400_000)) for device in devices]
    publics = [device.key.public_key() for device in devices]
    runs = []
    for _ in range(9):
        begun = time.process_time()
        for one, public in zip(parsed, publics, strict=True):
            public.verify(one.sig, dsse.pae(one.payload_type, one.payload))
            msgspec.json.decode(one.payload, type=Report)
        runs.append((time.process_time() - begun) / len(parsed) * 1e6)
    return sorted(runs)[len(runs) // 2]


class Device:
    """A key, an id and the end of a chain."""

    def __init__(self, number: int) -> None:
        self.id = f"dev_01BENCH{number:019}"
        self.key = Ed25519PrivateKey.generate()
        self.seq = 0
        self.prev = ""

    def envelope(self, kind: Kind, at: int) -> bytes:
        content = content_of(self.seq + 1 if kind == "changed" else 0)
        inline = kind == "changed" or not self.seq
        return self.link(content if inline else content_digest(content), at)

    def link(self, content: Content | str, at: int) -> bytes:
        """The next report of its chain, signed."""
        self.seq += 1
        report = Report(
            device=self.id,
            agent="0.1.0",
            seq=self.seq,
            prev=self.prev,
            boot="0" * 32,
            uptime_seconds=3_600,
            created_at=at,
            nonce=os.urandom(16).hex(),
            echo="",
            binding="",
            content=content,
            now=[],
        )
        envelope = sign_report(report, self.key)
        self.prev = dsse.digest(envelope)
        return envelope


def content_of(turn: int) -> Content:
    """Twenty-four results, one of which changes each turn."""
    results = [
        Result(
            check=check,
            status="fail" if at == turn % 24 else "pass",
            severity="high",
            says="bench",
        )
        for at, (_, check, _, _) in enumerate(catalogue().judged())
    ]
    return Content(
        policy=policy_hash(DEFAULT_POLICY), catalogue=catalogue().hash, sections=[], results=results
    )


def runs() -> Iterator[Intake]:
    """Both kinds, each on a fresh data folder. Nothing when `wrk` is not installed."""
    wrk = shutil.which("wrk")
    if wrk is None:
        return
    for kind in ("changed", "unchanged"):
        with tempfile.TemporaryDirectory() as folder:
            yield _run(wrk, Path(folder), kind)


def _run(wrk: str, folder: Path, kind: Kind) -> Intake:
    data = folder / "data"
    devices = [Device(number) for number in range(DEVICES)]
    bodies = folder / "bodies"
    # Four hours old, so that the bound for reports a device could not deliver applies.
    at = int(time.time()) - 4 * 3_600
    first = [device.envelope(kind, at) for device in devices]
    lines = [device.envelope(kind, at) for _ in range(ROUNDS) for device in devices]
    # wrk asks for one request that it never sends, to see whether the script answers.
    frames = [frame.pack(envelope) for envelope in (first[0], *lines)]
    bodies.write_bytes(b"".join(b"%d\n%s" % (len(one), one) for one in frames))
    prepare(data, devices)
    port = free_port()
    with serving(data, port) as server:
        url = f"https://127.0.0.1:{port}"
        _send_first(port, first)
        before = tree_cpu_seconds(children_of(server.pid))
        ticks = _ticks()
        count, microseconds, refused, p50, p99 = _send(wrk, url, bodies)
        used = tree_cpu_seconds(children_of(server.pid)) - before  # a storm starts one more
        spent = [after - earlier for after, earlier in zip(_ticks(), ticks, strict=True)]
    return Intake(
        kind=kind,
        reports=count,
        refused=refused,
        seconds=microseconds / 1e6,
        server_cpu_us=used / max(1, count) * 1e6,
        body_bytes=len(frames[-1]),
        p50_ms=p50 / 1e3,
        p99_ms=p99 / 1e3,
        stored=_stored(data) - DEVICES,
        stolen=spent[_STEAL] / max(1, sum(spent)),
    )


_STEAL: Final = 7


def _ticks() -> list[int]:
    """Both cores' time by what it went to, as `/proc/stat` counts it; guests are in the rest."""
    try:
        first = Path("/proc/stat").read_text("ascii").partition("\n")[0]
    except OSError:
        return [0] * (_STEAL + 1)
    return [int(field) for field in first.split()[1 : _STEAL + 2]]


def _send_first(port: int, envelopes: list[bytes]) -> None:
    """The first link of every chain, so that `unchanged` has something to be unchanged from."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # our own server, on loopback, for a benchmark
    line = http.client.HTTPSConnection("127.0.0.1", port, context=context)
    for envelope in envelopes:
        line.request("POST", "/v1/reports", envelope, {"Content-Type": types.CONTENT_TYPE})
        answer = line.getresponse()
        answer.read()
        assert answer.status == 202, answer.status
    line.close()


def _send(wrk: str, url: str, bodies: Path) -> list[int]:
    script = str(Path(__file__).with_name("wrk_bodies.lua"))
    argv = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", script, url, "--", str(bodies)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("BENCH "))
    return [int(field) for field in line.split()[1:]]


_PREPARE = """
import json, sys
from pathlib import Path
from controller import clock, keyfiles
from controller.data import certificate, datafolder
from controller.commands.migrate import apply
from controller.config import load, use
data = Path(sys.argv[1])
config = load({"data": str(data)})
use(config)
datafolder.prepare(data)
keyfiles.make_keys(data)
certificate.make(data, "127.0.0.1", clock.now())
import django
django.setup()
apply()
from controller.fleet.models import Device
from inventory.places.services import create_site
site = create_site(name="Bench", at=clock.now())
from inventory.models import Asset
rows = json.load(sys.stdin)
# As after letting them in: making register entries is no part of taking reports.
Asset.objects.bulk_create([
    Asset(id=f"asset_{row['id'][4:]}", site_id=site, name=row["id"], created_at=1) for row in rows
])
Device.objects.bulk_create([
    Device(id=row["id"], asset_id=f"asset_{row['id'][4:]}", site_id=site, platform="linux",
           profile="pupil", state="active", name=row["id"], key_id=row["key_id"],
           public_key=bytes.fromhex(row["key"]), words="one two three four",
           enrolled_at=1, approved_at=1) for row in rows
])
"""


def prepare(data: Path, devices: list[Device]) -> None:
    rows = []
    for device in devices:
        public = keys.public_bytes(device.key)
        rows.append({"id": device.id, "key": public.hex(), "key_id": keys.key_id(public)})
    subprocess.run(
        [sys.executable, "-c", _PREPARE, str(data)],
        input=msgspec.json.encode(rows),
        check=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "controller.settings"},
    )


class serving:  # noqa: N801  (a context manager, used as a verb)
    def __init__(self, data: Path, port: int) -> None:
        self._argv = [
            str(Path(sys.executable).with_name("caretaker")),
            *("serve", "--data", str(data), "--port", str(port), "--allow-root"),
        ]
        self._port = port

    def __enter__(self) -> "subprocess.Popen[bytes]":
        self._server = subprocess.Popen(self._argv, start_new_session=True)
        for _ in range(200):
            time.sleep(0.1)
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", self._port)) == 0:
                    return self._server
        raise RuntimeError("the controller does not answer")

    def __exit__(self, *_: object) -> None:
        self._server.terminate()
        self._server.wait(30)


def _stored(data: Path) -> int:
    import sqlite3

    with sqlite3.connect(data / "db" / "caretaker.sqlite3") as database:
        return int(database.execute("select count(*) from fleet_report").fetchone()[0])


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
