"""Finds the programs a policy names among what a machine has and what runs on it.

An entry of the policy is the name of a product in `products.toml`, or a glob; either is compared,
without regard to case, with the names of services and of running programs. A program goes by its
file, which must lie where only an administrator may write: anybody may call a file of theirs as
they like, and on Linux have any program call itself so. A name that fits in another place, or on
another file (a script's interpreter), proves nothing either way.
"""

import functools
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from checks import shipped
from checks.filtering.facts import Agent
from checks.host import Process, Processes
from checks.software.globs import Globs
from checks.unseen import Maybe, Unseen

_OPEN_TO_ALL: Final = (
    *("/tmp/", "/var/tmp/", "/dev/shm/", "/run/user/", "/home/"),  # noqa: S108  (places that are compared with, none is written)
    *("/media/", "/run/media/", "/mnt/", "/users/", "/volumes/", "/private/tmp/", "/private/var/"),
    *("c:\\users\\", "c:\\windows\\temp\\", "c:\\windows\\tasks\\", "c:\\windows\\tracing\\"),
)
_ADMINISTRATORS: Final = (
    *("/usr/", "/opt/", "/bin/", "/sbin/", "/lib/", "/lib64/", "/var/lib/", "/snap/"),
    *("/nix/store/", "/gnu/store/", "/applications/", "/library/", "/system/"),
    *("c:\\program files\\", "c:\\program files (x86)\\", "c:\\windows\\"),
)
_KEPT: Final = 15
"""Letters of a program's name that Linux keeps."""
_GONE: Final = " (deleted)"
"""Linux says so of a program whose file was replaced while it runs."""


class Service(msgspec.Struct, frozen=True):
    """One service by every name it has, and whether it runs."""

    names: tuple[str, ...]
    running: Maybe[bool]


class _Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    names: list[str]


@functools.cache
def _products() -> dict[str, _Known]:
    listed = shipped.toml("filtering/products.toml")
    rows = {key.casefold(): row for key, row in listed.items() if isinstance(row, dict)}
    return msgspec.convert(rows, dict[str, _Known])


def found(
    asked: Iterable[str], services: Maybe[Sequence[Service]], processes: Maybe[Processes]
) -> list[Agent]:
    """What became of each name asked for."""
    alive = processes if isinstance(processes, Unseen) else [p for p in processes if not _theirs(p)]
    return [_agent(name, services, alive) for name in asked]


def globs(asked: str) -> Globs:
    """What an entry of the policy is compared with."""
    known = _products().get(asked.casefold())
    return Globs((asked,) if known is None else tuple(known.names))


def _agent(asked: str, services: Maybe[Sequence[Service]], alive: Maybe[Processes]) -> Agent:
    wanted = globs(asked)
    seen = [] if isinstance(alive, Unseen) else alive
    runs = any(wanted.match(name) for one in seen for name in _proven(one))
    named = any(wanted.match(name) for one in seen for name in (*_names(one.name), *_file(one)))
    there = [
        service
        for service in ([] if isinstance(services, Unseen) else services)
        if any(wanted.match(name) for name in service.names)
    ]
    blind = next((one for one in (services, alive) if isinstance(one, Unseen)), None)
    if named and blind is None:
        blind = Unseen("unsupported")
    running = _running(runs, there, blind)
    installed: Maybe[bool] = True if runs or there else (False if blind is None else blind)
    return Agent(asked, installed, running)


def _running(runs: bool, there: list[Service], blind: Unseen | None) -> Maybe[bool]:
    if runs:
        return True
    for service in there:
        if not isinstance(service.running, Unseen) and service.running:
            return True
    unseen = [service.running for service in there if isinstance(service.running, Unseen)]
    if unseen:
        return unseen[0]
    return False if blind is None else blind


def _names(one: str) -> set[str]:
    """A name, and without `.exe`."""
    return {name for name in (one, one[:-4] if one.lower().endswith(".exe") else one) if name}


def _place(process: Process) -> str:
    return (process.exe or "").removesuffix(_GONE)


def _file(process: Process) -> set[str]:
    return _names(_place(process).replace("\\", "/").rpartition("/")[2])


def _proven(process: Process) -> set[str]:
    """Names that only an administrator can have given it; its own where its file is hidden."""
    if process.exe is None:
        return _names(process.name)
    if not _place(process).casefold().startswith(_ADMINISTRATORS):
        return set()
    file = _file(process)
    cut = len(process.name) == _KEPT and any(one.startswith(process.name) for one in file)
    return file | ({process.name} if cut else set())


def _theirs(process: Process) -> bool:
    """Whether it runs from where people keep files of their own."""
    return _place(process).casefold().startswith(_OPEN_TO_ALL)
