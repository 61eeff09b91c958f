"""Debian's package database `/var/lib/dpkg/status`: one paragraph per package dpkg has heard of.

Read directly because starting dpkg-query costs more than the whole reading. Traps: a removed
package whose settings stay keeps its paragraph (`deinstall ok config-files`), so only states in
which the files are on the disk count; the same name stands twice on a machine with two
architectures; version strings carry an epoch (`1:2.39-1`).
"""

import functools

import msgspec

from checks.formats.errors import ParseError

_PRESENT = ("installed", "triggers-pending", "triggers-awaited", "half-configured", "unpacked")


class Package(msgspec.Struct, frozen=True):
    """One package whose files are on the disk. `maintainer` is as written, with its address."""

    name: str
    version: str
    architecture: str
    section: str
    priority: str
    maintainer: str


def parse(data: bytes) -> list[Package]:
    """Every package that is present. Raises ParseError for a paragraph without a name."""
    return list(_parsed(data))


@functools.lru_cache(maxsize=1)  # two domains read the same file in one round
def _parsed(data: bytes) -> tuple[Package, ...]:
    text = data.decode("utf-8", "replace")
    if "\r\n" in text:  # carried over from another system
        text = text.replace("\r\n", "\n")
    found = []
    for paragraph in text.split("\n\n"):
        if paragraph.isspace() or not paragraph:
            continue
        body = f"\n{paragraph}\n"
        name = _field(body, "\nPackage: ")
        if not name:
            raise ParseError("a paragraph without Package")
        status = _field(body, "\nStatus: ").rsplit(" ", 1)[-1]
        # `apt-cache show` prints the same paragraphs without a status: all it shows is wanted.
        if status and status not in _PRESENT:
            continue
        found.append(
            Package(
                name,
                _field(body, "\nVersion: "),
                _field(body, "\nArchitecture: "),
                _field(body, "\nSection: "),
                _field(body, "\nPriority: "),
                _field(body, "\nMaintainer: "),
            )
        )
    return tuple(found)


def _field(paragraph: str, start: str) -> str:
    at = paragraph.find(start)
    if at < 0:
        return ""
    at += len(start)
    return paragraph[at : paragraph.index("\n", at)].strip()
