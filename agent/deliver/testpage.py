"""Opens one of the school's test pages and says in one word what came (ADR 22).

One HTTPS request to the root of a public host name, as this computer is set up to go out: straight,
or by the proxy that the system names (not by one that was set for reports alone). Nothing is
followed, run or kept: at most 64 KiB are looked through for the words of the filter's own page.

Traps: a name that leads to no public address is never called on, so no policy can have a computer
knock inside a house. Somebody who talks for ever is hung up on. Only 2xx, and being sent on within
the same site, is a page that opened: a site that turns robots away answers 403 as a filter does.
"""

import errno
import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from agent.deliver import proxy
from agent.deliver.answers import DeliveryError
from agent.deliver.connection import no_longer_than
from checks.tried import Answered

SECONDS: Final = 20.0
"""For the whole of one page, once a line is open."""
_SILENCE: Final = 10.0
_ADDRESSES: Final = 2
_LARGEST: Final = 64 * 1024
_PORT: Final = 443
_HEADERS: Final = {
    "User-Agent": "caretaker-agent (a school tries its web filter)",
    "Accept": "text/html",
    "Accept-Encoding": "identity",
    "Connection": "close",
}
_NO_SUCH_NAME: Final = frozenset(
    getattr(socket, name) for name in ("EAI_NONAME", "EAI_NODATA") if hasattr(socket, name)
)
_UNREACHED: Final = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN})
_BY_PROXY: Final[dict[str, Answered]] = {
    "proxy_refused": "proxy-refused",
    "sign_in_page": "elsewhere",
    "controller_down": "silent",
}
"""What `proxy.ask` says of the name; anything else is a proxy that cannot be used."""


class Ways(NamedTuple):
    """How this computer goes out; tests lead it to themselves."""

    resolve: Callable[[str], Sequence[str]]
    public: Callable[[str], bool]
    connect: Callable[[tuple[str, int]], socket.socket]
    proxy: Callable[[str], proxy.Proxy | None]
    trusts: Callable[[], ssl.SSLContext]


class _Came(Exception):  # noqa: N818  (what came, on its way out)
    def __init__(self, found: Answered) -> None:
        super().__init__(found)
        self.found: Answered = found


def resolve(name: str) -> list[str]:
    """Addresses of a name, in the order to be tried. Raises socket.gaierror."""
    rows = socket.getaddrinfo(name, _PORT, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


def public(address: str) -> bool:
    """Whether an address is on the internet, and in nobody's house."""
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_global
    except ValueError:
        return False


def connect(place: tuple[str, int]) -> socket.socket:
    """A line to an address. Raises OSError."""
    return socket.create_connection(place, _SILENCE)


OUT: Final = Ways(resolve, public, connect, proxy.found, ssl.create_default_context)


def answer(name: str, words: Sequence[str], ways: Ways, trusts: ssl.SSLContext) -> Answered:
    """What came of one name. Never raises for what others do."""
    began = time.monotonic()
    try:
        with _line(name, ways) as plain:
            secure = trusts.wrap_socket(plain, server_hostname=name, do_handshake_on_connect=False)
        # Wrapped first: only by this end of it can somebody slow be hung up on.
        with secure, no_longer_than(SECONDS, secure):
            _greet(secure)
            found = _read(secure, name, words)
        slow = time.monotonic() - began >= SECONDS  # then we hung up, and did not see it all
        return "silent" if slow and found != "block-page" else found
    except _Came as came:
        return came.found
    except (OSError, http.client.HTTPException) as error:
        if time.monotonic() - began >= SECONDS:
            return "silent"
        return _broken(error) if isinstance(error, OSError) else "stranger"


def _line(name: str, ways: Ways) -> socket.socket:
    try:
        via = ways.proxy(name)
    except DeliveryError:
        raise _Came("no-line") from None
    return _straight(name, ways) if via is None else _through(via, name, ways)


def _straight(name: str, ways: Ways) -> socket.socket:
    try:
        addresses = [one for one in ways.resolve(name) if ways.public(one)]
    except socket.gaierror as error:
        raise _Came("no-name" if error.errno in _NO_SUCH_NAME else "no-line") from None
    except UnicodeError:
        raise _Came("no-name") from None
    if not addresses:
        raise _Came("sinkhole")
    last: OSError | None = None
    for address in addresses[:_ADDRESSES]:
        try:
            return ways.connect((address, _PORT))
        except OSError as error:
            last = error
    raise last or OSError


def _through(via: proxy.Proxy, name: str, ways: Ways) -> socket.socket:
    """The proxy looks the name up, and decides for itself where that may lead."""
    try:
        line = ways.connect((via.host, via.port))
    except OSError:
        raise _Came("no-line") from None
    try:
        with no_longer_than(SECONDS, line):
            proxy.ask(line, via, name, _PORT)
    except DeliveryError as error:
        line.close()
        raise _Came(_BY_PROXY.get(error.code, "no-line")) from None
    except BaseException:
        line.close()
        raise
    return line


def _greet(line: ssl.SSLSocket) -> None:
    try:
        line.do_handshake()
    except ssl.SSLCertVerificationError:
        raise _Came("stranger") from None
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
        raise
    except ssl.SSLError as error:
        raise _Came("reset" if "ALERT" in (error.reason or "") else "stranger") from None


def _read(line: ssl.SSLSocket, name: str, words: Sequence[str]) -> Answered:
    asking = http.client.HTTPConnection(name)
    asking.sock = line
    asking.request("GET", "/", headers=_HEADERS)
    response = asking.getresponse()
    try:
        body = response.read(_LARGEST)
        whole = len(body) == _LARGEST or not response.length
    except http.client.IncompleteRead as cut:
        body, whole = cut.partial, False
    found = told(name, response.status, response.headers.get("Location", ""), body, words)
    # A page that was cut off might have been the filter's.
    return found if whole or found != "open" else "reset"


def told(name: str, status: int, location: str, body: bytes, words: Sequence[str]) -> Answered:
    """What an answer means: words of the filter's page first, whatever status it goes by.

    Words that stand in the page's own name prove nothing: a supplier's test page bears its name.
    """
    leads = _host(location) or name
    text = f"{leads} {' '.join(body.decode('utf-8', 'replace').split())}".casefold()
    if any(word in text for word in words if word not in name):
        return "block-page"
    if 200 <= status < 300:
        return "open"
    if status in (301, 302, 303, 307, 308) and location:
        return "open" if _same_site(name, leads) else "elsewhere"
    return "refusal"


def _host(location: str) -> str:
    try:
        return (urlsplit(location).hostname or "").casefold()
    except ValueError:
        return "?"


def _same_site(name: str, other: str) -> bool:
    """The name itself, with `www.` or without."""
    return other.removeprefix("www.") == name.removeprefix("www.")


def _broken(error: OSError) -> Answered:
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if isinstance(error, TimeoutError):
        return "silent"
    if error.errno in _UNREACHED:
        return "no-line"
    return "reset"
