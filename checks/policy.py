"""The policy an agent holds, and the one number in force for each threshold on one device (A3).

Order of precedence: the school's decision (most specific profile first) > clauses of the packs in
force (the stricter wins, per profile) > the check's profile default > its default. A device with
several profiles gets the stricter. A value outside min…max is an error that names who asked.
"""

import hashlib
from typing import Annotated, Final, Literal, get_args

import msgspec

from checks.public_names import is_public_name
from checks.unseen import Maybe, Unseen
from checks.verdicts import Severity

Profile = Literal["pupil", "staff", "office", "board", "kiosk", "loan", "server"]
PROFILES: Final[tuple[Profile, ...]] = get_args(Profile)
Value = int | str | list[str]


class PolicyError(Exception):
    """A policy that cannot be used; the sentence names the check, the setting and who asked."""


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One wish for one setting.

    `by` is a clause id or a person's role; `profile` None means every profile.
    """

    check: str
    setting: str
    value: Value
    by: str
    profile: Profile | None = None
    reason: str = ""


class SeverityAsk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The school's own severity for a check, with the recorded reason the catalogue demands."""

    check: str
    severity: Severity
    by: str
    reason: str


_Minute = Annotated[int, msgspec.Meta(ge=0, le=1440)]
_Day = Annotated[str, msgspec.Meta(pattern=r"\A(\d{4}-\d{2}-\d{2})?\Z")]


class Quiet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hours in which computers are left alone (S10), by the clock on the school's wall.

    `weekdays` counts Monday as 1; the days are inclusive, "" is without end.
    """

    weekdays: list[Annotated[int, msgspec.Meta(ge=1, le=7)]]
    begins_minute: _Minute
    ends_minute: _Minute
    first_day: _Day = ""
    last_day: _Day = ""
    timezone: str = "Europe/London"
    why: str = ""


Role = Literal["staff", "pupil", "guest", "things"]
"""Who a wireless network of the school is for. `things`: boards, printers, cameras."""


class Ssid(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One name that the school's access points carry, as `checks.formats.ssids` shows names."""

    ssid: str
    role: Role


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked of the school's machines.

    The empty policy is the catalogue's defaults.
    """

    v: int = 1
    name: str = "default"
    version: int = 0
    decisions: list[Ask] = []
    clauses: list[Ask] = []
    severities: list[SeverityAsk] = []
    quiet: list[Quiet] = []
    gateways: list[str] = []
    """The school's ways out, by their MAC: where none is seen, a computer is off site (O19).

    Empty: the school has not said, and nothing is withheld.
    """
    ssids: list[Ssid] = []
    """What the school's wireless networks are called; empty: it has not said."""


DEFAULT_POLICY: Final = Policy()


_LATER: Final = ("ssids",)
"""Fields that came after the first release."""


def spelled(policy: Policy) -> bytes:
    """The canonical bytes: what is signed and hashed. A later field that says nothing is left out,
    so an agent from before it understands the whole, and hashes it alike."""
    fields = msgspec.structs.asdict(policy)
    told = {name: value for name, value in fields.items() if value or name not in _LATER}
    return msgspec.json.encode(told, order="sorted")


def policy_hash(policy: Policy) -> str:
    """`sha256:` and 64 hex digits over the canonical bytes."""
    return "sha256:" + hashlib.sha256(spelled(policy)).hexdigest()


def named(policy: Policy, check: str, setting: str) -> list[str]:
    """All that anybody asks for in a list of names, whatever the computer is for: what has to be
    looked for, before anybody judges."""
    asked = [
        a for a in (*policy.decisions, *policy.clauses) if (a.check, a.setting) == (check, setting)
    ]
    return sorted({name for ask in asked if isinstance(ask.value, list) for name in ask.value})


class Threshold(msgspec.Struct, frozen=True):
    """A setting of a check as `checks.toml` declares it, already in base units (seconds, bytes,
    count, percent)."""

    name: str
    unit: str
    default: Value
    source: str
    stricter: Literal["lower", "higher", "fewer", "more"] | None = None
    min: int | None = None
    max: int | None = None
    choices: list[str] = []
    profiles: dict[Profile, Value] = {}

    def chooses(self, value: Value) -> bool:
        """Whether a word, or every word of a list, is one of the choices."""
        return self.stranger(value) is None

    def stranger(self, value: Value) -> int | str | None:
        """The first word that is none of the choices."""
        words: list[int | str] = [*value] if isinstance(value, list) else [value]
        return next((word for word in words if word not in self.choices), None)


class InForce(msgspec.Struct, frozen=True):
    """The value in force and who asked for it, strictest first; empty `asked_by` is the
    default."""

    value: Value
    asked_by: list[str] = []


def resolve(
    policy: Policy, check: str, threshold: Threshold, profiles: Maybe[list[Profile]]
) -> InForce | Unseen:
    """The value in force, or `Unseen` when it depends on a profile nobody has set (S1).

    Raises PolicyError for a value out of bounds or two different asks for a setting without an
    order.
    """
    wanted = None if isinstance(profiles, Unseen) else profiles
    candidates: list[Profile | None] = [*(PROFILES if wanted is None else wanted)] or [None]
    answers = [_for_profile(policy, check, threshold, profile) for profile in candidates]
    if wanted is None and any(answer.value != answers[0].value for answer in answers[1:]):
        return profiles if isinstance(profiles, Unseen) else Unseen("unsupported")
    return _strictest(answers, check, threshold)


def _for_profile(
    policy: Policy, check: str, threshold: Threshold, profile: Profile | None
) -> InForce:
    for layer in (policy.decisions, policy.clauses):
        mine = [ask for ask in layer if ask.check == check and ask.setting == threshold.name]
        fitting = [ask for ask in mine if ask.profile == profile and profile is not None]
        fitting = fitting or [ask for ask in mine if ask.profile is None]
        if fitting:
            for ask in fitting:
                _in_bounds(ask, threshold)
            return _strictest([InForce(a.value, [a.by]) for a in fitting], check, threshold)
    if profile is not None and profile in threshold.profiles:
        return InForce(threshold.profiles[profile])
    return InForce(threshold.default)


def _in_bounds(ask: Ask, threshold: Threshold) -> None:
    where = f"{ask.check}.{ask.setting}, asked by {ask.by}"
    if type(ask.value) is not type(threshold.default):
        raise PolicyError(f"{where}: {_wanted(threshold)} is wanted here.")
    if isinstance(ask.value, int):
        low, high = threshold.min, threshold.max
        if (low is not None and ask.value < low) or (high is not None and ask.value > high):
            raise PolicyError(f"{where}: {ask.value} is outside {low} to {high} {threshold.unit}.")
    if threshold.unit == "names" and isinstance(ask.value, list):
        _are_names(ask.value, threshold, where)
    if threshold.choices and not threshold.chooses(ask.value):
        strange = str(threshold.stranger(ask.value))[:80]
        raise PolicyError(f"{where}: {strange!r} is none of {', '.join(threshold.choices)}.")


def _wanted(threshold: Threshold) -> str:
    """The kind of value that fits, as a person writes it."""
    if isinstance(threshold.default, list):
        return 'a list, such as ["one", "two"],'
    if isinstance(threshold.default, str):
        return "a word in quotes"
    lengths = {"seconds": "10 minutes", "seconds after midnight": "08:45", "bytes": "20 mebibytes"}
    example = lengths.get(threshold.unit)
    return f'a number, or words such as "{example}",' if example else "a number"


def _are_names(names: list[str], threshold: Threshold, where: str) -> None:
    """A list that has computers call on somebody is short and names nobody's house (O21)."""
    if threshold.max is not None and len(names) > threshold.max:
        raise PolicyError(f"{where}: more than {threshold.max} names.")
    for name in names:
        if not is_public_name(name):
            raise PolicyError(
                f"{where}: {name[:80]!r} is no public host name, such as example.com."
            )


def _strictest(answers: list[InForce], check: str, threshold: Threshold) -> InForce:
    values = [answer.value for answer in answers]
    first = values[0]
    if all(value == first for value in values):
        return InForce(first, sorted({by for answer in answers for by in answer.asked_by}))
    chosen = _pick(values, threshold)
    if chosen is None:
        askers = ", ".join(by for answer in answers for by in answer.asked_by) or "the defaults"
        raise PolicyError(
            f"{check}.{threshold.name}: {askers} ask for different values and none is stricter; "
            "the school must decide."
        )
    first_asker = [by for answer in answers if answer.value == chosen for by in answer.asked_by]
    others = [by for answer in answers if answer.value != chosen for by in answer.asked_by]
    return InForce(chosen, first_asker + others)


def _pick(values: list[Value], threshold: Threshold) -> Value | None:
    numbers = [value for value in values if isinstance(value, int)]
    if len(numbers) == len(values) and threshold.stricter in ("lower", "higher"):
        return min(numbers) if threshold.stricter == "lower" else max(numbers)
    sets = [value for value in values if isinstance(value, list)]
    if len(sets) == len(values) and threshold.stricter == "fewer":
        return sorted(set.intersection(*map(set, sets)))
    if len(sets) == len(values) and threshold.stricter == "more":
        return sorted(set.union(*map(set, sets)))
    return None
