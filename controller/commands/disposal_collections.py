"""The steps of `caretaker disposal` that are about collections: booking one, and the day itself."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from controller.commands import acting, shared
from controller.commands.disposal_told import Told, choice, flag, option, things
from controller.people.roles import Ability
from inventory.collections.codes import BATTERIES, NOTES
from inventory.contractors.kinds import known

if TYPE_CHECKING:
    from inventory.collections.queries import Whole

COLLECTION: Final[Any] = (("collection",), {"metavar": "COLLECTION", "help": "its id"})
_DAY: Final = option("--day", required=True, metavar="DAY", help="2026-11-30 or 30/11/2026")
_NOTE: Final = (
    choice("--note-kind", NOTES[1:], required=False, default="", help="which waste note"),
    option("--note-number", default=""),
    option("--tracking", default="", metavar="ID", help="in the digital waste tracking"),
    option("--seals", default="", help="on cages and boxes"),
)


class Verb(NamedTuple):
    """One step; one of `abilities` is needed at the school. `do` gives what to tell of it."""

    help: str
    abilities: tuple[Ability, ...]
    do: Callable[[Told], dict[str, Any]]
    options: tuple[Any, ...]


def whole(told: Told) -> "Whole":
    """The collection that is meant. Raises CannotError."""
    from inventory.collections import queries

    found = queries.one([told.site], told.options.collection)
    if found is None:
        raise shared.CannotError(
            "There is no such collection here. Try: caretaker disposal collections"
        )
    return found


def told_of(told: Told, collection_id: str) -> dict[str, Any]:
    """What to tell of a collection after a step."""
    from inventory.collections import queries
    from inventory.disposal import lists

    found = queries.one([told.site], collection_id)
    if found is None:  # it was there a moment ago
        raise shared.CannotError("There is no such collection here.")
    states = {}
    for line in found.lines:
        held = lists.one([told.site], line["disposal"])
        states[line["disposal"]] = held.row["state"] if held else ""
    return {
        "id": collection_id,
        "state": found.values["state"],
        "seq": found.values["seq"],
        "disposals": [
            {"id": line["disposal"], "tag": line["tag"], "state": states[line["disposal"]]}
            for line in found.lines
        ],
    }


def day(typed: str, field: str = "day") -> str:
    """A day as typed, `YYYY-MM-DD`. Raises UsageError."""
    from inventory.assets.errors import RegisterError
    from inventory.collections.services import day_of

    try:
        return day_of(typed, field)
    except RegisterError as error:
        raise shared.UsageError(
            f"--{field} {typed[:40]!r} is no day; write it like 2026-11-30."
        ) from error


def contractor(told: Told, typed: str) -> str:
    """The id of a company named by its id or its name. Raises CannotError."""
    from inventory.contractors import queries

    rows = [one.values for left in (False, True) for one in queries.listed([told.site], left=left)]
    low = typed.strip().casefold()
    for row in rows:
        if typed == row["id"] or low == row["name"].casefold():
            return str(row["id"])
    names = "; ".join(row["name"] for row in rows[:10]) or "none is entered yet"
    raise shared.CannotError(
        f"--contractor: no company is called {typed[:60]!r}. There is: {names}."
    )


def _today(told: Told) -> str:
    from controller.wording.moments import local

    return local(told.by.at, told.timezone).date().isoformat()


def _wanted(told: Told) -> Any:
    from inventory.collections.services import Wanted

    said = told.options
    return Wanted(
        day=day(said.day),
        place=said.place,
        seals=said.seals,
        note_kind=said.note_kind,
        note_number=said.note_number,
        tracking=said.tracking,
    )


def _book(told: Told) -> dict[str, Any]:
    from django.db import transaction

    from inventory.collections import services

    firm, wanted, by = contractor(told, told.options.contractor), _wanted(told), told.by
    chosen = list(told.seen)
    # A list that cannot be leaves no booking behind.
    with transaction.atomic():
        made = services.book(
            told.site, firm, told.options.handover, wanted, by=by, today=_today(told)
        )
        services.choose(told.site, made, chosen, seen=1, by=by)
    return told_of(told, made)


def _choose(told: Told) -> dict[str, Any]:
    from inventory.collections import services

    held = whole(told).values
    services.choose(told.site, held["id"], list(told.seen), seen=held["seq"], by=told.by)
    return told_of(told, held["id"])


def _lines(told: Told, held: "Whole") -> dict[str, Mapping[str, Any]]:
    """Lines of the list by disposal, of the things named. Raises CannotError."""
    lines = {line["disposal"]: line for line in held.lines if line["open"]}
    if missing := [one for one in told.seen if one not in lines]:
        raise shared.CannotError(
            f"{len(missing)} of these are not on the list of this collection. "
            "Try: caretaker disposal collection ID"
        )
    return {one: lines[one] for one in told.seen}


def _describe(told: Told) -> dict[str, Any]:
    from inventory.collections import services

    held, said = whole(told), told.options
    values = {
        line["id"]: services.Said(
            code=line["code"] if said.code is None else said.code,
            battery=line["battery"] if said.battery is None else said.battery,
            seal=line["seal"] if said.seal is None else said.seal,
        )
        for line in _lines(told, held).values()
    }
    collection_id, seq = held.values["id"], held.values["seq"]
    services.describe(told.site, collection_id, values, seen=seq, by=told.by)
    return told_of(told, collection_id)


def _cancel(told: Told) -> dict[str, Any]:
    from inventory.collections import services

    held = whole(told).values
    services.cancel(told.site, held["id"], seen=held["seq"], by=told.by)
    return told_of(told, held["id"])


def _collect(told: Told) -> dict[str, Any]:
    from inventory.collections import leaving
    from inventory.documents import signatures

    held, said = whole(told), told.options
    went = {
        line["id"]: leaving.Went(told.seen[one] or 0, said.code_theirs)
        for one, line in _lines(told, held).items()
    }
    values = held.values
    done = leaving.Done(
        day=day(said.day) if said.day else _today(told),
        driver=said.driver,
        went=went,
        vehicle=said.vehicle,
        driver_checked=said.driver_checked,
        seals=said.seals or values["seals"],
        note_kind=said.note_kind or values["note_kind"],
        note_number=said.note_number or values["note_number"],
        tracking=said.tracking or values["tracking"],
        codes_confirmed=said.codes_confirmed,
    )
    signature = signatures.typed(said.signed, ticked=True)
    leaving.collect(
        told.site,
        values["id"],
        done,
        signature,
        seen=values["seq"],
        by=told.by,
        today=_today(told),
    )
    return told_of(told, values["id"])


_EDIT: Final = (Ability.EDIT_REGISTER,)
VERBS: Final[dict[str, Verb]] = {
    "book": Verb(
        "book a collection of these things with a company",
        _EDIT,
        _book,
        (
            *(things("several"), _DAY, *_NOTE),
            option("--contractor", required=True, metavar="NAME", help="its name or id"),
            choice("--handover", tuple(known().handovers), required=False, default="recycle"),
            option("--place", default="", help="where the things stand ready"),
        ),
    ),
    "choose": Verb(
        "its list has exactly these things from now on",
        _EDIT,
        _choose,
        (COLLECTION, things("several")),
    ),
    "describe": Verb(
        "waste code, battery and seal of things on its list",
        _EDIT,
        _describe,
        (
            *(COLLECTION, things("several")),
            option("--code", help="such as '16 02 14'"),
            choice("--battery", BATTERIES[1:], required=False),
            option("--seal"),
        ),
    ),
    "cancel": Verb("it does not take place", _EDIT, _cancel, (COLLECTION,)),
    "collect": Verb(
        "they came and took these things of its list",
        (*_EDIT, Ability.RECEIVE_DISPOSAL),
        _collect,
        (
            *(COLLECTION, things("several"), *_NOTE),
            option("--day", default="", metavar="DAY", help="on which they came; else today"),
            option("--driver", required=True, metavar="NAME", help="as on their card"),
            option("--vehicle", default="", metavar="PLATE"),
            flag("--driver-checked", "somebody looked at the driver's card or order"),
            option("--code-theirs", default="", help="the waste code on their note, if not ours"),
            flag("--codes-confirmed", "their note has the waste codes of the list"),
            option(
                "--signed",
                required=True,
                metavar="NAME",
                help="your name, as your signature under what went",
            ),
        ),
    ),
}


def arguments(verbs: Any, found: Mapping[str, Verb]) -> None:
    """Declare a verb for each step."""
    for name, verb in found.items():
        parser = verbs.add_parser(name, help=verb.help)
        for names, said in verb.options:
            parser.add_argument(*names, **said)
        acting.arguments(parser)
