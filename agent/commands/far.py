"""Another computer, for the length of one command: `--host`, `--identity`, `--known-hosts`."""

import argparse
import functools
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from agent.commands import shared
from agent.hosts.ssh import address, connecting
from checks.host import Host

if TYPE_CHECKING:
    from agent.hosts.ssh import ahead


class There(msgspec.Struct, frozen=True):
    """A machine elsewhere and what it calls itself."""

    host: Host
    name: str


@contextmanager
def machine(options: argparse.Namespace, domains: tuple[str, ...]) -> Iterator[There]:
    """The machine, with all that the readers of `domains` (all, if none) will ask already known.

    Raises UsageError, ConnectError.
    """
    from agent.collect.reading import read_domain
    from agent.hosts.ssh import ahead, opening, posix
    from checks.catalogue import catalogue

    wanted = [d for d in catalogue().domains if not domains or d.name in domains]
    looks = [functools.partial(read_domain, domain=d) for d in wanted]
    session = _session(options)
    try:
        if "windows" in session.server.lower():
            yield from _windows(session, options, looks)
            return
        known = opening.posix(session)
        ahead.ask_ahead(known, looks)
        host = posix.PosixHost(known)
        yield There(host, known.name)
        if known.lost:
            print(
                f"caretaker-agent: {shared.cleaned(known.lost)}; "
                "what was not seen until then is unknown.",
                file=sys.stderr,
            )
    finally:
        session.close()


def _windows(
    session: connecting.Session, options: argparse.Namespace, looks: "Sequence[ahead.Look]"
) -> Iterator[There]:
    from agent.hosts.ssh import ahead
    from agent.hosts.ssh.windows import FarWindows

    host = FarWindows(session, os.urandom(32))
    try:
        ahead.ask_for(host.known, host.guessing, looks)
        yield There(host, address.parse(options.host).host)
    finally:
        host.close()


def _session(options: argparse.Namespace) -> connecting.Session:
    try:
        where = address.parse(options.host)
    except address.AddressError as error:
        raise shared.UsageError(str(error)) from error
    if options.identity is None:
        raise shared.UsageError("Name the key to come with: --identity KEY.")
    identity, known = (Path(name).expanduser() for name in (options.identity, options.known_hosts))
    try:
        return connecting.connect(where, identity, known)
    except connecting.NeedsPassphraseError:
        if not sys.stdin.isatty():
            raise
        import getpass

        said = getpass.getpass(f"Passphrase of {identity}: ")
        return connecting.connect(where, identity, known, said)
