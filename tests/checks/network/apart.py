"""What the real firewalls of Debian do, told by the reader: run in namespaces of its own.

`unshare --net --mount python -m tests.checks.network.apart FOLDER KEEPER` prints JSON, a list of
what the reader saw after each step. Nothing of the machine's own network or settings is touched.
"""

import contextlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from agent.hosts.local import LocalHost
from checks.network import linux
from checks.unseen import Unseen, known

CARD = "veth0"
NFT = """table inet filter {
  set agreed { type ipv4_addr; flags interval; elements = { 10.0.0.0/8 }
  }
  chain input { type filter hook input priority 0; policy drop;
    ct state vmap { established : accept, related : accept, invalid : drop }
    iifname "lo" accept
    meta l4proto { icmp, ipv6-icmp } accept
    tcp dport { 22, 8000-8080 } ct state new limit rate 10/second accept
    ip saddr @agreed accept
    meta nfproto ipv4 udp dport vmap { 5353 : jump names, 137 : drop }
  }
  chain names { ip daddr 224.0.0.251 accept
  }
}
"""
Seen = list[str]


def seen() -> Seen:
    """Each family and what becomes of a stranger there, then who keeps the rules."""
    facts = linux.read(LocalHost(b"k" * 32))
    guards = [(guard.scope, guard.on, guard.inbound) for guard in known(facts.guards)]
    told = [f"{scope} {_word(on)} {_word(inbound)}" for scope, on, inbound in guards]
    return [*told, *known(facts.keepers)]


def _word(value: object) -> str:
    return value.unseen if isinstance(value, Unseen) else str(value)


def does(*argv: str, given: str = "") -> None:
    """Run, or end with what it said."""
    ran = subprocess.run(argv, input=given, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        raise SystemExit(f"{' '.join(argv)}: {ran.stderr}{ran.stdout}")


def nftables(folder: Path) -> Iterator[Seen]:
    """Nothing, rules, one rule too many, a table put to sleep."""
    del folder
    yield seen()
    does("nft", "-f", "-", given=NFT)
    yield seen()
    does("nft", "insert", "rule", "inet", "filter", "input", "iifname", "veth*", "accept")
    yield seen()
    does("nft", "flush", "ruleset")
    does("nft", "-f", "-", given=NFT)
    does("nft", "add table inet filter { flags dormant; }")
    yield seen()


def iptables(folder: Path) -> Iterator[Seen]:
    """The older filter for one family, for both, beside an open newer one, and let go."""
    del folder
    does("iptables-legacy", "-P", "INPUT", "DROP")
    yield seen()
    does("ip6tables-legacy", "-P", "INPUT", "DROP")
    yield seen()
    does("iptables-nft", "-A", "INPUT", "-m", "comment", "--comment", "-j", "-j", "ACCEPT")
    yield seen()
    does("iptables-legacy", "-P", "INPUT", "ACCEPT")
    does("iptables-nft", "-P", "INPUT", "DROP")
    yield seen()
    does("iptables-nft", "-F")
    yield seen()


def ufw(folder: Path) -> Iterator[Seen]:
    """On, told to let all in, off again; and switched on but not loaded."""
    mine = folder / "ufw"
    shutil.copytree("/etc/ufw", mine)
    does("mount", "--bind", str(mine), "/etc/ufw")
    shutil.copy("/etc/default/ufw", folder / "default")
    does("mount", "--bind", str(folder / "default"), "/etc/default/ufw")
    does("ufw", "--force", "enable")
    yield seen()
    does("ufw", "default", "allow", "incoming")
    yield seen()
    does("ufw", "--force", "disable")
    yield seen()
    does("nft", "flush", "ruleset")
    (mine / "ufw.conf").write_text("ENABLED=yes\n")
    yield seen()


def firewalld(folder: Path) -> Iterator[Seen]:
    """Debian's own zone, then one that trusts all; the card leads out, so it counts."""
    with daemon(folder, "firewalld", "--nofork", "--nopid"):
        does("firewall-cmd", "--zone=public", f"--add-interface={CARD}")
        yield seen()
        does("firewall-cmd", "--zone=trusted", f"--change-interface={CARD}")
        yield seen()


@contextlib.contextmanager
def daemon(folder: Path, *argv: str) -> Iterator[None]:
    """A program and the bus it answers on, both gone at the end."""
    does("mount", "-t", "tmpfs", "none", "/run")
    Path("/run/dbus").mkdir()
    bus = ["dbus-daemon", "--system", "--nofork", "--nopidfile"]
    with contextlib.ExitStack() as ends:
        for command in (bus, [*argv]):
            log = ends.enter_context((folder / "log").open("a"))
            child = subprocess.Popen(command, stdout=log, stderr=log)
            ends.callback(child.wait)
            ends.callback(child.terminate)
        until = time.monotonic() + 20
        asked = ["firewall-cmd", "--state"]
        while subprocess.run(asked, check=False, capture_output=True).returncode:
            if time.monotonic() > until:
                raise SystemExit((folder / "log").read_text())
            time.sleep(0.1)
        yield


KEEPERS: dict[str, Callable[[Path], Iterator[Seen]]] = {
    "nftables": nftables,
    "iptables": iptables,
    "ufw": ufw,
    "firewalld": firewalld,
}


def main() -> None:
    """Make a card that leads out, then go through the steps."""
    folder, keeper = Path(sys.argv[1]), sys.argv[2]
    does("ip", "link", "set", "lo", "up")
    does("ip", "link", "add", CARD, "type", "veth", "peer", "name", "veth1")
    does("ip", "address", "add", "192.0.2.2/24", "dev", CARD)
    does("ip", "link", "set", CARD, "up")
    does("ip", "route", "add", "default", "via", "192.0.2.1")
    print(json.dumps(list(KEEPERS[keeper](folder))))


if __name__ == "__main__":
    main()
