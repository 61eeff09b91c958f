"""Linux' audit trail: where auditd runs, PAM writes each sign-in and each refused one there too.

/etc/audit/auditd.conf (root's): `log_file`, `write_logs`, `local_events`, and how much stays:
`max_log_file` (MiB, 8 unless set) times `num_logs` with `max_log_file_action = rotate`; with
`keep_logs` or `ignore` size ends nothing. Rules (/etc/audit/audit.rules, or rules.d before they are
put together) may leave messages out (`exclude` with a `msgtype` of signing in) or switch all of it
off (`-e 0`). A log untouched for two days is written by nobody (a full drive suspends auditd, which
goes on running). How far it reaches: the last write of the oldest piece, log_file.N, so at
least that. Seen: auditd 3.0.9 (Debian 12), where `su` left USER_AUTH with `res=success` and
`res=failed`.
"""

from typing import Final

from checks.host import CannotLook, Host, attempt, read_text
from checks.logging.facts import Trail
from checks.logging.notices import week_end
from checks.unseen import Maybe, Unseen

CONF: Final = "/etc/audit/auditd.conf"
RULES: Final = "/etc/audit/audit.rules"
FOLDER: Final = "/etc/audit/rules.d"
LOG: Final = "/var/log/audit/audit.log"
UNTOUCHED: Final = 2 * 86_400
_SYSTEM: Final = ("/usr/", "/sbin", "/bin", "/lib", "/opt/", "/snap/", "/nix/store/")
_DEFAULTS: Final = {"max_log_file": 8, "num_logs": 0}
_SIGNING_IN: Final = frozenset(
    {"USER_LOGIN", "USER_AUTH", "USER_START", "USER_ACCT", "LOGIN"}
    | {"1112", "1100", "1105", "1101", "1006"}
)


def trail(host: Host) -> Trail | None:
    """None: auditd does not run, or keeps nothing of this machine. Raises CannotLook."""
    if not runs(host, "auditd"):
        return None
    conf = attempt(_settings, host)
    if isinstance(conf, Unseen):
        return Trail("audit", conf, conf, conf, conf)
    if "no" in (conf.get("write_logs", "yes"), conf.get("local_events", "yes")):
        return None
    fresh = attempt(_is_fresh, host, conf.get("log_file", LOG))
    if conf.get("log_format") == "nolog" or (not isinstance(fresh, Unseen) and not fresh):
        return None
    written: Maybe[bool] = fresh
    if not isinstance(fresh, Unseen):
        written = attempt(_written, host)
    return Trail(
        kind="audit",
        success=written,
        failure=written,
        log_bytes=attempt(_limit, conf),
        oldest_at=attempt(_oldest, host, conf.get("log_file", LOG)),
    )


def runs(host: Host, *names: str) -> bool:
    """Whether one of these programs runs: anybody may call their own so, but not put it where the
    system's are. Where an ordinary user cannot see a program's file, its name has to do."""
    return any(
        process.name in names and (process.exe is None or _is_systems(process.exe, process.name))
        for process in host.processes()
    )


def _is_systems(exe: str, name: str) -> bool:
    folder, _, base = exe.rpartition("/")
    return base.startswith(name) and folder.startswith(_SYSTEM)


def _is_fresh(host: Host, log: str) -> bool:
    """Whether somebody writes the log. Raises CannotLook."""
    stat = host.stat(log)
    return stat is not None and host.clock() - stat.mtime <= UNTOUCHED


def _settings(host: Host) -> dict[str, str]:
    text = read_text(host, CONF) or ""
    rows = (line.split("=", 1) for line in text.split("\n") if not line.lstrip().startswith("#"))
    pairs = ((row[0].strip().lower(), row[1].strip()) for row in rows if len(row) == 2)
    return {key: value if key == "log_file" else value.lower() for key, value in pairs}


def _limit(conf: dict[str, str]) -> int | None:
    if conf.get("max_log_file_action", "rotate") != "rotate":
        return None
    sizes = {key: conf.get(key, str(default)) for key, default in _DEFAULTS.items()}
    if not all(text.isascii() and text.isdecimal() and len(text) <= 9 for text in sizes.values()):
        raise CannotLook("parse-error", CONF)
    # Fewer than two logs are not turned over: there is the one.
    return (int(sizes["max_log_file"]) << 20) * max(1, int(sizes["num_logs"]))


def _written(host: Host) -> bool:
    """Whether the rules leave signing in alone. Raises CannotLook for one that leaves out what
    nobody can tell."""
    lines = [line.strip() for line in _rules(host).split("\n")]
    switches = [line.split()[1:2] for line in lines if line.startswith("-e ")]
    if switches and switches[-1] == ["0"]:
        return False
    for line in lines:
        words = line.split()
        if words[:1] not in (["-a"], ["-A"]):
            continue
        lists = set(",".join(words[1:2]).split(","))
        if lists == {"user", "never"}:
            # what programs say of signing in comes this way
            if words[2:]:
                raise CannotLook("parse-error", RULES)
            return False
        if "exclude" in lists:
            if not set(words[2:]) <= _kinds(words) | {"-F"}:
                raise CannotLook("parse-error", RULES)
            if any(kind.partition("=")[2].upper() in _SIGNING_IN for kind in _kinds(words)):
                return False
    return True


def _kinds(words: list[str]) -> set[str]:
    return {word for word in words if word.startswith("msgtype=")}


def _rules(host: Host) -> str:
    text = read_text(host, RULES)
    if text is not None:
        return text
    names = [name for name in host.list(FOLDER) or [] if name.endswith(".rules")]
    return "\n".join(read_text(host, f"{FOLDER}/{name}") or "" for name in names)


def _oldest(host: Host, log: str) -> int | None:
    folder, _, name = log.rpartition("/")
    pieces = [one for one in host.list(folder) or [] if one.startswith(f"{name}.")]
    stats = [host.stat(f"{folder}/{one}") for one in pieces]
    times = [stat.mtime for stat in stats if stat is not None]
    return week_end(min(times)) if times else None
