"""Which of the things that were asked are one thing, and which one we know already. Pure.

By serial number first, then by the engine id of SNMP v3, then by an address that only one device
has (network §5). Never by name or IP address: every register that did merged strangers. What
contradicts itself is not merged, and what fits two is given to neither. The order in which things
were asked decides nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final

import msgspec

Keys = Callable[["Marks"], frozenset[str]]


class Marks(msgspec.Struct, frozen=True):
    """What tells one device from all others, as it is compared."""

    serials: frozenset[str] = frozenset()
    """Of its chassis; of every member of a stack."""
    engine: str = ""
    macs: frozenset[str] = frozenset()
    """Its own: of its ports, not learnt behind them."""

    def any(self) -> bool:
        """Whether there is anything to know it by."""
        return bool(self.serials or self.engine or self.macs)


class Match(msgspec.Struct, frozen=True):
    """Things (their places in the list) that are one. `known`: ids that are it already, the surest
    first; more than one are to be made one."""

    things: tuple[int, ...]
    known: tuple[str, ...]


class Matched(msgspec.Struct, frozen=True):
    """`unclear`: places in the list of what fits several that are not one."""

    matches: tuple[Match, ...]
    unclear: tuple[int, ...]


_LEVELS: Final[tuple[Keys, ...]] = (
    lambda marks: marks.serials,
    lambda marks: frozenset({marks.engine} - {""}),
    lambda marks: marks.macs,
)

_Item = tuple[str, int | str]
"""("seen", place) or ("known", id)."""
_Group = frozenset[_Item]


def match(things: Sequence[Marks], known: Mapping[str, Marks]) -> Matched:
    """Bring things together with what is known; what has no marks is unclear."""
    marks: dict[_Item, Marks] = {("known", one): told for one, told in known.items()}
    marks |= {("seen", n): told for n, told in enumerate(things) if told.any()}
    groups = {frozenset({item}) for item in marks}
    level_of: dict[_Item, int] = {}
    doubtful: set[_Item] = set()
    for level, keys in enumerate(_LEVELS):
        groups, unsure = _joined(groups, marks, keys, level, level_of)
        doubtful |= unsure
    unclear = {n for n, told in enumerate(things) if not told.any()}
    matches = []
    for group in groups:
        seen = sorted(n for kind, n in group if kind == "seen" and isinstance(n, int))
        ids = [str(one) for kind, one in group if kind == "known"]
        if seen and not ids and group & doubtful:
            unclear.update(seen)
        elif seen:
            ids.sort(key=lambda one: (level_of.get(("known", one), len(_LEVELS)), one))
            matches.append(Match(tuple(seen), tuple(ids)))
    return Matched(tuple(sorted(matches, key=lambda one: one.things)), tuple(sorted(unclear)))


def _joined(
    groups: Collection[_Group],
    marks: Mapping[_Item, Marks],
    keys: Keys,
    level: int,
    level_of: dict[_Item, int],
) -> tuple[set[_Group], set[_Item]]:
    """Groups that agree by these keys become one, unless some of them contradict each other: then
    none does, and its things are in doubt."""
    whole = {group: _whole(marks[item] for item in group) for group in groups}
    joined: set[_Group] = set()
    doubtful: set[_Item] = set()
    for circle in _circles(whole, keys, level):
        new = frozenset(item for group in circle for item in group)
        if _agree([whole[group] for group in circle], level):
            joined.add(new)
            for item in new if len(circle) > 1 else ():
                level_of.setdefault(item, level)
        else:
            joined.update(circle)
            doubtful |= new
    return joined, doubtful


def _circles(whole: Mapping[_Group, Marks], keys: Keys, level: int) -> list[list[_Group]]:
    """Groups that hang together: each shares a key with another that it does not contradict."""
    by_key: dict[str, list[_Group]] = defaultdict(list)
    for group, told in whole.items():
        for value in keys(told):
            by_key[value].append(group)
    left, circles = set(whole), []
    while left:
        found, edge = [], [left.pop()]
        while edge:
            one = edge.pop()
            found.append(one)
            near = {other for value in keys(whole[one]) for other in by_key[value]} & left
            near = {other for other in near if not _contradict(whole[one], whole[other], level)}
            edge += near
            left -= near
        circles.append(found)
    return circles


def _agree(circle: Sequence[Marks], level: int) -> bool:
    return all(
        not _contradict(one, other, level)
        for place, one in enumerate(circle)
        for other in circle[place + 1 :]
    )


def _contradict(one: Marks, other: Marks, level: int) -> bool:
    """Whether two can't be one thing. By serial number: when all else is another's, many have this
    number. By engine id: when a configuration was copied from device to device."""
    serials = _differ(one.serials, other.serials)
    macs = _differ(one.macs, other.macs)
    engines = bool(one.engine and other.engine and one.engine != other.engine)
    return (not serials and macs and engines, serials or macs, serials)[level]


def _differ(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other and not one & other)


def _whole(told: Iterable[Marks]) -> Marks:
    many = list(told)
    engines = sorted({one.engine for one in many} - {""})
    return Marks(
        serials=frozenset().union(*(one.serials for one in many)),
        engine=engines[0] if engines else "",
        macs=frozenset().union(*(one.macs for one in many)),
    )
