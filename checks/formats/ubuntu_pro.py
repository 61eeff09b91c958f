"""`/var/lib/ubuntu-advantage/status.json`: whether its maker's paid support covers this Ubuntu.

World-readable and kept by the `pro` client, so no program has to be started. Traps: `attached`
alone is not enough, the service that brings security fixes (`esm-infra`) must be enabled.
"""

import msgspec

from checks.formats.errors import ParseError


class _Service(msgspec.Struct):
    name: str = ""
    status: str = ""


class _Status(msgspec.Struct):
    attached: bool = False
    services: list[_Service] = []


class Pro(msgspec.Struct, frozen=True):
    """The machine's subscription and the services that are enabled on it."""

    attached: bool
    enabled: list[str]


def parse(data: bytes) -> Pro:
    """Read the client's own status file. Raises ParseError."""
    try:
        status = msgspec.json.decode(data, type=_Status)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParseError(str(error)) from error
    return Pro(status.attached, [s.name for s in status.services if s.status == "enabled"])
