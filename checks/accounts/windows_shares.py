r"""Windows: folders shared with the network, by who may open them.

`HKLM\SYSTEM\CurrentControlSet\Services\LanmanServer\Shares` lists what was shared by a person
(`Path=`, `Type=`; the administrators' hidden shares are not there), `…\Shares\Security` holds who
may, as security descriptors with SIDs. A share without one is open to Everyone for reading, as
Windows makes it; one for all users of a domain is open to everyone too. Permissions of the folder
itself may close what the share leaves open, which is why "everyone" is worth a look and "guests" is
not excused: a folder's permissions are not read.
"""

from typing import Final

from checks.accounts.facts import Open, Share
from checks.formats import security_descriptor
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host
from checks.windows import number, raw, texts

SERVER: Final = r"SYSTEM\CurrentControlSet\Services\LanmanServer"
GUESTS: Final = frozenset({"S-1-5-7", "S-1-5-32-546"})
"""Anonymous, and the group of guests."""
EVERYONE: Final = frozenset({"S-1-1-0", "S-1-5-11", "S-1-5-32-545", "S-1-5-2", "S-1-5-4"})
"""Everyone, Authenticated Users, Users, Network, Interactive."""
_USERS, _GUESTS = "-513", "-514"
"""How the SIDs of a domain's (or a computer's) own groups of all its users and guests end."""
_DOMAIN: Final = "S-1-5-21-"
_OFF: Final = 4
_FOLDER: Final = "0"


def read_shares(host: Host) -> list[Share]:
    """Shares that are open to more than named people. Raises CannotLook."""
    if number(host.registry("HKLM", SERVER), "Start") == _OFF:
        return []
    shares = host.registry("HKLM", rf"{SERVER}\Shares")
    if shares is None or not shares.values:
        return []
    security = host.registry("HKLM", rf"{SERVER}\Shares\Security")
    found = []
    for name in sorted(shares.values):
        lines = dict(line.partition("=")[::2] for line in texts(shares, name) or [])
        if lines.get("Type", _FOLDER) != _FOLDER:
            continue
        open_to = _open_to(raw(security, name))
        if open_to is not None:
            found.append(Share(host.alias("share", name), open_to))
    return found


def is_guests(sid: str) -> bool:
    """Whether nobody has to be known to count among these."""
    return sid in GUESTS or (sid.startswith(_DOMAIN) and sid.endswith(_GUESTS))


def is_everyone(sid: str) -> bool:
    """Whether whoever can sign in counts among these."""
    return sid in EVERYONE or (sid.startswith(_DOMAIN) and sid.endswith(_USERS))


def _open_to(data: bytes | None) -> Open | None:
    if data is None:
        return "everyone"
    try:
        allowed = security_descriptor.parse(data).allowed
    except ParseError as error:
        raise CannotLook("parse-error", "a share's permissions") from error
    if allowed is None:
        return "everyone"
    if any(is_guests(sid) for sid in allowed):
        return "guests"
    return "everyone" if any(is_everyone(sid) for sid in allowed) else None
