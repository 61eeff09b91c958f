"""Linux: what PAM asks of a new password, and what it does about wrong ones.

The shared rules of a distribution are read: /etc/pam.d/common-* (Debian, Ubuntu, SUSE), else
system-auth and password-auth (Fedora, RHEL, Arch); where there are two, the weaker one counts.
Modules: pam_pwquality and pam_cracklib (arguments win over /etc/security/pwquality.conf), pam_unix
(6 characters at least, by itself), pam_passwdqc is not read; pam_faillock (arguments win over
/etc/security/faillock.conf) and pam_tally2. A module that is installed and in no rule asks nothing.
"""

from typing import Final

import msgspec

from checks.formats import pam, settings_lines
from checks.host import CannotLook, Host
from checks.layers import Layer
from checks.unseen import Maybe, Unseen

STACKS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "auth": (("common-auth",), ("system-auth", "password-auth")),
    "password": (("common-password",), ("system-auth", "password-auth")),
}
"""The first of each that is there."""
UNIX_LENGTH: Final = 6
"""What pam_unix asks for when nothing says otherwise (pam_unix(8), minlen)."""
QUALITY_LENGTH: Final = 8
"""pwquality.conf(5), minlen."""
FACTORS: Final = frozenset(
    (
        *("pam_google_authenticator.so", "pam_oath.so", "pam_u2f.so", "pam_duo.so"),
        *("pam_yubico.so", "pam_pkcs11.so", "pam_privacyidea.so"),
    )
)
_QUALITY: Final = ("pam_pwquality.so", "pam_cracklib.so")
_FAILLOCK: Final = {"deny": 3, "fail_interval": 900, "unlock_time": 600}
"""faillock.conf(5)."""

Rules = list[pam.Rule]


class Asked(msgspec.Struct):
    """What a new password must have."""

    by: Maybe[Layer | None]
    min_length: Maybe[int | None]
    deny_list: Maybe[bool]


class Shut(msgspec.Struct):
    """What wrong passwords lead to."""

    attempts: Maybe[int | None]
    window_seconds: Maybe[int | None]
    seconds: Maybe[int | None]


def _stacks(host: Host, kind: str) -> list[Rules]:
    """The shared rules of one kind, one list per file. Raises CannotLook."""
    for names in STACKS[kind]:
        files = [host.read(f"/etc/pam.d/{name}") for name in names]
        found = [pam.parse(data) for data in files if data is not None]
        if found:
            return [[rule for rule in rules if rule.type == kind] for rules in found]
    raise CannotLook("unsupported", "no shared rules of PAM")


def read_passwords(host: Host) -> Asked:
    """The weakest of the stacks."""
    try:
        asked = [_asked(host, rules) for rules in _stacks(host, "password")]
    except CannotLook as blind:
        return Asked(*(Unseen(blind.reason),) * 3)
    length, deny, by = min(asked, key=lambda one: (one[0], one[1]))
    return Asked(by, length, deny and all(one[1] for one in asked))


def _asked(host: Host, rules: Rules) -> tuple[int, bool, Layer]:
    quality = next((rule for rule in rules if rule.module in _QUALITY), None)
    if quality is None:
        unix = next((rule for rule in rules if rule.module == "pam_unix.so"), None)
        if unix is None:
            raise CannotLook("unsupported", "passwords are kept elsewhere")
        own = _number(unix.arguments, "minlen", UNIX_LENGTH)
        return own, False, "local-policy" if "minlen" in unix.arguments else "default"
    settings = dict(quality.arguments)
    if quality.module == "pam_pwquality.so":
        settings = _quality_conf(host) | settings
    if settings.get("enforcing") == "0":
        return 0, False, "local-policy"
    length = _number(settings, "minlen", QUALITY_LENGTH)
    credit = sum(max(0, _number(settings, f"{kind}credit", 0)) for kind in "dulo")
    dictionary = settings.get("dictcheck", "1") != "0"
    by: Layer = "local-policy" if "minlen" in settings else "default"
    return max(UNIX_LENGTH, length - credit), dictionary, by


def _quality_conf(host: Host) -> dict[str, str]:
    """Drop-ins first, in their order, then the file itself, as libpwquality reads them."""
    folder = "/etc/security/pwquality.conf.d"
    names = [name for name in host.list(folder) or [] if name.endswith(".conf")]
    merged: dict[str, str] = {}
    for path in [*(f"{folder}/{name}" for name in names), "/etc/security/pwquality.conf"]:
        merged |= settings_lines.parse(host.read(path) or b"")
    return merged


def read_lockout(host: Host) -> Shut:
    """The weakest of the stacks: one without a lock is where guessing happens."""
    try:
        found = [_shut(host, rules) for rules in _stacks(host, "auth")]
    except CannotLook as blind:
        return Shut(*(Unseen(blind.reason),) * 3)
    open_ones = [one for one in found if one[0] <= 0]
    attempts, window, seconds = open_ones[0] if open_ones else max(found, key=lambda one: one[0])
    return Shut(attempts, window, seconds)


def _shut(host: Host, rules: Rules) -> tuple[int, int | None, int | None]:
    """Attempts, window, seconds shut; faillock locks only where a line of its own counts."""
    locks = [rule for rule in rules if rule.module == "pam_faillock.so"]
    if any("authfail" in rule.arguments for rule in locks):
        conf = settings_lines.parse(host.read("/etc/security/faillock.conf") or b"")
        settings = conf | next(rule.arguments for rule in locks if "authfail" in rule.arguments)
        deny, window = (_number(settings, n, _FAILLOCK[n]) for n in ("deny", "fail_interval"))
        return deny, window, _unlock(settings, _FAILLOCK["unlock_time"])
    tally = next((r for r in rules if r.module in ("pam_tally2.so", "pam_tally.so")), None)
    if tally is not None:
        return _number(tally.arguments, "deny", 0), None, _unlock(tally.arguments, 0)
    return 0, None, None


def _unlock(settings: dict[str, str], default: int) -> int:
    """0 and `never`: until an administrator opens it."""
    if settings.get("unlock_time") == "never":
        return 0
    return _number(settings, "unlock_time", default)


def _number(settings: dict[str, str], name: str, default: int) -> int:
    """Raises CannotLook for what is no number: PAM would refuse or ignore it, and we cannot say."""
    text = settings.get(name)
    if text is None:
        return default
    try:
        return int(text[:12])
    except ValueError as error:
        raise CannotLook("parse-error", name) from error


def second_factor(host: Host) -> bool:
    """Whether every stack always asks for something besides the password. Raises CannotLook."""
    return all(_asks_more(rules) for rules in _stacks(host, "auth"))


def _asks_more(rules: Rules) -> bool:
    must = [rule.module for rule in rules if rule.control in ("required", "requisite")]
    return not FACTORS.isdisjoint(must)
