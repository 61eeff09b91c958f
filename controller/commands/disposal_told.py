"""What somebody typed after `caretaker disposal`, understood: things, money, moments, files."""

import argparse
import datetime
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from controller.commands import shared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inventory.assets.writing import By
    from inventory.disposal.media import Proposal

Option = tuple[tuple[str, ...], dict[str, Any]]
"""Names and keywords of one argument, as argparse takes them."""
_POUNDS: Final = re.compile(r"£?([0-9]{1,9})(?:\.([0-9]{2}))?")
_LARGEST: Final = 64 * 1024 * 1024


def option(name: str, **said: Any) -> Option:
    """One option with a value."""
    return (name,), said


def flag(name: str, said: str) -> Option:
    """One that is there or not."""
    return (name,), {"action": "store_true", "help": said}


def choice(name: str, among: "Sequence[str]", **said: Any) -> Option:
    """One of a closed set."""
    return (name,), {"choices": tuple(among), "required": True, **said}


def things(how: Literal["entries", "several", "one"]) -> Option:
    """What the step is about."""
    said: dict[str, Any] = {"metavar": "THING", "help": "tag, serial number or id"}
    return ("things",), said | {"nargs": 1 if how == "one" else "+"}


@dataclass(frozen=True)
class Told:
    """One command, by whom; each property raises what is wrong with what was typed."""

    site: str
    timezone: str
    options: argparse.Namespace
    by: "By"

    @cached_property
    def seen(self) -> dict[str, int | None]:
        """The disposals meant, with the number of their last event."""
        from inventory.disposal import finding

        return dict(finding.disposals(self.site, self.options.things))

    @property
    def one(self) -> str:
        """The one disposal meant."""
        return next(iter(self.seen))

    @property
    def at(self) -> int | None:
        """The number of its last event."""
        return self.seen[self.one]

    @cached_property
    def entries(self) -> list[str]:
        """The entries meant."""
        from inventory.disposal import finding

        return finding.entries(self.site, self.options.things)

    @property
    def reason(self) -> str:
        """Why."""
        return str(self.options.reason)

    @property
    def role_if_said(self) -> str:
        """Likewise, "" where none was said; the guards say where one is needed."""
        return self.role if self.options.role else ""

    @property
    def role(self) -> str:
        """As what they decide; they must be that here."""
        from controller.people.actor import actor_for
        from controller.people.models import User
        from controller.people.roles import Ability

        school = actor_for(User.objects.get(id=self.by.actor)).school(self.site)
        held = sorted(role.value for role in school.roles) if school else []
        # A committee decides by its minute: nobody signs in as one, and who may approve says so.
        approves = school is not None and school.allows(Ability.APPROVE_DISPOSAL)
        if self.options.role not in (*held, *(["governors"] if approves else [])):
            raise shared.UsageError(f"--role: they are {', '.join(held)} here.")
        return str(self.options.role)

    def proposals(self) -> "dict[str, Proposal]":
        """What their computers last told of their media."""
        from controller.disposal.reported import reported
        from inventory.disposal.media import propose

        found = reported([self.site], self.entries)
        return {asset_id: propose(one, self.by.at) for asset_id, one in found.items()}

    def running(self, asset_id: str) -> str | None:
        """The disposal of an entry that is not over."""
        from inventory.disposal import lists

        rows = lists.of_entry([self.site], asset_id)
        return next((str(row["id"]) for row in rows if row["closed_at"] is None), None)

    def entry_of(self, name: str) -> str:
        """An entry named by another option; "" for none."""
        from inventory.disposal import finding

        typed = getattr(self.options, name)
        return finding.entries(self.site, [typed])[0] if typed else ""

    def person(self, name: str) -> str:
        """The id of another account at this school. Raises CannotError."""
        from controller.people.actor import actor_for
        from controller.personal import holdings

        user = holdings.find(getattr(self.options, name))
        if user is None or actor_for(user).school(self.site) is None:
            raise shared.CannotError(f"--{name}: nobody at this school has that name.")
        return str(user.id)

    def pence(self, name: str) -> int:
        """Pounds as typed, in pence."""
        return self.pence_of(getattr(self.options, name))

    def pence_of(self, typed: str) -> int:
        """Likewise. Raises UsageError."""
        found = _POUNDS.fullmatch(typed.strip().replace(",", ""))
        if found is None:
            raise shared.UsageError(f"{typed[:40]!r} is no sum; write pounds, such as 40 or 12.50.")
        return int(found[1]) * 100 + int(found[2] or 0)

    def moment(self, name: str) -> int:
        """A moment, where the school is unless it says otherwise. Raises UsageError."""
        from controller.wording.moments import zone

        typed = getattr(self.options, name)
        try:
            found = datetime.datetime.fromisoformat(typed)
            if found.tzinfo is None:
                found = found.replace(tzinfo=zone(self.timezone))
            return int(found.timestamp())
        except (ValueError, OverflowError) as error:
            sentence = f"--{name} {typed[:40]!r} is no moment; write it like 2026-11-20T08:30."
            raise shared.UsageError(sentence) from error

    def files(self, kind: str) -> tuple[str, ...]:
        """The digests of the files named, which are kept from now on."""
        return tuple(self.file(path, kind) for path in self.options.evidence)

    def file(self, path: str, kind: str) -> str:
        """One. Raises CannotError."""
        from inventory.disposal.proof import storing

        place = Path(path)
        if place.stat().st_size > _LARGEST:
            raise shared.CannotError(f"{path[:200]} is larger than 64 MB.")
        kept = storing.keep(
            self.site, kind, place.name, place.read_bytes(), by=self.by, source="command"
        )
        return kept.sha256
