"""Each change of the roots: signed before anything on disk changes, and finished after a crash."""

from pathlib import Path

import pytest

from controller import clock, keyfiles
from controller.data import certificate, datafolder
from controller.roots import changing, files
from controller.roots.recovery import Recovery, RecoveryKeyError
from controller.roots.shown import overview
from wire import keys, roots

NOW = 1_795_400_000


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder without keys."""
    folder = tmp_path / "data"
    datafolder.prepare(folder)
    certificate.make(folder, "127.0.0.1", NOW)
    return folder


@pytest.fixture
def recovery(data: Path) -> Recovery:
    """What lies in its safe."""
    clock.use(lambda: NOW)
    made = keyfiles.make_keys(data, ["https://caretaker.school.example:8443"])
    clock.use(None)
    assert made is not None
    return made


def public(data: Path, name: str = "signing") -> str:
    """The public half of a key on disk, as roots list it."""
    key = keyfiles.signing_key(data) if name == "signing" else keyfiles.log_key(data)
    return keys.to_text(keys.public_bytes(key))


def everything(data: Path) -> dict[str, bytes]:
    """Every file and what is in it."""
    return {str(path): path.read_bytes() for path in data.rglob("*") if path.is_file()}


def test_the_first_roots_name_what_is_there(data: Path, recovery: Recovery) -> None:
    first = files.current(data)
    assert (first.version, first.at, first.delegated) == (1, NOW, True)
    assert first.recovery == keys.to_text(recovery.public)
    assert (first.controllers, first.logs) == ([public(data)], [public(data, "log")])
    assert first.tls_spki == [certificate.spki(data)]
    assert first.addresses == ["https://caretaker.school.example:8443"]
    datafolder.check(data)  # nobody else can read any of it


def test_no_file_holds_the_recovery_key(data: Path, recovery: Recovery) -> None:
    changing.rotate_online(data, "signing", recovery, NOW, stolen=False)
    heir = changing.rotate_recovery(data, recovery, NOW)
    for one in (recovery, heir):
        spellings = [one.seed, str(one).encode(), one.seed.hex().encode()]
        spellings += [one.backup.private_bytes_raw(), keys.to_text(one.seed).encode()]
        spellings += [group.encode() for group in one.groups()]
        for path, content in everything(data).items():
            assert not any(spelling in content for spelling in spellings), path


def test_keys_are_made_once(data: Path, recovery: Recovery) -> None:
    before = everything(data)
    assert keyfiles.make_keys(data) is None
    assert everything(data) == before


def test_a_rotated_controller_key_still_believes_the_one_before(
    data: Path, recovery: Recovery
) -> None:
    keys_seen = [public(data)]
    for _ in range(2):
        changing.rotate_online(data, "signing", recovery, NOW, stolen=False)
        keys_seen.insert(0, public(data))
        assert files.current(data).controllers == keys_seen[:2]
    changing.rotate_online(data, "signing", recovery, NOW, stolen=True)
    assert files.current(data).controllers == [public(data)]
    assert files.current(data).version == 4


def test_every_log_key_stays_listed_for_old_checkpoints(data: Path, recovery: Recovery) -> None:
    before = public(data, "log")
    for _ in range(3):
        changing.rotate_online(data, "log", recovery, NOW, stolen=False)
    listed = files.current(data).logs
    assert (len(listed), listed[0], listed[-1]) == (4, public(data, "log"), before)


def test_a_lost_controller_key_is_replaced_without_it(data: Path, recovery: Recovery) -> None:
    (data / "keys" / "signing").unlink()
    changing.rotate_online(data, "signing", recovery, NOW, stolen=False)
    assert files.current(data).controllers[0] == public(data)


def test_another_recovery_key_changes_nothing_at_all(data: Path, recovery: Recovery) -> None:
    before = everything(data)
    wrong = Recovery.generate()
    for change in (
        lambda: changing.rotate_online(data, "signing", wrong, NOW, stolen=True),
        lambda: changing.rotate_certificate(data, wrong, NOW, listen="127.0.0.1", keep=False),
        lambda: changing.set_addresses(data, wrong, NOW, ["https://a"]),
        lambda: changing.rotate_recovery(data, wrong, NOW),
    ):
        with pytest.raises(RecoveryKeyError, match="not the one of this controller"):
            change()
    assert everything(data) == before


def test_an_address_that_is_none_is_refused_and_nothing_changes(
    data: Path, recovery: Recovery
) -> None:
    before = everything(data)
    with pytest.raises(RecoveryKeyError):
        changing.set_addresses(data, recovery, NOW, ["http://caretaker"])
    assert everything(data) == before


def test_a_new_certificate_is_listed_before_it_is_shown(data: Path, recovery: Recovery) -> None:
    old = certificate.spki(data)
    changing.rotate_certificate(data, recovery, NOW, listen="127.0.0.1", keep=False)
    assert files.current(data).tls_spki == [certificate.spki(data), old]
    assert certificate.spki(data) != old
    certificate.stage(data, "127.0.0.1", NOW)
    certificate.unstage(data)  # as somebody replaces it by hand
    changing.rotate_certificate(data, recovery, NOW, listen="127.0.0.1", keep=True)
    assert files.current(data).tls_spki[0] == certificate.spki(data)


def test_a_change_cut_off_after_its_roots_is_finished_at_the_next_start(
    data: Path, recovery: Recovery, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = public(data)
    real = Path.replace

    def dies(self: Path, target: Path) -> Path:
        if Path(target).name == "signing":
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "replace", dies)
    with pytest.raises(KeyboardInterrupt):
        changing.rotate_online(data, "signing", recovery, NOW, stolen=True)
    monkeypatch.undo()
    assert public(data) == old
    changing.settle(data)
    assert files.current(data).controllers == [public(data)] != [old]


def test_whoever_was_away_is_led_through_a_handover(data: Path, recovery: Recovery) -> None:
    first = files.envelope(data)
    changing.set_addresses(data, recovery, NOW, [])
    heir = changing.rotate_recovery(data, recovery, NOW)
    changing.set_addresses(data, heir, NOW, ["https://b"])
    assert files.recovery_public(data) == heir.public
    held, steps = first, []
    while (offered := files.after(data, roots.open_held(held).version)) is not None:
        taken = roots.follow(held, offered)
        assert taken is not None
        steps.append(taken.version)
        held = offered
    assert steps == [3, 5]
    assert held == files.envelope(data)
    with pytest.raises(RecoveryKeyError):
        changing.set_addresses(data, recovery, NOW, [])


def test_a_lost_recovery_key_begins_a_new_line(data: Path, recovery: Recovery) -> None:
    held = files.envelope(data)
    new = changing.replace_lost_recovery(data, NOW)
    assert files.recovery_public(data) == new.public
    with pytest.raises(ValueError, match="another key than the one it must have"):
        roots.follow(held, files.envelope(data))


def test_a_restored_controller_may_number_its_list_above_what_computers_hold(
    data: Path, recovery: Recovery
) -> None:
    changing.set_addresses(data, recovery, NOW, [], version=17)
    assert files.current(data).version == 17
    assert files.after(data, 17) is None


def test_the_overview_says_since_when_each_key_is_listed(data: Path, recovery: Recovery) -> None:
    changing.rotate_online(data, "signing", recovery, NOW + 60, stolen=False)
    shown = [one for one in overview(data).keys if one.what == "controller"]
    assert [(one.since, one.in_use) for one in shown] == [(NOW + 60, True), (NOW, False)]
    assert shown[0].fingerprint == keys.key_id(keys.from_text(public(data)))


def test_missing_or_damaged_roots_are_one_sentence(data: Path, recovery: Recovery) -> None:
    (data / "keys" / "roots.json").write_bytes(b"{")
    with pytest.raises(datafolder.DataFolderError, match="is damaged; restore"):
        files.current(data)
    (data / "keys" / "roots.json").unlink()
    with pytest.raises(datafolder.DataFolderError, match="cannot be read; restore"):
        files.current(data)
