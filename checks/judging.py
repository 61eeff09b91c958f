"""Judges and the runner: facts in, verdicts out, blindness always `unknown`.

A judge is a pure function whose annotated parameters say what it needs: facts sections, its
settings, `Device`, `Moment`. The decorator registers nothing; `checks.catalogue` collects the
judges. Only the runner here turns a `BlindError` into `unknown` (A2).
"""

import datetime
import zoneinfo
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any, Final, cast, get_type_hints

import msgspec

from checks.facts import Facts
from checks.host import Platform
from checks.policy import Profile
from checks.unseen import BlindError, Maybe, NotHere, Reason, Unseen
from checks.verdicts import Finding

Body = Facts | Unseen | NotHere

SCHOOL_ZONE: Final = "Europe/London"
NIGHTS: Final = 8
NIGHT_HOUR: Final = 2
"""The hour of the nightly round at the school, `session-overnight` in the check catalogue."""


class Settings(msgspec.Struct, frozen=True):
    """Base of a judge's settings: no defaults, one field per threshold in `checks.toml`."""


class Device(msgspec.Struct, frozen=True):
    """What is known of the machine besides its facts; an unset profile is unseen (S1)."""

    platform: Platform
    profile: Maybe[Profile] = Unseen("unsupported")
    portable: Maybe[bool] = Unseen("unsupported")
    investigation: bool = False

    def purpose(self) -> Profile:
        """The profile, or `BlindError`: nobody has said yet what this computer is for (S1)."""
        if isinstance(self.profile, Unseen):
            raise BlindError(self.profile.unseen, says="profile-unset")
        return self.profile


class Moment(msgspec.Struct, frozen=True):
    """The times a judge may ask for.

    Ages of facts use `seen`; calendars and end of life use `today` (A2).
    """

    seen: int
    """Epoch seconds when the agent looked."""

    today: datetime.date
    """The round's date at the school."""

    nights: tuple[int, ...]
    """Epoch seconds of the last eight 02:00s at the school, newest first; clock changes counted
    right."""

    @classmethod
    def at(cls, seen: int, today: datetime.date | None = None, zone: str = SCHOOL_ZONE) -> "Moment":
        """The moment of a look at `seen`; `today` is that day at the school unless given."""
        here = datetime.datetime.fromtimestamp(seen, tz=zoneinfo.ZoneInfo(zone))
        two = here.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0, fold=0)
        # Arithmetic on aware datetimes moves the wall clock, so each is 02:00 whatever the offset.
        days = [two - datetime.timedelta(days=back) for back in range(NIGHTS + 1)]
        past = [int(day.timestamp()) for day in days if day.timestamp() <= seen]
        return cls(seen, today or here.date(), tuple(past[:NIGHTS]))


class JudgeError(Exception):
    """A judge that does not say what it needs; a developer's mistake, found at load."""


class Judge:
    """One check's judge and what its parameters ask for."""

    def __init__(self, check: str, function: Callable[..., Finding]) -> None:
        """Resolve the parameters once.

        Raises JudgeError for one without a usable annotation.
        """
        self.check: Final = check
        self.function: Final = function
        hints = get_type_hints(function)
        self.needs: Final[tuple[type, ...]] = tuple(
            _need(check, name, hints.get(name)) for name in _parameters(function)
        )
        self.sections: Final[tuple[type[Facts], ...]] = tuple(
            need for need in self.needs if issubclass(need, Facts)
        )
        self.settings: Final[type[Settings] | None] = next(
            (need for need in self.needs if issubclass(need, Settings)), None
        )
        self.timely: Final = Moment in self.needs
        """Whether the verdict can change while nothing on the machine does (run again each
        night)."""

    def __call__(self, *args: Any) -> Finding:
        """Call the judge as the plain function it is."""
        return self.function(*args)


def judge(check: str) -> Callable[[Callable[..., Finding]], Judge]:
    """Make a pure function the judge of `check`."""

    def wrap(function: Callable[..., Finding]) -> Judge:
        return Judge(check, function)

    return wrap


def _parameters(function: Callable[..., Finding]) -> tuple[str, ...]:
    """Names in order, from the code itself: loading `inspect` costs more than all judging."""
    code = cast("FunctionType", function).__code__
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def _need(check: str, name: str, hint: object) -> type:
    if isinstance(hint, type) and issubclass(hint, (Facts, Settings, Device, Moment)):
        return hint
    raise JudgeError(
        f"{check}: parameter {name} must be annotated with facts, settings, Device or Moment"
    )


def run(
    judge: Judge,
    sections: Mapping[type[Facts], Body],
    settings: Settings | Unseen | None,
    device: Device,
    moment: Moment,
) -> Finding:
    """Judge one check.

    Never raises for a blind, missing or absent section: those are verdicts.
    """
    values: list[object] = []
    for need in judge.needs:
        value: object
        if issubclass(need, Facts):
            value = sections.get(need, Unseen("unsupported"))
        elif issubclass(need, Settings):
            value = settings
        else:
            value = device if need is Device else moment
        if isinstance(value, NotHere):
            return Finding("not-applicable", "not-here", {"why": value.not_here})
        if isinstance(value, Unseen):
            # Settings are unseen only when they depend on a profile nobody has set.
            unset = issubclass(need, Settings)
            return unknown(value.unseen, "profile-unset" if unset else "could-not-look")
        values.append(value)
    try:
        return judge.function(*values)
    except BlindError as blind:
        return unknown(blind.reason, blind.says, **blind.gaps)


def unknown(reason: Reason, says: str = "could-not-look", **args: int | str) -> Finding:
    """The verdict on a fact nobody could see."""
    return Finding("unknown", says, {"reason": reason, **args})


Paths = dict[str, None]
"""Paths in the order they were first read."""
LONG_LIST: Final = 50
"""Longer lists are traced as a whole: nobody reads 900 paths, and each one costs."""


class _Traced:
    """A proxy of a struct that notes which fields a judge reads; lists and structs inside are
    wrapped too."""

    def __init__(self, value: msgspec.Struct, path: str, paths: Paths) -> None:
        self._value = value
        self._path = path
        self._paths = paths

    def __getattr__(self, name: str) -> object:
        path = f"{self._path}.{name}"
        self._paths[path] = None
        return _wrap(getattr(self._value, name), path, self._paths)


def _wrap(value: object, path: str, paths: Paths) -> object:
    if isinstance(value, list):
        if len(value) > LONG_LIST:
            return value
        return [_wrap(item, f"{path}[{i}]", paths) for i, item in enumerate(value)]
    if isinstance(value, msgspec.Struct) and not isinstance(value, Unseen):
        return _Traced(value, path, paths)
    return value


def trace(
    judge: Judge,
    sections: Mapping[type[Facts], Body],
    settings: Settings | Unseen | None,
    device: Device,
    moment: Moment,
) -> tuple[Finding, list[str]]:
    """Judge one check and list the paths of facts it read, e.g.
    `locking.desktops[0].idle_seconds`."""
    paths: Paths = {}
    wrapped = {
        kind: cast("Body", _Traced(body, kind.section, paths)) if isinstance(body, Facts) else body
        for kind, body in sections.items()
    }
    return run(judge, wrapped, settings, device, moment), list(paths)
