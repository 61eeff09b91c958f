"""Where another machine is: `ssh://USER@HOST:PORT`, as a person types it."""

import urllib.parse

import msgspec


class AddressError(Exception):
    """It is no such address; the sentence says how one looks."""


class Address(msgspec.Struct, frozen=True):
    """A machine and whom to come as."""

    user: str
    host: str
    port: int = 22

    @property
    def entry(self) -> str:
        """The name it has in a file of known hosts, as ssh-keyscan writes it."""
        return self.host if self.port == 22 else f"[{self.host}]:{self.port}"


def parse(said: str) -> Address:
    """Raises AddressError."""
    try:
        parts = urllib.parse.urlsplit(said)
        port = parts.port or 22
    except ValueError:
        raise AddressError(f"{said!r} names no port from 1 to 65535.") from None
    extra = parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme != "ssh" or not parts.hostname or extra:
        raise AddressError(f"{said!r} is no address; one looks like ssh://root@room-7:22.")
    if parts.password is not None:
        raise AddressError("A password does not belong into an address; use a key (--identity).")
    user = urllib.parse.unquote(parts.username or "")
    if not user:
        raise AddressError("Say whom to come as, such as ssh://root@room-7.")
    if not (user + parts.hostname).isprintable() or parts.hostname.startswith("-"):
        raise AddressError(f"{said!r} is no address.")
    return Address(user, parts.hostname, port)
