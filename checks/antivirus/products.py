"""Which antivirus products are on a machine and which of them run, by the tables in `products.toml`
(Linux) and `products_macos.toml`, and what those tables say besides to judge by."""

import functools
from collections.abc import Sequence
from typing import Literal

import msgspec

from checks import shipped
from checks.host import CannotLook, Host, Process, Processes


class Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of the table; see its head."""

    name: str
    folders: list[str]
    programs: list[str]
    files: list[str] = []
    definitions: Literal["dated", "cloud"] = "dated"
    console: bool = False
    extensions: list[str] = []
    built_in: bool = False
    fresh_days: int | None = None
    old_days: int | None = None
    ancient_days: int | None = None


@functools.cache
def table(name: str = "products") -> dict[str, Known]:
    """The products of one file by id."""
    listed = shipped.toml(f"antivirus/{name}.toml")
    rows = {key: row for key, row in listed.items() if isinstance(row, dict)}
    return msgspec.convert(rows, dict[str, Known])


def installed(host: Host, known: Known) -> bool:
    """Whether a product's folder or file is there. Raises CannotLook."""
    return any(host.stat(path) is not None for path in (*known.folders, *known.files))


def visible(host: Host) -> Processes:
    """Running programs; "denied" where other people's are hidden (/proc with hidepid).

    Without this an ordinary user there would see no antivirus running. Raises CannotLook.
    """
    processes = host.processes()
    if not any(process.pid == 1 for process in processes):
        raise CannotLook("denied", "/proc hides other people's programs")
    return processes


def running(processes: Sequence[Process], known: Known) -> bool:
    """Whether one of a product's programs runs, by name or from below its folder."""
    below = tuple(f"{folder}/" for folder in known.folders)
    return any(
        process.name in known.programs or bool(below and (process.exe or "").startswith(below))
        for process in processes
    )
