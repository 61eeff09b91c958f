"""The worker gives away what it does not need before it hears the first stranger."""

import os
from typing import Final

from agent.survey.worker.task import Task

_MEMORY: Final = 256 << 20
_NOBODY: Final = 65_534


def limit(task: Task) -> None:
    """Memory, processor time, and no file: whatever is heard cannot fill a disk (nor can scapy's
    cache, which would be written as root)."""
    try:
        import resource
    except ImportError:
        return
    seconds = 20 + task.listen_seconds
    for which, most in (
        (resource.RLIMIT_DATA, _MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(which)
        here = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (here, here))


def drop() -> None:
    """Root becomes nobody: the sockets are open by now, and no file is read any more."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    os.setgroups([])
    os.setresgid(_NOBODY, _NOBODY, _NOBODY)
    os.setresuid(_NOBODY, _NOBODY, _NOBODY)
