"""One thing the controller found out about itself, and its words (`words.toml`)."""

import functools
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

import msgspec

State = Literal["ok", "warn", "bad"]

_FILE: Final = Path(__file__).with_name("words.toml")


class Finding(msgspec.Struct, frozen=True):
    """`code` names what was looked at, `says` the sentence, `args` what stands in it."""

    code: str
    state: State
    says: str
    args: dict[str, str] = {}

    @property
    def what(self) -> str:
        """What was looked at, in two words."""
        return _words()[self.code].what

    @property
    def sentence(self) -> str:
        """What was found, and where it is not well what to do."""
        return _words()[self.code].sentences[self.says].format(**self.args)


class _Words(msgspec.Struct, frozen=True):
    what: str
    sentences: dict[str, str]


@functools.cache
def _words() -> dict[str, _Words]:
    return msgspec.convert(tomllib.loads(_FILE.read_text("utf-8")), dict[str, _Words])


def not_well(findings: Iterable[Finding]) -> list[Finding]:
    """Those somebody should look at, the worst first."""
    found = [one for one in findings if one.state != "ok"]
    return sorted(found, key=lambda one: (one.state != "bad", one.code))
