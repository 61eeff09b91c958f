"""A school's network of its own, with name server, filter and sites; tries test pages in it.

Runs as root inside fresh network and mount namespaces (`unshare -n -m`), so that real names, real
addresses of the internet and port 443 are all this script's. Prints what came of each name.
Argument: a folder for its files.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec

from agent.deliver import trying
from agent.testpages import Asked
from tests.agent.proxies import Authority, _head, _say, http

SITE, FILTER, NOBODY = "93.184.215.14", "93.184.215.15", "93.184.215.16"
BLOCKED = b"<html><title>Stopped</title>Hill School web filter: not for lessons.</html>"
NAMES = {
    "www.example.org": SITE,
    "games.example.com": SITE,
    "adult.example.com": FILTER,
    "sink.example.com": "0.0.0.0",  # noqa: S104  (what a filtering name server says)
    "gone.example.com": "",
    "closed.example.com": NOBODY,
}


def serve(address: str, authority: Authority, names: list[str], reply: bytes) -> None:
    """Answer TLS on port 443 of an address, as any of the names."""
    listener = socket.create_server((address, 443))
    contexts = {name: authority.context(name) for name in names}
    first = contexts[names[0]]

    def pick(line: object, name: str | None, _: object) -> None:
        line.context = contexts.get(name or "", first)  # type: ignore[attr-defined]  # an SSLSocket

    first.sni_callback = pick

    def loop() -> None:
        while True:
            client, _ = listener.accept()
            try:
                with first.wrap_socket(client, server_side=True) as line:
                    _head(line)
                    _say(line, reply)
            except OSError:
                continue

    threading.Thread(target=loop, daemon=True).start()


def network(folder: Path) -> "subprocess.Popen[bytes]":
    """Addresses, and a name server that filters."""
    for words in ("link set lo up", *(f"addr add {a}/32 dev lo" for a in (SITE, FILTER, NOBODY))):
        subprocess.run(["ip", *words.split()], check=True)
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    subprocess.run(["mount", "--bind", str(folder / "resolv.conf"), "/etc/resolv.conf"], check=True)
    answers = [f"--address=/{name}/{address}" for name, address in NAMES.items()]
    plain = ("--no-daemon", "--no-resolv", "--no-hosts", "--conf-file=/dev/null", "--user=root")
    server = subprocess.Popen(
        ["dnsmasq", *plain, "--listen-address=127.0.0.1", "--bind-interfaces", *answers],
        stderr=subprocess.PIPE,
    )
    assert server.stderr is not None
    server.stderr.readline()  # it says when it has started
    return server


def main(folder: Path) -> None:
    world, school = Authority(_made(folder / "world")), Authority(_made(folder / "school"))
    both = folder / "trusted.pem"
    both.write_bytes(world.file.read_bytes() + school.file.read_bytes())
    os.environ["SSL_CERT_FILE"] = str(both)
    server = network(folder)
    serve(SITE, world, ["www.example.org", "games.example.com"], http("200 OK", b"<h1>Hello</h1>"))
    serve(FILTER, school, ["adult.example.com"], http("200 OK", BLOCKED))
    began = time.monotonic()
    came = trying.tried(Asked([*NAMES], ["hill school web filter"]))
    server.kill()
    took = round(time.monotonic() - began, 3)
    sys.stdout.buffer.write(msgspec.json.encode({"came": came, "seconds": took}))


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


main(Path(sys.argv[1]))
