"""The answer to `rpm -qa` with our own query format: five fields a line, tab separated.

Traps: `(none)` stands for a missing field; `gpg-pubkey` rows are keys, not programs; INSTALLTIME is
the time of the last upgrade, because rpm replaces a package when it upgrades it.
"""

import msgspec

from checks.formats.errors import ParseError

QUERY = "%{NAME}\\t%{EPOCH}:%{VERSION}-%{RELEASE}\\t%{ARCH}\\t%{INSTALLTIME}\\t%{VENDOR}\\n"
"""What to pass to `--qf`."""


class Package(msgspec.Struct, frozen=True):
    """One installed package; `vendor` is empty where the package names none."""

    name: str
    version: str
    architecture: str
    installed_at: int | None
    vendor: str


def parse(data: bytes) -> list[Package]:
    """Every package. Raises ParseError for a line of another shape."""
    found = []
    for line in data.decode("utf-8", "replace").split("\n"):
        if not line:
            continue
        fields = line.split("\t")
        if len(fields) != 5:
            raise ParseError("not five fields")
        name, version, architecture, installed, vendor = fields
        if name == "gpg-pubkey":
            continue
        digits = installed[:12] if installed.isascii() and installed.isdigit() else ""
        found.append(
            Package(
                name,
                version.removeprefix("(none):").removeprefix("0:"),
                "" if architecture == "(none)" else architecture,
                int(digits) if digits else None,
                "" if vendor == "(none)" else vendor,
            )
        )
    return found
