"""What is said of a reading, to people."""

from typing import Final

from agent.scanning.progress import long
from checks.media_wipes import BILLION, CONFIDENCES, MediaWipe, Residue, Why, bound

SOON: Final = 5.0
"""Seconds before time left is guessed: the first pieces say little."""
WHY: Final[dict[Why, str]] = {
    "": "it could not be read",
    "io-error": "the drive could not be read there",
    "short-read": "the drive gave less than was asked for",
    "size-changed": "it has another size now than when it was opened",
    "longer": "it goes on behind what the system says is its end",
    "vanished": "it was taken out",
    "replaced": "another drive stands in its place now",
    "written-to": "something was written to it meanwhile",
}
_HOLDS: Final = {"zero": "zero", "ones": "ones (0xff)", "periodic": "one pattern, over and over"}
_RESIDUE: Final[dict[Residue, str]] = {"none": "", "blancco": "Blancco", "wiperapp": "Wiperapp"}


def progress(done: int, total: int, seconds: float) -> str:
    """Such as `Reading: 34 % of 500 GB at 118 MB/s, about 45 minutes left`."""
    if not done:
        return f"Reading {amount(total)}"
    done = min(done, total)
    rate = done / seconds if seconds else 0
    said = f"Reading: {done * 100 // total} % of {amount(total)} at {rate / 1e6:,.0f} MB/s"
    if seconds < SOON:
        return said
    return f"{said}, about {long(seconds * (total - done) / done)} left"


def amount(size: int) -> str:
    """A number of bytes as makers print it: thousands, not 1,024."""
    for unit, name in ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size >= unit:
            return (
                f"{size / unit:.3g} {name}" if size < 999.5 * unit else f"{size / unit:,.0f} {name}"
            )
    return f"{size:,} bytes"


def which(wipe: MediaWipe) -> str:
    """The drive in one line: what it says it is, and what a person says."""
    name = " ".join(filter(None, (wipe.vendor, wipe.model))) or "make and model unknown"
    serial = f"serial {wipe.serial}" if wipe.serial else "serial unknown: the drive tells none"
    if wipe.typed_serial:
        serial += f" (typed by hand: {wipe.typed_serial})"
    return f"{name}, {serial}, {wipe.size_bytes:,} bytes ({amount(wipe.size_bytes)})"


def verdict(wipe: MediaWipe) -> list[str]:
    """What came of it, and what it does not say."""
    match wipe.outcome:
        case "clean":
            return [*_clean(wipe), *_residue(wipe)]
        case "survived":
            return _survived(wipe)
        case "unproven":
            return [
                "NOT VERIFIED: nothing but random bytes was found. That proves nothing,",
                "for compressed and encrypted files look the same.",
                "Wipe it once more with zeros and verify with --expect zero.",
            ]
        case "stopped":
            return ["NOT VERIFIED: the reading was stopped before its end."]
        case "failed":
            at = "" if wipe.failed_at is None else f" (at byte {wipe.failed_at:,})"
            return [
                f"NOT VERIFIED: {WHY[wipe.why]}{at}.",
                "A drive that cannot be read back whole must be destroyed."
                if wipe.why in ("io-error", "short-read")
                else "Wipe it again if need be, and start over.",
            ]


def _clean(wipe: MediaWipe) -> list[str]:
    holds = _HOLDS[wipe.pattern]
    if wipe.learned:
        holds += ", as taken from the drive itself"
    if wipe.sample is None:
        how = "past this computer's memory" if wipe.direct else "not past this computer's memory"
        of = {"drive": "the drive", "partition": "this partition", "image": "the file"}[wipe.what]
        return [f"VERIFIED: every byte of {of} is {holds} ({wipe.read_bytes:,} read, {how})."]
    return [
        f"SAMPLE CLEAN: every byte of {wipe.sample.blocks:,} blocks is {holds}.",
        f"  {wipe.sample.block_bytes:,} bytes each, drawn by the seed {wipe.sample.seed};",
        *(f"  {bounded(wipe, confidence)}" for confidence in CONFIDENCES),
        "A sample shows that the wipe went over the drive, never that no file survived.",
        "Without --sample all of it is read.",
    ]


def bounded(wipe: MediaWipe, confidence: int) -> str:
    """Such as `with 95 % confidence at most 0.15 % survived, up to 749 MB`."""
    part = bound(wipe.sample.blocks if wipe.sample else 0, confidence)
    most = -(-part * wipe.size_bytes // BILLION)
    per_cent = f"{part * 100 / BILLION:.3g}"
    return f"with {confidence} % confidence at most {per_cent} % survived, up to {amount(most)}"


def _residue(wipe: MediaWipe) -> list[str]:
    if wipe.residue == "none":
        return []
    who = _RESIDUE[wipe.residue]
    return [
        f"{wipe.residue_sectors:,} sectors hold what {who} writes there itself; let be, as asked."
    ]


def _survived(wipe: MediaWipe) -> list[str]:
    more = "" if wipe.whole else " Reading ended there; there may be more."
    head = "NOT WIPED: something else than "
    head += f"{_HOLDS.get(wipe.pattern, 'random bytes')} is on it.{more}"
    lines = [
        f"  at byte {one.offset:,}: {one.kind}, {amount(one.size_bytes)}" for one in wipe.survivors
    ]
    return [head, *lines, "Wipe it again, or have it destroyed; it must not leave as it is."]
