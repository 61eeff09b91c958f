"""One line with its proof: a stranger with a sheet, a page of Python and openssl needs nothing
else."""

import ast
import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from controller import keyfiles
from controller.evidence import archive, export, proving, services, verify_line, verifying
from controller.evidence.prover import NoProofError, Proof
from controller.fleet.models import Device
from inventory.ledger import log
from inventory.ledger.checkpoints import Sheet
from inventory.models import Event, Line
from tests import needs
from tests.controller.evidence.conftest import School, report
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW, Machine
from wire import keys, log_proof, merkle


def _prove(controller: Controller, index: int, size: int | None = None) -> Proof:
    return proving.prove(
        controller.site, index, size=size, actor="user_1", at=NOW, data=controller.data
    )


def _holds(controller: Controller, proof: Proof) -> bool:
    public = keys.public_bytes(keyfiles.log_key(controller.data))
    name = services.origin(controller.site)
    index, found = log_proof.check(proof.data, proof.line.encode(), name, public)
    return (index, found.size, found.root) == (proof.index, proof.sheet.size, proof.sheet.root)


def test_every_line_has_a_proof_under_every_sheet_that_reaches_it(controller: Controller) -> None:
    machine = controller.machine()
    sheets = []
    for _ in range(3):
        report(controller, machine, None)
        sheets.append(services.make(controller.site, actor="u", at=NOW, data=controller.data))
    lines = list(log.lines(controller.site))
    for sheet in sheets:
        for index in range(sheet.size):
            proof = _prove(controller, index, sheet.size)
            assert _holds(controller, proof)
            assert (proof.line, proof.sheet) == (lines[index], sheet)


def test_a_line_no_sheet_reaches_yet_gets_one_and_the_proof_is_a_line_itself(
    controller: Controller,
) -> None:
    machine = controller.machine()
    report(controller, machine, None)
    index = proving.line_of(_device(machine), None)
    proof = _prove(controller, index)
    assert _holds(controller, proof)
    assert Event.objects.filter(verb="evidence.proof", actor="user_1").count() == 1
    assert [one.sheet for one in services.checked(controller.site)] == [proof.sheet]
    again = _prove(controller, index)
    assert again.sheet == proof.sheet, "one that reaches so far is used again"


@pytest.mark.parametrize(
    ("index", "size", "said"),
    [(10_000, None, "no line 10000"), (0, 3, "No checkpoint was signed"), (-1, None, "no line")],
    ids=["a line to come", "no such sheet", "no number"],
)
def test_what_cannot_be_proved_is_said_and_leaves_no_line(
    index: int, size: int | None, said: str, controller: Controller
) -> None:
    before = log.extent(controller.site)
    with pytest.raises(NoProofError, match=said):
        _prove(controller, index, size)
    assert log.extent(controller.site) == before


def test_a_line_written_after_a_sheet_cannot_be_proved_by_it(controller: Controller) -> None:
    sheet = services.make(controller.site, actor="u", at=NOW, data=controller.data)
    machine = controller.machine()
    report(controller, machine, None)
    with pytest.raises(NoProofError, match="written after"):
        _prove(controller, proving.line_of(_device(machine), 1), sheet.size)
    with pytest.raises(NoProofError, match="no report 7"):
        proving.line_of(_device(machine), 7)


def test_a_changed_log_proves_nothing(controller: Controller) -> None:
    services.make(controller.site, actor="u", at=NOW, data=controller.data)
    Line.objects.filter(site_id=controller.site, idx=0).update(at=NOW - 1)
    before = log.extent(controller.site)
    with pytest.raises(NoProofError, match="no longer begins"):
        _prove(controller, 1)
    assert log.extent(controller.site) == before, "none was given, so none is written down"


def _device(machine: Machine) -> Device:
    return Device.objects.get(id=machine.device)


class Buyer:
    """Somebody who was given one proof, and once saw a sheet."""

    def __init__(self, folder: Path, controller: Controller, proof: Proof) -> None:
        self.folder = folder
        bundle = proving.bundle(controller.site, proof, controller.data)
        zipfile.ZipFile(io.BytesIO(bundle)).extractall(folder)

    def runs(self, *words: str) -> tuple[int, str]:
        """Run the script; its exit code and all it printed."""
        done = subprocess.run(
            [sys.executable, "-I", "-S", "verify_line.py", *words],
            cwd=self.folder,
            capture_output=True,
            check=False,
            text=True,
            timeout=60,
        )
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout + done.stderr

    def types(self, sheet: Sheet, command: str) -> int:
        """Type a command of VERIFY.txt into a shell, with what stands on the sheet."""
        command = command.replace("SIZE ROOT", f"{sheet.size} {services.text_of(sheet.root)}")
        command = command.replace("python3", sys.executable)
        done = subprocess.run(
            ["/bin/sh", "-c", command], cwd=self.folder, capture_output=True, check=False
        )
        return done.returncode

    def commands(self) -> list[str]:
        """What VERIFY.txt says to type."""
        blocks = (self.folder / "VERIFY.txt").read_text().split("\n\n")
        return [block for block in blocks if block.startswith("       ")]

    def damage(self, name: str) -> None:
        """Change one letter of a file."""
        path = self.folder / name
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)


@pytest.fixture
def sold(controller: Controller, tmp_path: Path) -> tuple[Buyer, Proof]:
    """A computer reported twice among others; its second report is proved."""
    machine, other = controller.machine(), controller.machine("lab-2")
    for one in (machine, other, machine, other):
        report(controller, one, None)
    proof = _prove(controller, proving.line_of(_device(machine), None))
    folder = tmp_path / "sold"
    folder.mkdir()
    return Buyer(folder, controller, proof), proof


def test_the_page_of_python_and_openssl_agree_on_what_was_handed_on(
    sold: tuple[Buyer, Proof],
) -> None:
    needs.program("openssl", package="openssl")
    buyer, proof = sold
    line, with_report, checkpoint, signature = buyer.commands()
    for command in (line, with_report, checkpoint, signature):
        assert buyer.types(proof.sheet, command) == 0, command
    other = Sheet(proof.sheet.size, merkle.leaf(b"another"), 0, "")
    assert buyer.types(other, line) == 1
    buyer.damage("report.json")
    assert buyer.types(proof.sheet, with_report) == 1
    assert buyer.types(proof.sheet, line) == 0
    buyer.damage("report.signed")
    assert buyer.types(proof.sheet, signature) != 0
    buyer.damage("line.txt")
    assert buyer.types(proof.sheet, line) == 1
    (buyer.folder / "text").unlink()
    (buyer.folder / "line.tlog-proof").write_bytes(proof.data.replace(b"/evidence", b"/Evidence"))
    assert buyer.types(proof.sheet, checkpoint) != 0


def test_nothing_of_the_rest_of_the_log_is_handed_on(sold: tuple[Buyer, Proof]) -> None:
    buyer, proof = sold
    everything = b"".join(path.read_bytes() for path in buyer.folder.iterdir())
    others = Line.objects.exclude(idx=proof.index).values_list("text", flat=True)
    assert not [text for text in others if text.encode() in everything]


def test_a_line_of_a_decision_goes_without_a_report(controller: Controller, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    buyer = Buyer(tmp_path / "one", controller, _prove(controller, 0))
    assert not list(buyer.folder.glob("report*"))
    sheet = services.checked(controller.site)[0].sheet
    assert buyer.types(sheet, buyer.commands()[0]) == 0


def test_what_cannot_be_checked_is_said_to_be_not_checked(sold: tuple[Buyer, Proof]) -> None:
    buyer, proof = sold
    for words in (
        "",
        "line.tlog-proof line.txt",
        "line.tlog-proof line.txt four ROOT",
        "line.tlog-proof line.txt 4 short",
        "line.txt line.tlog-proof 4 ROOT",
        "missing line.txt 4 ROOT",
        "line.tlog-proof line.txt 4 ROOT missing",
    ):
        typed = words.replace("ROOT", services.text_of(proof.sheet.root)).split()
        code, said = buyer.runs(*typed)
        assert code == 1, words
        assert "NOT checked" in said, words
        assert "OK  " not in said, words


def test_for_every_size_and_line_the_page_of_python_and_the_tree_agree() -> None:
    lines = [b"%d line" % number for number in range(33)]
    leaves = [merkle.leaf(line) for line in lines]
    for size in range(1, len(lines) + 1):
        tree = merkle.Tree(leaves[:size])
        for index in range(size):
            path = tree.inclusion(index)
            assert verify_line.root_of(lines[index], index, size, path) == tree.root(size)
            for wrong in (path[1:], [*path, leaves[0]], path[::-1] if path[1:] else [b"x" * 32]):
                if wrong != path:
                    made = verify_line.root_of(lines[index], index, size, wrong)
                    assert made != tree.root(size)


def test_the_script_fits_one_page_and_needs_only_an_old_python() -> None:
    text = Path(verify_line.__file__).read_text(encoding="ascii")
    assert len(text.splitlines()) <= 60
    assert max(map(len, text.splitlines())) <= 100
    ast.parse(text, feature_version=(3, 8))


def test_an_export_holds_the_proof_of_each_witness_and_verify_looks_at_them(
    school: School, tmp_path: Path
) -> None:
    names = [name for name in school.files if name.startswith("proofs/")]
    assert len(names) == 3
    whole = school.forged(tmp_path / "whole.zip", school.lines)
    said = [check.sentence for check in verifying.verify(whole) if check.fits]
    assert "Lines of reports that have a proof of their own: 3." in said
    one, other = sorted(names)[:2]
    swapped = {**school.files, one: school.files[other].replace(b"index", b"Index")}
    archive.write(tmp_path / "swapped.zip", swapped)
    wrong = [check for check in verifying.verify(tmp_path / "swapped.zip") if not check.fits]
    assert any(check.sentence.startswith(one) for check in wrong)


def test_reports_that_come_while_an_export_is_written_are_left_for_the_next(
    controller: Controller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = controller.machine()
    report(controller, machine, None)
    make = services.make

    def make_while_a_report_comes(site: str, **options: Any) -> Sheet:
        sheet = make(site, **options)
        report(controller, machine, None)
        return sheet

    monkeypatch.setattr(services, "make", make_while_a_report_comes)
    path = tmp_path / "export.zip"
    export.export(controller.site, path, actor="u", at=NOW, data=controller.data)
    checks = verifying.verify(path)
    assert all(check.fits for check in checks), checks
    assert any(check.sentence.endswith("the same log: 1.") for check in checks)


def test_a_log_that_was_changed_is_exported_all_the_same_and_shows_it(
    controller: Controller, tmp_path: Path
) -> None:
    report(controller, controller.machine(), None)
    Line.objects.filter(site_id=controller.site, idx=0).update(at=NOW - 1)
    path = tmp_path / "export.zip"
    export.export(controller.site, path, actor="u", at=NOW, data=controller.data)
    wrong = [check.sentence for check in verifying.verify(path) if not check.fits]
    assert any("are not those the checkpoint was made of" in sentence for sentence in wrong)
