"""A machine with USB devices it does not have: a /sys tree that umockdev lays out from a
description."""

import os
import subprocess
from pathlib import Path

from checks.host import READ_LIMIT, Process, Processes, Stat, User, Users
from tests import needs
from tests.checks.rooted import Names, RootedHost

HUB = "/devices/pci0000:00/0000:00:14.0/usb1"


def device(path: str, subsystem: str, **attributes: str) -> str:
    """One device for umockdev; `_` stands for the `/` of an attribute below it."""
    lines = [f"P: {path}", f"E: SUBSYSTEM={subsystem}", f"E: DEVTYPE={subsystem}_device"]
    lines += [f"A: {name}={value}\\n" for name, value in attributes.items()]
    return "\n".join(lines) + "\n"


def hub(authorized_default: str = "1") -> str:
    """The root hub every USB machine has."""
    return device(
        HUB, "usb", idVendor="1d6b", idProduct="0002", authorized_default=authorized_default
    )


def stick(
    port: str = "1-2", disk: str = "sdb", size: int = 30_031_872, **changes: str
) -> list[str]:
    """A memory stick with its interface and disk."""
    about = {
        "idVendor": "0781",
        "idProduct": "5581",
        "manufacturer": "SanDisk",
        "product": "Ultra",
        "serial": "EXAMPLE0001",
        **changes,
    }
    return [
        device(f"{HUB}/{port}", "usb", **{k: v for k, v in about.items() if v}),
        device(f"{HUB}/{port}/{port}:1.0", "usb", bInterfaceClass="08"),
        device(
            f"{HUB}/{port}/{port}:1.0/host6/target6:0:0/6:0:0:0/block/{disk}",
            "block",
            size=str(size),
            removable="1",
        ),
    ]


def lay_out(root: Path, devices: list[str]) -> None:
    """Let umockdev make `root/sys`."""
    umockdev = needs.program("umockdev-run", package="umockdev")
    description = root / "devices.umockdev"
    description.write_text("\n".join(devices))
    copy = f'D=$UMOCKDEV_DIR; unset LD_PRELOAD; cp -a "$D/sys" "{root}/sys"'
    subprocess.run([umockdev, "-d", str(description), "--", "sh", "-c", copy], check=True)


class MadeUpHost(RootedHost):
    """A rooted host whose /sys is the kernel's own, so its links are followed wherever it lies."""

    names: tuple[str, ...] = ()
    """Programs that run."""

    people: tuple[User, ...] = ()
    """Accounts."""

    def _real(self, path: str) -> str:
        if not path.startswith("/sys/"):
            return path
        real = os.path.realpath(f"{self.root}{path}")
        return real.removeprefix(os.path.realpath(self.root))

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes | None:
        """Follow sysfs."""
        return super().read(self._real(path), limit)

    def list(self, path: str) -> Names | None:
        """Follow sysfs."""
        return super().list(self._real(path))

    def stat(self, path: str) -> Stat | None:
        """Follow sysfs."""
        return super().stat(self._real(path))

    def processes(self) -> Processes:
        """The programs of the test."""
        return [Process(index, name, None, "s") for index, name in enumerate(self.names, 400)]

    def users(self) -> Users:
        """The people of the test."""
        return list(self.people)
