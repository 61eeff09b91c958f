"""The format of a recording: every question a reader asked of one machine, and what it was given.

`caretaker.recording/1` is JSON that a person reviews line by line: text stays text, binary becomes
`{"hex": …}`, a long text may be a list of lines. Provenance is part of the format because a
constructed machine must never pass for a real one.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from checks.host import Platform
from checks.policy import Policy, Profile
from checks.unseen import Reason

SCHEMA: Final = "caretaker.recording/1"

METHODS: Final = frozenset(
    {
        *("run", "run_as", "read", "stat", "list", "link", "registry", "wmi", "ask"),
        *("processes", "listeners", "interfaces", "users", "enrolled_at", "online"),
        "media_scans",
        "room",
        "tried",
    }
)
"""Questions a recording may answer. `alias`, `clock`, `platform` and `privileged` are not
questions."""

Question = list[str]
"""Method, then its arguments as text: `["run", "lsblk", "-J"]`, `["read", "/etc/os-release"]`,
`["run_as", "maya", "gsettings", …]`, `["registry", hive, key, view]`, `["wmi", class, namespace,
property…]`."""


class RecordingError(Exception):
    """A recording file that does not follow its schema; the
    sentence names the file and the place."""


class Answer(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One answer to one question (`ask`) or the same answer to several (`asks`).

    Exactly one of `gives` (what was seen), `cannot` (why nobody could look) and `absent` (looked,
    nothing there) is set.
    """

    ask: Question | None = None
    asks: list[Question] = []
    gives: Any = None
    cannot: Reason | None = None
    absent: bool = False

    def questions(self) -> list[Question]:
        """Every question this answers."""
        return [*([] if self.ask is None else [self.ask]), *self.asks]


class About(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What is known of the machine besides its facts, for judges that ask for `Device`."""

    profile: Profile | None = None
    portable: bool | None = None
    investigation: bool = False


class Expected(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The verdict a recording must lead to; `severity` only
    where it is raised above the catalogue's."""

    status: str
    says: str
    severity: str | None = None


class Recording(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One machine at one moment.

    `date` is ISO; `at` (epoch seconds UTC) is what `clock()` answers.
    """

    schema: Literal["caretaker.recording/1"]
    provenance: Literal["recorded", "constructed"]
    source: str
    platform: Platform
    os: str
    build: str
    date: str
    at: int
    privileged: bool
    case: Literal["good", "bad", "blind"] | None = None
    device: About = msgspec.field(default_factory=About)
    policy: Policy | None = None
    """What the school asks, for checks that ask nothing of a school that says nothing."""
    answers: list[Answer]
    expect: dict[str, Expected] = {}


def load(path: Path) -> Recording:
    """Read a recording. Raises RecordingError naming the file and what is wrong with it."""
    try:
        recording = msgspec.json.decode(path.read_bytes(), type=Recording)
    except OSError as error:
        raise RecordingError(f"{path}: {error.strerror or error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RecordingError(f"{path} is no recording: {error}") from error
    for answer in recording.answers:
        _check(path, answer)
    return recording


def _check(path: Path, answer: Answer) -> None:
    questions = answer.questions()
    kinds = (answer.gives is not None, answer.cannot is not None, answer.absent)
    if not questions or sum(kinds) != 1:
        raise RecordingError(
            f"{path}: {questions or 'an answer'} needs a question and one of gives, cannot, absent"
        )
    for question in questions:
        if not question or question[0] not in METHODS:
            raise RecordingError(f"{path}: {question} is not a question a host answers")


def save(recording: Recording, path: Path) -> None:
    """Write a recording for people: two spaces, keys in the
    order of the schema, newline at the end."""
    built = msgspec.to_builtins(recording)
    path.write_text(json.dumps(built, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def from_bytes(data: bytes) -> object:
    """Bytes as a recording shows them: text if it is text, lines if it has several, else hex."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return {"hex": data.hex()}
    if "\n" not in text.rstrip("\n") or not text.endswith("\n"):
        return text
    return text[:-1].split("\n")


def to_bytes(shown: object) -> bytes:
    """The bytes behind what a recording shows. A list is lines, each ended by a newline."""
    if isinstance(shown, str):
        return shown.encode("utf-8")
    if isinstance(shown, list) and all(isinstance(line, str) for line in shown):
        return "".join(f"{line}\n" for line in shown).encode("utf-8")
    if isinstance(shown, dict) and set(shown) == {"hex"} and isinstance(shown["hex"], str):
        return bytes.fromhex(shown["hex"])
    raise RecordingError(f"neither text, lines nor hex: {str(shown)[:80]}")


def key(question: Sequence[str]) -> str:
    """One question as one string, to look it up by."""
    return json.dumps(list(question), ensure_ascii=False)
