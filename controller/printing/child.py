"""The process that typesets: sees one folder, has little memory and time, and says PDF or PNG.

Started by `controller.printing.making` only. What it is given to print is data (`data.json`); the
one file of typst's language in its folder is ours, and nothing in the data is ever read as that
language.
"""

import contextlib
import sys
from pathlib import Path
from typing import Final, Literal

MEMORY_BYTES: Final = 2 * 1024**3
"""Of addresses; the fonts of typst are mapped, not read."""
CPU_SECONDS: Final = 45
PIXELS_PER_INCH: Final = 96


def main(folder: Path, kind: Literal["pdf", "png"]) -> None:
    """Typeset `page.typ` and write it to standard output."""
    _bound()
    import typst

    made: bytes | list[bytes] = typst.compile(
        str(folder / "page.typ"),
        root=str(folder),
        ignore_system_fonts=True,
        format=kind,
        ppi=PIXELS_PER_INCH,
        package_path=str(folder),
        package_cache_path=str(folder),
    )
    # Its types say one file; of several pictures it gives a list.
    sys.stdout.buffer.write(made[0] if isinstance(made, list) else made)


def _bound() -> None:
    """Where the system can."""
    with contextlib.suppress(ImportError):
        import resource

        for what, most in (
            (resource.RLIMIT_AS, MEMORY_BYTES),
            (resource.RLIMIT_CPU, CPU_SECONDS),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_NOFILE, 64),
        ):
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main(Path(sys.argv[1]), "png" if sys.argv[2] == "png" else "pdf")
