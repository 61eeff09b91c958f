"""Sign, export and check the evidence log.

`checkpoint` signs how long the log is and its root; print it and keep it where nobody here can
change it. `export` writes the whole log with all that a stranger needs to check it. `proof` writes
one line of it with what shows that it is in the log, and with the report it speaks of. `verify`
checks an export, best against SIZE and ROOT of a sheet printed earlier.
"""

import argparse
import base64
import binascii
from pathlib import Path
from typing import TYPE_CHECKING, Final

from controller import clock
from controller.commands import shared
from controller.commands.exits import FAILED, OK

if TYPE_CHECKING:
    from controller.evidence.verifying import Sheet


_VERBS: Final = "checkpoint|export|proof|verify"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_format(parser)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=_VERBS)
    checkpoint = verbs.add_parser("checkpoint", help="sign how far the log reaches")
    checkpoint.add_argument("--out", type=Path, help="write the signed note to this file")
    export = verbs.add_parser("export", help="write the log and all that is needed to check it")
    export.add_argument("--out", type=Path, required=True, help="the file to make, .zip")
    proof = verbs.add_parser("proof", help="write one line and the proof that it is in the log")
    proof.add_argument("what", metavar="LINE|COMPUTER", help="a line's number, or whose report")
    proof.add_argument("--out", type=Path, required=True, help="the file to make, .zip")
    proof.add_argument("--report", type=int, metavar="SEQ", help="which report, not the newest")
    proof.add_argument(
        "--size", type=int, help="prove it by the sheet of so many lines, not by the newest"
    )
    for one in (checkpoint, export, proof):
        one.add_argument("--site", help="the school's id, where there are several")
    verify = verbs.add_parser("verify", help="check an export")
    verify.add_argument("file", type=Path)
    for one in (checkpoint, export, proof, verify):  # also behind the verb, where people write them
        one.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS)
        one.add_argument("--format", choices=("table", "json"), default=argparse.SUPPRESS)
    verify.add_argument("--size", type=int, help="lines, from a printed sheet")
    verify.add_argument("--root", help="root, from the same sheet: base64 or the groups of digits")
    verify.add_argument(
        "--note",
        type=Path,
        action="append",
        default=[],
        help="a checkpoint kept elsewhere",
    )
    verify.add_argument(
        "--report", type=Path, action="append", default=[], help="a report that a computer kept"
    )


def main(options: argparse.Namespace) -> int:
    """Do one of the four."""
    verbs = {"checkpoint": _checkpoint, "export": _export, "proof": _proof, "verify": _verify}
    return verbs[options.verb](options)


def _checkpoint(options: argparse.Namespace) -> int:
    config = shared.ready(options)
    from controller.commands.sites import one_site
    from controller.evidence import services

    site = one_site(options.site)
    sheet = services.make(site, actor="system", at=clock.now(), data=config.folder)
    if options.out:
        options.out.write_text(sheet.note, encoding="utf-8")
    shown = {"size": sheet.size, "root": services.text_of(sheet.root), "note": sheet.note}
    if options.format == "json":
        shared.print_json({"schema": "caretaker.checkpoint/1", "site": site, **shown})
    else:
        print(sheet.note, end="")
    return OK


def _export(options: argparse.Namespace) -> int:
    config = shared.ready(options)
    from controller.commands.sites import one_site
    from controller.evidence import services
    from controller.evidence.export import export

    site = one_site(options.site)
    sheet = export(site, options.out, actor="system", at=clock.now(), data=config.folder)
    root = services.text_of(sheet.root)
    if options.format == "json":
        found = {"site": site, "file": str(options.out), "size": sheet.size, "root": root}
        shared.print_json({"schema": "caretaker.export/1", **found})
    else:
        print(f"{options.out}: {sheet.size} lines, root {root}")
    return OK


def _proof(options: argparse.Namespace) -> int:
    config = shared.ready(options)
    from controller.commands.device import find
    from controller.commands.sites import one_site
    from controller.evidence import proving, services
    from controller.evidence.prover import NoProofError

    if options.out.exists():
        raise shared.CannotError(f"{options.out} exists already; choose another name.")
    try:
        if options.what.isdecimal():
            site, index = one_site(options.site), int(options.what)
        else:
            device = find(options.what)
            site, index = device.site_id, proving.line_of(device, options.report)
        actor, at, data = "system", clock.now(), config.folder
        proof = proving.prove(site, index, size=options.size, actor=actor, at=at, data=data)
        with options.out.open("xb") as file:
            file.write(proving.bundle(site, proof, data))
    except NoProofError as error:
        raise shared.CannotError(str(error)) from error
    root = services.text_of(proof.sheet.root)
    if options.format == "json":
        found = {"site": site, "file": str(options.out), "index": index, "line": proof.line}
        found |= {"size": proof.sheet.size, "root": root}
        shared.print_json({"schema": "caretaker.proof/1", **found})
    else:
        print(f"{proof.line}\n{options.out}: by the sheet of {proof.sheet.size} lines, root {root}")
    return OK


def _verify(options: argparse.Namespace) -> int:
    from controller.evidence import verifying
    from wire.errors import WireError

    sheets = [_sheet(options)] if options.size is not None or options.root else []
    try:
        sheets += [_kept(path) for path in options.note]
        reports = [path.read_bytes() for path in options.report]
        checks = verifying.verify(options.file, sheets, reports)
    except WireError as error:
        raise shared.CannotError(error.sentence) from error
    good = all(check.fits for check in checks)
    outside = bool(sheets or reports)
    if options.format == "json":
        found = {"fits": good, "against_outside": outside, "checks": checks}
        shared.print_json({"schema": "caretaker.verify/1", **found})
        return OK if good else FAILED
    for check in checks:
        print(f"{'OK ' if check.fits else 'NOT'}  {check.sentence}")
    print("OK" if good else "NOT OK")
    if good and not outside:
        print("Only against itself. Give --size and --root of a sheet that was printed earlier.")
    return OK if good else FAILED


def _kept(path: Path) -> "Sheet":
    """A checkpoint somebody kept: its place speaks for it, so no signature is asked for."""
    from controller.evidence.verifying import Sheet
    from wire import note

    found = note.read(path.read_bytes())
    return Sheet(found.size, found.root)


def _sheet(options: argparse.Namespace) -> "Sheet":
    from controller.evidence.verifying import Sheet

    if options.size is None or not options.root:
        raise shared.UsageError("A sheet has both: give --size and --root.")
    text = "".join(options.root.split())
    try:
        root = bytes.fromhex(text) if len(text) == 64 else base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        root = b""
    if len(root) != 32:
        raise shared.UsageError("The root is 44 characters, or eight groups of eight digits.")
    return Sheet(options.size, root)
