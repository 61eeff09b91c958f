"""The managers of `managers.toml`, and what every reader makes of a last contact."""

import functools
from typing import Final

import msgspec

from checks import shipped
from checks.host import CannotLook, Host, attempt
from checks.management.facts import OTHER, RECENT_SECONDS, Enrolment
from checks.online import since
from checks.unseen import Maybe, Unseen

MOST_ONLINE: Final = 86_400
_AHEAD: Final = 86_400
"""Seconds that a last contact may lie ahead of the clock: another one set it."""


class Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of the table; see its head."""

    name: str
    servers: list[str]
    providers: list[str] = []


@functools.cache
def table() -> dict[str, Known]:
    """The managers by id."""
    listed = shipped.toml("management/managers.toml")
    rows = {key: row for key, row in listed.items() if isinstance(row, dict)}
    return msgspec.convert(rows, dict[str, Known])


def by_address(address: str) -> str | None:
    """The manager whose server an `https://…` address names; None: none of the list."""
    rest = address.strip().casefold().partition("://")[2]
    host = rest.partition("/")[0].rpartition("@")[2].partition(":")[0].rstrip(".")
    return next(
        (
            key
            for key, known in table().items()
            if any(host == one or host.endswith(f".{one}") for one in known.servers)
        ),
        None,
    )


def by_provider(provider: str) -> str | None:
    """The manager that calls itself so in Windows' enrolments."""
    plain = provider.strip().casefold()
    return next(
        (
            key
            for key, known in table().items()
            if plain in {one.casefold() for one in known.providers}
        ),
        None,
    )


def enrolment(
    host: Host, manager: str | None, last_at: Maybe[int | None], supervised: Maybe[bool | None]
) -> Enrolment:
    """One enrolment; `last_at` is when the manager was last reached, None: never."""
    made = Enrolment(manager or OTHER, supervised, "never", None, None)
    if last_at is None:
        return made
    if isinstance(last_at, Unseen):
        return msgspec.structs.replace(made, contact=last_at)
    age = host.clock() - last_at
    if age < -_AHEAD:
        return msgspec.structs.replace(made, contact=Unseen("parse-error"))
    if age <= RECENT_SECONDS:
        return msgspec.structs.replace(made, contact="recent")
    online = attempt(_online, host, last_at)
    return msgspec.structs.replace(
        made, contact="past", silent_since=last_at, online_seconds=online
    )


def _online(host: Host, last_at: int) -> int:
    stretches = host.online()
    if not stretches:
        raise CannotLook("deferred", "no hours remembered")
    return min(MOST_ONLINE, since(stretches, last_at, host.clock()))
