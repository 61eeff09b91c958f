"""Opens the connection, by keys only: ours by a file, the machine's by a file of known hosts.

A machine that shows another key, or one nobody wrote down, is refused before anything is sent to
it; never is a key believed because it came first. No agent, no key found by the way, no password,
no settings of the person's `ssh`. Traps: paramiko stumbles over `@revoked` lines and damaged ones
of a known hosts file, so it is read line by line; its log writes to stderr unless told not to.
"""

import base64
import binascii
import hashlib
import logging
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from agent.hosts import NoDoorError
from agent.hosts.ssh.address import Address

if TYPE_CHECKING:
    import paramiko

SECONDS: Final = 15
"""For each step: the connection, the greeting, the keys."""


class ConnectError(NoDoorError):
    """No connection."""


class Session(msgspec.Struct, frozen=True):
    """An open connection and what the other side calls its server."""

    client: "paramiko.SSHClient"
    server: str

    def run(self, command: str) -> "ChannelLine":
        """Start one program there. Raises ConnectError."""
        return ChannelLine(self.channel(command))

    def channel(self, command: str) -> "paramiko.Channel":
        """As `run`, for who reads by himself."""
        import paramiko

        transport = self.client.get_transport()
        try:
            if transport is None:
                raise paramiko.SSHException("closed")
            channel = transport.open_session(timeout=SECONDS)
            channel.settimeout(SECONDS)
            channel.exec_command(command)
        except (paramiko.SSHException, OSError, EOFError) as error:
            raise ConnectError("It lets us in and runs nothing for us.") from error
        return channel

    def close(self) -> None:
        """Hang up."""
        self.client.close()


class ChannelLine:
    """Bytes to a program over there and back."""

    def __init__(self, channel: "paramiko.Channel") -> None:
        """Around an open channel."""
        self._channel = channel

    def send(self, data: bytes) -> None:
        """All of it. Raises OSError."""
        self._channel.settimeout(SECONDS)
        self._channel.sendall(data)

    def receive(self, seconds: float) -> bytes:
        """Some bytes, none at the end; what it says on stderr is thrown away."""
        while self._channel.recv_stderr_ready():
            self._channel.recv_stderr(65536)
        self._channel.settimeout(seconds)
        data: bytes = self._channel.recv(1 << 18)
        return data


def connect(
    address: Address,
    identity: Path,
    known_hosts: Path,
    passphrase: str | None = None,
    seconds: float = SECONDS,
) -> Session:
    """Raises ConnectError."""
    try:
        import paramiko
    except ModuleNotFoundError as missing:
        raise ConnectError(
            "Looking at another computer needs paramiko: install caretaker[ssh]."
        ) from missing
    logging.getLogger("paramiko").addHandler(logging.NullHandler())
    logging.getLogger("paramiko").propagate = False
    key = _key(identity, passphrase)
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    try:
        revoked = _pinned(client, address, known_hosts)
        _knock(client, address, key, seconds)
        transport = client.get_transport()
        if transport is None:
            raise paramiko.SSHException("closed")
        if transport.get_remote_server_key().asbytes() in revoked:
            raise ConnectError(f"{known_hosts} says that the key of {address.entry} is revoked.")
        return Session(client, str(transport.remote_version))
    except (paramiko.SSHException, OSError, EOFError) as error:
        client.close()
        raise ConnectError(_sentence(error, address, identity, known_hosts)) from error
    except BaseException:
        client.close()
        raise


def _knock(
    client: "paramiko.SSHClient", address: Address, key: "paramiko.PKey", seconds: float
) -> None:
    client.connect(
        address.host,
        address.port,
        address.user,
        pkey=key,
        allow_agent=False,
        look_for_keys=False,
        timeout=seconds,
        banner_timeout=seconds,
        auth_timeout=seconds,
    )


def fingerprint(key: bytes) -> str:
    """As `ssh-keygen -l` shows it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")


def _key(identity: Path, passphrase: str | None) -> "paramiko.PKey":
    import paramiko

    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key_file(str(identity), passphrase)
        except FileNotFoundError as error:
            raise ConnectError(f"There is no key {identity}.") from error
        except OSError as error:
            raise ConnectError(f"{identity}: {error.strerror}") from error
        except paramiko.PasswordRequiredException as error:
            raise NeedsPassphraseError(f"{identity} has a passphrase.") from error
        except (paramiko.SSHException, ValueError, IndexError, TypeError):
            continue  # a key of another kind, or none at all
    raise ConnectError(f"{identity} is no private key we can use, or that is not its passphrase.")


class NeedsPassphraseError(ConnectError):
    """The key is locked and nobody said with what."""


def _pinned(client: "paramiko.SSHClient", address: Address, known_hosts: Path) -> set[bytes]:
    """Load the keys believed in; gives those revoked. Raises ConnectError."""
    from paramiko.hostkeys import HostKeyEntry, InvalidHostKey

    try:
        lines = known_hosts.read_text("utf-8", "replace").splitlines()
    except OSError as error:
        raise ConnectError(
            f"{known_hosts}: {error.strerror}. It must hold the key of {address.entry}."
        ) from error
    revoked = set()
    for line in lines:
        try:
            if line.startswith("@revoked"):
                revoked.add(base64.b64decode(line.split()[3]))
                continue
            entry = None if line.startswith(("@", "#")) else HostKeyEntry.from_line(line)
        except (InvalidHostKey, binascii.Error, ValueError, IndexError):
            continue  # a damaged line pins nothing
        if entry is not None:
            for name in entry.hostnames:
                client.get_host_keys().add(name, entry.key.get_name(), entry.key)
    return revoked


def _sentence(error: Exception, address: Address, identity: Path, known_hosts: Path) -> str:
    import paramiko

    if isinstance(error, paramiko.BadHostKeyException):
        return (
            f"{address.entry} shows the key {fingerprint(error.key.asbytes())}, but {known_hosts} "
            f"holds {fingerprint(error.expected_key.asbytes())}. Either it was set up anew, or "
            "somebody stands between. Look at the computer itself; nothing was sent to it."
        )
    if isinstance(error, paramiko.AuthenticationException):
        return f"{address.entry} does not let {address.user} in with {identity}."
    if isinstance(error, socket.gaierror):
        return f"There is no computer {address.host}: its name leads nowhere."
    if isinstance(error, paramiko.SSHException) and "not found in known_hosts" in str(error):
        return (
            f"{known_hosts} holds no key of {address.entry}. Compare the key at the computer "
            "itself (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then write it there."
        )
    # What paramiko says when it waited in vain for the greeting, and for the keys.
    waited = ("banner", "No existing session")
    if isinstance(error, TimeoutError) or any(word in str(error) for word in waited):
        return f"{address.entry} does not answer as an SSH server does."
    return f"No connection to {address.entry}: {error}"
