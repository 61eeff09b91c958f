"""Finds the programs a policy names among what a machine has and what runs on it.

An entry of the policy is the name of a product in `products.toml`, or a glob; either is compared,
without regard to case, with the names of services and of running programs. A program that runs from
a place its user can write to counts for nothing: anybody may call a file of theirs as they like.
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

_OPEN_TO_ALL: Final = ("/tmp/", "/var/tmp/", "/dev/shm/", "/home/", "/users/", "c:\\users\\")  # noqa: S108  (places that are compared with, none is written)


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
    alive = processes if isinstance(processes, Unseen) else [p for p in processes if _counts(p)]
    return [_agent(name, services, alive) for name in asked]


def globs(asked: str) -> Globs:
    """What an entry of the policy is compared with."""
    known = _products().get(asked.casefold())
    return Globs((asked,) if known is None else tuple(known.names))


def _agent(asked: str, services: Maybe[Sequence[Service]], alive: Maybe[Processes]) -> Agent:
    wanted = globs(asked)
    runs = [
        process
        for process in ([] if isinstance(alive, Unseen) else alive)
        if any(wanted.match(name) for name in _names(process))
    ]
    there = [
        service
        for service in ([] if isinstance(services, Unseen) else services)
        if any(wanted.match(name) for name in service.names)
    ]
    blind = next((one for one in (services, alive) if isinstance(one, Unseen)), None)
    running = _running(runs, there, blind)
    installed: Maybe[bool] = True if runs or there else (False if blind is None else blind)
    return Agent(asked, installed, running)


def _running(runs: list[Process], there: list[Service], blind: Unseen | None) -> Maybe[bool]:
    if runs:
        return True
    for service in there:
        if not isinstance(service.running, Unseen) and service.running:
            return True
    unseen = [service.running for service in there if isinstance(service.running, Unseen)]
    if unseen:
        return unseen[0]
    return False if blind is None else blind


def _names(process: Process) -> set[str]:
    """Also its file's: Linux cuts a program's name after 15 characters."""
    file = (process.exe or "").replace("\\", "/").rpartition("/")[2]
    return {name for one in (process.name, file) for name in (one, _bare(one)) if name}


def _bare(file: str) -> str:
    return file[:-4] if file.lower().endswith(".exe") else file


def _counts(process: Process) -> bool:
    place = (process.exe or "").casefold()
    return not place.startswith(_OPEN_TO_ALL)
