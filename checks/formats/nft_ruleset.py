"""`nft -j list ruleset`: chains of nftables that a packet passes when it arrives (nft 1.0.6).

Traps: tables that iptables made hold `xt` expressions, which tell a module's name and nothing else
(`foreign` lists those tables; `iptables-nft-save` spells them out); a table with the flag `dormant`
filters nothing, and nft 1.0.6 writes its own name in the place of that flag; `tcp dport` is a
condition on the protocol as well, `ip saddr` on the family. The families `arp`, `bridge` and
`netdev` are left out.
"""

from collections.abc import Iterator
from typing import Any, Final, Literal, cast

import msgspec

from checks.formats.errors import ParseError
from checks.formats.packet_rules import UNKNOWN, About, Chain, Does, Match, Rule

_FAMILIES: Final = ("ip", "ip6", "inet")
_MOST: Final = 50_000
"""Rules and elements of sets that are looked at; more is no firewall of a school's."""
_PORTS: Final = ("tcp", "udp", "udplite", "sctp", "dccp", "th")
_META: Final[dict[str, About]] = {
    "iifname": "interface",
    "iif": "interface",
    "l4proto": "protocol",
    "nfproto": "family",
    "pkttype": "cast",
}
_CASTS: Final = {"host": "local", "unicast": "local"}
_DOES: Final[dict[str, Does]] = {
    "accept": "accept",
    "drop": "drop",
    "reject": "drop",
    "return": "return",
    "continue": "next",
    "queue": "unknown",
}
_FLAGS: Final = ("owner", "persist")
_ASIDE: Final = frozenset(
    {"counter", "log", "comment", "mangle", "notrack", "ct helper", "set", "last"}
)
"""Statements that let the packet go on to the next; a `set` with a rate of its own does not."""

Elements = dict[tuple[str, str, str], list[Any]]


class Ruleset(msgspec.Struct, frozen=True):
    """Every chain, in the kernel's order, and the tables that only iptables can spell out."""

    chains: list[Chain]
    foreign: list[tuple[str, str]]
    """Family and name."""


def parse(data: bytes) -> Ruleset:
    """Read the answer. Raises ParseError."""
    try:
        told = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParseError("nft: not its JSON") from error
    rows = told.get("nftables") if isinstance(told, dict) else None
    if not isinstance(rows, list) or len(rows) > _MOST:
        raise ParseError("nft: no ruleset, or too large a one")
    entries = [
        (kind, body)
        for row in rows
        if isinstance(row, dict)
        for kind, body in row.items()
        if isinstance(body, dict)
    ]
    if not any(kind == "metainfo" for kind, _ in entries):
        raise ParseError("nft: no ruleset")
    return _ruleset([one for one in entries if one[1].get("family", "inet") in _FAMILIES])


def _ruleset(entries: list[tuple[str, dict[str, Any]]]) -> Ruleset:
    asleep = {_place(body)[:2]: _dormant(body) for kind, body in entries if kind == "table"}
    sets: Elements = {
        _place(body): _list(body.get("elem")) for kind, body in entries if kind in ("set", "map")
    }
    rules: dict[tuple[str, str, str], list[Rule]] = {}
    foreign: dict[tuple[str, str], None] = {}
    for kind, body in entries:
        if kind != "rule":
            continue
        place = (_text(body, "family"), _text(body, "table"), _text(body, "chain"))
        expressions = _list(body.get("expr"))
        if any(isinstance(one, dict) and "xt" in one for one in expressions):
            foreign[place[:2]] = None
        rules.setdefault(place, []).extend(_rules(expressions, sets, place))
    chains = []
    for kind, body in entries:
        dormant = asleep.get((_text(body, "family"), _text(body, "table")), False)
        if kind == "chain" and dormant is not True:
            chains.append(_chain(body, rules, unsure=dormant is None))
    return Ruleset(chains, [*foreign])


def _dormant(table: dict[str, Any]) -> bool | None:
    """None: it has a flag that nobody can read."""
    flags = table.get("flags", [])
    told = flags if isinstance(flags, list) else [flags]
    if "dormant" in told:
        return True
    return None if any(flag not in _FLAGS for flag in told) else False


def _place(body: dict[str, Any]) -> tuple[str, str, str]:
    """A table's own is its name alone."""
    name = _text(body, "name")
    return _text(body, "family"), _text(body, "table") or name, name


def _text(body: dict[str, Any], key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _chain(
    body: dict[str, Any], rules: dict[tuple[str, str, str], list[Rule]], *, unsure: bool
) -> Chain:
    place = (_text(body, "family"), _text(body, "table"), _text(body, "name"))
    kind, hook = _text(body, "type"), _text(body, "hook")
    return Chain(
        family=cast("Literal['ip', 'ip6', 'inet']", place[0]),
        table=place[1],
        name=place[2],
        hook=hook if hook and kind == "filter" else None,
        policy="drop" if body.get("policy") == "drop" else "accept",
        rules=([Rule([], "unknown")] if unsure else []) + rules.get(place, []),
    )


def _rules(expressions: list[Any], sets: Elements, place: tuple[str, str, str]) -> Iterator[Rule]:
    """One rule, or one for each element of a verdict map in it."""
    matches: list[Match] = []
    for one in expressions:
        kind, body = next(iter(one.items())) if isinstance(one, dict) and one else ("", None)
        if kind == "match" and isinstance(body, dict):
            matches += _matches(body, sets, place)
        elif kind == "vmap" and isinstance(body, dict):
            yield from _mapped(matches, body, sets, place)
            return
        elif kind in ("jump", "goto") and isinstance(body, dict):
            yield Rule(matches, "jump" if kind == "jump" else "goto", _text(body, "target"))
            return
        elif kind in _DOES:
            yield Rule(matches, _DOES[kind])
            return
        elif kind == "xt" and isinstance(body, dict) and body.get("type") == "target":
            yield Rule(matches, "unknown")
            return
        elif kind == "limit" and isinstance(body, dict):
            matches += [Match("never")] if body.get("inv") else []  # one packet is within any rate
        elif kind not in _ASIDE or (isinstance(body, dict) and "stmt" in body):
            matches.append(UNKNOWN)  # modules of iptables, what nft learns one day
    yield Rule(matches, "next")


def _mapped(
    matches: list[Match], body: dict[str, Any], sets: Elements, place: tuple[str, str, str]
) -> Iterator[Rule]:
    data = body.get("data")
    rows = _elements(data, sets, place)
    if rows is None:
        yield Rule(matches, "unknown")
        return
    for row in rows:
        value, verdict = row if isinstance(row, list) and len(row) == 2 else (None, None)
        own = _matches({"op": "==", "left": body.get("key"), "right": value}, sets, place)
        yield from (
            Rule([*matches, *own, *rule.matches], rule.does, rule.target)
            for rule in _rules([verdict], sets, place)
        )


def _elements(data: object, sets: Elements, place: tuple[str, str, str]) -> list[Any] | None:
    """Of a set in the rule, or of a named one; None: nobody knows."""
    if isinstance(data, str) and data.startswith("@"):
        return sets.get((place[0], place[1], data[1:]))
    found = data.get("set") if isinstance(data, dict) else None
    return found if isinstance(found, list) else None


def _matches(body: dict[str, Any], sets: Elements, place: tuple[str, str, str]) -> list[Match]:
    left, right, op = body.get("left"), body.get("right"), body.get("op")
    about, implied = _about(left)
    named = _elements(right, sets, place)
    values = _values([right] if named is None else named) if about != "never" else [""]
    if about == "unknown" or values is None or op not in ("==", "!=", "in"):
        return [*implied, UNKNOWN]
    if about == "cast":
        values = [_CASTS.get(value, value) for value in values]
    if about == "family":
        values = [{"ipv4": "ip", "ipv6": "ip6"}.get(value, value) for value in values]
    return [*implied, Match(about, values, negated=op == "!=")]


def _about(left: object) -> tuple[About, list[Match]]:
    """What a condition looks at, and what else it implies."""
    kind, body = next(iter(left.items())) if isinstance(left, dict) and left else ("", None)
    if not isinstance(body, dict):
        return "unknown", []
    key = _text(body, "key")
    if kind == "meta":
        return _META.get(key, "unknown"), []
    if kind == "ct":
        return ("state" if key == "state" else "never" if key == "status" else "unknown"), []
    if kind == "fib" and body.get("result") == "type":
        return ("cast" if body.get("flags") in ("daddr", ["daddr"]) else "unknown"), []
    if kind == "fib" and body.get("result") == "oif":
        return "never", []  # whether there is no way back: strangers have one
    if kind == "payload":
        return _payload(_text(body, "protocol"), _text(body, "field"))
    return "unknown", []


def _payload(protocol: str, field: str) -> tuple[About, list[Match]]:
    if protocol in _PORTS and field in ("dport", "sport"):
        implied = [] if protocol == "th" else [Match("protocol", [protocol])]
        return ("port" if field == "dport" else "source_port"), implied
    if protocol in ("ip", "ip6"):
        implied = [Match("family", [protocol])]
        if field in ("saddr", "daddr"):
            return ("source" if field == "saddr" else "destination"), implied
        return ("protocol" if field in ("protocol", "nexthdr") else "unknown"), implied
    if protocol in ("icmp", "icmpv6", "igmp", "esp", "ah", "comp"):
        return "unknown", [Match("protocol", [protocol])]
    return "unknown", [Match("protocol", [protocol])] if protocol in _PORTS[:-1] else []


def _values(rows: list[Any]) -> list[str] | None:
    """Elements as text; None where one is of another form."""
    found: list[str] = []
    for row in rows:
        inner = row.get("elem") if isinstance(row, dict) else None
        one = inner.get("val") if isinstance(inner, dict) else row
        if isinstance(one, str) and not one.startswith("@"):
            found.append(one)
        elif isinstance(one, int) and not isinstance(one, bool):
            found.append(str(one))
        elif isinstance(one, list) and all(isinstance(part, str) for part in one):
            found += one
        elif isinstance(one, dict) and (told := _span(one)) is not None:
            found.append(told)
        else:
            return None
    return found


def _span(one: dict[str, Any]) -> str | None:
    ends, prefix = one.get("range"), one.get("prefix")
    if isinstance(ends, list) and len(ends) == 2:
        return f"{ends[0]}-{ends[1]}"
    if isinstance(prefix, dict):
        return f"{prefix.get('addr')}/{prefix.get('len')}"
    return None
