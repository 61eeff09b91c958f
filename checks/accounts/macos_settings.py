"""macOS settings as files: what a profile manages, and what an administrator or nobody set."""

from typing import Any

from checks.formats import plist
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host


def settings(host: Host, path: str) -> dict[str, Any]:
    """A property list's keys; empty if there is no such file. Raises CannotLook."""
    data = host.read(path)
    if data is None:
        return {}
    try:
        found = plist.parse(data)
    except ParseError as error:
        raise CannotLook("parse-error", path) from error
    if not isinstance(found, dict):
        raise CannotLook("parse-error", path)
    return found


def managed(host: Host, domain: str) -> dict[str, Any]:
    """What a configuration profile sets for the whole Mac. Raises CannotLook."""
    return settings(host, f"/Library/Managed Preferences/{domain}.plist")
