"""A new key for the log: the old one names it over the same lines, and old sheets stay good."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from controller import clock, keyfiles
from controller.data import datafolder
from controller.evidence import archive, export, handover, logkeys, services, verifying
from controller.evidence.verifying import Sheet
from controller.roots import changing, files
from controller.roots.recovery import Recovery
from inventory.ledger import checkpoints
from tests import needs
from tests.controller.evidence.conftest import report
from tests.controller.intake.conftest import Controller, InlineWriter, build
from tests.controller.intake.machine import NOW
from wire import keys, note

PAGE = Path(__file__).parents[3] / "docs" / "evidence.md"


@pytest.fixture
def safe(db: None, tmp_path: Path) -> Iterator[tuple[Controller, Recovery]]:
    """A controller, and what lies in its safe."""
    clock.use(lambda: NOW)
    folder = tmp_path / "data"
    datafolder.prepare(folder)
    recovery = keyfiles.make_keys(folder)
    assert recovery is not None
    yield build(folder, InlineWriter), recovery
    clock.use(None)


def _public(data: Path) -> bytes:
    return keys.public_bytes(keyfiles.log_key(data))


def _rotate(safe: tuple[Controller, Recovery], *, stolen: bool = False) -> checkpoints.Sheet:
    """What `caretaker key rotate log` does; the checkpoint it leaves."""
    controller, recovery = safe
    changing.rotate_online(controller.data, "log", recovery, NOW, stolen=stolen)
    handover.finish(NOW, controller.data)
    return checkpoints.newest(controller.site, 1)[0]


def _opens(controller: Controller, sheet: checkpoints.Sheet, public: bytes) -> bool:
    return logkeys.signers(controller.site, sheet.note, [public]) == [public]


def test_both_keys_sign_one_checkpoint_and_the_old_one_is_gone(
    safe: tuple[Controller, Recovery],
) -> None:
    controller, _ = safe
    old = _public(controller.data)
    sheet = _rotate(safe)
    new = _public(controller.data)
    assert new != old
    assert _opens(controller, sheet, old)
    assert _opens(controller, sheet, new)
    assert not handover.waiting(controller.data)
    later = services.make(controller.site, actor="u", at=NOW, data=controller.data)
    assert [_opens(controller, later, one) for one in (old, new)] == [False, True]
    assert logkeys.ever(controller.data) == [new, old]


@pytest.mark.parametrize("how", ["stolen", "lost", "damaged"])
def test_a_key_that_was_stolen_or_lost_names_no_heir(
    how: str, safe: tuple[Controller, Recovery]
) -> None:
    controller, _ = safe
    first = _public(controller.data)
    _rotate(safe)
    old, path = _public(controller.data), controller.data / "keys" / "log"
    if how == "lost":
        path.unlink()
    elif how == "damaged":
        path.write_bytes(b"not a key")
    sheet = _rotate(safe, stolen=how == "stolen")
    new = _public(controller.data)
    assert [_opens(controller, sheet, one) for one in (old, new)] == [False, True]
    listed = [keys.from_text(one) for one in files.current(controller.data).logs]
    # Only the stolen one is struck off: sheets signed before it was in use are none of its doing.
    assert listed == ([new, first] if how == "stolen" else [new, old, first])
    assert set(logkeys.ever(controller.data)) == {new, old, first}


def test_a_crash_after_the_change_leaves_the_old_key_to_sign_with_the_new(
    safe: tuple[Controller, Recovery],
) -> None:
    controller, recovery = safe
    old = _public(controller.data)
    changing.rotate_online(controller.data, "log", recovery, NOW, stolen=False)
    assert handover.waiting(controller.data)
    datafolder.check(controller.data)  # nobody else can read it
    night = services.make(controller.site, actor="system", at=NOW, data=controller.data)
    assert _opens(controller, night, old)
    assert _opens(controller, night, _public(controller.data))
    handover.finish(NOW, controller.data)
    assert not handover.waiting(controller.data)


def test_a_change_that_was_cut_off_before_there_was_a_new_key_signs_once(
    safe: tuple[Controller, Recovery],
) -> None:
    controller, _ = safe
    log = controller.data / "keys" / "log"
    datafolder.write_private(log.with_name(files.HANDING_OVER), log.read_bytes())
    sheet = services.make(controller.site, actor="system", at=NOW, data=controller.data)
    assert note.count(sheet.note) == 1


def test_sheets_from_before_and_after_fit_one_export_and_the_change_is_proved(
    safe: tuple[Controller, Recovery], tmp_path: Path
) -> None:
    controller, _ = safe
    machine = controller.machine()
    report(controller, machine, None)
    before = services.make(controller.site, actor="u", at=NOW, data=controller.data)
    _rotate(safe)
    report(controller, machine, None)
    path = tmp_path / "export.zip"
    after = export.export(controller.site, path, actor="u", at=NOW, data=controller.data)
    sheets = [Sheet(one.size, one.root) for one in (before, after)]
    checks = verifying.verify(path, sheets)
    assert all(check.fits for check in checks), checks
    assert any("key changed: both signed" in check.sentence for check in checks)
    held = archive.read(path)
    (handed_over,) = (name for name in held if name.startswith("handovers/"))
    alone = held[handed_over].decode().splitlines(keepends=True)
    for name, body in {
        "one signature": "".join(alone[:-1]).encode(),
        "another root": held[handed_over].replace(b"\n", b"x\n", 1),
    }.items():
        changed = tmp_path / f"{name}.zip"
        archive.write(changed, {**held, handed_over: body})
        said = [check.sentence for check in verifying.verify(changed) if not check.fits]
        assert any(sentence.startswith(handed_over) for sentence in said), name


def test_openssl_finds_both_signatures_under_a_handover(
    safe: tuple[Controller, Recovery], tmp_path: Path
) -> None:
    needs.program("openssl", package="openssl")
    controller, _ = safe
    _rotate(safe)
    path = tmp_path / "export.zip"
    export.export(controller.site, path, actor="u", at=NOW, data=controller.data)
    held = archive.read(path)
    (name,) = (one for one in held if one.startswith("handovers/"))
    (tmp_path / "checkpoint").write_bytes(held[name])
    (block,) = re.findall(r"```sh\n(sed '/.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    for line, key, says in [
        (2, "keys/log.pem", True),
        (3, "keys/log_1.pem", True),
        (3, "keys/log.pem", False),
    ]:
        (tmp_path / "key.pem").write_bytes(held[key])
        command = block.replace("sed -n 2p", f"sed -n {line}p").replace("keys/log.pem", "key.pem")
        done = subprocess.run(
            ["/bin/sh", "-c", command], cwd=tmp_path, capture_output=True, check=False
        )
        assert (b"Verified Successfully" in done.stdout) == says, (line, key)
