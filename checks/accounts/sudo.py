"""Who sudo lets run everything, over all files its rules are in; for every system that has sudo.

Reads only through the host it is given. Rules for everybody do not count where root's own password
is asked for (`Defaults targetpw`, as SUSE has it).
"""

from typing import Final

from checks.formats import sudoers
from checks.host import CannotLook, Host

_FILES: Final = 200


def everything(host: Host, main: str) -> list[str]:
    """The names as rules write them (`maya`, `%group`, `#1000`, `ALL`), sorted, aliases resolved.

    Raises CannotLook.
    """
    files = _read(host, main)
    users = {name: members for file in files for name, members in file.users.items()}
    named = {one for file in files for who in file.everything for one in users.get(who, [who])}
    if any(file.roots_password for file in files):
        named.discard("ALL")
    return sorted(named)


def _read(host: Host, main: str) -> list[sudoers.Sudoers]:
    """The file and every file it reads in, each once. Raises CannotLook."""
    files: dict[str, sudoers.Sudoers] = {}
    waiting = [main]
    while waiting:
        path = waiting.pop(0)
        data = None if path in files else host.read(path)
        if data is None:
            continue
        if len(files) >= _FILES:
            raise CannotLook("too-large", "sudo's rules")
        files[path] = sudoers.parse(data)
        for include in files[path].includes:
            waiting += _included(host, path, include)
    return list(files.values())


def _included(host: Host, main: str, include: sudoers.Include) -> list[str]:
    """A folder's files count unless their name holds a dot or ends in `~`, as sudo has it."""
    path = include.path
    if not path.startswith("/"):
        path = f"{main.rpartition('/')[0]}/{path}"
    if include.kind == "include":
        return [path]
    names = host.list(path) or []
    return [f"{path}/{name}" for name in names if "." not in name and not name.endswith("~")]
