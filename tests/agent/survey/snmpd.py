"""A real snmpd of the test's own, and devices that no shop sells: a few lines of UDP that answer in
ways that real ones have been seen to."""

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import pytest
from pyasn1.codec.ber import decoder, encoder
from pysnmp.proto import api

from tests import needs

V2 = api.PROTOCOL_MODULES[api.SNMP_VERSION_2C]
Oid = tuple[int, ...]
Answer = Callable[[str, list[Oid], int], list[tuple[Oid, Any]] | int | None]
"""(kind of question, identifiers, repetitions) → rows, an errorStatus, or None for silence."""

USERS = {
    "one": ("SHA", "sha1", "AES", "aes128"),
    "two": ("SHA-256", "sha256", "AES", "aes128"),
    "three": ("SHA-256", "sha256", "AES-256", "aes256"),
}
"""User → their protocols, as snmpd and as we write them."""
AUTH, PRIV = "canary-auth-word", "canary-priv-word"
COMMUNITY = "canary-community"


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def snmpd(folder: Path, *communities: str) -> Iterator[int]:
    """Debian's snmpd on a port of this machine."""
    program = shutil.which("snmpd", path=needs.SEARCH)
    if program is None:
        needs.missing("snmpd", "snmpd")
    port = free_port()
    lines = [f"agentAddress udp:127.0.0.1:{port}", "sysName hall", "sysLocation Hall"]
    lines += [f"rocommunity {word}" for word in communities]
    for user, (auth, _, priv, _) in USERS.items():
        lines += [f'createUser {user} {auth} "{AUTH}" {priv} "{PRIV}"', f"rouser {user} priv"]
    (folder / "snmpd.conf").write_text("\n".join(lines) + "\n")
    environment = os.environ | {"SNMP_PERSISTENT_DIR": str(folder / "state"), "MIBS": ""}
    command = [program, "-f", "-C", "-c", str(folder / "snmpd.conf"), "-Lf", str(folder / "log")]
    running = subprocess.Popen([*command, "-p", str(folder / "pid")], env=environment)
    try:
        _wait(folder / "pid", running)
        yield port
    finally:
        running.kill()
        running.wait()


def _wait(path: Path, running: "subprocess.Popen[bytes]") -> None:
    for _ in range(400):
        if path.exists():
            return
        if running.poll() is not None:
            pytest.fail(f"snmpd ended: {(path.parent / 'log').read_text()[-400:]}")
        time.sleep(0.025)
    pytest.fail("snmpd did not begin")


class Device:
    """Answers v2c as it is told to, and remembers what it was asked."""

    def __init__(self, answer: Answer, **others: Answer) -> None:
        """On a port of its own. `others`: what it says under the community with `@` and that."""
        self._answers = {COMMUNITY.encode(): answer}
        self._answers |= {f"{COMMUNITY}@{end}".encode(): one for end, one in others.items()}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.05)
        self.port: int = self._socket.getsockname()[1]
        self.asked: list[tuple[str, list[Oid]]] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._stop.set()
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                data, whence = self._socket.recvfrom(65_535)
            except TimeoutError:
                continue
            reply = self._reply(data)
            if reply:
                self._socket.sendto(reply, whence)

    def _reply(self, data: bytes) -> bytes:
        if data[4:5] == b"\x03" or b"\x02\x01\x03" in data[:8]:
            return b""  # version 3: not spoken here
        message, _ = decoder.decode(data, asn1Spec=V2.Message())
        answer_of = self._answers.get(bytes(V2.apiMessage.get_community(message)))
        if answer_of is None:
            return b""
        question = V2.apiMessage.get_pdu(message)
        kind = type(question).__name__.removesuffix("RequestPDU").removesuffix("PDU")
        bulk = kind.startswith("GetBulk")
        size = int(V2.apiBulkPDU.get_max_repetitions(question)) if bulk else 1
        pdu = V2.apiBulkPDU if bulk else V2.apiPDU
        oids = [tuple(name) for name, _ in pdu.get_varbinds(question)]
        self.asked.append((kind, oids))
        said = answer_of(kind, oids, size)
        if said is None:
            return b""
        answer = V2.apiMessage.get_response(message)
        back = V2.apiMessage.get_pdu(answer)
        if isinstance(said, int):
            V2.apiPDU.set_error_status(back, said)
        else:
            V2.apiPDU.set_varbinds(back, said)
        packet: bytes = encoder.encode(answer)
        return packet


def number(value: int) -> Any:
    """A value for a row."""
    return V2.Integer(value)


def text(value: bytes) -> Any:
    """A value for a row."""
    return V2.OctetString(value)


def table(values: dict[Oid, Any], *, most: int = 1_000) -> Answer:
    """A device that behaves, from its values; `most` rows or scalars fit into an answer."""
    order = sorted(values)

    def answer(kind: str, oids: list[Oid], size: int) -> list[tuple[Oid, Any]] | int:
        if len(oids) > most or size > most:
            return 1
        if kind == "Get":
            return [(oid, values.get(oid, V2.NoSuchObject(""))) for oid in oids]
        after = [oid for oid in order if oid > oids[0]][:size]
        return [(oid, values[oid]) for oid in after] or [(oids[0], V2.EndOfMibView(""))]

    return answer
