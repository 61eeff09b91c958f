"""`ufw status`, `status verbose` and `status numbered`.

Traps: the words are English on Debian (which ships no translations of ufw) and translated on
Ubuntu, so a firewall counts as on where the rules' table or the line of defaults shows it, and else
only by a whole word known here; without `verbose` the defaults are not told (None); `numbered`
gives the direction, plain `status` leaves out `IN`; `(log)` and `(out)` at a rule's end are no part
of its source; a profile's name may hold spaces; the last word
of a port may be a protocol without ports (`esp`, `ah`).
"""

import re
from typing import Final

import msgspec

from checks.formats.errors import ParseError

_LONGEST: Final = 1_000
_STATUS: Final = re.compile(r"^(\S{1,20})\s?[:\uff1a]\s*(\S+)\s*$")
_ON: Final = frozenset(
    (
        *("active", "aktiv", "actif", "activo", "activa", "attivo", "ativo", "ativa", "actief"),
        *(
            "aktywny",
            "aktywna",
            "aktivní",
            "aktivna",
            "активен",
            "активний",
            "激活",
            "有効",
            "aktif",
        ),
    )
)
_OFF: Final = frozenset(
    (
        *("inactive", "inaktiv", "inactif", "inactivo", "inactiva", "inattivo", "inativo"),
        *("inativa", "inactief", "nieaktywny", "nieaktywna", "neaktivní", "neaktivna"),
        *("неактивен", "неактивний", "不活动", "未激活", "非アクティブ", "無効"),
    )
)
"""Whole words, small letters: no word of one is a word of the other."""
_MARKS: Final = re.compile(r" *\((?:log|log-all|out|in)(?:, ?(?:log|log-all|out|in)){0,3}\)$")
_RULE: Final = re.compile(
    r"^(?:\[\s?(\d{1,5})\] )?(\S.*?)\s+(ALLOW|DENY|REJECT|LIMIT)(?: (IN|OUT|FWD))?\s+(\S.*)$"
)
_DEFAULT: Final = re.compile(r"(?<![a-z])([a-z]{1,20}) \((incoming|outgoing|routed)\)")
_RULED: Final = re.compile(r"^-{2,} +-{3,} +-{3,}$")
_VALUE: Final = re.compile(r"^(?:Logging|Default|New profiles): (.*)$")
_PORTS: Final = re.compile(r"^\d{1,5}(?:[:,]\d{1,5})*$")
_INTERFACE: Final = re.compile(r"\bon (\S+)$")
_ADDRESS: Final = re.compile(r"^(?=.*[.:])[0-9A-Fa-f.:]{2,45}(?:/\d{1,3})?(?:/[a-z0-9]{1,8})?$")
_TRANSPORT: Final = re.compile(r"/([a-z][a-z0-9]{1,7})$")


class End(msgspec.Struct, frozen=True):
    """One end of a rule. None: any. `service` is the name of an application profile."""

    text: str
    address: str | None
    ports: str | None
    transport: str | None
    interface: str | None
    service: str | None


class Rule(msgspec.Struct, frozen=True):
    """One rule. `direction` None: not told (plain `status` means IN)."""

    number: int | None
    action: str
    direction: str | None
    to: End
    source: End
    ipv6: bool
    comment: str | None


class Status(msgspec.Struct, frozen=True):
    """The firewall. Logging and defaults are None where `verbose` was not asked."""

    active: bool
    logging: str | None
    incoming: str | None
    outgoing: str | None
    routed: str | None
    rules: list[Rule]


def parse(data: bytes) -> Status:
    """Read the answer. Raises ParseError, also for one in another language that tells nothing."""
    lines = [line.rstrip() for line in data.decode("utf-8", "replace").splitlines()]
    words = next((found for line in lines if (found := _STATUS.match(line))), None)
    if words is None:
        raise ParseError("ufw: no status")
    table = next((at for at, line in enumerate(lines) if _RULED.match(line)), None)
    defaults = {where: word for line in lines[:6] for word, where in _DEFAULT.findall(line)}
    logging = next((line for line in lines[:6] if line.startswith("Logging: ")), None)
    return Status(
        active=_active(words[2], shown=table is not None or bool(defaults)),
        logging=logging.removeprefix("Logging: ") if logging else None,
        incoming=defaults.get("incoming"),
        outgoing=defaults.get("outgoing"),
        routed=defaults.get("routed"),
        rules=[] if table is None else _rules(lines[table + 1 :]),
    )


def _active(word: str, *, shown: bool) -> bool:
    plain = word.casefold().rstrip(".")
    if shown and plain not in _OFF:
        return True
    if plain in _ON | _OFF:
        return plain in _ON
    raise ParseError("ufw: a status in another language")


def _rules(lines: list[str]) -> list[Rule]:
    found = []
    for line in lines:
        if len(line) > _LONGEST:
            raise ParseError("ufw: a rule that is too long")
        body, _, comment = line.partition(" # ")
        row = _RULE.match(body.strip())
        if row:
            found.append(_rule(row, comment.strip() or None))
        elif line.strip():
            raise ParseError("ufw: a rule of another form")
    return found


def _rule(row: re.Match[str], comment: str | None) -> Rule:
    return Rule(
        number=int(row[1]) if row[1] else None,
        action=row[3],
        direction=row[4],
        to=_end(row[2]),
        source=_end(row[5]),
        ipv6="(v6)" in row[2] or "(v6)" in row[5] or _ipv6(row[2]) or _ipv6(row[5]),
        comment=comment,
    )


def _ipv6(text: str) -> bool:
    return any(word.count(":") >= 2 and _ADDRESS.match(word) is not None for word in text.split())


def _end(text: str) -> End:
    """`10.10.10.10 8080 on eth0`, `80,443/tcp (v6)`, `Apache Full`, `Anywhere`."""
    plain = " ".join(_MARKS.sub("", text).replace("(v6)", " ").split())
    interface = _INTERFACE.search(plain)
    rest = plain[: interface.start()].strip() if interface else plain
    address = ports = transport = None
    names = []
    for word in rest.split():
        tail = _TRANSPORT.search(word)
        bare = word[: tail.start()] if tail else word
        if _PORTS.match(bare):
            ports = bare
        elif _ADDRESS.match(bare):
            address = bare
        elif bare != "Anywhere":
            names.append(word)
            continue
        transport = tail[1] if tail else transport
    return End(
        text=plain,
        address=address,
        ports=ports,
        transport=transport,
        interface=interface[1] if interface else None,
        service=" ".join(names) or None,
    )
