"""Make a release in a new folder: wheel and source archive, built twice and compared; the bill of
materials; the sums of all of them; and, with a key, a signature over the sums.

`python -m deploy.release.make OUT [--key FILE]`. The key is an SSH key (a hardware key asks for its
touch); its private half never comes near the machine that builds unless the release is a rehearsal.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from deploy import sbom

ROOT: Final = Path(__file__).parents[2]
NAMESPACE: Final = "release@caretaker"
"""What a signature is for; one made for evidence or for a policy is none for a release."""
SUMS: Final = "SHA256SUMS"
SOURCE_DATE: Final = "1577836800"  # 2020-01-01: archives must not tell when they were built


class DifferError(Exception):
    """Two builds of one source gave different bytes; nothing is released."""


def build(source: Path, out: Path) -> list[Path]:
    """Build wheel and source archive of `source` into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(out)],
        cwd=source,
        check=True,
        capture_output=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": SOURCE_DATE},
    )
    return sorted(path for path in out.iterdir() if path.suffix in {".whl", ".gz"})


def copy(source: Path, to: Path) -> Path:
    """Copy what belongs to the checkout, without its history and its data."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=source, check=True, capture_output=True, text=True
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (source / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / name, to / name)
    return to


def twice(source: Path, out: Path) -> list[Path]:
    """Build in two places and compare; raises DifferError."""
    with tempfile.TemporaryDirectory() as scratch:
        first = copy(source, Path(scratch) / "one")
        second = Path(shutil.copytree(first, Path(scratch) / "elsewhere" / "two"))
        for path in second.rglob("*"):
            os.utime(path, (1, 1))  # other times: they must not show
        built = build(first, out)
        again = build(second, Path(scratch) / "again")
        for one, other in zip(built, again, strict=True):
            if one.name != other.name or one.read_bytes() != other.read_bytes():
                raise DifferError(f"{one.name} differs between two builds")
    return built


def write_sums(out: Path, made: list[Path]) -> Path:
    """The file that is signed, in the form `sha256sum -c` reads."""
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in made]
    (out / SUMS).write_text("".join(sorted(lines, key=lambda line: line[66:])), encoding="ascii")
    return out / SUMS


def sign(sums: Path, key: Path) -> Path:
    """Sign the sums with an SSH key; ssh-keygen writes `SHA256SUMS.sig` beside them."""
    subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-f", str(key), "-n", NAMESPACE, str(sums)],
        check=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
    )
    return sums.with_name(f"{SUMS}.sig")


def release(out: Path, key: Path | None) -> list[Path]:
    """All of it; raises DifferError before anything is signed."""
    made = twice(ROOT, out)
    bill = out / "caretaker.cdx.json"
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    bill.write_text(sbom.text(lock), encoding="ascii")
    shutil.copy(ROOT / "requirements.lock", out / "requirements.lock")
    made = [*made, bill, out / "requirements.lock"]
    sums = write_sums(out, made)
    return [*made, sums, *([sign(sums, key)] if key else [])]


def main() -> int:
    """Make a release, and say what to check it with."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="a new folder")
    parser.add_argument("--key", type=Path, help="the SSH key to sign with")
    options = parser.parse_args()
    options.out.mkdir(parents=True)
    for path in release(options.out, options.key):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
