"""Seventy-five switches asked over SNMP v2c, beside net-snmp's snmpbulkwalk of the same.

The switches are constructed: one process answers for all of them on ports of this machine, each
with 52 ports, 250 addresses behind them, 6 neighbours, 60 rows of ARP and a chassis, 1,500 rows in
all. Only who asks is counted. snmpbulkwalk reads everything there is and makes nothing of it; ours
asks for what it names, and says which device it is and what hangs where.
"""

import bisect
import selectors
import shutil
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from bench.measure import Figure, figure

DEVICES: Final = 75
AT_ONCE: Final = 8
RUNS: Final = 2
COMMUNITY: Final = "bench"
_PORTS, _ADDRESSES, _FAR, _BOUND = 52, 250, 6, 60
_ASK: Final = "import sys; from bench import snmp; snmp.ask([int(one) for one in sys.argv[1:]])"
_ANSWER: Final = "from bench import snmp; snmp.answer()"
_WALK: Final = """
import subprocess, sys
from concurrent.futures import ThreadPoolExecutor
def walk(port):
    subprocess.run(["snmpbulkwalk", "-v2c", "-c", "bench", "-Cr20", "-On", "-m", "",
                    f"127.0.0.1:{port}", "1"], stdout=subprocess.DEVNULL, check=True)
with ThreadPoolExecutor(8) as crew:
    list(crew.map(walk, sys.argv[1:]))
"""
Oid = tuple[int, ...]


def figures() -> Iterator[Figure]:
    """Whole processes, the start of each included."""
    answering = subprocess.Popen(
        [sys.executable, "-c", _ANSWER], stdout=subprocess.PIPE, stdin=subprocess.PIPE
    )
    try:
        assert answering.stdout is not None
        ports = answering.stdout.readline().decode().split()
        yield figure(f"{DEVICES} switches asked", [sys.executable, "-c", _ASK, *ports], RUNS)
        if shutil.which("snmpbulkwalk"):
            walk = [sys.executable, "-I", "-S", "-c", _WALK, *ports]
            yield figure(f"snmpbulkwalk of the {DEVICES}", walk, RUNS)
    finally:
        answering.kill()
        answering.wait()


def ask(ports: list[int]) -> None:
    """As a round does: eight at once, one question at a time to each."""
    from agent.survey.pace import Pace
    from agent.survey.snmp.engine import Line, Round
    from agent.survey.snmp.live import Live
    from checks.snmp.collecting import collect
    from wire.credentials import SnmpV2
    from wire.secret import Secret

    pace = Pace(time.monotonic, time.sleep, {"snmp": 100_000.0})
    with Round() as round_, ThreadPoolExecutor(AT_ONCE) as crew:
        engine = round_.engine(SnmpV2(Secret(COMMUNITY)))

        def one(port: int) -> int:
            with pace.target(str(port)) as turn:
                found = collect(Live(Line(round_, engine, "127.0.0.1", port), turn))
            assert found.learnt is True
            assert isinstance(found.ports, list)
            return sum(port.count for port in found.ports)

        assert list(crew.map(one, ports)) == [_ADDRESSES] * len(ports)


def answer() -> None:
    """Be all of them, on ports that are printed, until killed."""
    rows = {oid: _row(oid, value) for oid, value in switch().items()}
    order = sorted(rows)
    waiting = selectors.DefaultSelector()
    ports = []
    for _ in range(DEVICES):
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.bind(("127.0.0.1", 0))
        ports.append(str(one.getsockname()[1]))
        waiting.register(one, selectors.EVENT_READ)
    print(*ports, flush=True)
    while True:
        for key, _ in waiting.select():
            assert isinstance(key.fileobj, socket.socket)
            data, whence = key.fileobj.recvfrom(65_535)
            key.fileobj.sendto(_reply(data, rows, order), whence)


def switch() -> dict[Oid, int | bytes | str]:
    """One of them."""
    found: dict[str, int | bytes | str] = {
        "1.3.6.1.2.1.1.1.0": b"ProCurve J9772A 2530-48G-PoEP Switch, revision YA.16.04",
        "1.3.6.1.2.1.1.2.0": "1.3.6.1.4.1.11.2.3.7.11.155",
        "1.3.6.1.2.1.1.3.0": 4_200,
        "1.3.6.1.2.1.1.5.0": b"hall",
        "1.3.6.1.2.1.47.1.1.1.1.5.1": 3,
        "1.3.6.1.2.1.47.1.1.1.1.11.1": b"CN00000001",
        "1.3.6.1.2.1.47.1.1.1.1.13.1": b"J9772A",
    }
    for at in range(1, _PORTS + 1):
        found |= {
            f"1.3.6.1.2.1.2.2.1.2.{at}": b"Port %d" % at,
            f"1.3.6.1.2.1.2.2.1.3.{at}": 6,
            f"1.3.6.1.2.1.2.2.1.6.{at}": bytes((0, 0, 94, 0, 254, at)),
            f"1.3.6.1.2.1.2.2.1.8.{at}": 1,
            f"1.3.6.1.2.1.31.1.1.1.1.{at}": b"%d" % at,
            f"1.3.6.1.2.1.31.1.1.1.18.{at}": b"room %d" % at,
            f"1.3.6.1.2.1.17.1.4.1.2.{at}": at,
        }
    for at in range(_ADDRESSES):
        found |= {
            f"1.3.6.1.2.1.17.7.1.2.2.1.2.1.0.0.94.0.83.{at}": at % _PORTS + 1,
            f"1.3.6.1.2.1.17.7.1.2.2.1.3.1.0.0.94.0.83.{at}": 3,
            f"1.3.6.1.2.1.17.4.3.1.2.0.0.94.0.83.{at}": at % _PORTS + 1,
            f"1.3.6.1.2.1.17.4.3.1.3.0.0.94.0.83.{at}": 3,
        }
    for at in range(1, _FAR + 1):
        row: dict[int, int | bytes] = {
            4: 4,
            5: bytes((0, 0, 94, 0, 82, at)),
            6: 5,
            7: b"24",
            9: b"switch",
            10: b"a switch",
            11: b"\x20",
            12: b"\x20",
        }
        found |= {f"1.0.8802.1.1.2.1.4.1.1.{column}.0.{at}.1": said for column, said in row.items()}
    for at in range(_BOUND):
        found[f"1.3.6.1.2.1.4.22.1.2.1.10.20.0.{at}"] = bytes((0, 0, 94, 0, 83, at))
    return {tuple(map(int, oid.split("."))): value for oid, value in found.items()}


def _reply(data: bytes, rows: Mapping[Oid, bytes], order: list[Oid]) -> bytes:
    """An answer to one GET, GETNEXT or GETBULK of version 2c, whoever it is from."""
    _, body, _ = _tlv(data, 0)
    _, _, at = _tlv(body, 0)
    _, _, after = _tlv(body, at)
    head = body[:after]
    kind, pdu, _ = _tlv(body, after)
    _, _, at = _tlv(pdu, 0)
    number = pdu[:at]
    _, _, at = _tlv(pdu, at)
    _, size, at = _tlv(pdu, at)
    _, asked, _ = _tlv(pdu, at)
    oids, at = list[Oid](), 0
    while at < len(asked):
        _, pair, at = _tlv(asked, at)
        oids.append(_numbers(_tlv(pair, 0)[1]))
    if kind == 0xA0:
        said = [rows.get(oid) or _packed(0x30, _oid(oid) + b"\x80\0") for oid in oids]
    else:
        many = int.from_bytes(size, "big") if kind == 0xA5 else 1
        first = bisect.bisect_right(order, oids[0])
        said = [rows[oid] for oid in order[first : first + many]]
        said = said or [_packed(0x30, _oid(oids[0]) + b"\x82\0")]
    back = number + b"\2\1\0\2\1\0" + _packed(0x30, b"".join(said))
    return _packed(0x30, head + _packed(0xA2, back))


def _tlv(data: bytes, at: int) -> tuple[int, bytes, int]:
    """Tag, contents and where the next one begins (BER)."""
    tag, length, start = data[at], data[at + 1], at + 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[at + 2 : start], "big")
    return tag, data[start : start + length], start + length


def _packed(tag: int, body: bytes) -> bytes:
    length = len(body)
    head = bytes((length,)) if length < 0x80 else b"\x82" + struct.pack(">H", length)
    return bytes((tag,)) + head + body


def _oid(numbers: Oid) -> bytes:
    body = bytes((numbers[0] * 40 + numbers[1],))
    for number in numbers[2:]:
        part = bytes((number & 0x7F,))
        while number := number >> 7:
            part = bytes((number & 0x7F | 0x80,)) + part
        body += part
    return _packed(6, body)


def _numbers(body: bytes) -> Oid:
    found, number = [min(body[0] // 40, 2), body[0] - 40 * min(body[0] // 40, 2)], 0
    for byte in body[1:]:
        number = number << 7 | byte & 0x7F
        if not byte & 0x80:
            found.append(number)
            number = 0
    return tuple(found)


def _row(oid: Oid, value: int | bytes | str) -> bytes:
    if isinstance(value, int):
        said = _packed(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))
    elif isinstance(value, bytes):
        said = _packed(4, value)
    else:
        said = _oid(tuple(map(int, value.split("."))))
    return _packed(0x30, _oid(oid) + said)
