"""A stranger's packet followed through rules, as nftables and iptables write them down."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats import iptables_save, nft_ruleset
from checks.formats.errors import ParseError
from checks.formats.packet_rules import Chain
from checks.network.packets import filtered, lets_in

Json = dict[str, Any]


def nft(*rules: list[Json], policy: str = "drop", family: str = "inet", **more: Any) -> list[Chain]:
    entries: list[Json] = [
        {"metainfo": {"version": "1.0.6"}},
        {"table": {"family": family, "name": "f", **more}},
        {
            "chain": {
                "family": family,
                "table": "f",
                "name": "in",
                "type": "filter",
                "hook": "input",
                "prio": 0,
                "policy": policy,
            }
        },
        {"chain": {"family": family, "table": "f", "name": "sub"}},
        *({"rule": {"family": family, "table": "f", "chain": "in", "expr": one}} for one in rules),
    ]
    return nft_ruleset.parse(json.dumps({"nftables": entries}).encode()).chains


def match(left: Json, right: object, op: str = "==") -> Json:
    return {"match": {"op": op, "left": left, "right": right}}


def meta(key: str) -> Json:
    return {"meta": {"key": key}}


def field(protocol: str, name: str) -> Json:
    return {"payload": {"protocol": protocol, "field": name}}


ACCEPT: Json = {"accept": None}
DROP: Json = {"drop": None}
STATE: Json = {"ct": {"key": "state"}}


def opened(chains: list[Chain]) -> bool | None:
    return lets_in(chains, "ip", ["eth0"])


@pytest.mark.parametrize(
    ("rule", "inside"),
    [
        ([ACCEPT], True),
        ([{"counter": None}, {"log": {"prefix": "x"}}, ACCEPT], True),
        ([match(meta("iifname"), "lo"), ACCEPT], False),
        ([match(meta("iifname"), "eth*"), ACCEPT], True),
        ([match(meta("iifname"), "lo", "!="), ACCEPT], True),
        ([match(meta("iifname"), {"set": ["lo", "eth0"]}), ACCEPT], True),
        ([match(STATE, ["established", "related"], "in"), ACCEPT], False),
        ([match(STATE, "new", "in"), ACCEPT], True),
        ([match({"ct": {"key": "status"}}, "dnat", "in"), ACCEPT], False),
        ([match(field("tcp", "dport"), 22), ACCEPT], False),
        ([match(field("tcp", "dport"), 22, "!="), ACCEPT], True),
        ([match(field("udp", "dport"), {"range": [1025, 65535]}), ACCEPT], True),
        ([match(field("th", "dport"), {"range": [1025, 65535]}), ACCEPT], True),
        ([match(field("ip", "saddr"), {"prefix": {"addr": "10.0.0.0", "len": 8}}), ACCEPT], False),
        ([match(field("ip", "saddr"), {"prefix": {"addr": "0.0.0.0", "len": 0}}), ACCEPT], True),  # noqa: S104  (a network read, nothing is bound)
        ([match(field("ip", "daddr"), "224.0.0.251"), ACCEPT], False),
        ([match(field("ip", "daddr"), "192.168.1.4"), ACCEPT], None),
        ([match(field("ip6", "saddr"), "fe80::1", "!="), ACCEPT], False),
        ([match(meta("nfproto"), "ipv4"), ACCEPT], True),
        ([match(meta("nfproto"), "ipv6"), ACCEPT], False),
        ([match(meta("l4proto"), {"set": ["icmp", "ipv6-icmp"]}), ACCEPT], False),
        ([match(meta("l4proto"), "tcp"), ACCEPT], True),
        ([match(meta("pkttype"), "host"), ACCEPT], True),
        ([match(meta("mark"), 7), ACCEPT], None),
        ([match(field("ip", "saddr"), "@nobody_knows"), ACCEPT], None),
        ([{"limit": {"rate": 3, "per": "minute"}}, ACCEPT], True),
        ([{"limit": {"rate": 3, "per": "minute", "inv": True}}, ACCEPT], False),
        ([{"something": "new"}, ACCEPT], None),
        ([{"last": None}, {"set": {"op": "add", "set": "@seen"}}, ACCEPT], True),
        ([{"set": {"op": "add", "set": "@seen", "stmt": [{"limit": {}}]}}, ACCEPT], None),
        ([{"limit": "a named one"}, ACCEPT], None),
        ([{"jump": {"target": "sub"}}], False),
        ([{"jump": {"target": "not there"}}], None),
        ([{"queue": None}], None),
        ([{"xt": {"type": "match", "name": "geoip"}}, ACCEPT], None),
        ([{"xt": {"type": "target", "name": "REJECT"}}], None),
        ([{"vmap": {"key": STATE, "data": {"set": [["new", ACCEPT]]}}}], True),
        ([{"vmap": {"key": STATE, "data": {"set": [["invalid", ACCEPT]]}}}], False),
        ([{"vmap": {"key": STATE, "data": "@far"}}], None),
    ],
)
def test_what_one_rule_lets_in_where_all_else_is_dropped(rule: list[Json], inside: object) -> None:
    assert opened(nft(rule)) is inside


@pytest.mark.parametrize(
    ("rule", "inside"),
    [
        ([DROP], False),
        ([{"reject": {"type": "icmpx", "expr": "admin-prohibited"}}], False),
        ([match(field("tcp", "dport"), 23), DROP], True),
        ([match(meta("iifname"), "lo", "!="), DROP], False),
        ([match(meta("mark"), 7), DROP], None),
        ([{"return": None}], True),
    ],
)
def test_what_one_rule_keeps_out_where_all_else_is_let_in(rule: list[Json], inside: object) -> None:
    assert opened(nft(rule, policy="accept")) is inside


def test_the_first_rule_that_surely_holds_ends_the_walk() -> None:
    assert opened(nft([DROP], [ACCEPT])) is False
    assert opened(nft([ACCEPT], [DROP])) is True
    assert opened(nft([match(meta("mark"), 1), DROP], [ACCEPT])) is None


def test_a_packet_gets_in_only_where_every_filter_lets_it() -> None:
    both = [*nft([ACCEPT], policy="accept"), *nft(policy="drop", family="ip")]
    assert opened(both) is False
    assert lets_in(both, "ip6", ["eth0"]) is True


def test_one_card_that_is_let_in_is_enough() -> None:
    chains = nft([match(meta("iifname"), "wlan0"), ACCEPT])
    assert lets_in(chains, "ip", ["eth0"]) is False
    assert lets_in(chains, "ip", ["eth0", "wlan0"]) is True


def test_named_sets_are_looked_up() -> None:
    entries: list[Json] = [
        {"metainfo": {}},
        {"table": {"family": "ip", "name": "f"}},
        {"set": {"family": "ip", "table": "f", "name": "all", "elem": [{"range": [1, 65535]}]}},
        {
            "chain": {
                "family": "ip",
                "table": "f",
                "name": "in",
                "type": "filter",
                "hook": "input",
                "policy": "drop",
            }
        },
        {
            "rule": {
                "family": "ip",
                "table": "f",
                "chain": "in",
                "expr": [match(field("tcp", "dport"), "@all"), ACCEPT],
            }
        },
    ]
    chains = nft_ruleset.parse(json.dumps({"nftables": entries}).encode()).chains
    assert opened(chains) is True


@pytest.mark.parametrize(
    ("flags", "inside"),
    [("dormant", True), (["dormant"], True), ("f", None), ("owner", False), ([], False)],
)
def test_a_table_asleep_filters_nothing_and_an_unreadable_flag_is_no_answer(
    flags: object, inside: object
) -> None:
    assert opened(nft(flags=flags)) is inside


def test_no_rules_let_everybody_in() -> None:
    assert opened([]) is True
    assert filtered([], "ip") is False
    assert filtered(nft(policy="accept"), "ip") is False
    assert filtered(nft(policy="drop"), "ip") is True
    assert filtered(nft([DROP], policy="accept"), "ip") is True
    assert filtered(nft(policy="drop", family="ip6"), "ip") is False


def test_chains_that_lead_to_each_other_end() -> None:
    heads = b"*filter\n:INPUT ACCEPT [0:0]\n:a - [0:0]\n:b - [0:0]\n"
    assert opened(iptables_save.parse(heads + b"-A INPUT -j a\n-A a -j b\n-A b -j a\n")) is None


def table(*rules: str, policy: str = "DROP", name: str = "filter", hook: str = "INPUT") -> bytes:
    lines = [f"*{name}", f":{hook} {policy} [0:0]", ":own - [0:0]", *rules, "COMMIT"]
    return "\n".join(["# Generated by iptables-save v1.8.9", *lines, ""]).encode()


@pytest.mark.parametrize(
    ("rule", "inside"),
    [
        ("-A INPUT -j ACCEPT", True),
        ("[4:240] -A INPUT -j ACCEPT", True),
        ("-A INPUT -i lo -j ACCEPT", False),
        ("-A INPUT ! -i lo -j ACCEPT", True),
        ("-A INPUT -i eth+ -j ACCEPT", True),
        ("-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", False),
        ("-A INPUT -m state --state NEW -j ACCEPT", True),
        ("-A INPUT -p tcp -m multiport --dports 22,80:90 -j ACCEPT", False),
        ("-A INPUT -p udp -m udp --dport 1024:65535 -j ACCEPT", True),
        ("-A INPUT -p udp -m udp --dport 1024: -j ACCEPT", True),
        ("-A INPUT -s 10.0.0.0/8 -j ACCEPT", False),
        ("-A INPUT ! -s 10.0.0.0/8 -j ACCEPT", True),
        ("-A INPUT -d 224.0.0.251/32 -p udp -m udp --dport 5353 -j ACCEPT", False),
        ("-A INPUT -m iprange --src-range 1.0.0.0-250.0.0.0 -j ACCEPT", True),
        ("-A INPUT -m addrtype --dst-type LOCAL -j ACCEPT", True),
        ("-A INPUT -m addrtype --dst-type BROADCAST -j ACCEPT", False),
        ("-A INPUT -m limit --limit 3/min --limit-burst 10 -j ACCEPT", True),
        ('-A INPUT -m comment --comment "-j DROP \\" ! -i lo" -j ACCEPT', True),
        ("-A INPUT -m comment --comment -j -j ACCEPT", True),
        ("-A INPUT -m comment --comment ! -i lo -j ACCEPT", False),
        ("-A INPUT -m geoip --source-country GB -j ACCEPT", None),
        ("-A INPUT -p icmp -m icmp --icmp-type 8 -j ACCEPT", False),
        ("-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT", True),
        ("-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN FIN,SYN -j ACCEPT", None),
        ('-A INPUT -j LOG --log-prefix "-j ACCEPT"', False),
        ("-A INPUT -j own", False),
        ("-A INPUT -g own", False),
        ("-A INPUT -j STRANGE", None),
        ("-A INPUT", False),
    ],
)
def test_what_one_rule_of_iptables_lets_in(rule: str, inside: object) -> None:
    assert opened(iptables_save.parse(table(rule))) is inside


def test_refusing_with_an_answer_is_refusing() -> None:
    rule = "-A INPUT -j REJECT --reject-with icmp-port-unreachable"
    assert opened(iptables_save.parse(table(rule, policy="ACCEPT"))) is False


def test_what_is_dropped_before_it_is_routed_is_kept_out() -> None:
    raw = iptables_save.parse(
        table("-A PREROUTING -j DROP", policy="ACCEPT", name="raw", hook="PREROUTING")
    )
    assert opened(raw) is False


def test_translating_addresses_filters_nothing() -> None:
    nat = iptables_save.parse(table("-A INPUT -j DROP", policy="ACCEPT", name="nat"))
    assert opened(nat) is True


def test_rules_of_ipv6_say_nothing_of_ipv4() -> None:
    ipv6 = table().replace(b"iptables-save", b"ip6tables-save")
    chains = iptables_save.parse(ipv6)
    assert opened(chains) is True
    assert lets_in(chains, "ip6", ["eth0"]) is False


@pytest.mark.parametrize("data", [b"hello", b"-A", b'-A INPUT --comment "', b"*filter\n:INPUT\n"])
def test_what_is_no_save_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        iptables_save.parse(data)


@pytest.mark.parametrize(
    "data", [b"", b"[]", b'{"nftables":[]}', b'{"nftables":{}}', b'{"nftables":[{"table":{}}]}']
)
def test_what_is_no_ruleset_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        nft_ruleset.parse(data)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "match",
                    "left",
                    "right",
                    "op",
                    "vmap",
                    "key",
                    "data",
                    "set",
                    "jump",
                    "meta",
                    "accept",
                ]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(st.lists(VALUES, max_size=4))
def test_no_rule_breaks_the_walk(expressions: list[Any]) -> None:
    assert opened(nft(expressions)) in (True, False, None)


@given(st.text(max_size=60))
def test_no_line_breaks_the_walk(rest: str) -> None:
    try:
        chains = iptables_save.parse(table(f"-A INPUT {rest}"))
    except ParseError:
        return
    assert opened(chains) in (True, False, None)
