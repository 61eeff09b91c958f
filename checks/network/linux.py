"""Linux network: what the kernel's own packet filter does with what nobody asked for, and which
doors for remote control stand open.

- `nft -j list ruleset`; tables that iptables made in it by `iptables-nft-save` and its IPv6 twin;
  where `/proc/net/ip_tables_names` (`ip6_…`) lists tables, the older filter too, by
  `iptables-legacy-save`. A stranger's packet is followed through all of it (`packets`), by each
  card of the machine's own and each that a default route names.
- IPv6 counts unless it is switched off (`/proc/sys/net/ipv6/conf/all/disable_ipv6`) and no card
  has an address of it.
- ufw (`/etc/ufw/ufw.conf`), firewalld (its process) and nftables' own unit only say who would
  fill it: one that is switched on and has filled nothing is the trap of a failed start.

- What listens, by the kernel's tables (`remote`); xrdp knows no Network Level Authentication,
  GNOME's Remote Desktop no way without it. Whether Samba still speaks SMB 1, by `testparm -s
  --parameter-name=server min protocol`, where `smbd` runs; the kernel's own SMB server cannot.

Only root sees any rule, and others' programs behind a port. Not followed: filters of a card's
driver and of bridges, and what Docker publishes, which never passes the chains of the machine
itself. Seen on Debian 12: nftables 1.0.6, iptables 1.8.9 in both forms, ufw 0.36.2 and firewalld
1.3.3.
"""

import re
from typing import Final

import msgspec

from checks.formats import iptables_save, nft_ruleset
from checks.formats.errors import ParseError
from checks.formats.packet_rules import Chain
from checks.host import CannotLook, Host, Listeners, attempt, output, read_text
from checks.network import remote
from checks.network.facts import Guard, Inbound, Keeper, NetworkFacts, Scope, Service
from checks.network.linux_uplinks import modems, resolvers, uplinks
from checks.network.packets import Family, filtered, lets_in
from checks.unseen import Maybe, Unseen

_NFT: Final = ("nft", "-j", "list", "ruleset")
_LEGACY: Final[dict[Family, tuple[str, ...]]] = {
    "ip": ("iptables-legacy-save", "iptables-save"),
    "ip6": ("ip6tables-legacy-save", "ip6tables-save"),
}
_NEWER: Final[dict[Family, str]] = {"ip": "iptables-nft-save", "ip6": "ip6tables-nft-save"}
_TABLES: Final[dict[Family, str]] = {
    "ip": "/proc/net/ip_tables_names",
    "ip6": "/proc/net/ip6_tables_names",
}
_SCOPES: Final[dict[Family, Scope]] = {"ip": "ipv4", "ip6": "ipv6"}
_NO_IPV6: Final = "/proc/sys/net/ipv6/conf/all/disable_ipv6"
_ADDRESSES: Final = "/proc/net/if_inet6"
_ROUTES: Final = "/proc/net/route"
_MOST_CARDS: Final = 256
"""Those that no rule tells apart are tried once."""
_LOCKS: Final = "/proc/sys/fs/nfs/nlm_tcpport"
_WITHOUT_NLA: Final = ("xrdp",)
_WITH_NLA: Final = ("gnome-remote-desktop-daemon", "gnome-remote-de")
_SAMBA: Final = re.compile(r"smbd(\[.*)?")
_TESTPARM: Final = ("testparm", "-s", "--parameter-name=server min protocol")
_BEFORE_SMB2: Final = ("CORE", "COREPLUS", "LANMAN1", "LANMAN2", "NT1")
_NFS: Final = 2049
_UNIT: Final = "/etc/systemd/system/sysinit.target.wants/nftables.service"


def read(host: Host) -> NetworkFacts:
    """The filter for each family of addresses, who keeps it, and the doors."""
    listening = attempt(host.listeners)
    return NetworkFacts(
        guards=attempt(_guards, host),
        keepers=attempt(_keepers, host),
        others=[],
        services=attempt(_services, listening),
        unnamed=attempt(_unnamed, host, listening),
        nla=attempt(_nla, listening),
        uplinks=attempt(uplinks, host),
        resolvers=attempt(resolvers, host),
        modems=attempt(modems, host),
        smb1=attempt(_smb1, host),
    )


def _guards(host: Host) -> list[Guard]:
    families: list[Family] = ["ip"]
    if _has_ipv6(host):
        families.append("ip6")
    newer = attempt(_newer, host)
    return [_guard(host, family, newer) for family in families]


def _has_ipv6(host: Host) -> bool:
    """Where it is switched off for all cards, one may still have been given an address."""
    switch = read_text(host, _NO_IPV6)
    if switch is None or switch.strip() == "0":
        return switch is not None
    lines = (read_text(host, _ADDRESSES) or "").splitlines()
    return any(line.split()[-1:] not in ([], ["lo"]) for line in lines)


def _guard(host: Host, family: Family, newer: Maybe[list[Chain]]) -> Guard:
    older = attempt(_older, host, family)
    seen = [chain for part in (newer, older) if not isinstance(part, Unseen) for chain in part]
    blind = next((part for part in (newer, older) if isinstance(part, Unseen)), None)
    inside = lets_in(seen, family, _cards(host))
    # One filter that blocks is enough; that none does is known only where both were seen.
    if inside is False:
        return Guard(_SCOPES[family], on=True, inbound="block", by="local-policy")
    if blind is not None:
        return Guard(_SCOPES[family], on=blind, inbound=blind, by=blind)
    on = filtered(seen, family)
    inbound: Maybe[Inbound] = Unseen("parse-error") if inside is None else "allow"
    return Guard(_SCOPES[family], on=on, inbound=inbound, by="local-policy" if on else "default")


def _newer(host: Host) -> list[Chain]:
    """nftables', tables that iptables made spelled out. Raises CannotLook."""
    try:
        ruleset = nft_ruleset.parse(_told(host, _NFT))
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error
    chains = ruleset.chains
    for family, program in _NEWER.items():
        foreign = [table for own, table in ruleset.foreign if own == family]
        if foreign:
            told_by = _spelled(_told(host, (program,)), family)
            spelled = [one for one in told_by if one.table in foreign]
            # A table that nft has changed as well is left out there: then unknowns remain.
            told = {one.table for one in spelled}
            kept = [one for one in chains if one.family != family or one.table not in told]
            chains = [*kept, *spelled]
    return chains


def _older(host: Host, family: Family) -> list[Chain]:
    """Those of the older filter; none where the kernel has no table of it. Raises CannotLook."""
    if not (read_text(host, _TABLES[family]) or "").strip():
        return []
    own, plain = _LEGACY[family]
    told = attempt(_told, host, (own,))
    if isinstance(told, Unseen):
        told = _told(host, (plain,)) if told.unseen == "tool-missing" else told
    if isinstance(told, Unseen):
        raise CannotLook(told.unseen, own)
    # Both filters have a table of that name: chains of one must not be taken for the other's.
    chains = _spelled(told, family)
    return [msgspec.structs.replace(one, table=f"older {one.table}") for one in chains]


def _spelled(told: bytes, family: Family) -> list[Chain]:
    """The family is known by who was asked: what that wrote may begin with a warning."""
    try:
        return [msgspec.structs.replace(one, family=family) for one in iptables_save.parse(told)]
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error


def _told(host: Host, argv: tuple[str, ...]) -> bytes:
    ran = host.run(list(argv))
    if ran.code != 0:
        raise CannotLook("denied" if b"not permitted" in ran.err else "parse-error", argv[0])
    return ran.out


def _cards(host: Host) -> list[str]:
    """The machine's own cards and those that lead out; one of any name where there is none."""
    rows = [line.split() for line in (read_text(host, _ROUTES) or "").splitlines()[1:]]
    out = [row[0] for row in rows if len(row) > 7 and row[1] == row[7] == "00000000"]
    own = [card.name for card in host.interfaces() if card.kind in ("wired", "wireless", "other")]
    return sorted({*out, *own})[:_MOST_CARDS] or ["any"]


def _keepers(host: Host) -> list[Keeper]:
    found: list[Keeper] = []
    lines = (read_text(host, "/etc/ufw/ufw.conf") or "").splitlines()
    if any(line.strip().replace(" ", "").lower() == "enabled=yes" for line in lines):
        found.append("ufw")
    if any(process.name == "firewalld" for process in host.processes()):
        found.append("firewalld")
    if host.link(_UNIT) is not None:
        found.append("nftables")
    return found


def _services(listening: Maybe[Listeners]) -> list[Service]:
    return remote.services(remote.seen(listening))


def _unnamed(host: Host, listening: Maybe[Listeners]) -> int:
    """The kernel's own file sharing has no program that could be named."""
    if host.privileged and host.stat(_LOCKS) is not None:
        return 0
    return remote.unnamed(remote.seen(listening), without=(_NFS,))


def _nla(listening: Maybe[Listeners]) -> bool | None:
    found = remote.seen(listening)
    if not remote.offers(found, "rdp"):
        return None
    if remote.running(found, "rdp", _WITHOUT_NLA):
        return False
    if remote.running(found, "rdp", _WITH_NLA):
        return True
    raise CannotLook("unsupported", "Remote Desktop of an unknown program")


def _smb1(host: Host) -> bool | None:
    """By Samba itself, which alone knows its defaults. Raises CannotLook."""
    if not any(_SAMBA.fullmatch(process.name) for process in host.processes()):
        return None
    told = output(host, list(_TESTPARM)).strip().upper()
    if told not in _BEFORE_SMB2 and not told.startswith("SMB"):
        raise CannotLook("parse-error", "testparm")
    return told in _BEFORE_SMB2
