"""Which browsers are installed, by the dated list in `browsers.toml`, and whose policies hold."""

import functools
from collections.abc import Iterable

import msgspec

from checks import shipped
from checks.host import Platform
from checks.software.facts import Browser, BrowserPolicy, Title
from checks.software.globs import prepare
from checks.unseen import known


class Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of the list; see its head."""

    title: str
    policy: Browser | None = None
    linux: list[str] = []
    windows: list[str] = []
    macos: list[str] = []


@functools.cache
def _by_glob(platform: Platform) -> dict[str, Known]:
    rows = msgspec.convert(shipped.toml("software/browsers.toml")["browser"], list[Known])
    return {glob: row for row in rows for glob in getattr(row, platform)}


def installed(titles: Iterable[Title], platform: Platform) -> list[Known]:
    """Each browser once, by title."""
    globs = _by_glob(platform)
    prepared = prepare(tuple(globs))
    names = {name for title in titles for name in (title.name, title.id) if name}
    found = {globs[glob].title: globs[glob] for name in names for glob in prepared.matches(name)}
    return [found[title] for title in sorted(found)]


def is_browser(platform: Platform, name: str) -> bool:
    """Whether the list knows a title by this name."""
    return prepare(tuple(_by_glob(platform))).match(name) is not None


def policy_of(browser: Known, policies: list[BrowserPolicy]) -> BrowserPolicy | None:
    """What is asked of a browser; None where nobody's policies reach it."""
    return next((one for one in policies if one.browser == browser.policy), None)


def unforced(browser: Known, policies: list[BrowserPolicy]) -> bool:
    """Whether a browser that could be told to search safely is not. Raises BlindError."""
    policy = policy_of(browser, policies)
    return policy is None or known(policy.safe_search) is False


def unforceable(browser: Known, policies: list[BrowserPolicy]) -> bool:
    """Whether no policy of this browser's maker forces safe search. Raises BlindError."""
    policy = policy_of(browser, policies)
    return policy is not None and known(policy.safe_search) is None


def takes_anything(browser: Known, policies: list[BrowserPolicy]) -> bool:
    """Whether whoever uses a browser can add any extension. Raises BlindError."""
    policy = policy_of(browser, policies)
    return policy is None or known(policy.extensions) == "any"
