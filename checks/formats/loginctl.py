"""`loginctl`: `list-sessions -o json`, and the `Key=value` blocks of `show-session`.

`IdleSinceHint` is microseconds since the epoch, 0 = never set; times are made whole seconds here.
`Timestamp` is text (`Sun 2026-11-22 03:24:01 UTC` with TZ=UTC); any other zone is a `ParseError`.
"""

import datetime

import msgspec

from checks.formats.errors import ParseError


class Session(msgspec.Struct, frozen=True):
    """One session as logind describes it.

    Hints are only hints: many lockers never set `locked`.
    """

    id: str
    name: str
    uid: str
    kind: str
    session_class: str
    desktop: str
    state: str
    seat: str
    remote: bool
    idle: bool
    idle_since: int
    locked: bool
    logon_at: int
    display: str


class _Listed(msgspec.Struct):
    session: str


def parse_list(data: bytes) -> list[str]:
    """The session ids of `loginctl list-sessions -o json`.

    Raises ParseError.
    """
    if data.strip() in (b"", b"No sessions."):
        return []
    try:
        return [row.session for row in msgspec.json.decode(data, type=list[_Listed])]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParseError(str(error)) from error


def parse(data: bytes) -> list[Session]:
    """The blocks of `loginctl show-session`.

    Raises ParseError for a block without Id and Name.
    """
    blocks = data.decode("utf-8", "replace").split("\n\n")
    return [_session(block) for block in blocks if block.strip()]


def _session(block: str) -> Session:
    pairs = dict(line.partition("=")[::2] for line in block.splitlines() if "=" in line)
    try:
        return Session(
            id=pairs["Id"],
            name=pairs["Name"],
            uid=pairs.get("User", ""),
            kind=pairs.get("Type", ""),
            session_class=pairs.get("Class", ""),
            desktop=pairs.get("Desktop", ""),
            state=pairs.get("State", ""),
            seat=pairs.get("Seat", ""),
            remote=pairs.get("Remote") == "yes",
            idle=pairs.get("IdleHint") == "yes",
            idle_since=int(pairs.get("IdleSinceHint") or "0") // 1_000_000,
            locked=pairs.get("LockedHint") == "yes",
            logon_at=_epoch(pairs.get("Timestamp", "")),
            display=pairs.get("Display", ""),
        )
    except (KeyError, ValueError) as error:
        raise ParseError(f"a session without {error}") from error


def _epoch(text: str) -> int:
    """0 when logind did not say."""
    if text in ("", "n/a"):
        return 0
    if not text.endswith(" UTC"):
        raise ValueError("Timestamp in UTC")
    moment = datetime.datetime.strptime(text[:-4] + " +0000", "%a %Y-%m-%d %H:%M:%S %z")
    return int(moment.timestamp())
