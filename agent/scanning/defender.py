r"""Microsoft Defender by `MpCmdRun.exe -Scan -ScanType 3 -File PATH -DisableRemediation`.

- Where it is: `InstallLocation` in `HKLM\SOFTWARE\Microsoft\Windows Defender`, the newest of
  `%ProgramData%\Microsoft\Windows Defender\Platform`.
- With `-DisableRemediation` nothing is removed, exclusions do not count, archives are looked into.
- Exit 0: nothing found. Exit 2: something found, or it could not scan. Which one, its own line says
  before any name of a file: `Scanning E:\ found 2 threats.`, or `CmdTool: Failed with hr = …`.
  Anything else is neither: never clean, and no accusation.
- It tells no progress and not how many files it scanned. Whether it follows a junction out of the
  drive nobody could try: whoever made the drive can at most have more of this computer scanned.

Never run on Windows: after Microsoft's documentation of the tool.
"""

import re
import threading
from typing import Final

from agent.scanning.result import Result, Told, Tree
from checks.host import CannotLook, Host, attempt
from checks.unseen import Unseen

KEY: Final = r"SOFTWARE\Microsoft\Windows Defender"
PLATFORM: Final = r"C:\ProgramData\Microsoft\Windows Defender\Platform"
INSTALLED: Final = r"C:\Program Files\Windows Defender"
PROGRAM: Final = "MpCmdRun.exe"
_LIST: Final = "LIST OF DETECTED THREATS"
_FOUND: Final = re.compile(r" found (no|[0-9]{1,9}) threats?\.$")
_FAILED: Final = re.compile(r"^CmdTool: Failed with hr = (0x[0-9A-Fa-f]{1,8})\b", re.MULTILINE)
_TICK: Final = 2.0


class Defender:
    """The command line of the antivirus every Windows has."""

    product: Final = "defender"
    name: Final = "Microsoft Defender"

    def __init__(self, host: Host, program: str) -> None:
        """`program`: the whole path of MpCmdRun.exe."""
        self._host = host
        self.program = program

    def scan(self, tree: Tree, told: Told) -> Result:
        """Scan all of it in one go; meanwhile say that it goes on."""
        argv = [self.program, "-Scan", "-ScanType", "3", "-File", tree.path, "-DisableRemediation"]
        over = threading.Event()

        def tick() -> None:
            while not over.wait(_TICK):
                told(0)

        ticking = threading.Thread(target=tick, daemon=True)
        ticking.start()
        try:
            ran = self._host.run(argv, timeout=int(tree.seconds))
        finally:
            over.set()
            ticking.join()
        return judged(ran.code, ran.out.decode("utf-8", "replace"), tree)


def judged(code: int, out: str, tree: Tree) -> Result:
    """What its exit code makes of it, and of two meanings of one code its own line."""
    head = out.partition(_LIST)[0]
    found = _threats(head, tree.path)
    skipped = tree.closed + tree.cut
    if code == 0 and not found:
        return Result("clean", None, 0, skipped)
    if code in (0, 2) and found:
        return Result("found", None, found, skipped)
    failed = _FAILED.search(head)
    why = f"it says {failed[1]}" if failed else f"it ended with code {code}"
    return Result("error", why=why)


def _threats(head: str, path: str) -> int | None:
    """The count of its own line about our path, which no name on the drive can stand before."""
    for line in head.splitlines():
        said = _FOUND.search(line.rstrip())
        if said and line.startswith(f"Scanning {path} found "):
            return 0 if said[1] == "no" else int(said[1])
    return None


def installed(host: Host) -> Defender | None:
    """The newest MpCmdRun.exe there is."""
    for folder in _folders(host):
        program = rf"{folder}\{PROGRAM}"
        there = attempt(host.stat, program)
        if there and not isinstance(there, Unseen) and there.kind == "file":
            return Defender(host, program)
    return None


def _folders(host: Host) -> list[str]:
    key = attempt(host.registry, "HKLM", KEY)
    said = None if key is None or isinstance(key, Unseen) else key.values.get("installlocation")
    first = [str(said.data).rstrip("\\")] if said and said.type in ("sz", "expand_sz") else []
    try:
        names = host.list(PLATFORM) or []
    except CannotLook:
        names = []
    newest = sorted((name for name in names if _version(name)), key=_version, reverse=True)
    return [*first, *(rf"{PLATFORM}\{name}" for name in newest), INSTALLED]


def _version(name: str) -> list[int]:
    """Numbers of `4.18.24090.11-0`, none for a folder of another kind."""
    numbers = re.split(r"[.-]", name)
    return [int(one) for one in numbers] if all(one.isdecimal() for one in numbers) else []
