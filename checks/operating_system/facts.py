"""What is known of the operating system: its release, who fixes it, and (drifting) its updates."""

from typing import ClassVar, Literal

import msgspec

from checks.facts import UNSUPPORTED, Facts
from checks.layers import Layer
from checks.unseen import Maybe

Product = Literal[
    "windows-10",
    "windows-11",
    "windows-server",
    "macos",
    "debian",
    "ubuntu",
    "linuxmint",
    "other",
]
Evidence = Literal[
    "debian-lts", "ubuntu-pro", "windows-esu", "windows-esu-1", "windows-esu-2", "windows-esu-3"
]
"""Support after the end that this machine shows it gets. `debian-lts`: it holds lists of its own
release's security archive, which is where Debian LTS publishes; `ubuntu-pro`: attached, with
esm-infra enabled; `windows-esu-1` to `-3`: the licence for that year of Windows 10's extended
security updates is active (`windows-esu`: a server's, which no reader can show yet)."""


class Automatic(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that installs updates by itself, as it is set up."""

    name: Literal["unattended-upgrades", "dnf-automatic", "mintupdate", "windows-update", "macos"]
    runs: Maybe[bool]
    """Whether anything starts it (a timer or a daily job that is enabled)."""
    installs: Maybe[bool]
    """Whether it installs what it finds, security fixes at least; False: it only downloads."""
    paused_until: Maybe[int | None] = UNSUPPORTED
    """Windows Update only: epoch seconds until which somebody paused it. None = not paused."""
    decided_by: Maybe[Layer] = UNSUPPORTED
    """Windows Update and macOS only: who decided `runs` and `installs`."""


class OperatingSystemFacts(Facts, frozen=True):
    """The steady section: identity, end of support, how updates are meant to happen."""

    section: ClassVar[str] = "operating_system"
    schema: ClassVar[int] = 2

    product: Product
    name: str
    """As the system calls itself, for people: `Debian GNU/Linux 12 (bookworm)`."""
    release: str | None
    """The number its maker dates: `12`, `24.04`, `23H2`. None: it has none (testing, rolling)."""
    point: Maybe[str | None]
    """The finer number: Debian's `12.11`, Windows' build and revision. None = not said."""
    build: Maybe[str | None]
    """Windows' build number, which decides there. None elsewhere."""
    edition: Maybe[Literal["W", "E", "LTSC", "IoT"] | None]
    """Windows' edition class, which decides the end date there. None elsewhere."""
    support_end: Maybe[int | None]
    """Epoch seconds: the end its maker wrote into the system itself. None = not written."""
    extended: Maybe[list[Evidence]]
    kernel: Maybe[str | None]
    architecture: Maybe[str | None]
    automatic: Maybe[list[Automatic]]
    """Empty: nothing here installs updates by itself."""
    managed_by: Maybe[Literal["wsus", "intune", "mdm"] | None]
    """Who else installs them. None = nobody."""


class Update(msgspec.Struct, frozen=True, omit_defaults=True):
    """A security update that is offered and not installed."""

    name: str
    version: str
    severity: Literal["critical", "high", "medium", "low"] | None = None
    """None: the source does not rate it (Debian and Ubuntu do not)."""
    released_at: int | None = None
    """Epoch seconds; on macOS when it was first offered here. None: the source does not say."""


class OperatingSystemNow(Facts, frozen=True):
    """The drifting section: updates waiting, the last ones installed, a restart that is due."""

    section: ClassVar[str] = "operating_system_now"
    schema: ClassVar[int] = 2
    """2: the fields of `seldom` travel apart."""
    seldom: ClassVar[frozenset[str]] = frozenset(
        {"pending", "pending_count", "security_at", "memory_at", "restart_since"}
    )

    lists_at: Maybe[int | None]
    """Epoch seconds: the day the maker made the newest list of security updates this machine holds.
    None = it holds none."""
    pending: Maybe[list[Update]]
    """Security updates not installed, by name, at most 100."""
    pending_count: Maybe[int]
    """All of them, also those cut from the list."""
    security_at: Maybe[int | None]
    """Epoch seconds: when something the security archive serves was last upgraded. None = not in
    the machine's memory, which reaches back to `memory_at`."""
    memory_at: Maybe[int | None]
    """Epoch seconds: where the log of updates begins. None = there is none."""
    restart_since: Maybe[int | None]
    """Epoch seconds: since when a restart is due to finish updates. None = not due."""
    up_since: Maybe[int]
    """Epoch seconds of the last start."""
    automatic_at: Maybe[int | None]
    """Epoch seconds: when updates last ran by themselves. None = never, as far as is known."""


SECTIONS = (OperatingSystemFacts, OperatingSystemNow)
