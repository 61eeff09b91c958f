"""Which proxy leads to the controller, and the tunnel through it (S16).

What a person set (`--proxy`, `CARETAKER_PROXY`) comes first, then the service's own environment
(`HTTPS_PROXY`, `NO_PROXY`), then what Windows or macOS say for the whole system. A proxy that was
merely found is not asked for this very computer.

Only `http://[name:password@]host:port`. A PAC file is a program, and an agent runs nothing that it
is sent: whoever names one is told how to set the proxy by hand. The proxy resolves the controller's
name, so a computer that knows no name servers outside still delivers.

Traps: a name and password must never be in a sentence, a log or a `repr`. What a proxy says is as
hostile as any answer: bounded, and never quoted.
"""

import base64
import re
import socket
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import msgspec

from agent import files, settings
from agent.deliver.answers import DeliveryError

NONE: Final = "none"
"""The setting of who wants no proxy at all."""
AUTO: Final = "auto"
"""Forget the setting and look for a proxy again."""
_HERE: Final = ("127.0.0.1", "::1", "localhost")
_HOST: Final = re.compile(r"\A[0-9A-Za-z._:-]{1,253}\Z")
_PAC: Final = (".pac", ".dat", ".js")
_LONGEST: Final = 8 * 1024
_STATUS: Final = re.compile(rb"\AHTTP/1\.[01] ([1-9][0-9]{2})(?: [^\r\n]*)?\r?\n")
_SCHEME: Final = re.compile(rb"(?im)^proxy-authenticate:[ \t]*([a-z]{1,20})")
_SIGN_IN: Final = frozenset({301, 302, 303, 307, 308, 511})


class Proxy(msgspec.Struct, frozen=True):
    """Where a proxy is, and with which name and password it is asked."""

    host: str
    port: int
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        """Without the password: this may reach a log."""
        return f"Proxy({self.where})"

    @property
    def where(self) -> str:
        """`host:port`, for sentences."""
        return _place(self.host, self.port)


class Setting(msgspec.Struct, frozen=True):
    """What a person set, as it lies beside the reports: the sender has to read it."""

    proxy: str = ""


def setting(folder: Path) -> str:
    """What was set in this spool folder; a damaged file sets nothing."""
    data = files.read_or_none(folder / "proxy.json", 4096)
    try:
        return msgspec.json.decode(data or b"{}", type=Setting).proxy
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""


def remember(folder: Path, text: str) -> None:
    """From now on use this proxy, none, or whichever is found. Raises DeliveryError `bad_proxy`."""
    if text == AUTO:
        (folder / "proxy.json").unlink(missing_ok=True)
        return
    if text != NONE:
        read(text)
    files.replace(folder / "proxy.json", msgspec.json.encode(Setting(text)))


def settle(folder: Path) -> None:
    """Let this process go by what was set in this spool folder, unless its environment says."""
    if not settings.proxy():
        settings.use_proxy(setting(folder))


def route(host: str) -> Proxy | None:
    """The proxy that leads to `host`, None for the straight way. Raises DeliveryError."""
    wanted = settings.proxy()
    if wanted == NONE:
        return None
    return read(wanted) if wanted and wanted != AUTO else found(host)


def found(host: str) -> Proxy | None:
    """The environment's or the system's proxy for HTTPS, and its exceptions."""
    proxies = getproxies()
    text = proxies.get("https") or proxies.get("all")
    if not text or host in _HERE or proxy_bypass(host):
        return None
    return read(text)


def read(text: str) -> Proxy:
    """`[http://][name:password@]host:port`. Raises DeliveryError `bad_proxy`, quoting nothing."""
    try:
        parts = urlsplit(text.strip() if "//" in text else f"//{text.strip()}")
        host, port = parts.hostname or "", parts.port or 8080
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
    except ValueError:
        raise _bad("The address of the proxy cannot be read") from None
    if parts.path.lower().endswith(_PAC) or parts.scheme.startswith(("pac", "file")):
        raise _bad(
            "A PAC file is a program, and this agent runs nothing that it is sent. "
            "Open it, look which proxy it names for the controller, and set that"
        )
    if parts.scheme not in ("", "http"):
        raise _bad("Only a plain HTTP proxy can be used")
    if not _HOST.match(host) or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise _bad("The address of the proxy cannot be read")
    if ":" in user or not (user + password).isprintable():
        raise _bad("The name or password of the proxy cannot be sent")
    return Proxy(host, port, user, password)


def ask(sock: socket.socket, proxy: Proxy, host: str, port: int) -> None:
    """Have the proxy lead `sock` to the controller. Raises DeliveryError; bounded in bytes."""
    target = _place(host, port)
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if proxy.user or proxy.password:
        pair = f"{proxy.user}:{proxy.password}".encode()
        lines.append(f"Proxy-Authorization: Basic {base64.b64encode(pair).decode()}")
    sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("ascii"))
    head, rest = _answer(sock)
    status = _STATUS.match(head)
    if status is None:
        raise DeliveryError("bad_proxy", f"What answers at {proxy.where} is no proxy.")
    code = int(status.group(1))
    if not 200 <= code < 300 or rest:
        raise _refused(proxy, target, code, head)


def _answer(sock: socket.socket) -> tuple[bytes, bytes]:
    """The head of what the proxy says and what follows it; nothing when it does not end soon."""
    said = b""
    while len(said) <= _LONGEST:
        for end in (b"\r\n\r\n", b"\n\n"):
            head, found_end, rest = said.partition(end)
            if found_end:
                return head + b"\r\n", rest
        more = sock.recv(4096)
        if not more:
            break
        said += more
    return b"", b""


def _refused(proxy: Proxy, target: str, code: int, head: bytes) -> DeliveryError:
    """One sentence: who to ask for what."""
    if code == 407:
        return _asks_who(proxy, target, head)
    if 200 <= code < 300 or code in _SIGN_IN:
        return DeliveryError(
            "sign_in_page",
            f"A sign-in page answered at the proxy {proxy.where} instead of the controller. "
            f"Sign in to the network, or ask for {target} to be allowed without sign-in.",
        )
    if code in (502, 503, 504):
        return DeliveryError(
            "controller_down",
            f"The proxy {proxy.where} does not reach the controller at {target} (HTTP {code}).",
        )
    return DeliveryError(
        "proxy_refused",
        f"The proxy {proxy.where} does not let this computer through to {target} (HTTP {code}). "
        f"Ask for {target} to be allowed without sign-in.",
    )


def _asks_who(proxy: Proxy, target: str, head: bytes) -> DeliveryError:
    schemes = {scheme.lower() for scheme in _SCHEME.findall(head)}
    if schemes and b"basic" not in schemes:
        said = (
            f"The proxy {proxy.where} asks for a sign-in that this agent does not know. "
            f"Ask for {target} to be allowed without one."
        )
    elif proxy.user:
        said = (
            f"The proxy {proxy.where} does not take the name and password it is given. "
            "Set them again: caretaker-agent run --proxy -"
        )
    else:
        said = (
            f"The proxy {proxy.where} asks for a name and a password. Give them on standard input, "
            f"as http://NAME:PASSWORD@{proxy.where}, to: caretaker-agent run --proxy -"
        )
    return DeliveryError("proxy_sign_in", said)


def _bad(what: str) -> DeliveryError:
    return DeliveryError("bad_proxy", f"{what}: caretaker-agent run --proxy http://HOST:PORT")


def _place(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
