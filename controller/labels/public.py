"""What a label's page knows and takes, for anybody who holds the thing in hand (S25).

Nobody signs in, so nothing here trusts who asks. What is told is anonymous even where somebody is
signed in: the form acts on nobody's behalf, which is why it needs no token against forgery; it is
refused all the same when a browser says that another site's page sent it. Whoever tries codes is
slowed down by the address they come from, and every code that leads nowhere, for whatever reason,
is answered with the same bytes.
"""

import ipaddress
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest

from controller.config import current
from controller.intake.rates import DAY, HOUR, Windows
from controller.wording.shown import shown
from inventory.assets.errors import RegisterError
from inventory.assets.kinds import kind_of
from inventory.jobs import services as jobs
from inventory.labels.queries import Labelled, labelled

MISSES: Final = ((600, 40), (DAY, 400))
"""Codes that lead nowhere, by one address; a whole school may be one, and so is a lost sheet."""
TELLS: Final = ((HOUR, 30), (DAY, 100))
"""What is told, by one address."""
_SAME_SITE: Final = frozenset({"", "same-origin", "none"})
_V6_NETWORK: Final = 64


class Bounds:
    """What each address may do; kept in memory, so a restart forgives, and no address is stored."""

    def __init__(self) -> None:
        """Nobody came yet."""
        self.misses = Windows(MISSES, names=20_000)
        self.tells = Windows(TELLS, names=20_000)


bounds = Bounds()


@dataclass(frozen=True, slots=True)
class Thing:
    """What a label may say; every string may be shown as it is."""

    school: str
    kind: str
    tag: str
    site: str
    entry: str


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed, for the form that comes back, and what is wrong with it."""

    kind: str = ""
    said: str = ""
    contact: str = ""
    error: str = ""


def look(code: str, address: str, at: int) -> Thing | None:
    """The thing of a code, None for one that leads nowhere. Raises FullError for an address that
    tried too many."""
    name = bucket(address)
    if bounds.misses.wait(name, at) is not None:
        raise jobs.FullError
    found = labelled(code)
    if found is None:
        bounds.misses.count(name, at)
        return None
    return _thing(found)


def tell(thing: Thing, form: Form, address: str, at: int) -> Form | None:
    """Note what was told; the form with its error where that cannot be. Raises FullError."""
    if bounds.tells.wait(bucket(address), at) is not None:
        raise jobs.FullError
    try:
        jobs.tell(thing.site, thing.entry, form.kind, at=at, said=form.said, contact=form.contact)
    except RegisterError as error:
        return Form(form.kind, form.said, form.contact, error.sentence)
    bounds.tells.count(bucket(address), at)
    return None


def read(request: HttpRequest) -> Form:
    """What was sent, no more of it than a form holds."""
    sent = request.POST
    return Form(
        kind=sent.get("kind", "")[:16],
        said=sent.get("said", "")[: 2 * jobs.LONGEST + 1],
        contact=sent.get("contact", "")[: 2 * jobs.LONGEST_CONTACT + 1],
    )


def sent_from_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser says that a page of another site sent this form."""
    origin = request.headers.get("Origin", "")
    own = {f"https://{request.get_host()}", f"http://{request.get_host()}"}
    site = request.headers.get("Sec-Fetch-Site", "")
    return site not in _SAME_SITE or (bool(origin) and origin not in own)


def address_of(request: HttpRequest) -> str:
    """Where a request came from; a header is believed only from proxies of our own (O28)."""
    proxies = current().trusted_proxies
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    if proxies and proxies <= len(forwarded):
        return forwarded[-proxies].strip()[:64]
    return str(request.META.get("REMOTE_ADDR", ""))


def bucket(address: str) -> str:
    """One name for all the addresses that one connection may take."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped is not None:
        # How a socket for both kinds tells an old address: one network would be all of them.
        known = known.ipv4_mapped
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    return str(ipaddress.ip_network((known, _V6_NETWORK), strict=False))


def _thing(found: Labelled) -> Thing:
    return Thing(
        school=shown(found.school),
        kind=kind_of(found.kind).title,
        tag=shown(found.tag),
        site=found.site,
        entry=found.asset,
    )
