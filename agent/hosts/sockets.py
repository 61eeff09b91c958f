"""Asks a local daemon one question over its Unix socket, bounded in time and size.

The only place of the agent's readers that opens a socket, and it cannot reach the network.
"""

import os
import stat as st
import time
from pathlib import Path
from typing import Final

from agent.hosts import walking
from checks.host import CannotLook

PATIENCE: Final = 10
"""Seconds a daemon may take for its whole answer."""
_ANSWER_LIMIT: Final = 4096


def ask(path: str, question: bytes, limit: int) -> bytes | None:
    """Send, half-close, read to the end.

    None if there is no such socket or nobody listens on it.
    """
    try:
        with walking.parent_of(path) as (folder, name, _):
            info = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if not st.S_ISSOCK(info.st_mode):
                raise CannotLook("denied", f"not a socket: {path}")
            # connect() knows no dir_fd; the way through the descriptor cannot be swapped under us.
            return _exchange(str(Path(f"/proc/self/fd/{folder}") / name), question, limit)
    except (walking.MissingError, FileNotFoundError, ConnectionRefusedError):
        return None
    except TimeoutError as error:
        raise CannotLook("timeout", path) from error
    except OSError as error:
        raise walking.cannot(error, path) from error


def hand_over(path: str, question: bytes, opened: int, patience: float) -> bytes:
    """Send a question and, with the byte after it, an open file; return what is answered.

    The daemon reads the file through our right to. Raises CannotLook.
    """
    import socket

    answer = bytearray()
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(patience)
            line.connect(path)
            line.sendall(question)
            socket.send_fds(line, [b"\0"], [opened])
            while not answer.endswith(b"\0"):
                piece = line.recv(4096)
                if not piece:
                    break
                answer += piece
                if len(answer) > _ANSWER_LIMIT:
                    raise CannotLook("too-large", path)
    except TimeoutError as error:
        raise CannotLook("timeout", path) from error
    except OSError as error:
        raise walking.cannot(error, path) from error
    return bytes(answer)


def _exchange(path: str, question: bytes, limit: int) -> bytes:
    import socket  # costs more than all else here, and most machines have nobody to ask

    deadline = time.monotonic() + PATIENCE
    answer = bytearray()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(PATIENCE)
        line.connect(path)
        line.sendall(question)
        line.shutdown(socket.SHUT_WR)
        while True:
            piece = line.recv(65536)
            if not piece:
                return bytes(answer)
            answer += piece
            if len(answer) > limit:
                raise CannotLook("too-large", path)
            left = deadline - time.monotonic()
            if left <= 0:
                raise CannotLook("timeout", path)
            line.settimeout(left)
