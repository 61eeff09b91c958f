"""What macOS is asked about its hardware, each question once a round, and read without words that
are translated.

- `ioreg` of the machine itself: what it holds as bytes is text that ends with a zero, and comes as
  hexadecimal from our reader of property lists.
- `system_profiler` of the machine and of NVMe and SATA drives: its keys are never translated.
- `sysctl` with names: `name: value` a line; a name this macOS does not know is missing.
"""

import functools
from typing import Final

from checks import macos
from checks.formats.system_profiler import Item
from checks.host import CannotLook, Host

LONGEST: Final = 128
HARDWARE: Final = "SPHardwareDataType"
NVME: Final = "SPNVMeDataType"
SATA: Final = "SPSerialATADataType"
_PROFILER_SECONDS: Final = 60
_SYSCTL: Final = (
    *("sysctl", "hw.memsize", "hw.logicalcpu_max", "machdep.cpu.brand_string"),
    *("kern.hv_vmm_present", "hw.memsize_usable"),  # the newest last: some stop at an unknown one
)


@functools.lru_cache(maxsize=1)  # several facts are read from one answer; a host sees one round
def expert(host: Host) -> macos.Settings:
    """The entry of the machine itself. Raises CannotLook."""
    return macos.platform_expert(host)


@functools.lru_cache(maxsize=1)  # as above
def profiled(host: Host) -> dict[str, Item]:
    """The kinds of data of `system_profiler` by name. Raises CannotLook."""
    kinds = macos.profiled(host, HARDWARE, NVME, SATA, timeout=_PROFILER_SECONDS)
    return {kind.name: kind for kind in kinds}


@functools.lru_cache(maxsize=1)  # as above
def _numbers(host: Host) -> dict[str, str]:
    said = host.run(list(_SYSCTL)).out.decode("utf-8", "replace")
    pairs = (line.partition(": ") for line in said.splitlines())
    return {name: value.strip() for name, colon, value in pairs if colon}


def kernel_says(host: Host, name: str) -> str:
    """One value of the kernel's. Raises CannotLook where this macOS does not know it."""
    said = _numbers(host).get(name)
    if not said:
        raise CannotLook("unsupported", name)
    return said


def kernel_number(host: Host, name: str) -> int:
    """One whole number of the kernel's. Raises CannotLook."""
    said = kernel_says(host, name)
    if not (said.isascii() and said.isdigit() and len(said) < 20):
        raise CannotLook("parse-error", name)
    return int(said)


def text(value: object) -> str | None:
    """A text in one line; None for anything else."""
    if not isinstance(value, str):
        return None
    kept = "".join(c if c.isprintable() else " " for c in value[:512])
    return " ".join(kept.split())[:LONGEST] or None


def text_of_bytes(value: object) -> str | None:
    """What `ioreg` holds as bytes that end with a zero, or as text where it does. Only for what is
    never hexadecimal itself, as a serial may be.
    """
    if not isinstance(value, str) or not value.endswith("00"):
        return text(value)
    try:
        return text(bytes.fromhex(value).rstrip(b"\0").decode("ascii"))
    except ValueError:
        return text(value)
