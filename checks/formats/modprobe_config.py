"""modprobe configuration: files of `modprobe.d`, `modprobe --showconfig`, and the kernel's command
line.

Module names are compared with `-` and `_` alike, as kmod does; they are kept with `_`. An `install`
line replaces loading by a command; `blacklist` only stops a module from loading by itself when a
device appears, anybody with the right may still load it by name.
"""

from typing import Literal

import msgspec

REFUSERS = frozenset(
    f"{folder}/{name}" for folder in ("/bin", "/usr/bin", "/sbin") for name in ("true", "false")
)
Block = Literal["install", "blacklist", "no"]


class Config(msgspec.Struct, frozen=True):
    """What stops modules: `install` name → command, and the names on the blacklist."""

    install: dict[str, str]
    blacklist: frozenset[str]

    def block(self, module: str) -> Block:
        """How loading of one module is stopped."""
        command = self.install.get(module, "").split("#")[0].split()
        if command and command[0] in REFUSERS:
            return "install"
        return "blacklist" if module in self.blacklist else "no"


def parse(data: bytes) -> Config:
    """Read the lines of one or several files; the first `install` line of a module counts."""
    install: dict[str, str] = {}
    blacklist = set()
    for line in data.decode("utf-8", "replace").replace("\\\n", " ").split("\n"):
        words = line.split(None, 2)
        if len(words) >= 3 and words[0] == "install":
            install.setdefault(_plain(words[1]), words[2].strip())
        elif len(words) >= 2 and words[0] == "blacklist":
            blacklist.add(_plain(words[1]))
    return Config(install, frozenset(blacklist))


def refused_at_boot(cmdline: bytes) -> frozenset[str]:
    """Modules that `module_blacklist=` on the kernel's command line keeps out altogether."""
    return _listed(cmdline, "module_blacklist=")


def blacklisted_at_boot(cmdline: bytes) -> frozenset[str]:
    """Modules that `modprobe.blacklist=` on the kernel's command line adds to the blacklist."""
    return _listed(cmdline, "modprobe.blacklist=")


def _listed(cmdline: bytes, option: str) -> frozenset[str]:
    words = cmdline.decode("utf-8", "replace").split()
    lists = [word.removeprefix(option) for word in words if word.startswith(option)]
    return frozenset(_plain(name) for names in lists for name in names.split(",") if name)


def _plain(name: str) -> str:
    return name.replace("-", "_")
