"""The catalogue: which domains there are, their judges, their words, and one hash over all of it.

A literal tuple; nothing registers itself. Loading fails on a check without a judge, a judge
without words, a setting without a threshold or the reverse, an unknown unit, a sentence without
its gaps.
"""

import functools
import hashlib
import importlib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Literal, get_args

import msgspec

from checks import shipped
from checks.facts import Facts
from checks.host import Platform
from checks.judging import Judge, Settings
from checks.policy import InForce, Policy, Profile, Threshold, Value, resolve
from checks.unseen import Maybe, Unseen
from checks.verdicts import Severity

DOMAINS: Final = (
    "hardware",
    "operating_system",
    "locking",
    "antivirus",
    "removable_media",
    "software",
    "wireless",
    "air",
    "encryption",
    "accounts",
    "capacity",
    "logging",
    "power",
    "peripherals",
    "management",
    "network",
    "neighbours",
    "backups",
    "filtering",
)
"""Every domain folder, in the order people read them."""

CLOCK: Final = "seconds after midnight"
"""The base unit of a time of day."""
UNITS: Final[dict[str, tuple[str, int]]] = {
    "seconds": ("seconds", 1),
    "minutes": ("seconds", 60),
    "hours": ("seconds", 3_600),
    "days": ("seconds", 86_400),
    "minutes after midnight": (CLOCK, 60),
    "bytes": ("bytes", 1),
    "mebibytes": ("bytes", 1 << 20),
    "count": ("count", 1),
    "percent": ("percent", 1),
    "choice": ("choice", 1),
    "choices": ("choices", 1),
    "patterns": ("patterns", 1),
    "names": ("names", 1),
}
"""Unit in TOML → (base unit, factor): one unit per dimension at run time (A2)."""


class CatalogueError(Exception):
    """The catalogue contradicts itself; the sentence names the file and the check."""


class _Declared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    default: Value
    unit: str
    source: str
    stricter: Literal["lower", "higher", "fewer", "more"] | None = None
    min: int | None = None
    max: int | None = None
    choices: list[str] = []
    profiles: dict[Profile, Value] = {}


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words and numbers of one check, as its table in `checks.toml`.

    One of the controller's own records is on no platform: `fix` says how to put it right.
    """

    title: str
    why: str
    severity: Severity
    stage: Literal[1, 2]
    sentences: dict[str, str]
    platforms: list[Platform] = []
    remedy: dict[Platform, str] = {}
    fix: str = ""
    thresholds: dict[str, _Declared] = {}
    on_server: bool = True


class Domain(msgspec.Struct, frozen=True):
    """One folder: its name, its sections and its judged checks by id."""

    name: str
    sections: tuple[type[Facts], ...]
    checks: dict[str, Check]
    judges: dict[str, Judge]
    thresholds: dict[str, list[Threshold]]


class Catalogue(msgspec.Struct, frozen=True):
    """Everything Caretaker can check, and the hash both ends compare before they compare
    verdicts."""

    domains: tuple[Domain, ...]
    hash: str

    def judged(self) -> Iterator[tuple[Domain, str, Check, Judge]]:
        """Every check in reading order."""
        for domain in self.domains:
            for check_id, check in domain.checks.items():
                yield domain, check_id, check, domain.judges[check_id]

    def check(self, check_id: str) -> Check | None:
        """The words of one check, or None for an id nobody knows."""
        return next((d.checks[check_id] for d in self.domains if check_id in d.checks), None)

    def domain_of(self, check_id: str) -> Domain | None:
        """The domain a check lives in."""
        return next((d for d in self.domains if check_id in d.checks), None)

    def section(self, name: str) -> type[Facts] | None:
        """The facts struct of a section name such as `locking_now`."""
        return next((s for d in self.domains for s in d.sections if s.section == name), None)


@functools.cache
def catalogue() -> Catalogue:
    """Load and validate all domains once.

    Raises CatalogueError.
    """
    digest = hashlib.sha256()
    domains = tuple(load(name, digest) for name in DOMAINS)
    ids = [check for domain in domains for check in domain.checks]
    if len(ids) != len(set(ids)):
        raise CatalogueError(
            f"a check id stands twice: {sorted({i for i in ids if ids.count(i) > 1})}"
        )
    return Catalogue(domains, "sha256:" + digest.hexdigest())


def settings(
    domain: Domain, judge: Judge, policy: Policy, profiles: Maybe[list[Profile]]
) -> Settings | Unseen | None:
    """The judge's settings in force on a device; Unseen when they need a profile nobody set."""
    if judge.settings is None:
        return None
    values: dict[str, Value] = {}
    for threshold in domain.thresholds[judge.check]:
        answer = resolve(policy, judge.check, threshold, profiles)
        if isinstance(answer, Unseen):
            return answer
        values[threshold.name] = answer.value
    return judge.settings(**values)


def asked_by(
    domain: Domain, check: str, policy: Policy, profiles: Maybe[list[Profile]]
) -> Mapping[str, InForce | Unseen]:
    """Each setting of a check with its value in force and who asked for it."""
    return {t.name: resolve(policy, check, t, profiles) for t in domain.thresholds[check]}


def load(name: str, digest: "hashlib._Hash") -> Domain:
    """One domain, validated, and its files added to a digest. Raises CatalogueError.

    `name`: its folder below `checks/`; the domain is called as the last part of it.
    """
    folder = shipped.FOLDER / name
    module = f"checks.{name.replace('/', '.')}"
    facts = importlib.import_module(f"{module}.facts")
    judging = importlib.import_module(f"{module}.judges")
    sections: tuple[type[Facts], ...] = facts.SECTIONS
    for file in _hashed(folder):
        data = file.read_bytes()
        digest.update(f"{name}/{file.name} {len(data)}\n".encode() + data)
    try:
        declared = msgspec.convert(shipped.toml(f"{name}/checks.toml"), dict[str, Check])
    except (msgspec.ValidationError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(f"{name}/checks.toml: {error}") from error
    judges = {judge.check: judge for judge in judging.JUDGES}
    _paired(f"{name}: checks in checks.toml and judges", set(declared), set(judges))
    thresholds = {
        check: _thresholds(name, check, declared[check], judges[check]) for check in declared
    }
    return Domain(folder.name, sections, declared, judges, thresholds)


def _hashed(folder: Path) -> list[Path]:
    """Everything but readers and the words about them decides verdicts; a fixed reader is not a new
    catalogue."""
    chosen = [f for f in folder.iterdir() if f.name.endswith((".py", ".toml"))]
    others = (*get_args(Platform), "reading.toml")
    return sorted((f for f in chosen if not f.name.startswith(others)), key=lambda f: f.name)


def _paired(what: str, left: set[str], right: set[str]) -> None:
    if left != right:
        raise CatalogueError(f"{what} differ: {', '.join(sorted(left ^ right))}")


def _thresholds(domain: str, check: str, words: Check, judge: Judge) -> list[Threshold]:
    wanted = set(judge.settings.__struct_fields__) if judge.settings else set()
    _paired(
        f"{domain}: {check}: thresholds in TOML and fields of its settings",
        set(words.thresholds),
        wanted,
    )
    return [_threshold(check, name, declared) for name, declared in words.thresholds.items()]


def _threshold(check: str, name: str, declared: _Declared) -> Threshold:
    if declared.unit not in UNITS:
        raise CatalogueError(f"{check}.{name}: unknown unit {declared.unit!r}")
    unit, factor = UNITS[declared.unit]

    def base(value: Value) -> Value:
        return value * factor if isinstance(value, int) else value

    def bound(value: int | None) -> int | None:
        return None if value is None else value * factor

    made = Threshold(
        name=name,
        unit=unit,
        default=base(declared.default),
        source=declared.source,
        stricter=declared.stricter,
        min=bound(declared.min),
        max=bound(declared.max),
        choices=declared.choices,
        profiles={profile: base(value) for profile, value in declared.profiles.items()},
    )
    for value in (made.default, *made.profiles.values()):
        low, high = made.min, made.max
        if isinstance(value, int) and (
            (low is not None and value < low) or (high is not None and value > high)
        ):
            raise CatalogueError(
                f"{check}.{name}: its own default {value} is outside {low} to {high}"
            )
        if made.choices and not made.chooses(value):
            raise CatalogueError(f"{check}.{name}: its own default {value!r} is not a choice")
    return made
