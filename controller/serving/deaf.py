"""Lets go of clients that take nothing of what they are sent (T9).

The server waits for a client to read its answer for as long as the connection stands, so 2,048 that
never read would keep everybody else out, with no traffic at all. The system ends such a connection
by itself when it is told after how long; connections inherit that from the socket they came in by.
Linux only. Trap: the server opens that socket in its worker, after our modules were imported.
"""

import os
import socket
import sys
from pathlib import Path
from typing import Final

TAKES_SECONDS: Final = 30
"""Without the client taking a single byte."""
_OPEN: Final = Path("/proc/self/fd")


def can() -> bool:
    """Whether the system here can be told."""
    return sys.platform == "linux"


def let_go() -> int:
    """Tell it of every socket on which this process listens; how many there are."""
    return sum(_told(int(entry.name)) for entry in _OPEN.iterdir())


def _told(number: int) -> bool:
    """Whether an open file is a socket that listens."""
    try:
        copy = os.dup(number)
    except OSError:
        return False  # the one with which the folder was listed
    try:
        one = socket.socket(fileno=copy)
    except OSError:
        os.close(copy)
        return False
    with one:
        if one.family not in (socket.AF_INET, socket.AF_INET6):
            return False
        if not one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            return False
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, TAKES_SECONDS * 1000)
        return True
