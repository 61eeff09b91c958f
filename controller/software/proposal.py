"""What people want of programs, as a change of the school's policy: who may put it in force, and
the file for whoever signs (O20, O21).

Nobody decides alone: what a person wished themself waits for somebody else. In a school of three
the technician proposes and the head or the business manager puts it in force; either of these two
may propose, and the other decides.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from checks.policy import Policy, policy_hash
from controller.policy.publishing import in_force
from controller.policy.trying import faults
from controller.software.approved import APPROVED
from controller.wording.shown import shown
from inventory.software import queries as software
from inventory.software.patterns import fitting, patterns
from inventory.software.queries import Spelling


@dataclass(frozen=True, slots=True)
class Change:
    """One title; `add` and `take` are patterns. `own`: whoever looks wished it. `stuck`: why it
    cannot be done from here, "" if it can."""

    id: str
    title: str
    computers: int
    wish: str
    add: list[str]
    take: list[str]
    by: str
    own: bool
    stuck: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """All of it. `digest` names the policy it would make, so that nothing else is put in force than
    what was looked at."""

    changes: list[Change]
    waiting: list[Change]
    stuck: list[Change]
    policy: Policy
    digest: str
    own_lists: list[str]
    faults: list[str]


def proposal(site: str, actor: str, role: str, names: Mapping[str, str]) -> Proposal:
    """What this person could put in force now; `names`: people by id."""
    before = in_force(site)
    wished = software.wished(site)
    spelt: dict[str, list[Spelling]] = defaultdict(list)
    for one in software.spellings([site], [row["id"] for row in wished]):
        spelt[one.title].append(one)
    held = APPROVED.lines(before)
    every = [_change(row, spelt[row["id"]], held, actor, names) for row in wished]
    changes = [one for one in every if not one.own and not one.stuck]
    add = [pattern for one in changes for pattern in one.add]
    take = {pattern for one in changes for pattern in one.take}
    reason = f"software register: {len(changes)} titles"
    policy = APPROVED.changed(before, add, take, by=role, reason=reason) if changes else before
    return Proposal(
        changes=changes,
        waiting=[one for one in every if one.own and not one.stuck],
        stuck=[one for one in every if one.stuck],
        policy=policy,
        digest=policy_hash(policy),
        own_lists=APPROVED.own(before),
        faults=faults(policy) if changes else [],
    )


def wishers(site: str) -> set[str]:
    """Ids of the people who wished something that is not done."""
    return {row["wish_by"] for row in software.wished(site) if row["wish_by"]}


def _change(
    row: Mapping[str, Any],
    spelt: Collection[Spelling],
    held: list[str],
    actor: str,
    names: Mapping[str, str],
) -> Change:
    add = patterns(spelt) if row["wish"] == "approve" else []
    own = fitting(spelt) if row["wish"] == "refuse" else set()
    take = [one for one in held if one.casefold() in own]
    stuck = ""
    if row["wish"] == "approve" and not add:
        stuck = "Its name says too little to be told from other programs."
    if row["wish"] == "refuse" and not take:
        stuck = "It came with the system, or a wider line fits it: change the policy file."
    return Change(
        id=row["id"],
        title=shown(row["title"]),
        computers=row["computers"],
        wish=row["wish"],
        add=add,
        take=take,
        by=shown(names.get(row["wish_by"], "")),
        own=row["wish_by"] == actor,
        stuck=stuck,
    )
