"""`iptables-save`, `iptables-nft-save`, `ip6tables-legacy-save` (iptables 1.8.9): the chains that
a packet passes when it arrives.

`REJECT` counts as drop. Conditions of modules that are not listed here are unknown; what follows
`-j` belongs to the target. The family stands in no line: `parse` takes it from the first comment
where that names `ip6tables`, else it is IPv4.
"""

import shlex
from typing import Final, Literal

from checks.formats.errors import ParseError
from checks.formats.packet_rules import UNKNOWN, About, Chain, Does, Match, Rule

_HOOKS: Final = {"PREROUTING": "prerouting", "INPUT": "input"}
_TABLES: Final = ("raw", "mangle", "filter", "security")
"""Those of `nat` filter nothing."""
_LONGEST: Final = 4_000
_MOST: Final = 50_000
_PLAIN: Final = frozenset(
    {
        *("comment", "tcp", "udp", "icmp", "icmp6", "ipv6-icmp", "conntrack", "state"),
        *("multiport", "addrtype", "pkttype", "limit", "rt", "udplite", "sctp", "dccp", "iprange"),
    }
)
"""Modules whose conditions are all read, or imply their protocol."""
_ABOUT: Final[dict[str, About]] = {
    "-i": "interface",
    "-p": "protocol",
    "-s": "source",
    "-d": "destination",
    "--dport": "port",
    "--dports": "port",
    "--sport": "source_port",
    "--sports": "source_port",
    "--state": "state",
    "--ctstate": "state",
    "--ctstatus": "never",
    "--dst-type": "cast",
    "--pkt-type": "cast",
    "--src-range": "source",
    "-o": "never",
    "--rt-type": "never",
}
_DOES: Final[dict[str, Does]] = {
    "ACCEPT": "accept",
    "DROP": "drop",
    "REJECT": "drop",
    "RETURN": "return",
    "NFQUEUE": "unknown",
    "QUEUE": "unknown",
}
_ASIDE: Final = frozenset(
    {
        *("LOG", "NFLOG", "ULOG", "MARK", "CONNMARK", "SET", "TRACE", "CT", "NOTRACK", "TCPMSS"),
        *("CHECKSUM", "CLASSIFY", "DSCP", "TOS", "TTL", "HL", "AUDIT", "SECMARK", "CONNSECMARK"),
    }
)
_NEUTRAL: Final = ("--comment", "--limit", "--limit-burst")
"""One packet is within any rate."""
_VALUED: Final = frozenset({"-m", *_NEUTRAL, *_ABOUT})
_SYN: Final = ["FIN,SYN,RST,ACK", "SYN"]


def parse(data: bytes) -> list[Chain]:
    """Read the answer. Raises ParseError."""
    lines = data.decode("utf-8", "replace").splitlines()
    if len(lines) > _MOST or any(len(line) > _LONGEST for line in lines):
        raise ParseError("iptables: too much")
    family: Literal["ip", "ip6"] = "ip6" if lines and "ip6tables" in lines[0] else "ip"
    policies: dict[tuple[str, str], str] = {}
    rules: dict[tuple[str, str], list[Rule]] = {}
    table = ""
    chains: set[str] = set()
    for line in lines:
        if line.startswith("*"):
            table, chains = line[1:].strip(), set()
        elif line.startswith(":") and len(line[1:].split()) >= 2:
            name, policy = line[1:].split()[:2]
            policies[table, name] = policy
            chains.add(name)
        elif line.startswith(("-A ", "[")):
            name, rule = _rule(line, chains)
            rules.setdefault((table, name), []).append(rule)
        elif line.strip() and not line.startswith(("#", "COMMIT")):
            raise ParseError("iptables: a line of another form")
    return [
        Chain(
            family=family,
            table=table,
            name=name,
            hook=_HOOKS.get(name) if table in _TABLES and policy != "-" else None,
            policy="drop" if policy == "DROP" else "accept",
            rules=rules.get((table, name), []),
        )
        for (table, name), policy in policies.items()
    ]


def _rule(line: str, chains: set[str]) -> tuple[str, Rule]:
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise ParseError("iptables: a rule of another form") from error
    if words and words[0].startswith("["):
        words = words[1:]  # counters, as `iptables-save -c` writes them
    if len(words) < 2 or words[0] != "-A":
        raise ParseError("iptables: a rule of another form")
    matches: list[Match] = []
    at, negated = 2, False
    while at < len(words):
        word = words[at]
        if word in ("-j", "-g"):
            return words[1], _ending(matches, word, words[at + 1 : at + 2], chains)
        if word == "!":
            negated, at = True, at + 1
            continue
        first = at + 2 if word in _VALUED else at + 1  # a comment may look like an option
        end = next((n for n in range(first, len(words)) if _option(words[n])), len(words))
        matches += _match(word, words[at + 1 : end], negated)
        at, negated = end, False
    return words[1], Rule(matches, "next")


def _option(word: str) -> bool:
    return word == "!" or (word.startswith("-") and not word[1:2].isdigit() and len(word) > 1)


def _match(option: str, values: list[str], negated: bool) -> list[Match]:
    if option == "-m":
        return [] if values and values[0] in _PLAIN else [UNKNOWN]
    if option in _NEUTRAL:
        return []
    if option == "--tcp-flags":
        return [] if values == _SYN and not negated else [UNKNOWN]
    about = _ABOUT.get(option, "unknown")
    if about == "unknown" or len(values) != 1:
        return [UNKNOWN]
    if about in ("source", "destination"):
        told = [values[0]]
    else:
        told = [_spelled(about, value) for value in values[0].split(",")]
    return [] if about == "protocol" and told == ["all"] else [Match(about, told, negated)]


def _spelled(about: About, value: str) -> str:
    """As the other parser writes it."""
    if about in ("port", "source_port"):
        first, colon, last = value.partition(":")
        return f"{first or '0'}-{last or '65535'}" if colon else value
    if about == "interface" and value.endswith("+"):
        return value[:-1] + "*"
    if about == "cast":
        return {"unicast": "local", "host": "local"}.get(value.lower(), value.lower())
    return value.lower() if about in ("state", "protocol") else value


def _ending(matches: list[Match], how: str, named: list[str], chains: set[str]) -> Rule:
    target = named[0] if named else ""
    if how == "-g" or target in chains:
        return Rule(matches, "goto" if how == "-g" else "jump", target)
    if target in _ASIDE:
        return Rule(matches, "next")
    return Rule(matches, _DOES.get(target, "unknown"))
