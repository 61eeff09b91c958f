"""Take a school's own sheet or the list of its management (MDM) in, and write the register out.

docs/register.md says how a sheet is understood. What an import did is one step, taken back as a
whole with `caretaker assets undo STEP`.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from checks.words import clean
from controller import clock
from controller.commands import managed_lists, shared, sheet_files, whole_register
from controller.commands.exits import COULD_NOT, OK

if TYPE_CHECKING:
    from inventory.imports.applying import Done
    from inventory.imports.planning import Plan
    from inventory.imports.sheets import Sheet

_KEYS = ("tag", "serial", "finance_number")
_LONGEST_REASON = 240
_ACTOR = "system"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_format(parser)
    parser.add_argument("--site", metavar="NAME", help="the school's id, where there are several")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="import|export|undo")
    take = verbs.add_parser("import", help="take in a sheet, CSV or XLSX")
    take.add_argument("file", metavar="FILE", help="the sheet")
    take.add_argument(
        "--key", choices=_KEYS, default="tag", help="what an entry is known again by (tag)"
    )
    take.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=FIELD",
        help="what a column means, `COLUMN=-` passes it over; as often as needed",
    )
    managed_lists.arguments(take)
    take.add_argument(
        "--all-or-nothing", action="store_true", help="import nothing where one row is refused"
    )
    take.add_argument(
        "--dry-run", action="store_true", help="only say what would be done and what is refused"
    )
    export = verbs.add_parser("export", help="write the register as CSV, or all of it")
    export.add_argument("file", metavar="FILE", help="the file; one that is there is replaced")
    whole_register.arguments(export)
    undo = verbs.add_parser("undo", help="take back what one import did")
    undo.add_argument("step", metavar="STEP", help="the id that the import printed")


def main(options: argparse.Namespace) -> int:
    """Do one of the three."""
    if options.verb == "export":
        whole_register.check(options)
    chosen = _chosen(options.map) if options.verb == "import" else {}
    shared.ready(options)
    from controller.commands.sites import one_site
    from inventory.assets.errors import RegisterError

    site = one_site(options.site)
    try:
        if options.verb == "import":
            return _import(site, chosen, options)
        return _export(site, options) if options.verb == "export" else _undo(site, options)
    except RegisterError as error:
        raise shared.CannotError(error.sentence) from error


def _chosen(said: list[str]) -> dict[str, str]:
    """Field by column as `--map` says. Raises UsageError."""
    chosen: dict[str, str] = {}
    for one in said:
        column, equals, field = (part.strip() for part in one.rpartition("="))
        if not (column and equals and field):
            raise shared.UsageError(f'--map wants "Column=field", not {clean(one, 60)!r}.')
        if column in chosen or (field != "-" and field in chosen.values()):
            raise shared.UsageError(f"--map {clean(one, 60)!r} says something twice.")
        chosen[column] = field
    return chosen


def _import(site: str, chosen: dict[str, str], options: argparse.Namespace) -> int:
    from inventory.assets.errors import RegisterError
    from inventory.assets.writing import By
    from inventory.imports import applying, columns

    sheet = sheet_files.read(Path(options.file))
    if source := managed_lists.source_of(sheet, options):
        return managed_lists.take_in(site, sheet, source, chosen, options)
    try:
        meant = columns.mapping(sheet.headers, chosen)
    except RegisterError as error:
        raise shared.UsageError(error.sentence) from error
    if options.key not in meant.values():
        raise shared.CannotError(_without_key(sheet, options.key))
    done = None
    if options.dry_run or options.all_or_nothing:
        plan = applying.look(site, sheet, meant, options.key)
        done = applying.Done(plan, "") if options.dry_run or plan.refused else None
    imported = done is None
    if done is None:
        done = applying.take(
            site,
            sheet,
            meant,
            options.key,
            by=By(_ACTOR, clock.now()),
            all_or_nothing=options.all_or_nothing,
            progress=lambda at, of: shared.bar("importing", at, of),
        )
    if options.format == "json":
        shared.print_json(_document(sheet, meant, done, imported=imported))
    else:
        _tell(sheet, meant, done, options, imported=imported)
    return COULD_NOT if done.plan.refused else OK


def _without_key(sheet: "Sheet", key: str) -> str:
    from inventory.assets.fields import FIELDS

    there = clean(", ".join(filter(None, sheet.headers)), 300)
    return (
        f"No column of this sheet is the {FIELDS[key].title.lower()}; it has: {there}. "
        f'Say which one is with --map "Column={key}", or choose another --key.'
    )


def _document(
    sheet: "Sheet", meant: dict[int, str], done: "Done", *, imported: bool
) -> dict[str, object]:
    plan = done.plan
    return {
        "schema": "caretaker.assets-import/1",
        "imported": imported,
        "step": done.batch,
        "columns": [
            {"column": header, "field": meant.get(number, "-")}
            for number, header in enumerate(sheet.headers)
        ],
        "new": len(plan.new),
        "changed": len(plan.changed),
        "same": plan.same,
        "rooms": plan.rooms,
        "pools": plan.pools,
        "refused": plan.refused,
    }


def _tell(
    sheet: "Sheet",
    meant: dict[int, str],
    done: "Done",
    options: argparse.Namespace,
    *,
    imported: bool,
) -> None:
    plan = done.plan
    if options.dry_run:
        taken = [(header, meant.get(at, "-")) for at, header in enumerate(sheet.headers) if header]
        print(shared.table(("column", "is taken as"), taken), end="\n\n")
    elif unknown := [one for at, one in enumerate(sheet.headers) if one and at not in meant]:
        print(f"Nobody knows these columns, they were passed over: {clean(_list(unknown), 400)}.")
    if plan.refused:
        rows = [(one.row, one.column, one.why) for one in plan.refused]
        print(shared.table(("row", "column", "why it is refused"), rows, _LONGEST_REASON))
        print()
    print(_counts(plan, "" if imported else "would be "))
    for what, names in (("Rooms", plan.rooms), ("Sets", plan.pools)):
        if names:
            print(f"{what} {'made' if imported else 'to be made'}: {clean(_list(names), 400)}.")
    if done.batch:
        print(f"Step {done.batch}. To take it back: caretaker assets undo {done.batch}")
    elif not imported:
        print("Nothing was imported.")


def _counts(plan: "Plan", would: str) -> str:
    refused = len({one.row for one in plan.refused})
    rows = "row" if refused == 1 else "rows"
    return (
        f"{len(plan.new):,} {would}new, {len(plan.changed):,} {would}changed, "
        f"{plan.same:,} as they are already, {refused:,} {rows} refused."
    )


def _list(names: list[str], most: int = 12) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest


def _export(site: str, options: argparse.Namespace) -> int:
    from inventory.imports import exporting

    if options.history:
        return whole_register.export(site, options)
    written = sheet_files.write(Path(options.file), exporting.sheet([site]))
    if options.format == "json":
        document = {"schema": "caretaker.assets-export/1", "entries": written.entries}
        shared.print_json(document | {"without_tag": written.without_tag})
        return OK
    print(f"{written.entries:,} entries are in {clean(options.file, 200)}.")
    if written.without_tag:
        print(
            f"{written.without_tag:,} of them have no asset tag: an import finds those again only "
            "by another --key."
        )
    return OK


def _undo(site: str, options: argparse.Namespace) -> int:
    from inventory.assets import services
    from inventory.assets.writing import By

    if options.step.startswith("sheet_"):
        return managed_lists.undo(site, options)
    undone = services.undo(site, options.step, by=By(_ACTOR, clock.now()))
    if options.format == "json":
        document = {"schema": "caretaker.assets-undo/1", "done": undone.done}
        shared.print_json(document | {"kept": undone.kept})
    else:
        print(f"{undone.done:,} changes were taken back.")
        if undone.kept:
            print("Changed since, and left as they are:", *undone.kept, sep="\n  ")
    return COULD_NOT if undone.kept else OK
