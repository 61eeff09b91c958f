"""From an open connection to a door: which program answers there, and what system it is."""

import importlib.resources
import os

from agent.hosts.ssh.connecting import ConnectError, Session
from agent.hosts.ssh.posix import Known
from agent.hosts.ssh.talking import BrokenError, Talk

_PERL = "exec /usr/bin/env -i perl -"
"""Understood by every login shell, and by none of them changed: the program comes over stdin."""


def posix(session: Session) -> Known:
    """What is known of a Linux machine or a Mac: hello. Raises ConnectError."""
    try:
        return Known(talk(session), os.urandom(32))
    except BrokenError as broken:
        raise ConnectError(
            f"It let us in and did not answer ({broken}). It needs a shell for this account and "
            "perl, which Debian, Ubuntu, SUSE and macOS bring; elsewhere install the package perl."
        ) from broken


def talk(session: Session) -> Talk:
    """Begin to talk. Raises ConnectError, BrokenError."""
    program = importlib.resources.files("agent.hosts.ssh").joinpath("answering.pl").read_bytes()
    return Talk(session.run(_PERL), program)
