"""One network card (Linux): a raw socket behind a filter. Needs CAP_NET_RAW, and nothing else."""

import ctypes
import errno
import select
import socket
import struct
from collections.abc import Iterator
from typing import Final

from agent.survey.worker import filtering
from agent.survey.worker.guard import Guard
from agent.survey.worker.task import Task

_ATTACH_FILTER: Final = 26
_SOL_PACKET, _ADD_MEMBERSHIP, _MULTICAST = 263, 1, 0
_EVERY_KIND: Final = 3
_BUFFER: Final = 4 << 20
_BATCH: Final = 256
_BUSY: Final = (errno.EAGAIN, errno.ENOBUFS)
_PATIENCE: Final = 3
_GROUPS: Final = ("01:00:5e:00:00:fb", "01:00:5e:7f:ff:fa", "33:33:00:00:00:fb")


class Card:
    """Sends what the guard lets through; hears what the filter lets through."""

    def __init__(self, task: Task) -> None:
        """Raises OSError: the card is not there, or we may not."""
        self._guard = Guard(task)
        kind = getattr(socket, "AF_PACKET", None)
        if kind is None:
            raise OSError("unsupported")
        # Of no kind until it is bound: nothing is heard before the filter stands.
        self._socket = socket.socket(kind, socket.SOCK_RAW, 0)
        rules = filtering.assembled(task)
        self._rules = ctypes.create_string_buffer(rules)
        program = struct.pack("HL", len(rules) // 8, ctypes.addressof(self._rules))
        self._socket.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, program)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        self._socket.bind((task.card, _EVERY_KIND))
        self._socket.setblocking(False)
        if task.names:
            self._join(socket.if_nametoindex(task.card))

    def _join(self, card: int) -> None:
        """Open the card, not the switch, for groups: IGMP would be one more frame of ours."""
        for group in _GROUPS:
            mac = bytes.fromhex(group.replace(":", ""))
            asked = struct.pack("iHH8s", card, _MULTICAST, 6, mac)
            self._socket.setsockopt(_SOL_PACKET, _ADD_MEMBERSHIP, asked)

    def send(self, frame: bytes) -> None:
        """A card that is busy loses the frame, as a wire may; what nobody answered is asked again.

        Raises OutOfScopeError, OSError.
        """
        self._guard.check(frame)
        for _ in range(_PATIENCE):
            try:
                self._socket.send(frame)
                return
            except OSError as error:
                if error.errno not in _BUSY:
                    raise
            select.select([], [self._socket], [], 0.01)

    def heard(self, seconds: float, stop: int) -> Iterator[bytes] | None:
        """Frames that are there now or come within the time; None when `stop` (a pipe) was closed
        or written to. Raises OSError when the card goes away."""
        ready, _, _ = select.select([self._socket, stop], [], [], seconds)
        if stop in ready:
            return None
        return self._batch() if ready else iter(())

    def _batch(self) -> Iterator[bytes]:
        """So many at once at most, so that sending never waits for a flood to end."""
        for _ in range(_BATCH):
            try:
                yield self._socket.recv(filtering.SNAP)
            except BlockingIOError:
                return


def answering_port(source: str) -> socket.socket | None:
    """A port that is ours while it is open, or the system would tell whoever answers SSDP that
    nobody is there. Never read."""
    if not source:
        return None
    held = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 0)
    try:
        held.bind((source, 0))
    except OSError:
        held.close()
        raise
    return held
