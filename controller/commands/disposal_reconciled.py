"""What `caretaker disposal` shows of collections: the list, one, and its papers compared."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from checks.words import clean
from controller.commands import shared
from controller.commands.exits import FAILED, OK

if TYPE_CHECKING:
    from inventory.collections.queries import Whole
    from inventory.collections.returns import Returns

_LONGEST: Final = 300
_NONE: Final = "There is no such collection here. Try: caretaker disposal collections"


def arguments(verbs: Any) -> None:
    """Declare options."""
    verbs.add_parser("collections", help="what is booked, and what was collected")
    for name, said in (
        ("collection", "one collection: its list and the papers that came back"),
        ("reconcile", "what was approved, the list, the receipt and the certificates side by side"),
    ):
        verbs.add_parser(name, help=said).add_argument("collection", metavar="COLLECTION")


def listed(site: str, options: argparse.Namespace) -> int:
    """All of a school."""
    from inventory.collections import queries

    names = ("id", "day", "contractor__name", "handover", "state", "n")
    rows = [
        {name.removesuffix("__name"): row[name] for name in names}
        for view in queries.VIEWS
        for row in queries.listed([site], view)
    ]
    if options.format == "json":
        shared.print_json({"schema": "caretaker.collections/1", "collections": rows})
        return OK
    head = ("id", "day", "company", "hand-over", "state", "things")
    print(shared.table(head, [list(row.values()) for row in rows]))
    return OK


def shown(site: str, options: argparse.Namespace) -> int:
    """One of them."""
    from inventory.collections import queries, returns

    found = queries.one([site], options.collection)
    if found is None:
        raise shared.CannotError(_NONE)
    document = _document(site, found, returns.one([site], options.collection))
    if options.format == "json":
        shared.print_json({"schema": "caretaker.collection/1", **document})
        return OK
    print(clean(f"{document['contractor']}, {document['day']}: {document['state']}", 300))
    names = ("tag", "name", "serial", "drives", "code", "battery", "went")
    _put(names, ([*_cells(one, names)] for one in document["lines"]))
    _put(("receipt", "day", "sha256"), (list(one.values())[:3] for one in document["receipts"]))
    for one in document["certificates"]:
        print(f"\n{one['id']}: {one['state']}, {clean(one['reference'], 60)}, {one['sha256']}")
        drives = ("serial", "tag", "level", "technique", "tool", "done", "day")
        _put(drives, ([*_cells(line, drives)] for line in one["lines"]))
    return OK


def reconcile(site: str, options: argparse.Namespace) -> int:
    """Its papers side by side; FAILED where a difference is open."""
    from inventory.collections import returns

    found = returns.one([site], options.collection)
    if found is None:
        raise shared.CannotError(
            "There is no such collection here, or nothing of it was collected yet."
        )
    document = _compared(found)
    is_open = any(one["state"] != "closed" for one in document["differences"]) or found.how.open
    if options.format == "json":
        shared.print_json({"schema": "caretaker.reconciliation/1", **document})
    else:
        _print(document)
    return FAILED if is_open else OK


def _document(site: str, found: "Whole", came: "Returns | None") -> dict[str, Any]:
    from inventory.collections import returns

    certificates = came.certificates if came else []
    wholes = [returns.certificate([site], one["id"]) for one in certificates]
    return {
        "id": found.values["id"],
        "seq": found.values["seq"],
        "state": found.values["state"],
        "day": found.values["day"],
        "handover": found.values["handover"],
        "contractor": found.values["contractor__name"],
        "lines": [
            {name: line[name] for name in ("disposal", "tag", "name", "serial")}
            | {"drives": [one.get("raw") or one["serial"] for one in line["media"]]}
            | {name: line[name] for name in ("code", "battery", "seal", "went")}
            for line in found.lines
        ],
        "receipts": [
            {"number": one["number"], "day": one["day"], "sha256": one["evidence"]}
            | {"lines": one["lines"]}
            for one in (came.receipts if came else [])
        ],
        "certificates": [
            {name: one[name] for name in ("id", "state", "reference", "day")}
            | {"sha256": one["evidence"]}
            | {"lines": [{n: line[n] for n in _LINE} for line in one["lines"]]}
            for one in wholes
            if one
        ],
    }


_LINE: Final = ("serial", "tag", "level", "technique", "method", "tool", "done", "day")


def _compared(found: "Returns") -> dict[str, Any]:
    from controller.receipts.showing import sentence
    from inventory.collections.differences import difference_of

    how, none = found.how, dict[str, str]()
    return {
        "collection": found.values["id"],
        "state": found.values["state"],
        "agrees": how.agrees,
        "waiting": list(how.reconciled.waiting),
        "rows": [
            {"tag": row.tag, "serial": row.serial, **row.cells} for row in how.reconciled.rows
        ],
        "differences": [
            {
                "id": row["id"],
                "state": "closed" if row["closed_at"] else _step(row),
                "kind": row["kind"],
                "paper": row["paper"],
                "serial": row["serial"],
                "tag": row["tag"],
                "said": sentence(difference_of(row), none),
                "due_at": row["due_at"],
            }
            for row in found.differences
        ],
    }


def _step(row: dict[str, Any]) -> str:
    return "second" if row["proposed_by"] else "open"


def _print(document: dict[str, Any]) -> None:
    from controller.receipts.showing import CELLS, HEADS
    from inventory.collections.papers import PAPERS

    heads = [HEADS[paper].lower() for paper in PAPERS]
    rows = (
        [row["tag"], row["serial"], *(CELLS[row[paper]].label for paper in PAPERS)]
        for row in document["rows"]
    )
    _put(("tag", "drive", *heads), rows)
    names = ("id", "state", "said")
    _put(
        ("difference", "state", "what"), ([*_cells(one, names)] for one in document["differences"])
    )
    waits = ", ".join(HEADS[paper].lower() for paper in document["waiting"])
    if waits:
        print(f"Not here yet: {waits}.")
    elif document["agrees"]:
        print("Every paper agrees.")


def _cells(one: dict[str, Any], names: tuple[str, ...]) -> Iterator[object]:
    for name in names:
        value = one[name]
        yes = "yes" if value else "no"
        yield yes if isinstance(value, bool) else _text(value)


def _text(value: object) -> object:
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _put(head: tuple[str, ...], rows: Iterator[list[object]]) -> None:
    found = list(rows)
    if found:
        print(shared.table(head, found, _LONGEST), end="\n\n")
