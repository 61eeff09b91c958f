"""Serve the pages and take in reports, over HTTPS.

Refuses a data folder others can read, one that another server uses, a database of another version,
and, unless --allow-root says it is meant, to run as root.
"""

import argparse
import errno
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Final

from controller import keyfiles
from controller.commands import shared
from controller.commands.exits import OK
from controller.config import Config
from controller.data import certificate, folderlock
from controller.roots import changing

LOCK: Final = "server"
CONNECTIONS: Final = 2_048
"""Open at once, at most; idle ones cost little, and a school's computers come together."""
FILES: Final = CONNECTIONS + 1_024
"""Open files we need for them and for ourselves; the usual bound of 1,024 would end both."""
HEADER_MILLISECONDS: Final = 10_000
"""For the head of a request, and for an idle connection to begin the next one (trust §4.4)."""
HEAD_BYTES: Final = 64 * 1024
"""Held of a connection's head at most; the server's own 400 kB would be 800 MB of all together. No
browser sends more than 16 kB."""
STOP_SECONDS: Final = 10
"""For the worker to end when asked; a connection that never closes has held one up for good. Then
it is killed, which loses nothing: what was answered is committed."""


CERTIFICATE_LOOK_SECONDS: Final = 1.0
log = logging.getLogger("caretaker.serve")


_WAYS_OUT: Final = {
    errno.EADDRINUSE: "choose another with --port, or stop what uses it.",
    errno.EADDRNOTAVAIL: "this machine has no such address: choose another with --listen.",
    errno.EACCES: "ports below 1024 are root's: choose another with --port.",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("--listen", metavar="ADDR", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (8443)")
    parser.add_argument("--allow-root", action="store_true", help="serve although root")
    parser.add_argument("--lock-held", type=int, metavar="FD", help=argparse.SUPPRESS)


def main(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    config = shared.settle(options, listen=options.listen, port=options.port)
    if hasattr(os, "geteuid") and os.geteuid() == 0 and not options.allow_root:
        raise shared.CannotError(
            "Serving as root is refused; use an account of its own, or --allow-root to insist."
        )
    shared.ready(options)
    lock = (
        os.fdopen(options.lock_held) if options.lock_held else folderlock.take(config.folder, LOCK)
    )
    with lock:
        changing.settle(config.folder)
        keyfiles.check(config.folder)  # here it is one sentence, in the worker it would be a page
        probe(config)
        _serve(config)
    return OK


def probe(config: Config) -> None:
    """Raise CannotError when the port is taken: two servers on one port would share requests."""
    family = socket.AF_INET6 if ":" in config.listen else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((config.listen, config.port))
        except OSError as error:
            raise shared.CannotError(
                f"Port {config.port} on {config.listen} cannot be used ({error.strerror}); "
                f"{_WAYS_OUT.get(error.errno or 0, 'choose others with --listen and --port.')}"
            ) from error


def _serve(config: Config) -> None:
    from granian.constants import HTTPModes, Interfaces, SSLProtocols
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server import Server

    _allow_files()
    certificate.settle(config.folder)
    cert, key = certificate.paths(config.folder)
    if why := certificate.fault(cert, key):
        raise shared.CannotError(f"The certificate {cert} {why}; replace it: caretaker setup https")
    server = Server(
        "controller.rsgi:application",
        address=config.listen,
        port=config.port,
        interface=Interfaces.RSGI,
        websockets=False,
        # SQLite has one writer, and the thread that queues for it must be the only one (A6).
        workers=1,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADER_MILLISECONDS, max_buffer_size=HEAD_BYTES
        ),
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        workers_kill_timeout=STOP_SECONDS,
        ssl_cert=cert,
        ssl_key=key,
        ssl_protocol_min=SSLProtocols(f"tls{config.tls_minimum}"),
        log_level=LogLevels.error,  # a warning about our many, idle threads is not for people
    )
    os.environ["CARETAKER_SERVING"] = "true"
    # A fork would carry our database connection and settings into the worker; a fresh process
    # starts clean.
    multiprocessing.set_start_method("spawn", force=True)
    watch_certificate(cert, key)
    server.serve()


def watch_certificate(cert: Path, key: Path) -> None:
    """Replace the worker when the certificate has been replaced; a pair that cannot be used is
    left alone, and the old one stays in use."""
    if sys.platform == "win32":
        return
    watch = threading.Thread(target=_watch, args=(cert, key), name="certificate", daemon=True)
    watch.start()


def _watch(cert: Path, key: Path) -> None:
    before = seen = _stamp(cert, key)
    while True:
        time.sleep(CERTIFICATE_LOOK_SECONDS)
        now = _stamp(cert, key)
        if now not in (before, seen):
            seen = now  # perhaps half written: look once more
        elif now == seen != before:
            before = now
            if why := certificate.fault(cert, key):
                log.error("code=certificate_unusable the new certificate %s", why)
            else:
                # The server's own way to begin a new worker and then end the old one.
                os.kill(os.getpid(), signal.SIGHUP)


def _stamp(cert: Path, key: Path) -> tuple[object, ...]:
    try:
        return tuple((path.stat().st_ino, path.stat().st_mtime_ns) for path in (cert, key))
    except OSError:
        return ()  # just being replaced


def _allow_files() -> None:
    """Ask for as many open files as our connections take, within what the system grants."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
