"""What other makers' products on macOS say of themselves.

- Defender: `mdatp health`, as on Linux. Where the agent runs as root it is refused ("denied"): the
  program lies in /Applications, which every administrator may change without a password.
- SentinelOne: `sentinelctl status` from its own folder.
- Sophos: `OnAccessRunning` in /Library/Preferences/com.sophos.sav.plist.
- ESET: its settings file, which its own window reads (`eset_state`).
None of them could be installed where this was written: places and fields are those that public
inventories and administrators' scripts read. What is not there is unseen, never off.
"""

from collections.abc import Callable
from typing import Final

from checks import macos
from checks.antivirus import vendors
from checks.antivirus.vendors import BLIND, Answer
from checks.formats import eset_state
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host

_SENTINEL: Final = "/Library/Sentinel/sentinel-agent.bundle/Contents/MacOS/sentinelctl"
_SOPHOS: Final = "/Library/Preferences/com.sophos.sav.plist"
_ESET: Final = "/Library/Application Support/ESET/Security/var/confd/settings.json"


def ask(host: Host, product: str) -> Answer | None:
    """The product's answer; None for a product nobody here knows how to ask. Raises CannotLook."""
    question = _QUESTIONS.get(product)
    return None if question is None else question(host)


def _sophos(host: Host) -> Answer | None:
    running = macos.flag(macos.settings(host, _SOPHOS), "OnAccessRunning")
    return None if running is None else _told(running)


def _eset(host: Host) -> Answer | None:
    data = host.read(_ESET)
    if data is None:
        return None
    try:
        running = eset_state.parse(data).realtime
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error
    return None if running is None else _told(running)


def _told(running: bool) -> Answer:
    return Answer(None, "on" if running else "off", BLIND, BLIND)


def _sentinelone(host: Host) -> Answer:
    return vendors.sentinelone(host, [[_SENTINEL, "status"]])


_QUESTIONS: Final[dict[str, Callable[[Host], Answer | None]]] = {
    "defender": vendors.defender,
    "sentinelone": _sentinelone,
    "sophos": _sophos,
    "eset": _eset,
}
