"""sudo's rules: who may run everything.

Only what decides that is read: aliases of users and commands, `Defaults targetpw` and its kin,
which ask for root's own password, and where other files are read in. Hosts are taken as ours: a
rule for another computer in a file that lies here is meant for here sooner or later. Seen: sudo
1.9.
"""

import re
from typing import Final, Literal

import msgspec

_ALIAS: Final = re.compile(r"(?:User|Cmnd|Runas|Host)_Alias\b")
_INCLUDE: Final = re.compile(r"[#@](include|includedir)[ \t]+\"?([^\"]+?)\"?[ \t]*")
_WORDS: Final = re.compile(r"(?:\\.|[^\s,\\])+|,")
_TAGS: Final = re.compile(r"(?:[A-Z_]+:|[A-Z]+=\S+)\s*")
_ROOTS_PASSWORD: Final = re.compile(r"\bDefaults\b[^!]*[\s,](?:targetpw|rootpw|runaspw)\b")
_MOST: Final = 20_000
"""Lines looked at; nobody has that many."""
_LONGEST: Final = 4_096
"""Characters of a line, continued ones joined; sudo's own limit is of that order."""


class Include(msgspec.Struct, frozen=True):
    """Another file, or every file of a folder, that belongs to the rules."""

    kind: Literal["include", "includedir"]
    path: str


class Sudoers(msgspec.Struct, frozen=True):
    """What one file says."""

    everything: list[str]
    """Who may run everything: a name, `%group`, `#uid`, `%#gid`, `+netgroup` or `ALL`; aliases are
    resolved where this file defines them."""
    users: dict[str, list[str]]
    """Aliases of users defined here, for rules of other files."""
    roots_password: bool
    """Whether root's own password is asked for, which makes a rule for everybody harmless."""
    includes: list[Include]


def parse(data: bytes) -> Sudoers:
    """Every line that decides something; others are skipped."""
    text = data.decode("utf-8", "replace").replace("\\\n", " ")
    lines = [line.strip() for line in text.split("\n")[:_MOST] if len(line) <= _LONGEST]
    users: dict[str, list[str]] = {}
    commands: dict[str, list[str]] = {}
    rules = []
    for line in filter(None, map(_without_comment, lines)):
        if _ALIAS.match(line):
            _define(line, users, commands)
        elif not line.startswith("Defaults"):
            rules.append(line)
    named = [name for rule in rules for name in _everything(rule, commands)]
    found = [_INCLUDE.fullmatch(line) for line in lines]
    return Sudoers(
        everything=[who for name in named for who in users.get(name, [name])],
        users=users,
        roots_password=any(_ROOTS_PASSWORD.match(line) for line in lines),
        includes=[
            Include("include" if m[1] == "include" else "includedir", m[2]) for m in found if m
        ],
    )


def _without_comment(line: str) -> str:
    """`#` starts a comment, but not before a number (a user's) nor after a backslash."""
    if _INCLUDE.fullmatch(line):
        return ""
    return re.split(r"(?<!\\)(?<!%)#(?!\d)", line, maxsplit=1)[0].strip()


def _define(line: str, users: dict[str, list[str]], commands: dict[str, list[str]]) -> None:
    kind, _, rest = line.partition("_Alias")
    chosen = {"User": users, "Cmnd": commands}.get(kind)
    for definition in rest.split(":") if chosen is not None else []:
        name, _, members = definition.partition("=")
        if chosen is not None and name.strip():
            chosen[name.strip()] = [_plain(one) for one in _WORDS.findall(members) if one != ","]


def _everything(rule: str, commands: dict[str, list[str]]) -> list[str]:
    """Who a rule lets run everything; empty if it lets nobody."""
    who, _, rest = rule.partition("=")
    users = _users(who)
    for part in re.split(r"(?<!\\),", re.sub(r"\([^()]*\)", " ", rest)):
        command = part.strip()
        while tag := _TAGS.match(command):
            command = command[tag.end() :]
        if command == "ALL" or "ALL" in commands.get(command, []):
            return users
    return []


def _users(text: str) -> list[str]:
    """The list before the hosts: words joined by commas; what is excluded (`!name`) is left out."""
    names: list[str] = []
    joined = True
    for word in _WORDS.findall(text):
        if word == ",":
            joined = True
        elif joined:
            names.append(_plain(word))
            joined = False
        else:
            break
    return [name for name in names if name and not name.startswith("!")]


def _plain(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word).strip('"')
