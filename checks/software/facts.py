"""What is known of programs: all that are installed, ways around the filter, and what runs now.

Only titles leave a machine: no path, no command line, no account. `running` holds the file name of
a program (for a script that is its interpreter's), never the name it gives itself, which for a
script is the script's own file name.
"""

from typing import ClassVar, Literal

import msgspec

from checks.facts import UNSUPPORTED, Facts
from checks.layers import Layer
from checks.unseen import Maybe, Reason

Source = Literal[
    "dpkg",
    "rpm",
    "snap",
    "flatpak",
    "appimage",
    "registry",
    "appx",
    "folder",
    "application",
    "homebrew",
]
"""`folder`: programs in a person's own folder on Windows, known by the folder's name, and commands
on a Mac, known by their own."""
Where = Literal["dpkg", "rpm", "snap", "flatpak", "homes", "registry", "appx", "applications"]


Encrypted = Literal["on", "off", "default"]
Proxy = Literal["gnome", "kde", "firefox", "environment", "windows", "macos"]
AllowList = Literal["enforcing", "permissive", "off"]
Control = Literal[
    "app-control",
    "applocker",
    "software-restriction",
    "s-mode",
    "smart-app-control",
    "smartscreen",
    "gatekeeper",
    "santa",
]
"""What decides whether a program may start. `app-control`: App Control for Business (WDAC)."""
Strength = Literal["enforcing", "asks", "watching", "off"]
"""`asks`: whoever uses the computer can start the program all the same. `watching`: it only writes
down what it would have stopped."""
Browser = Literal["chrome", "edge", "brave", "chromium", "firefox", "safari"]
WritablePath = Literal["/home", "/tmp", "/var/tmp", "/dev/shm"]  # noqa: S108  (names of facts)


class Title(msgspec.Struct, frozen=True, omit_defaults=True):
    """One installed program."""

    name: str
    version: str
    source: Source
    id: str = ""
    """A second name that identifies it, such as a flatpak's; empty where `name` does."""
    publisher: str = ""
    """Empty for what came with the system, and where nobody says."""
    system: bool = False
    """Made by the maker of the operating system, by where it came from."""
    installed_at: int | None = None
    """Epoch seconds by which it was there, at the latest. None: unknown; not asked for `system`."""
    hidden: bool = False
    """Part of another title, which Windows lists for itself only, or which Homebrew brought along
    for another. Since schema 2."""


class Blind(msgspec.Struct, frozen=True):
    """A place programs can be that nobody could look at."""

    where: Where
    reason: Reason


class BrowserDns(msgspec.Struct, frozen=True):
    """How one browser asks for names, over all who use it; each different answer once."""

    browser: Literal["firefox", "chromium", "windows", "macos"]
    """`windows`, `macos`: the system itself, for all programs."""
    encrypted: Encrypted
    """`on`: past the school's own name server. `default`: the browser's own habit, which stays with
    the school's server where that does not offer it."""
    forced: bool
    """Set by an administrator's policy, not by who uses it."""


class Place(msgspec.Struct, frozen=True):
    """A folder everybody may write to."""

    path: WritablePath
    noexec: bool
    """Whether programs kept there cannot be started."""


class Starting(msgspec.Struct, frozen=True):
    """One thing that decides which programs may start, as it is in force."""

    control: Control
    strength: Maybe[Strength]
    by: Maybe[Layer]


class BrowserPolicy(msgspec.Struct, frozen=True):
    """What an administrator's policies say to one kind of browser, installed or not."""

    browser: Browser
    safe_search: Maybe[bool | None]
    """Whether safe search is forced on every search engine that a policy of this browser's can
    force. None: it has no such policy."""
    extensions: Maybe[Literal["listed", "any"]]
    """`listed`: only extensions the policy names can be added."""


class SoftwareFacts(Facts, frozen=True):
    """The steady section: programs, browsers' settings, who may start what."""

    section: ClassVar[str] = "software"
    schema: ClassVar[int] = 2

    titles: Maybe[list[Title]]
    cut: int
    """Programs left out of the list because it was too long."""
    blind: list[Blind]
    dns: Maybe[list[BrowserDns]]
    proxies: Maybe[list[Proxy]]
    """Where somebody set a proxy for themselves; an administrator's own is not listed."""
    extensions: Maybe[list[str]]
    """Identifiers of browser extensions, over all who use the computer, at most 300."""
    places: Maybe[list[Place]]
    allow_list: Maybe[AllowList | None]
    """Whether only listed programs may start (fapolicyd), as set up. None: nothing of the kind."""
    starting: Maybe[list[Starting]] = UNSUPPORTED
    """Windows and macOS: all of their controls, those switched off included; Santa only where it is
    installed. Since schema 2."""
    installs_elevated: Maybe[bool] = UNSUPPORTED
    """Windows: whether anybody may install with an administrator's rights. Since schema 2."""
    browsers: Maybe[list[BrowserPolicy]] = UNSUPPORTED
    """Since schema 2."""


class Port(msgspec.Struct, frozen=True):
    """A listening socket; UDP ports the system picks by itself (from 32768 on) are left out."""

    protocol: Literal["tcp", "udp"]
    port: int
    local: bool
    """Only reachable from the computer itself."""


class SoftwareNow(Facts, frozen=True):
    """The drifting section: what runs and what listens at the time of looking."""

    section: ClassVar[str] = "software_now"
    schema: ClassVar[int] = 1

    running: Maybe[list[str]]
    """File names of running programs, lower case, each once, at most 400."""
    hidden: Maybe[int]
    """Running programs of other people whose file could not be seen, and those cut."""
    listening: Maybe[list[Port]]


SECTIONS = (SoftwareFacts, SoftwareNow)
