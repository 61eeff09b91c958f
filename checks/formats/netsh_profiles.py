"""`netsh wlan show profiles`, and one profile with `name=…`: the saved networks.

In any language: titles stand over a line of dashes. A list has two, first the profiles of group
policy, then those of users; one profile has four: about it, its networks (names in quotes), its
security, its cost. Trap: with `key=clear` the key itself stands under security, so nothing is taken
from there but authentication and cipher.
"""

import re
from typing import Final, Literal

import msgspec

from checks.formats import netsh
from checks.formats.errors import ParseError

_RULE: Final = re.compile(r"\s*-{3,}\s*")
_BAR: Final = re.compile(r"\s*={3,}\s*")
_NOBODY: Final = re.compile(r"<.{1,40}>")
_LABELLED: Final = re.compile(r"[^:]{1,120}\s\s:")
_MARKDOWN: Final = re.compile(r"#{2,} \S.*")


class Way(msgspec.Struct, frozen=True):
    """One way to join."""

    authentication: str
    """In the system's language."""
    cipher: str
    security: str
    """One of the closed set, by `netsh.security`."""


class Profile(msgspec.Struct, frozen=True):
    """One saved network."""

    name: str
    source: Literal["group-policy", "user"] | None
    """Whose it is; None: the listing of one profile does not say."""
    ssids: list[str]
    """Empty in a list, which names profiles only."""
    ways: list[Way]


def parse(data: bytes) -> list[Profile]:
    """The profiles. Raises ParseError for a text without such titles."""
    lines = netsh.text(data)
    bars = [place for place, line in enumerate(lines) if _BAR.fullmatch(line)]
    parts = [lines[a:b] for a, b in zip([0, *bars], [*bars, len(lines)], strict=True)]
    found: list[Profile] = []
    titled = False
    for part in parts:
        sections = _sections(part)
        titled = titled or len(sections) > 0
        if len(sections) >= 3 and _is_detailed(sections[1]):
            found.append(_detailed(sections))
        elif _is_list(part, sections):
            found += _listed(sections)
    if not titled:
        raise ParseError("netsh: no list of profiles")
    return found


def _sections(lines: list[str]) -> list[list[str]]:
    """What stands below each title, up to the next title."""
    starts = []
    for place, line in enumerate(lines):
        if _RULE.fullmatch(line):
            title = next(
                (i for i in range(place - 1, max(place - 4, -1), -1) if lines[i].strip()), 0
            )
            starts.append((title, place + 1))
        elif _MARKDOWN.fullmatch(line):
            starts.append((place, place + 1))
    ends = [*(title for title, _ in starts), len(lines)][1:]
    return [lines[start:end] for (_, start), end in zip(starts, ends, strict=True)]


def _listed(sections: list[list[str]]) -> list[Profile]:
    """Names: after a label among users' profiles, alone among those of group policy.

    A text with several cards goes on with the next card's title within the users' section; that
    one ends in its colon and names nothing.
    """
    found = []
    for place, lines in enumerate(sections):
        for line in lines:
            pair = netsh.pair(line) if place % 2 or _LABELLED.match(line) else None
            name = pair[1].strip() if pair else line.strip()
            own = pair is not None or (place % 2 == 0 and line[:1].isspace())
            if name and own and not _NOBODY.fullmatch(name):
                found.append(Profile(name, "user" if place % 2 else "group-policy", [], []))
    return found


def _is_list(part: list[str], sections: list[list[str]]) -> bool:
    """Whether names may be taken from it: each part of a list has two labels at most, for all users
    and for one; a profile cut short has more, or a bar above it, and a key may stand in it."""
    labels = [{found[0] for line in one if (found := netsh.pair(line))} for one in sections]
    titles = {found[0] for line in part if (found := netsh.pair(line)) and not found[1].strip()}
    return not (part and _BAR.fullmatch(part[0])) and all(len(one - titles) <= 2 for one in labels)


def _is_detailed(lines: list[str]) -> bool:
    """Whether the second part counts the networks and names them in quotes; a list may not."""
    values = [found[1].strip() for line in lines if (found := netsh.pair(line))]
    return len(values) > 1 and values[0].isdigit() and values[1][:1] == '"'


def _detailed(sections: list[list[str]]) -> Profile:
    about, network, security = (
        [pair for line in part if (pair := netsh.pair(line))] for part in sections[:3]
    )
    quoted = [value.strip() for _, value in network]
    ways = []
    for place in range(0, len(security) - 1, 2):
        (label, said), (_, cipher) = security[place], security[place + 1]
        if label != security[0][0] or not netsh.is_cipher(cipher):
            break
        ways.append(Way(said.strip(), cipher.strip(), netsh.security(said, cipher)))
    return Profile(
        name=about[2][1].strip() if len(about) > 2 else "",
        source=None,
        ssids=[one[1:-1] for one in quoted if len(one) > 2 and one[0] == one[-1] == '"'],
        ways=ways,
    )
