"""No judge passes on a fact it could not see.

For every good recording, each leaf that may be unseen is made unseen in turn; a check may then
still pass only if its judge never touched that leaf (A1).
"""

import datetime
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest

from agent.collect.places import placed
from agent.collect.reading import read_domain
from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import load
from checks.catalogue import catalogue, settings
from checks.device import profiles_of
from checks.facts import Facts
from checks.judging import Body, Device, Judge, Moment, trace
from checks.locking.facts import LockingFacts, Rule
from checks.policy import DEFAULT_POLICY, Policy
from checks.unseen import Unseen
from checks.verdicts import Finding

FILES = sorted((Path(__file__).parent / "recordings").glob("*/*-good*.json"))
DENIED = Unseen("denied")
S = TypeVar("S", bound=msgspec.Struct)


def blinded(value: S, path: str) -> Iterator[tuple[str, S]]:
    """Every copy of `value` with one `Maybe` leaf made unseen, and the path of that leaf."""
    hints = typing.get_type_hints(type(value))
    for name in value.__struct_fields__:
        inner, here = getattr(value, name), f"{path}.{name}"
        if isinstance(inner, Unseen):
            continue
        if _may_be_unseen(hints[name]):
            yield here, msgspec.structs.replace(value, **{name: DENIED})
        for where, changed in _inside(inner, here):
            yield where, msgspec.structs.replace(value, **{name: changed})


def _may_be_unseen(hint: object) -> bool:
    return isinstance(hint, types.UnionType | typing._UnionGenericAlias) and Unseen in (  # type: ignore[attr-defined]  # the two forms a union takes
        typing.get_args(hint)
    )


def _inside(inner: object, here: str) -> Iterator[tuple[str, Any]]:
    if isinstance(inner, list):
        for index, item in enumerate(inner[:3]):
            if isinstance(item, msgspec.Struct) and not isinstance(item, Unseen):
                for where, changed in blinded(item, f"{here}[{index}]"):
                    yield where, [*inner[:index], changed, *inner[index + 1 :]]
    elif isinstance(inner, msgspec.Struct) and not isinstance(inner, Unseen):
        yield from blinded(inner, here)


def judged(
    judge: Judge,
    sections: dict[type[Facts], Body],
    device: Device,
    moment: Moment,
    policy: Policy = DEFAULT_POLICY,
) -> tuple[Finding, list[str]]:
    domain = catalogue().domain_of(judge.check)
    assert domain is not None
    numbers = settings(domain, judge, policy, profiles_of(device))
    return trace(judge, sections, numbers, device, moment)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_check_passes_on_a_fact_nobody_could_see(path: Path) -> None:
    recording = load(path)
    domain = next(d for d in catalogue().domains if d.name == path.parent.name)
    policy = recording.policy or DEFAULT_POLICY
    with RecordedHost.open(path) as host:
        sections = read_domain(host, domain, policy)
        if domain.name == "neighbours":  # asked for its place only when it is told
            sections = placed(host, sections, policy.gateways)
    about = recording.device
    device = Device(
        recording.platform,
        Unseen("unsupported") if about.profile is None else about.profile,
        Unseen("unsupported") if about.portable is None else about.portable,
    )
    moment = Moment.at(recording.at, datetime.date.fromisoformat(recording.date))
    for kind, body in sections.items():
        if not isinstance(body, Facts):
            continue
        for leaf, changed in blinded(body, kind.section):
            for judge in domain.judges.values():
                seen = {**sections, kind: changed}
                finding, touched = judged(judge, seen, device, moment, policy)
                if leaf in touched:
                    assert finding.status != "pass", f"{judge.check} passes without {leaf}"


def test_blinding_reaches_leaves_inside_lists_of_structs() -> None:
    """Were the walk above to find no leaf, the property would hold for nothing."""
    rule = Rule("u", "gnome", 300, True, 0, True, False)
    leaves = [
        leaf
        for leaf, _ in blinded(LockingFacts(rules=[rule], machine_idle_seconds=None), "locking")
    ]
    assert "locking.rules" in leaves
    assert "locking.rules[0].grace_seconds" in leaves
    assert FILES
