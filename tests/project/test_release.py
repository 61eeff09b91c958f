"""A release rehearsed: built twice alike, listed whole, signed, refused when anything changed."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from deploy import licences, sbom
from deploy.bootstrap import subset
from deploy.release import make
from tests import needs
from tests.project.repository import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
WHO = "release@caretaker"


@pytest.fixture(scope="module")
def keygen() -> str:
    return needs.program("ssh-keygen", package="openssh-client")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory, keygen: str) -> Path:
    """A whole release, signed with a throw-away key, and the list of who may sign."""
    folder = tmp_path_factory.mktemp("release")
    key = folder / "key"
    subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key], check=True)
    out = folder / "out"
    out.mkdir()
    make.release(out, key)
    public = key.with_suffix(".pub").read_text("ascii").strip()
    line = f'{WHO} namespaces="{make.NAMESPACE}" {public}\n'
    (folder / "allowed_signers").write_text(line, "ascii")
    return folder


@pytest.fixture
def fetched(release: Path, tmp_path: Path) -> Path:
    """What a school has fetched: a copy it may find altered."""
    return Path(shutil.copytree(release, tmp_path / "fetched"))


def is_signed(fetched: Path, keygen: str, *, namespace: str = make.NAMESPACE) -> bool:
    """Run the command of the README."""
    out = fetched / "out"
    signers = str(fetched / "allowed_signers")
    words = [keygen, "-Y", "verify", "-f", signers, "-I", WHO, "-n", namespace]
    done = subprocess.run(
        [*words, "-s", str(out / f"{make.SUMS}.sig")],
        input=(out / make.SUMS).read_bytes(),
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def is_whole(fetched: Path) -> bool:
    """Run the other command of the README."""
    words = ["sha256sum", "--quiet", "-c", make.SUMS]
    return not subprocess.run(
        words, cwd=fetched / "out", capture_output=True, check=False
    ).returncode


def test_a_release_is_signed_and_whole(fetched: Path, keygen: str) -> None:
    assert is_signed(fetched, keygen)
    assert is_whole(fetched)
    kinds = {path.suffix for path in (fetched / "out").iterdir()}
    assert kinds == {".whl", ".gz", ".lock", ".json", ".sig", ""}


def test_an_altered_file_of_a_release_is_noticed(fetched: Path) -> None:
    for path in (fetched / "out").iterdir():
        if path.name.startswith(make.SUMS):
            continue
        before = path.read_bytes()
        path.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
        assert not is_whole(fetched)
        path.write_bytes(before)
    assert is_whole(fetched)


def test_altered_sums_are_not_signed(fetched: Path, keygen: str) -> None:
    sums = fetched / "out" / make.SUMS
    sums.write_bytes(sums.read_bytes().replace(b"a", b"b", 1))
    assert not is_signed(fetched, keygen)


def test_a_signature_for_another_purpose_is_none_for_a_release(fetched: Path, keygen: str) -> None:
    sums, key = fetched / "out" / make.SUMS, fetched / "key"
    sums.with_name(f"{make.SUMS}.sig").unlink()
    subprocess.run(
        [keygen, "-q", "-Y", "sign", "-f", key, "-n", "evidence@caretaker", sums], check=True
    )
    assert not is_signed(fetched, keygen)


def test_another_key_signs_no_release(fetched: Path, keygen: str, tmp_path: Path) -> None:
    other = tmp_path / "other"
    subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", other], check=True)
    sums = fetched / "out" / make.SUMS
    sums.with_name(f"{make.SUMS}.sig").unlink()
    make.sign(sums, other)
    assert not is_signed(fetched, keygen)


def test_builds_that_differ_are_not_released(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def telling_where(source: Path, out: Path) -> list[Path]:
        out.mkdir(parents=True)
        (out / "caretaker.whl").write_text(str(source), "utf-8")
        return [out / "caretaker.whl"]

    monkeypatch.setattr(make, "build", telling_where)
    with pytest.raises(make.DifferError):
        make.twice(ROOT, tmp_path / "out")


def test_the_bill_lists_every_locked_package_with_its_hashes() -> None:
    bill = sbom.document(LOCK)
    locked = subset.blocks(LOCK)
    listed = {part["name"]: part for part in bill["components"] if part["type"] == "library"}
    assert listed.keys() == locked.keys()
    for name, part in listed.items():
        assert len(part["properties"]) == locked[name][0].count("--hash=sha256:")
    assert set(licences.vendored()) <= {part["name"] for part in bill["components"]}


def test_the_bill_tells_what_runs_from_what_builds() -> None:
    scope = {part["name"]: part["scope"] for part in sbom.document(LOCK)["components"]}
    assert (scope["msgspec"], scope["django"], scope["pytest"]) == (
        "required",
        "optional",
        "excluded",
    )
    running = [part for part in sbom.document(LOCK)["components"] if part["scope"] == "required"]
    assert all(part.get("licenses") for part in running)


def test_every_reference_in_the_bill_leads_somewhere() -> None:
    bill = sbom.document(LOCK)
    known = {part["bom-ref"] for part in bill["components"]} | {"caretaker"}
    named = {ref for entry in bill["dependencies"] for ref in [entry["ref"], *entry["dependsOn"]]}
    assert named <= known
    assert known == {entry["ref"] for entry in bill["dependencies"]} | {
        part["bom-ref"] for part in bill["components"] if part["type"] == "file"
    }


def test_the_same_lock_gives_the_same_bill() -> None:
    assert sbom.text(LOCK) == sbom.text(LOCK)
    assert (
        json.loads(sbom.text(LOCK))["serialNumber"]
        != json.loads(sbom.text(LOCK.replace("msgspec==", "msgspec2==")))["serialNumber"]
    )
