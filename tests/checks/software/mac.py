"""A made-up Mac: real files and links in a folder that stands for `/`, programs that answer by
hand."""

import plistlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from checks.host import RUN_TIMEOUT, CannotLook, Listener, Platform, Process, Ran, User
from tests.checks.rooted import RootedHost

SPCTL = ("/usr/sbin/spctl", "--status")
RELEASE = ("/usr/bin/sw_vers", "-productVersion")
ENROLLED = ("/usr/bin/profiles", "status", "-type", "enrollment")
PROFILES = ("/usr/bin/profiles", "-P", "-o", "stdout-xml")
SANTACTL = ("/usr/local/bin/santactl", "status", "--json")
NETWORK = "/Library/Preferences/SystemConfiguration/preferences.plist"
MANAGED = "/Library/Managed Preferences"
SUPPORT = "/Users/maya/Library/Application Support"
CHROME = f"{SUPPORT}/Google/Chrome"
APPLE = {
    SPCTL: Ran(0, b"assessments enabled\n"),
    RELEASE: Ran(0, b"26.1\n"),
    ENROLLED: Ran(0, b"Enrolled via DEP: No\nMDM enrollment: No\n"),
    PROFILES: Ran(0, b"There are no configuration profiles installed\n"),
}


class Mac(RootedHost):
    """`answers`: what programs say; one that is not in it is not installed."""

    platform: Platform = "macos"
    privileged = True

    def __init__(self, root: Path, people: Sequence[str] = ("maya",)) -> None:
        super().__init__(root)
        self.answers: dict[tuple[str, ...], Ran] = dict(APPLE)
        self.people = people
        self.running: list[Process] = []
        self.sockets: list[Listener] = []
        self.network()

    def users(self) -> list[User]:
        return [
            User(name, str(501 + n), f"{n:016x}", f"/Users/{name}", "/bin/zsh", "human")
            for n, name in enumerate(self.people)
        ]

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        answer = self.answers.get(tuple(argv))
        if answer is None:
            raise CannotLook("tool-missing", argv[0])
        return answer

    def processes(self) -> list[Process]:
        return self.running

    def listeners(self) -> list[Listener]:
        return self.sockets

    def list_of(self, path: str, content: Mapping[str, Any]) -> None:
        """Write a property list."""
        self.put(path, plistlib.dumps(dict(content)))

    def app(self, path: str, identifier: str = "", version: str = "1.0", **more: str) -> None:
        """Install an application."""
        info = {"CFBundleIdentifier": identifier, "CFBundleShortVersionString": version, **more}
        self.list_of(f"{path}/Contents/Info.plist", info)

    def link_to(self, path: str, target: str) -> None:
        """Make a symbolic link."""
        place = self.root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)

    def network(self, other: Mapping[str, Any] | None = None, /, **proxies: int) -> None:
        """The proxies of the location in use, and of another one."""
        self.list_of(
            NETWORK,
            {
                "CurrentSet": "/Sets/1",
                "NetworkServices": {"A": {"Proxies": proxies}, "B": {"Proxies": other or {}}},
                "Sets": {
                    "1": {"Network": {"Service": {"A": {"__LINK__": "/NetworkServices/A"}}}},
                    "2": {"Network": {"Service": {"B": {"__LINK__": "/NetworkServices/B"}}}},
                },
            },
        )

    def profile(self, kind: str, content: Mapping[str, Any], locked: str = "true") -> None:
        """Install a configuration profile with one part."""
        item = {"PayloadType": kind, "PayloadContent": dict(content)}
        profile = {"ProfileRemovalDisallowed": locked, "ProfileItems": [item]}
        self.answers[PROFILES] = Ran(0, plistlib.dumps({"_computerlevel": [profile]}))
