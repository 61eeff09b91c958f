"""Reads `words.toml`: every word a page shows that is not in its template (S38)."""

import functools
import tomllib
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

Audience = Literal["technician", "everyone"]
Tone = Literal["good", "warn", "bad", "blind", "grey"]

_FILE: Final = Path(__file__).with_name("words.toml")


class Label(msgspec.Struct, frozen=True):
    """A state in words, with the icon and the tone that go with it; colour never stands alone."""

    label: str
    icon: str
    tone: Tone


class Area(msgspec.Struct, frozen=True):
    """One domain of checks, named for people."""

    title: str
    question: str
    icon: str


class Told(msgspec.Struct, frozen=True):
    """Something people tell by a label: as they choose it, and in lists."""

    label: str
    short: str
    icon: str


class RegisterWords(msgspec.Struct, frozen=True):
    """How the register speaks; `fields` only where a page says it otherwise than a sheet."""

    states: dict[str, Label]
    groups: dict[str, str]
    fields: dict[str, str]
    choices: dict[str, dict[str, str]]
    gaps: dict[str, str]
    dues: dict[str, str]
    verbs: dict[str, str]
    sources: dict[str, str]

    def state(self, state: str) -> Label:
        """The words of a state; one that a later release wrote is said to be something else."""
        return self.states.get(state, self.states["other"])


class LoanWords(msgspec.Struct, frozen=True):
    """How loans and the people who have things are spoken of."""

    kinds: dict[str, str]
    views: dict[str, str]
    personal_use: dict[str, str]
    returned: dict[str, str]
    scanned: dict[str, str]


class SoftwareWords(msgspec.Struct, frozen=True):
    """How pages of programs, requests and licences speak."""

    shows: dict[str, str]
    standings: dict[str, Label]
    wishes: dict[str, str]
    watched: dict[str, str]
    requests: dict[str, Label]
    personal_data: dict[str, str]
    counts: dict[str, str]
    licences: dict[str, Label]


class MediaWords(msgspec.Struct, frozen=True):
    """How pages of drives speak."""

    views: dict[str, str]
    kinds: dict[str, str]
    encrypted: dict[str, str]
    ends: dict[str, str]
    states: dict[str, Label]


class ContractorWords(msgspec.Struct, frozen=True):
    """How pages of companies that take equipment away speak."""

    states: dict[str, Label]
    papers: dict[str, Label]
    asks: dict[str, str]


class CollectionWords(msgspec.Struct, frozen=True):
    """How pages of collections speak."""

    views: dict[str, str]
    states: dict[str, Label]
    notes: dict[str, str]
    batteries: dict[str, str]
    drives: dict[str, str]


class Words(msgspec.Struct, frozen=True):
    """The whole file."""

    terms: dict[str, dict[Audience, str]]
    conditions: dict[str, Label]
    statuses: dict[str, Label]
    urgency: dict[str, str]
    areas: dict[str, Area]
    profiles: dict[str, str]
    profile_sources: dict[str, str]
    platforms: dict[str, str]
    roles: dict[str, str]
    factors: dict[str, str]
    assurance: dict[str, str]
    ruled: dict[str, str]
    register: RegisterWords
    loans: LoanWords
    told: dict[str, Told]
    software: SoftwareWords
    media: MediaWords
    contractors: ContractorWords
    collections: CollectionWords
    not_for_everyone: dict[str, list[str]]

    def area(self, domain: str) -> Area:
        """The words of a domain; one that has none yet is shown among the others."""
        return self.areas.get(domain, self.areas["other"])

    def status(self, status: str) -> Label:
        """The words of a check's status; anything not known to us counts as not checked."""
        return self.statuses.get(status, self.statuses["unknown"])


@functools.cache
def words() -> Words:
    """The words, read once. Raises msgspec.ValidationError when the file is malformed."""
    raw: dict[str, Any] = tomllib.loads(_FILE.read_text("utf-8"))
    return msgspec.convert(raw, Words)


def count(number: int, one: str, many: str) -> str:
    """`1 computer`, `4,812 computers`."""
    return f"{number:,} {one if number == 1 else many}"
