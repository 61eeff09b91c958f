"""Asks a Linux machine for its block devices; shared by every reader that needs a drive.

lsblk needs no root: names, sizes and serials come from sysfs and udev's database.
"""

import functools

from checks.formats import lsblk
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host


@functools.lru_cache(maxsize=1)  # two sections are read from one answer; a host sees one round
def block_devices(host: Host) -> list[lsblk.BlockDevice]:
    """The trees of lsblk. Raises CannotLook."""
    ran = host.run(list(lsblk.ARGV))
    if ran.code != 0:
        ran = host.run(list(lsblk.ARGV_OLD))
    if ran.code != 0:
        raise CannotLook("parse-error", f"lsblk exited {ran.code}")
    try:
        return lsblk.parse(ran.out)
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error
