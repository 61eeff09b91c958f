"""Write the golden bytes: `python -m tests.wire.golden`.

Only for a new sample. If a file that was in a release changes, every agent in the field would be
refused: that needs a new version of the payload type, not a new golden file.
"""

import hashlib
from pathlib import Path

from tests.wire import samples
from wire import dictionary, dsse, frame

FOLDER = Path(__file__).parent / "golden"
FRAMES = {frame.FIRST: "report-unchanged.frame", frame.NEWEST: "report-unchanged.frame2"}
"""Unpacked in the tests but never compared: each build of zlib packs in its own way."""
FROZEN = FOLDER / "version-1.sha256"
"""The digests of what version 1 is, as `sha256sum` writes them. A line is added with a new sample;
none is ever changed (ADR 17)."""
DICTIONARIES = {"dictionary-1": frame.DICTIONARY, "dictionary-2": dictionary.SECOND}
"""Frozen as well, but in the code and not in files."""


def expected() -> dict[str, bytes]:
    """Give the name and content of every golden file."""
    files = {
        "join-code.txt": str(samples.CODE).encode() + b"\n",
        "entries.txt": "".join(f"{line}\n" for line in samples.LOG_LINES).encode(),
        "checkpoint": samples.CHECKPOINT_SIGNED,
        "checkpoint.sig": samples.SSH_SIGNED,
    }
    for name, sample in samples.SAMPLES.items():
        files[f"{name}.dsse.json"] = sample.envelope
        files[f"{name}.payload.json"] = dsse.parse(sample.envelope).payload
    return files


def frozen() -> dict[str, str]:
    """Name and digest of each thing that is frozen."""
    lines = FROZEN.read_text("ascii").splitlines()
    return {name: digest for digest, name in (line.split("  ") for line in lines)}


def digests() -> dict[str, str]:
    """The same, of today's files and code."""
    found = {name: (FOLDER / name).read_bytes() for name in (*expected(), *FRAMES.values())}
    return {
        name: hashlib.sha256(data).hexdigest()
        for name, data in sorted({**found, **DICTIONARIES}.items())
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, data in expected().items():
        (FOLDER / name).write_bytes(data)
        print(f"{name}: {len(data)} bytes")
    unchanged = samples.SAMPLES["report-unchanged"].envelope
    for version, name in FRAMES.items():
        if not (FOLDER / name).exists():
            (FOLDER / name).write_bytes(frame.pack(unchanged, version))
    kept = frozen() if FROZEN.exists() else {}
    lines = [f"{digest}  {name}\n" for name, digest in sorted({**digests(), **kept}.items())]
    FROZEN.write_text("".join(lines), "ascii")
