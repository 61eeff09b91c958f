"""What must hold of media: known, wiped, failed, collected, certified (I3 to I10)."""

from collections.abc import Callable
from typing import Any, Final

from msgspec import structs

from inventory.disposal import events as e
from inventory.disposal.rules import Rules
from inventory.disposal.spelling import media_of
from tests.inventory.disposal.holding_people import Property, thing_of
from tests.inventory.disposal.watching import Ghost, Thing, empty_enough, usable

_ON_PRESENT: Final = "medium_missing medium_failed sanitised verified validated retained"
_ON_ONE: Final = f"{_ON_PRESENT} destroyed witnessed"
_REACH: Final = {
    ("overwrite", "hdd_ata"): 0,
    ("overwrite", "ssd_nvme"): 0,
    ("block_erase", "ssd_nvme"): 1,
    ("crypto_erase", "ssd_nvme"): 1,
    ("secure_erase_enhanced", "hdd_ata"): 1,
}
_RANK: Final = {"clear": 0, "purge": 1, "destroy": 2}
_SHOWS: Final = {
    "overwrite": {"full", "sample"},
    "block_erase": {"full", "sample", "before_after", "device_log"},
    "crypto_erase": {"before_after", "device_log"},
}


def _reaches(kind: str, how: str | None, level: str) -> bool:
    return _RANK[level] <= _REACH.get((how or "", kind), -1)


def _in_force(event: e.Collected, kind: str) -> bool:
    return any(
        p.kind == kind
        and (p.valid_from or "0") <= event.day
        and event.day <= (p.valid_until or "9")
        for p in event.papers
    )


def _looked(ghost: Ghost, event: e.Approved, rules: Rules) -> bool:
    needless = ghost.personal == "no" or rules.approving.inspection == "when_empty"
    return needless or ghost.looked


def _all_empty(ghost: Ghost, event: Any, rules: Rules) -> bool:
    return all(empty_enough(thing, ghost.route, rules) for thing in ghost.things.values())


def _set_agrees(ghost: Ghost, event: e.Disposed, rules: Rules) -> bool:
    along = ghost.along()
    late = {serial for serial in along if ghost.things[serial].late}
    certified = {serial for serial in along if ghost.things[serial].certified}
    return (
        sorted(event.manifest) == sorted(along - late)
        and set(event.receipt) >= along - late
        and sorted(event.certificate) == sorted(certified)
    )


def _closes(ghost: Ghost, event: e.ExceptionClosed, rules: Rules) -> bool:
    kind, _, _ = ghost.open.get(event.exception, ("", "", ""))
    if kind != "medium_missing":
        return event.outcome in {"resolved", "mistaken"}
    elsewhere = event.outcome == "elsewhere" and event.entry not in {"", ghost.asset}
    return event.outcome in {"found", "lost", "never_there"} or elsewhere


def _never_seen(ghost: Ghost, event: e.ExceptionClosed, rules: Rules) -> bool:
    thing = ghost.things.get(ghost.open.get(event.exception, ("", "", ""))[1])
    here = ghost.phase in {"out", "asked", "agreed"}
    unseen = thing is not None and not thing.handled and ghost.looked and here
    return event.outcome != "never_there" or unseen


def _certificates(ghost: Ghost, event: e.Disposed, rules: Rules) -> bool:
    here = rules.wiping.certificate == "when_not_done_here"
    return all(
        thing.certified or (here and empty_enough(thing, ghost.route, rules))
        for thing in ghost.things.values()
        if thing.along
    )


def _lines(check: Callable[[Ghost, Any, Thing], bool]) -> Property:
    """A property of each line of a certificate."""

    def holds(ghost: Ghost, event: e.Certified, rules: Rules) -> bool:
        return all(
            check(ghost, line, ghost.things.get(line.serial) or Thing(kind="unknown"))
            for line in event.lines
        )

    return holds


def _distinct(values: list[str]) -> bool:
    return len(values) == len(set(values))


def _will_do(thing: Thing, route: str, rules: Rules) -> bool:
    """Whether a wipe will do once it is read back and accepted."""
    return empty_enough(structs.replace(thing, read=True, accepted=True), route, rules)


# Name, steps, property. Names begin with the invariant that the property restates.
PROPERTIES: Final[tuple[tuple[str, str, Property], ...]] = (
    (
        "I3 told apart",
        "withdrawn inspected medium_appeared",
        lambda g, v, r: all(usable(found.serial) for found in media_of(v)),
    ),
    (
        "I3 new",
        "medium_appeared",
        lambda g, v, r: v.medium.serial not in g.things or g.things[v.medium.serial].elsewhere,
    ),
    ("I3 of this set", _ON_ONE, lambda g, v, r: v.medium in g.things),
    ("I3 here", _ON_PRESENT, lambda g, v, r: thing_of(g, v).along),
    (
        "I3 here",
        "destroyed",
        lambda g, v, r: thing_of(g, v).along or thing_of(g, v).said is not None,
    ),
    (
        "I3 frozen as seen",
        "approved",
        lambda g, v, r: (
            sorted(v.media)
            == sorted(serial for serial, thing in g.things.items() if not thing.elsewhere)
        ),
    ),
    ("I3 missing on the medium", "exception_opened", lambda g, v, r: v.kind != "medium_missing"),
    (
        "I3 nothing open",
        "approved collected disposed handed_over written_off",
        lambda g, v, r: not g.open,
    ),
    ("I3 closes as it can", "exception_closed", _closes),
    ("I3 never seen", "exception_closed", _never_seen),
    ("I3 lost with a paper", "exception_closed", lambda g, v, r: v.outcome != "lost" or v.evidence),
    ("I4 says one", "inspected", lambda g, v, r: bool(v.media) != v.none_confirmed),
    (
        "I4 says all",
        "inspected",
        lambda g, v, r: {found.serial for found in v.media} >= g.along(),
    ),
    ("I4 looked", "approved", _looked),
    (
        "I4 none confirmed",
        "approved",
        lambda g, v, r: g.personal == "no" or bool(g.things) or g.nothing,
    ),
    (
        "I5 reached",
        "sanitised",
        lambda g, v, r: _reaches(thing_of(g, v).kind, v.technique, v.level),
    ),
    ("I5 since withdrawn", "sanitised", lambda g, v, r: v.finished_at >= g.since),
    (
        "I5 after what spoke against it",
        "sanitised",
        lambda g, v, r: not thing_of(g, v).doubted or v.finished_at > thing_of(g, v).doubted,
    ),
    (
        "I5 newest wipe",
        "sanitised",
        lambda g, v, r: v.finished_at >= (thing_of(g, v).wipe or ("",) * 4 + (0,))[4],
    ),
    (
        "I5 nothing hidden",
        "sanitised",
        lambda g, v, r: (
            thing_of(g, v).kind != "hdd_ata"
            or v.technique != "overwrite"
            or v.hidden_areas_clear is True
        ),
    ),
    (
        "I5 was encrypted",
        "sanitised",
        lambda g, v, r: v.technique != "crypto_erase" or thing_of(g, v).encrypted,
    ),
    (
        "I5 keys gone",
        "sanitised",
        lambda g, v, r: v.technique != "crypto_erase" or v.keys_destroyed,
    ),
    (
        "I5 of the last wipe",
        "verified validated",
        lambda g, v, r: thing_of(g, v).wipe is not None and v.wipe == thing_of(g, v).wipe_seq,
    ),
    (
        "I5 read after it",
        "verified",
        lambda g, v, r: v.finished_at >= (thing_of(g, v).wipe or ("",) * 4 + (0,))[4],
    ),
    (
        "I5 method shows it",
        "verified",
        lambda g, v, r: v.method in _SHOWS.get((thing_of(g, v).wipe or ("", ""))[1], {v.method}),
    ),
    (
        "I5 sample only by rule",
        "verified",
        lambda g, v, r: v.method != "sample" or r.verifying.sample,
    ),
    (
        "I5 sample large enough",
        "verified",
        lambda g, v, r: v.method != "sample" or 0 < v.bound_ppb <= r.verifying.sample_bound_ppb,
    ),
    (
        "I5 read to the end",
        "verified",
        lambda g, v, r: (
            v.method != "full" or v.result != "clean" or 0 < v.bytes_read >= thing_of(g, v).size
        ),
    ),
    (
        "I5 read a known size",
        "verified",
        lambda g, v, r: (
            v.method != "full"
            or v.result != "clean"
            or v.verifier.startswith("machine:")
            or thing_of(g, v).size > 0
        ),
    ),
    (
        "I5 accepted on a reading",
        "validated",
        lambda g, v, r: v.decision != "approved" or thing_of(g, v).read,
    ),
    (
        "I5 accepted where it will do",
        "validated",
        lambda g, v, r: (
            v.decision != "approved"
            or not thing_of(g, v).wipe
            or _will_do(thing_of(g, v), g.route, r)
        ),
    ),
    (
        "I5 not accepted with a reason",
        "validated",
        lambda g, v, r: v.decision == "approved" or bool(v.reason),
    ),
    ("I5 nothing unproven leaves", "disposed handed_over", _all_empty),
    (
        "I5 nothing unproven is collected",
        "collected",
        lambda g, v, r: r.wiping.offsite or _all_empty(g, v, r),
    ),
    (
        "I6 failed is only destroyed",
        "sanitised verified validated",
        lambda g, v, r: not thing_of(g, v).failed,
    ),
    (
        "I6 failed is not certified wiped",
        "certified",
        _lines(lambda g, line, thing: not thing.failed or line.level == "destroy"),
    ),
    (
        "I7 papers in force",
        "collected",
        lambda g, v, r: all(_in_force(v, kind) for kind in r.contractors.papers),
    ),
    ("I8 same contractor", "received certified", lambda g, v, r: v.contractor == g.firm),
    ("I8 same collection", "received", lambda g, v, r: v.collection == g.trip),
    ("I8 accepts", "received", lambda g, v, r: v.accepts_responsibility),
    (
        "I8 lists",
        "received",
        lambda g, v, r: v.tag == g.tag and set(v.serials) >= g.along(),
    ),
    ("I9 offsite by rule", "sanitised", lambda g, v, r: r.wiping.offsite or not v.offsite),
    (
        "I9 offsite by rule",
        "destroyed",
        lambda g, v, r: r.wiping.offsite or v.place == "on_site",
    ),
    ("I9 done", "certified", _lines(lambda g, line, thing: line.succeeded)),
    (
        "I9 after collection",
        "certified",
        _lines(lambda g, line, thing: line.finished_at >= g.left_at),
    ),
    (
        "I9 reached",
        "certified",
        _lines(
            lambda g, line, thing: (
                line.level == "destroy" or _reaches(thing.kind, line.technique, line.level)
            )
        ),
    ),
    ("I9 certified", "disposed", _certificates),
    ("I10 manifest", "collected", lambda g, v, r: sorted(v.manifest) == sorted(g.along())),
    (
        "I10 each once",
        "withdrawn inspected",
        lambda g, v, r: _distinct([found.serial for found in media_of(v)]),
    ),
    (
        "I10 certified once",
        "certified",
        lambda g, v, r: _distinct(
            [line.serial for line in v.lines] + [s for s, t in g.things.items() if t.certified]
        ),
    ),
    ("I10 left with it", "certified", _lines(lambda g, line, thing: line.serial in g.along())),
    ("I10 all agree", "disposed", _set_agrees),
    ("I10 on no other entry", "disposed", lambda g, v, r: not v.elsewhere),
    ("I10 only what is open", "exception_closed", lambda g, v, r: v.exception in g.open),
)
