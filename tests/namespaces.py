"""Network namespaces for tests: made quickly, entered by one thread, gone afterwards.

A socket belongs to the namespace in which it was made, wherever its thread goes next; so a test
opens what it needs and comes back.
"""

import contextlib
import ctypes
import os
import socket
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests import needs

_NEW_NET = 0x40000000
_EVERY_KIND = 3
_BUFFER = 4 << 20


def available() -> str:
    """ip's path; skips unless namespaces can be made here."""
    needs.root()
    tool = needs.program("ip", package="iproute2")
    name = f"ct{os.getpid()}try"
    if subprocess.run([tool, "netns", "add", name], capture_output=True, check=False).returncode:
        needs.impossible("this kernel makes no network namespaces")
    subprocess.run([tool, "netns", "del", name], check=True)
    return tool


def batch(tool: str, lines: Sequence[str], inside: str = "") -> None:
    """Many commands of ip in one go; in a namespace where one is named."""
    place = ["-n", inside] if inside else []
    text = "".join(f"{line}\n" for line in lines)
    subprocess.run([tool, *place, "-batch", "-"], input=text.encode(), check=True, timeout=30)


@contextlib.contextmanager
def made(tool: str, names: Sequence[str]) -> Iterator[None]:
    """The namespaces; with them go their cards."""
    batch(tool, [f"netns add {name}" for name in names])
    try:
        yield
    finally:
        for name in names:
            subprocess.run([tool, "netns", "del", name], check=False, capture_output=True)


@contextlib.contextmanager
def entered(name: str) -> Iterator[None]:
    """This thread's sockets are made there."""
    libc = ctypes.CDLL(None, use_errno=True)
    with (
        Path("/proc/thread-self/ns/net").open() as here,
        Path(f"/run/netns/{name}").open() as there,
    ):
        if libc.setns(there.fileno(), _NEW_NET):
            raise OSError(ctypes.get_errno(), "setns", name)
        try:
            yield
        finally:
            libc.setns(here.fileno(), _NEW_NET)


class Ear:
    """Hears every frame on one card from now on; kept by the kernel until somebody looks."""

    def __init__(self, namespace: str, card: str) -> None:
        with entered(namespace):
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            # Beyond the system's own limit: nothing may be lost.
            self._socket.setsockopt(socket.SOL_SOCKET, 33, _BUFFER)  # SO_RCVBUFFORCE
            self._socket.bind((card, _EVERY_KIND))
        self._socket.setblocking(False)

    def frames(self) -> list[bytes]:
        """All since the last time, this card's own too."""
        found = []
        with contextlib.suppress(BlockingIOError):
            while True:
                found.append(self._socket.recv(2_048))
        return found

    def send(self, frame: bytes) -> None:
        """As if the card's computer sent it."""
        self._socket.send(frame)

    def close(self) -> None:
        self._socket.close()
