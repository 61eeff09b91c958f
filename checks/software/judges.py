"""Judges of programs: agreed to, none of the kinds the school looks out for, still fixed.

Finding something is proof; finding nothing is proof only if everything was looked at, so a cut list
or a place nobody could look into makes "none" unknown. What came with the operating system is its
maker's and not a stranger (S4); Caretaker's own parts are never a finding.
"""

from checks.judging import Device, Judge, Moment, Settings, judge
from checks.software import browsing, support
from checks.software.facts import Control, Port, SoftwareFacts, SoftwareNow, Title
from checks.software.globs import Globs, prepare
from checks.software.watchlists import Category, Entry, Watch, watch
from checks.unseen import BlindError, Unseen, known
from checks.verdicts import Finding, failed, not_applicable, passed, warned

NAMED = 3
"""Titles named in a sentence; the rest are counted."""
OWN = prepare(("caretaker", "caretaker-*"))
NAMES = {"firefox": "Firefox", "chromium": "Chromium", "windows": "Windows", "macos": "macOS"}
CONTROLS: dict[Control, str] = {
    "app-control": "App Control for Business",
    "applocker": "AppLocker",
    "software-restriction": "Software Restriction Policies",
    "s-mode": "S mode",
    "smart-app-control": "Smart App Control",
    "smartscreen": "SmartScreen",
    "gatekeeper": "Gatekeeper",
    "santa": "Santa",
}


class UnapprovedSettings(Settings, frozen=True):
    """`approved`: globs of titles the school agreed to; a glob beginning `publisher:` is one of
    makers. `new_seconds`: how long a stranger counts as new after it was installed."""

    approved: list[str]
    new_seconds: int


class ApprovedSettings(Settings, frozen=True):
    """`approved`: globs of titles (of programs or of watch-list entries) the school agreed to."""

    approved: list[str]


class SupportSettings(Settings, frozen=True):
    """`warn_seconds`: from this long before the end on, it is time to plan."""

    warn_seconds: int


@judge("software-unapproved")
def unapproved(software: SoftwareFacts, settings: UnapprovedSettings, moment: Moment) -> Finding:
    """Every program is the system's own or on the school's list; a new stranger fails."""
    titles = known(software.titles)
    strangers = [t for t in titles if not _known_title(t, settings)]
    new = [
        t.name
        for t in strangers
        if t.installed_at is not None and moment.seen - t.installed_at <= settings.new_seconds
    ]
    if new:
        return _fails("new-stranger", new)
    _whole(software)
    if strangers:
        dated = all(title.installed_at is not None for title in strangers)
        says = "old-stranger" if dated else "undated-stranger"
        return _warns(says, [title.name for title in strangers])
    return passed("all-agreed", count=len(titles))


def _known_title(title: Title, settings: UnapprovedSettings) -> bool:
    """A part that Windows hides belongs to a title that it shows."""
    own = title.system or title.hidden or OWN.match(title.name) is not None
    return own or agreed(title, settings.approved)


def approves(title: Title, approved: list[str]) -> bool:
    """Whether `software-unapproved` takes a title for agreed to: for pages that list titles."""
    return _known_title(title, UnapprovedSettings(approved=approved, new_seconds=0))


def agreed(title: Title, approved: list[str]) -> bool:
    """Whether a pattern of the school's list fits."""
    globs = prepare(tuple(approved))
    names = (title.name, title.id, f"publisher:{title.publisher}" if title.publisher else "")
    return any(name and globs.match(name) is not None for name in names)


@judge("software-p2p")
def p2p(
    software: SoftwareFacts, now: SoftwareNow, settings: ApprovedSettings, device: Device
) -> Finding:
    """No file-sharing program is installed, runs, or listens where they listen."""
    look, agreed = _watch("p2p", device, settings)
    running = look.running(_running(now), agreed)
    if running:
        return _fails("runs", _titled(running))
    installed = look.installed(_titles(software), agreed)
    if installed:
        return _fails("installed", _titled(installed))
    if not isinstance(now.listening, Unseen):
        listening = look.listening((p.port for p in now.listening if _open_tcp(p)), agreed)
        if listening:
            return _fails("listens", _titled(listening))
    _whole(software)
    _all_running(now)
    known(now.listening)
    return passed("none")


def _open_tcp(port: Port) -> bool:
    return port.protocol == "tcp" and not port.local


@judge("software-games")
def games(software: SoftwareFacts, settings: ApprovedSettings, device: Device) -> Finding:
    """No games on a pupils' computer; those a desktop brings along are only mentioned."""
    return _for_pupils("games", software, settings, device)


@judge("software-messaging")
def messaging(software: SoftwareFacts, settings: ApprovedSettings, device: Device) -> Finding:
    """No chat programs on a pupils' computer but those the school agreed to."""
    return _for_pupils("messaging", software, settings, device)


def _for_pupils(
    category: Category, software: SoftwareFacts, settings: ApprovedSettings, device: Device
) -> Finding:
    if device.purpose() != "pupil":
        return not_applicable("not-pupils")
    look, agreed = _watch(category, device, settings)
    found = look.installed(_titles(software), agreed)
    brought = [entry for entry in found if not entry.ships]
    if brought:
        return _fails("installed", _titled(brought))
    _whole(software)
    return _warns("came-along", _titled(found)) if found else passed("none")


@judge("software-filter-bypass")
def filter_bypass(
    software: SoftwareFacts, now: SoftwareNow, settings: ApprovedSettings, device: Device
) -> Finding:
    """Nothing leads around the school's filter: no VPN, proxy or Tor, no names asked elsewhere."""
    look, agreed = _watch("filter_bypass", device, settings)
    running = look.running(_running(now), agreed)
    if not isinstance(now.listening, Unseen):
        ports = (port.port for port in now.listening if port.protocol == "tcp")
        running += look.listening(ports, agreed)
    if running:
        return _fails("runs", _titled(running))
    installed = look.installed(_titles(software), agreed)
    brought = [entry for entry in installed if not entry.ships]
    if brought:
        return _fails("installed", _titled(brought))
    browser = _around_by_browser(software, look, agreed)
    if browser is not None:
        return browser
    _whole(software)
    _all_running(now)
    known(now.listening)
    return _warns("came-along", _titled(installed)) if installed else passed("none")


def _around_by_browser(software: SoftwareFacts, look: Watch, agreed: Globs) -> Finding | None:
    extensions = software.extensions
    if not isinstance(extensions, Unseen):
        found = look.extensions(extensions, agreed)
        if found:
            return _fails("extension", _titled(found))
    dns = software.dns
    if not isinstance(dns, Unseen):
        encrypted = [NAMES[one.browser] for one in dns if one.encrypted == "on" and not one.forced]
        if encrypted and not agreed.match("encrypted names"):
            return failed("encrypted-names", titles=", ".join(sorted(set(encrypted))))
    proxies = software.proxies
    if not isinstance(proxies, Unseen) and proxies and not agreed.match("proxy"):
        return failed("own-proxy", titles=", ".join(sorted(set(proxies))))
    known(extensions)
    known(dns)
    known(proxies)
    return None


@judge("software-remote-access")
def remote_access(
    software: SoftwareFacts, now: SoftwareNow, settings: ApprovedSettings, device: Device
) -> Finding:
    """Nobody can take control of the computer but by the school's own tool."""
    look, agreed = _watch("remote_access", device, settings)
    running = look.running(_running(now), agreed)
    strange = [entry for entry in running if not entry.ships]
    if strange:
        return _fails("runs", _titled(strange))
    installed = [e for e in look.installed(_titles(software), agreed) if not e.ships]
    if installed:
        return _fails("installed", _titled(installed))
    _whole(software)
    _all_running(now)
    return _warns("sharing-runs", _titled(running)) if running else passed("none")


@judge("software-supported")
def supported(software: SoftwareFacts, settings: SupportSettings, moment: Moment) -> Finding:
    """No program is used whose maker has stopped fixing it."""
    titles = known(software.titles)
    dated = [line for line in (support.line(title, moment.today) for title in titles) if line]
    ended = [line for line in dated if line.days is not None and line.days < 0]
    if ended:
        return _fails("ended", [line.title for line in ended])
    _whole(software)
    if any(line.unread for line in dated):
        raise BlindError("parse-error")
    if any(line.newer for line in dated):
        raise BlindError("unsupported", "newer-than-list")
    limit = settings.warn_seconds
    soon = [line for line in dated if line.days is not None and line.days * 86_400 <= limit]
    if soon:
        return _warns("ends-soon", [line.title for line in soon])
    return passed("none-ended", count=len(dated))


@judge("exec-control")
def exec_control(software: SoftwareFacts, now: SoftwareNow, device: Device) -> Finding:
    """Pupils cannot start programs they brought: an allow-list, or folders that start nothing."""
    if device.purpose() != "pupil":
        return not_applicable("not-pupils")
    if device.platform != "linux":
        return _by_controls(software, device)
    places = known(software.places)
    if not places:
        raise BlindError("unsupported")
    startable = sorted(place.path for place in places if not place.noexec)
    if not startable:
        return passed("nothing-starts")
    control = known(software.allow_list)
    if control == "enforcing":
        if "fapolicyd" in known(now.running):
            return passed("allow-list")
        _all_running(now)
        return failed("allow-list-stopped")
    titles = ", ".join(startable)
    if any(path in startable for path in ("/home", "/tmp")):  # noqa: S108  (names of facts)
        return failed("anything-starts", titles=titles)
    return warned("some-places", titles=titles)


@judge("software-security-tools")
def security_tools(
    software: SoftwareFacts, now: SoftwareNow, settings: ApprovedSettings, device: Device
) -> Finding:
    """Nothing here listens in on the network or guesses passwords but what the school agreed to."""
    look, agreed = _watch("security_tools", device, settings)
    running = [entry for entry in look.running(_running(now), agreed) if not entry.ships]
    if running:
        return _fails("runs", _titled(running))
    found = look.installed(_titles(software), agreed)
    brought = [entry for entry in found if not entry.ships]
    if brought:
        return _fails("installed", _titled(brought))
    _whole(software)
    _all_running(now)
    return _warns("came-along", _titled(found)) if found else passed("none")


@judge("browser-control")
def browser_control(software: SoftwareFacts, settings: ApprovedSettings, device: Device) -> Finding:
    """Only agreed browsers, told to search safely and to take no extension nobody agreed to."""
    found = browsing.installed(_titles(software), device.platform)
    agreed = prepare(tuple(settings.approved))
    strange = [one.title for one in found if not agreed.match(one.title)]
    if strange:
        return _fails("unapproved", strange)
    policies = known(software.browsers)
    unsafe = [one.title for one in found if browsing.unforced(one, policies)]
    if unsafe:
        return _fails("unsafe", unsafe)
    loose = [one.title for one in found if browsing.takes_anything(one, policies)]
    if loose:
        return _fails("any-extension", loose)
    _whole(software)
    if not found:
        return not_applicable("no-browser")
    by_filter = [one.title for one in found if browsing.unforceable(one, policies)]
    if by_filter:
        return _warns("by-filter", by_filter)
    return passed("controlled", titles=_named([one.title for one in found]))


def _by_controls(software: SoftwareFacts, device: Device) -> Finding:
    """The first that enforces is enough; SmartScreen looks only at what was downloaded, and
    Gatekeeper lets in whatever a known developer signed."""
    if device.platform == "windows" and known(software.installs_elevated):
        return failed("installs-elevated")
    weaker: list[str] = []
    for one in known(software.starting):
        strength = known(one.strength)
        if strength == "enforcing" and one.control == "gatekeeper":
            return passed("known-developers")
        if strength == "enforcing" and one.control != "smartscreen":
            return passed("controlled", control=CONTROLS[one.control])
        if strength == "asks" and one.control == "gatekeeper":
            weaker.append("opens-anyway")
        if strength == "enforcing":
            weaker.append("downloads-only")
        if strength == "watching":
            weaker.append("only-watched")
    for says in ("downloads-only", "opens-anyway"):
        if says in weaker:
            return warned(says)
    return failed(weaker[0] if weaker else "uncontrolled")


def _watch(category: Category, device: Device, settings: ApprovedSettings) -> tuple[Watch, Globs]:
    return watch(category, device.platform), prepare(tuple(settings.approved))


def _titles(software: SoftwareFacts) -> list[Title]:
    return known(software.titles)


def _running(now: SoftwareNow) -> list[str]:
    """What runs, as far as it is known; `_all_running` says whether that was everything."""
    return [] if isinstance(now.running, Unseen) else now.running


def _all_running(now: SoftwareNow) -> None:
    known(now.running)
    if known(now.hidden):
        raise BlindError("denied")


def _whole(software: SoftwareFacts) -> None:
    """Raise BlindError unless everything that is installed is in the list.

    No computer is without one program: an empty list is a system whose list nobody here can read.
    """
    if not known(software.titles):
        raise BlindError("unsupported")
    if software.cut:
        raise BlindError("too-large")
    for place in software.blind:
        raise BlindError(place.reason)


def _titled(entries: list[Entry]) -> list[str]:
    return [entry.title for entry in entries]


def _fails(says: str, titles: list[str]) -> Finding:
    return failed(says, titles=_named(titles), count=len(set(titles)))


def _warns(says: str, titles: list[str]) -> Finding:
    return warned(says, titles=_named(titles), count=len(set(titles)))


def _named(titles: list[str]) -> str:
    """A few titles, each cut so that the sentence keeps the number of those it does not name."""
    distinct = sorted(set(titles), key=str.casefold)
    more = f" and {len(distinct) - NAMED} more" if len(distinct) > NAMED else ""
    return ", ".join(title[:24] for title in distinct[:NAMED]) + more


JUDGES: tuple[Judge, ...] = (
    unapproved,
    p2p,
    games,
    filter_bypass,
    messaging,
    remote_access,
    supported,
    exec_control,
    security_tools,
    browser_control,
)
