"""`caretaker assets import` of a list that a management (MDM) wrote."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from checks.words import clean
from controller import clock
from controller.commands import shared
from controller.commands.exits import COULD_NOT, OK

if TYPE_CHECKING:
    from inventory.imports.planning import Refused
    from inventory.imports.sheets import Sheet
    from inventory.managed.planning import Plan
    from inventory.managed.services import Done

OWN: Final = "sheet"
SOURCES: Final = ("intune", "jamf-school", "lightspeed", "google-admin", "other", OWN)
"""Ids of `inventory/managed/adapters.toml`, and the school's own sheet."""
_LONGEST_REASON: Final = 240
_ACTOR: Final = "system"


def arguments(take: argparse.ArgumentParser) -> None:
    """Declare options."""
    take.add_argument(
        "--from",
        dest="source",
        choices=SOURCES,
        default="",
        help="the management (MDM) whose list it is, `sheet` for the school's own; known by its "
        "columns where it is not said",
    )
    take.add_argument(
        "--part",
        action="store_true",
        help="the list of a management (MDM) has some of its things only: what is not in it is "
        "not missed",
    )
    take.add_argument(
        "--add",
        action="store_true",
        help="make entries for what a management (MDM) lists and the register does not have",
    )


def source_of(sheet: "Sheet", options: argparse.Namespace) -> str:
    """Whose list it is, "" for the school's own sheet."""
    from inventory.managed.adapters import recognised

    if options.source == OWN:
        return ""
    return options.source or recognised(sheet.headers)


def take_in(
    site: str, sheet: "Sheet", source: str, chosen: dict[str, str], options: argparse.Namespace
) -> int:
    """Take it in, or say what would be. Raises RegisterError."""
    from inventory.assets.errors import RegisterError
    from inventory.assets.writing import By
    from inventory.managed import services
    from inventory.managed.adapters import adapters, mapping

    now = clock.now()
    try:
        columns = mapping(adapters()[source], sheet.headers, chosen)
    except RegisterError as error:
        raise shared.UsageError(f'{error.sentence} Say so with --map "Column=field".') from error
    if options.dry_run:
        plan = services.look(site, sheet, source, columns, now)
        done = services.Done(plan, "", "", 0)
    else:
        wanted = services.Wanted(not options.part, options.add, options.all_or_nothing)
        done = services.take(site, sheet, source, columns, wanted, by=By(_ACTOR, now))
    if options.format == "json":
        shared.print_json(_document(source, sheet, columns, done))
    else:
        _tell(adapters()[source].title, sheet, columns, done)
    return COULD_NOT if done.plan.refused else OK


def undo(site: str, options: argparse.Namespace) -> int:
    """Take a list back. Raises RegisterError."""
    from inventory.assets.writing import By
    from inventory.managed import services

    undone = services.undo(site, options.step, by=By(_ACTOR, clock.now()))
    if options.format == "json":
        document = {"schema": "caretaker.assets-undo/1", "done": undone.done}
        shared.print_json(document | {"kept": undone.kept})
    else:
        print("What this list said holds no more; the one before it does again.")
        if undone.kept:
            print("Changed since, and left as they are:", *undone.kept, sep="\n  ")
    return COULD_NOT if undone.kept else OK


def _document(
    source: str, sheet: "Sheet", columns: dict[str, int], done: "Done"
) -> dict[str, object]:
    plan = done.plan
    return {
        "schema": "caretaker.managed-import/1",
        "from": source,
        "imported": bool(done.sheet),
        "step": done.sheet,
        "columns": {field: sheet.headers[number] for field, number in columns.items()},
        "matched": len(plan.matched),
        "new": plan.new,
        "changed": plan.changed,
        "same": plan.same,
        "not_listed_any_more": plan.missing,
        "not_in_register": [_stranger(one.serial, one.kind, one.model) for one in plan.strangers],
        "made": done.made,
        "refused": plan.refused,
        "unclear": plan.unclear,
    }


def _stranger(serial: str, kind: str, model: str) -> dict[str, str]:
    return {"serial": serial[:128], "kind": kind, "model": model[:128]}


def _tell(title: str, sheet: "Sheet", columns: dict[str, int], done: "Done") -> None:
    from inventory.managed.adapters import FIELDS

    plan, dry = done.plan, not done.sheet
    if dry:
        taken = [(sheet.headers[number], FIELDS[field]) for field, number in columns.items()]
        print(f"A list of {title}.")
        print(shared.table(("column", "is taken as"), taken), end="\n\n")
    _faults("why it is refused", plan.refused)
    _faults("what it does not tell", plan.unclear)
    if dry and plan.strangers:
        rows = [(one.number, one.serial, one.kind, one.model) for one in plan.strangers]
        heads = ("row", "serial number", "kind", "model")
        print("Not in the register, --add makes entries for them:")
        print(shared.table(heads, rows, _LONGEST_REASON), end="\n\n")
    print(_counts(plan, done.made, "would be " if dry else ""))
    if dry:
        print("Nothing was imported.")
    else:
        print(f"Step {done.sheet}. To take it back: caretaker assets undo {done.sheet}")


def _faults(title: str, faults: "Sequence[Refused]") -> None:
    if faults:
        rows = [(one.row, clean(one.column, 60), one.why) for one in faults]
        print(shared.table(("row", "column", title), rows, _LONGEST_REASON), end="\n\n")


def _counts(plan: "Plan", made: int, would: str) -> str:
    strangers = len(plan.strangers) - made
    return (
        f"{len(plan.matched):,} of the register’s things {would}found: {plan.new:,} for the first "
        f"time, {plan.changed:,} changed, {plan.same:,} as before; {len(plan.missing):,} are not "
        f"listed any more. {made:,} {would}made, {strangers:,} not in the register, "
        f"{len(plan.refused):,} rows refused."
    )
