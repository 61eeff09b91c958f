"""Copy the third-party files of the web pages out of npm packages, and write their manifest.

    cd deploy/web && npm ci --ignore-scripts && python vendor.py

The lock file holds the integrity of every package; the manifest holds the sha512 of every file,
which a test re-hashes. A browser never fetches anything from elsewhere. Icons are joined into one
sprite: add a name to `ICONS` and run this again.
"""

import gzip
import hashlib
import json
import re
from pathlib import Path

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
ROOT = HERE.parents[1]
STATIC = ROOT / "controller" / "static" / "vendor"
SCANNER = "@zxing/library"
TEST_FILES = ROOT / "tests" / "e2e" / "vendor"

ICONS = (
    "alert-circle",
    "alert-triangle",
    "apps",
    "arrow-down",
    "arrow-up",
    "bell",
    "building",
    "bulb",
    "calendar",
    "camera",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle-check",
    "circle-x",
    "clock",
    "cloud-off",
    "cpu",
    "device-desktop",
    "device-laptop",
    "device-tablet",
    "dots-vertical",
    "door-enter",
    "download",
    "eye",
    "file-text",
    "filter",
    "fingerprint",
    "help-circle",
    "history",
    "home",
    "id",
    "info-circle",
    "key",
    "lock",
    "login",
    "logout",
    "minus",
    "network",
    "plus",
    "presentation",
    "printer",
    "refresh",
    "scan",
    "school",
    "search",
    "server",
    "shield",
    "shield-check",
    "stethoscope",
    "tool",
    "urgent",
    "usb",
    "user",
    "users",
    "virus",
    "wifi",
    "world",
    "x",
)

_OUTER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_BLANK = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>')


def main() -> None:
    """Copy, join, hash."""
    STATIC.mkdir(parents=True, exist_ok=True)
    TEST_FILES.mkdir(parents=True, exist_ok=True)
    css = (MODULES / "@tabler/core/dist/css/tabler.min.css").read_bytes()
    # The source map comment would make developer tools ask for a file that is not there.
    css = re.sub(rb"/\*# sourceMappingURL=[^*]*\*/", b"", css).rstrip() + b"\n"
    _write(STATIC, "@tabler/core", {"tabler.min.css": css, "tabler.min.css.gz": _gz(css)}, "MIT")
    _write(STATIC, "@tabler/icons", {"icons.svg": _sprite()}, "MIT")
    # Of the scanner only the one file a page loads; its licence goes with it.
    code = re.sub(rb"\n?//# sourceMappingURL=\S*", b"", _read(f"{SCANNER}/umd/index.min.js"))
    code = code.rstrip() + b"\n"
    files = {
        "zxing.min.js": code,
        "zxing.min.js.gz": _gz(code),
        "zxing.LICENSE": _read(f"{SCANNER}/LICENSE"),
    }
    _write(STATIC, SCANNER, files, "Apache-2.0")
    _write(TEST_FILES, "axe-core", {"axe.min.js": _read("axe-core/axe.min.js")}, "MPL-2.0")


def _read(path: str) -> bytes:
    return (MODULES / path).read_bytes()


def _gz(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


def _sprite() -> bytes:
    symbols = []
    for name in ICONS:
        svg = (MODULES / f"@tabler/icons/icons/outline/{name}.svg").read_text("utf-8")
        found = _OUTER.search(svg)
        if found is None:
            raise SystemExit(f"icon {name} is not an SVG this script understands")
        inner = " ".join(_BLANK.sub("", found.group(1)).split())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>')
    copyright_line = "<!-- Tabler Icons, MIT licence, Copyright (c) 2020-2026 Pawel Kuna -->"
    head = f'<svg xmlns="http://www.w3.org/2000/svg">{copyright_line}'
    return "\n".join([head, *symbols, "</svg>", ""]).encode()


def _write(folder: Path, package: str, files: dict[str, bytes], licence: str) -> None:
    manifest_path = folder / "manifest.json"
    manifest = json.loads(manifest_path.read_text("utf-8")) if manifest_path.exists() else {}
    version = json.loads(_read(f"{package}/package.json"))["version"]
    for name, content in files.items():
        (folder / name).write_bytes(content)
        manifest[name] = {
            "package": package,
            "version": version,
            "licence": licence,
            "sha512": hashlib.sha512(content).hexdigest(),
        }
    manifest_path.write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
