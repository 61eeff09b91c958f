"""What browsers' files say on any system: how they ask for names, proxies, extensions; pure.

Firefox: `network.trr.mode` in prefs.js, 2 and 3 ask an outside service, 5 is switched off by
choice; `network.proxy.type` 1 and 2 are a proxy of one's own. Chromium and its kin:
`dns_over_https.mode` in Local State, `secure` asks outside, `automatic` only where the network's
own server offers it. A policy an administrator locked outranks both.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from checks.formats import browser_json, firefox_prefs
from checks.formats.browser_json import BrowserFile
from checks.formats.errors import ParseError
from checks.host import CannotLook
from checks.software.facts import Browser, BrowserDns, Encrypted

LARGEST: Final = 4 << 20
"""Bytes of a browser's file that are read at most."""
PROFILES: Final = 40
"""Profiles of one person's browser that are looked at."""
_EXTENSION: Final = re.compile(r"[a-p]{32}")
_FIREFOX_MODES: Final[dict[object, Encrypted]] = {2: "on", 3: "on", 5: "off"}
_CHROMIUM_MODES: Final[dict[str | None, Encrypted]] = {"secure": "on", "off": "off"}

_RULED: Final = ("off", "automatic", "secure")


class Browsers(msgspec.Struct):
    """What one person's browsers are set to."""

    firefox: set[Encrypted]
    chromium: set[tuple[Browser | None, Encrypted]]
    """By whose policies hold for it; None: nobody's that is read."""
    own_proxy: bool
    extensions: set[str]

    @classmethod
    def none(cls) -> "Browsers":
        """Nothing found yet."""
        return cls(set(), set(), False, set())

    def add_firefox(self, *files: bytes | None) -> None:
        """One profile: its prefs.js, then its user.js, which wins."""
        prefs: dict[str, firefox_prefs.Value] = {}
        for data in files:
            prefs |= firefox_prefs.parse(data or b"")
        if prefs:
            self.firefox.add(_FIREFOX_MODES.get(prefs.get("network.trr.mode"), "default"))
            self.own_proxy |= prefs.get("network.proxy.type") in (1, 2)

    def add_chromium(self, local_state: bytes, browser: Browser | None = None) -> None:
        """One installation's Local State. Raises CannotLook."""
        mode = _CHROMIUM_MODES.get(parsed(local_state).local_mode, "default")
        self.chromium.add((browser, mode))

    def add_extensions(self, names: Iterable[str]) -> None:
        """Folders of a profile's extensions."""
        self.extensions |= {name for name in names if _EXTENSION.fullmatch(name)}


def is_profile(name: str) -> bool:
    """Whether a folder of Chromium's is a person's profile."""
    return name == "Default" or name.startswith("Profile ")


def few(profiles: list[str]) -> list[str]:
    """All of them: who makes more hides nothing among them. Raises CannotLook."""
    if len(profiles) > PROFILES:
        raise CannotLook("too-large", "a browser's profiles")
    return profiles


def laid_over(
    people: Iterable[Browsers], firefox: bool | None, chromium: Mapping[Browser | None, str | None]
) -> list[BrowserDns]:
    """Each different answer once. `firefox`: what a locked policy says; `chromium`: the mode that
    each browser's own policy sets, for Chrome's says nothing to Edge; None where there is none."""
    answers: set[tuple[str, Encrypted, bool]] = set()
    for person in people:
        for mode in person.firefox:
            answer: Encrypted = mode if firefox is None else "on" if firefox else "off"
            answers.add(("firefox", answer, firefox is not None))
        for browser, mode in person.chromium:
            said = chromium.get(browser)
            said = said if said in _RULED else None  # as Chromium does with words it does not know
            answer = mode if said is None else _CHROMIUM_MODES.get(said, "default")
            answers.add(("chromium", answer, said is not None))
    return [
        BrowserDns("firefox" if name == "firefox" else "chromium", mode, forced)
        for name, mode, forced in sorted(answers)
    ]


def parsed(data: bytes) -> BrowserFile:
    """A browser's JSON file. Raises CannotLook."""
    try:
        return browser_json.parse(data)
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error
