"""USBGuard's rules, and what they decide about a device nobody knows.

A rule is `target attribute…`; an attribute is `name value` or `name operator { value … }` (no
operator = `equals`), `if` starts a condition. The first rule that matches decides. `stranger` errs
to the unsafe side: an `allow` rule counts if it could let in an unknown device of that kind (a
port, a name and a condition are no approval), a `block` or `reject` rule only if it surely matches
it.
"""

import re
from collections import deque
from collections.abc import Sequence

import msgspec

from checks.formats.errors import ParseError
from checks.formats.usbguard_conf import Target, target

STORAGE = "08:06:50"
"""Interface of a USB stick, disk or card reader: mass storage, SCSI, bulk only."""

PHONE = "06:01:01"
"""Interface of a phone or camera: still image, PTP or MTP."""

_OPERATORS = frozenset(("all-of", "one-of", "none-of", "equals", "equals-ordered", "match-all"))
_NAMES = frozenset(
    (
        *("id", "hash", "parent-hash", "name", "serial", "via-port"),
        *("with-interface", "with-connect-type", "label", "if"),
    )
)
_NUMBERED = re.compile(r"^\d{1,9}: ")
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_TOKEN = re.compile(r'\s*("(?:[^"\\]++|\\.)*+"|[{}]|[^\s"{}]+)')


class Attribute(msgspec.Struct, frozen=True):
    """One attribute with its values, quotes removed."""

    name: str
    operator: str
    values: list[str]


class Rule(msgspec.Struct, frozen=True):
    """One rule."""

    target: Target
    attributes: list[Attribute]

    def values(self, name: str) -> list[str]:
        """The values a device must have of one attribute; `none-of` asks for none."""
        wanted = [a for a in self.attributes if a.name == name and a.operator != "none-of"]
        return [value for attribute in wanted for value in attribute.values]


def parse(data: bytes) -> list[Rule]:
    """Every rule in order; empty lines and `#` comments are skipped. Raises ParseError.

    `usbguard list-rules` and `list-devices` put a number before each.
    """
    lines = (line.strip() for line in data.decode("utf-8", "replace").split("\n"))
    return [_rule(_NUMBERED.sub("", line)) for line in lines if line and not line.startswith("#")]


def stranger(rules: Sequence[Rule], implicit: Target, interface: str) -> Target:
    """What happens to a device with this one interface that no rule names. Errs to `allow`."""
    for rule in rules:
        if rule.target == "allow" and _could_allow(rule, interface):
            return "allow"
        if rule.target != "allow" and _surely_stops(rule, interface):
            return rule.target
    return implicit


def approved(rules: Sequence[Rule]) -> int:
    """Rules that let in one particular device, by its hash or its model and serial number."""
    return sum(rule.target == "allow" and _one_device(rule) for rule in rules)


def models(rules: Sequence[Rule], interface: str) -> int:
    """Rules that let in every device of a model, with this interface or without naming any."""
    return sum(
        rule.target == "allow"
        and bool(rule.values("id"))
        and not _one_device(rule)
        and not _any_id(rule)
        and _interface_open(rule, interface)
        for rule in rules
    )


def _one_device(rule: Rule) -> bool:
    serials = [serial for serial in rule.values("serial") if serial]
    return bool(rule.values("hash")) or bool(serials and rule.values("id") and not _any_id(rule))


def _any_id(rule: Rule) -> bool:
    return any("*" in value for value in rule.values("id"))


def _could_allow(rule: Rule, interface: str) -> bool:
    if rule.values("hash") or [serial for serial in rule.values("serial") if serial]:
        return False
    if rule.values("id") and not _any_id(rule):
        return False
    return _interface_open(rule, interface)


def _interface_open(rule: Rule, interface: str) -> bool:
    """Whether the rule's interfaces leave room for this one."""
    for attribute in rule.attributes:
        if attribute.name == "with-interface":
            named = any(_covers(value, interface) for value in attribute.values)
            if named == (attribute.operator == "none-of"):
                return False
    return True


def _surely_stops(rule: Rule, interface: str) -> bool:
    for attribute in rule.attributes:
        if attribute.name == "label" or _every_id(attribute):
            continue
        if attribute.name != "with-interface":
            return False
        covered = [_covers(value, interface) for value in attribute.values]
        matches = {
            "one-of": any(covered),
            "match-all": any(covered),
            "none-of": not any(covered),
        }.get(attribute.operator, len(covered) == 1 and all(covered))
        if not matches:
            return False
    return True


def _every_id(attribute: Attribute) -> bool:
    asks = attribute.operator != "none-of"
    return attribute.name == "id" and asks and set(attribute.values) == {"*:*"}


def _covers(pattern: str, interface: str) -> bool:
    parts = pattern.lower().split(":")
    return len(parts) == 3 and all(
        one in ("*", other) for one, other in zip(parts, interface.split(":"), strict=True)
    )


def _rule(line: str) -> Rule:
    tokens, at = [], 0
    while at < len(line):
        found = _TOKEN.match(line, at)
        if found is None:
            raise ParseError("a USBGuard rule with an open quote")
        tokens.append(found[1])
        at = found.end()
    return Rule(target(tokens[0]), _attributes(tokens[1:]))


def _attributes(tokens: list[str]) -> list[Attribute]:
    attributes = []
    rest = deque(tokens)
    while rest:
        name = rest.popleft()
        if name not in _NAMES:
            raise ParseError("a USBGuard rule with an attribute that is not known")
        operator = rest.popleft() if rest and rest[0] in _OPERATORS else "equals"
        if name == "if":
            # Conditions may hold brackets and braces; nothing after them matters here.
            attributes.append(Attribute(name, operator, [" ".join(rest)]))
            break
        attributes.append(Attribute(name, operator, _values(rest)))
    return attributes


def _values(rest: deque[str]) -> list[str]:
    if not rest:
        raise ParseError("a USBGuard rule that ends too early")
    if rest[0] != "{":
        return [_bare(rest.popleft())]
    rest.popleft()
    values = []
    while rest and rest[0] != "}":
        values.append(_bare(rest.popleft()))
    if not rest:
        raise ParseError("a USBGuard rule with an open bracket")
    rest.popleft()
    return values


def _bare(token: str) -> str:
    """Without quotes and what they made necessary (`\\"`, `\\x0a`)."""
    if not token.startswith('"'):
        return token
    return _ESCAPE.sub(lambda one: chr(int(one[1], 16)) if one[1] else one[2], token[1:-1])
