"""What the tests about the project itself ask of the checkout."""

import subprocess
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("agent", "checks", "controller", "inventory", "wire")


def pyproject() -> dict[str, Any]:
    """Return pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def files(*under: str) -> list[Path]:
    """Return the files that are or would be committed, below the given folders (default: all).

    New files count too, so a fault shows before the commit; a checkout without git (an unpacked
    archive) is walked instead.
    """
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *under],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode == 0:
        found = [ROOT / name for name in listing.stdout.split("\0") if name]
    else:
        folders = [ROOT / name for name in under] or [ROOT]
        found = [path for folder in folders for path in folder.rglob("*") if not ignored(path)]
    return sorted(path for path in found if path.is_file())


def ignored(path: Path) -> bool:
    """Say whether a path lies in a folder that tools make."""
    parts = path.relative_to(ROOT).parts
    return any(part == "__pycache__" or (part.startswith(".") and part != ".ci") for part in parts)
