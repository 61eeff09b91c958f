"""`apt-get --simulate dist-upgrade`: what apt would install, in `Inst` lines.

`Inst openssl [3.0.17-1] (3.0.19-1~deb12u2 Debian-Security:12/oldstable-security [amd64])`. Traps:
no `[old]` for a package that would be new; several origins, comma separated; a trailing ` []`.
"""

import re

import msgspec

_INST = re.compile(r"^Inst (\S+) (?:\[([^\]\s]*)\] )?\((\S+) (.*?) \[([^\]\s]+)\]\)")


class Planned(msgspec.Struct, frozen=True):
    """One package apt would change. `old` is None for a new one; origins as apt prints them."""

    name: str
    old: str | None
    new: str
    origins: list[str]

    @property
    def security(self) -> bool:
        """Whether any origin is a security archive."""
        return any("security" in origin.lower() for origin in self.origins)


def parse(data: bytes) -> list[Planned]:
    """Every `Inst` line; others are skipped."""
    lines = (_INST.match(line) for line in data.decode("utf-8", "replace").splitlines())
    return [Planned(m[1], m[2] or None, m[3], m[4].split(", ")) for m in lines if m]
