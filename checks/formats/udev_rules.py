"""udev rules: one rule a line, comma-separated `KEY{attribute}operator"value"` pairs.

A backslash at the end continues a line; `#` starts a comment line. Operators `==` and `!=` match,
the others assign. Only what is written is read; nothing is evaluated.
"""

import re

import msgspec

_PAIR = re.compile(
    r'[\s,]*([A-Z][A-Z_]*)(?:\{([^}"]{1,200})\})?\s*(==|!=|\+=|-=|:=|=)\s*(e?)"((?:[^"\\]++|\\.)*+)"'
)


class Pair(msgspec.Struct, frozen=True):
    """One condition or assignment, such as `ATTR{authorized}="0"`."""

    key: str
    attribute: str
    operator: str
    value: str

    @property
    def matches(self) -> bool:
        """Whether it is a condition."""
        return self.operator in ("==", "!=")


class Rule(msgspec.Struct, frozen=True):
    """One rule."""

    pairs: list[Pair]

    def condition(self, key: str, attribute: str = "") -> list[Pair]:
        """Its conditions on one key."""
        return [p for p in self.pairs if p.matches and (p.key, p.attribute) == (key, attribute)]

    def assigned(self, key: str, attribute: str = "") -> list[str]:
        """What it assigns to one key."""
        return [
            p.value
            for p in self.pairs
            if not p.matches and (p.key, p.attribute) == (key, attribute)
        ]


def parse(data: bytes) -> list[Rule]:
    """Every line that holds at least one pair; udev skips the others too."""
    text = data.decode("utf-8", "replace").replace("\\\n", "")
    rules = []
    for line in text.split("\n"):
        if line.lstrip().startswith("#"):
            continue
        pairs, at = [], 0
        while found := _PAIR.match(line, at):
            pairs.append(Pair(found[1], found[2] or "", found[3], found[5]))
            at = found.end()
        if pairs:
            rules.append(Rule(pairs))
    return rules
