"""Debian's own SSH server, one process a connection, for the account that runs the tests."""

import getpass
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.hosts.ssh.address import Address
from agent.hosts.ssh.connecting import Session, connect
from agent.hosts.ssh.opening import posix
from agent.hosts.ssh.posix import Known
from tests import needs


def make_key(path: Path, passphrase: str = "") -> Path:
    """A key pair; its public half is beside it."""
    program = needs.program("ssh-keygen", package="openssh-client")
    kind = ["-t", "ed25519", "-a", "1", "-N", passphrase, "-C", "test", "-f", str(path)]
    subprocess.run([program, "-q", *kind], check=True)
    return path


def public(path: Path) -> str:
    """The public half of a key, without its remark."""
    return " ".join(path.with_suffix(".pub").read_text().split()[:2])


class Server:
    """A listening port; whoever connects gets an `sshd -i` of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._program = needs.program("sshd", package="openssh-server")
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)  # as its service does
        self.host_key = make_key(folder / "host_key")
        self.identity = make_key(folder / "identity")
        self.authorise(public(self.identity))
        self.settings: dict[str, str] = {
            "PasswordAuthentication": "no",
            "KbdInteractiveAuthentication": "no",
        }
        self._listening = socket.create_server(("127.0.0.1", 0))
        port = self._listening.getsockname()[1]
        self.address = Address(getpass.getuser(), "127.0.0.1", port)
        self.url = f"ssh://{self.address.user}@127.0.0.1:{port}"
        self.known_hosts = folder / "known_hosts"
        self.pin(self.host_key)
        self.children: list[subprocess.Popen[bytes]] = []
        self._serving = threading.Thread(target=self._serve, daemon=True)
        self._serving.start()

    def authorise(self, *lines: str) -> None:
        """Who may come in, as lines of authorized_keys."""
        path = self.folder / "authorized_keys"
        path.write_text("".join(f"{line}\n" for line in lines))
        path.chmod(0o600)

    def pin(self, key: Path) -> None:
        """Whose key the file of known hosts holds."""
        self.known_hosts.write_text(f"{self.address.entry} {public(key)}\n")

    def connect(self) -> Session:
        """As the agent does."""
        return connect(self.address, self.identity, self.known_hosts)

    def known(self) -> Known:
        """A conversation over a connection of its own."""
        return posix(self.connect())

    def drop(self) -> None:
        """Break off every connection, as a pulled cable would."""
        for child in self.children:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()

    def stop(self) -> None:
        """No more of anything."""
        self._listening.shutdown(socket.SHUT_RDWR)  # wakes whoever waits for the next one
        self._serving.join()
        self._listening.close()
        self.drop()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            with line:
                self.children.append(self._answer(line))

    def _answer(self, line: socket.socket) -> subprocess.Popen[bytes]:
        said = {
            "HostKey": str(self.host_key),
            "AuthorizedKeysFile": str(self.folder / "authorized_keys"),
            "StrictModes": "no",
            "UsePAM": "no",
            "PidFile": "none",
            **self.settings,
        }
        options = [word for name, value in said.items() for word in ("-o", f"{name}={value}")]
        return subprocess.Popen(
            [self._program, "-i", "-e", "-f", "/dev/null", *options],
            stdin=line.fileno(),
            stdout=line.fileno(),
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """A server for the length of a block."""
    server = Server(folder)
    try:
        yield server
    finally:
        server.stop()
