"""Runs one program of Windows for a reader: no shell, fixed environment, bounded time and output.

Only programs from places that administrators alone can change: what we run, we run as SYSTEM. A
name without a folder means System32. Traps: a 32-bit Python sees SysWOW64 in System32's place; a
batch file would be read by a shell; pipes cannot be waited for with a timeout, so threads read
them.
"""

import ntpath
import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from typing import IO, Final

from agent.hosts.windows import paths
from checks.host import OUTPUT_LIMIT, CannotLook, Ran

_KEPT: Final = (
    *("SystemRoot", "SystemDrive", "windir", "ProgramData", "ProgramFiles", "ProgramFiles(x86)"),
    *("ProgramW6432", "CommonProgramFiles", "PROCESSOR_ARCHITECTURE", "NUMBER_OF_PROCESSORS"),
    *("TEMP", "TMP", "COMPUTERNAME", "ALLUSERSPROFILE", "PUBLIC"),
)
_ERRORS_KEPT: Final = 64 * 1024
_CREATE_NO_WINDOW: Final = 0x08000000
_BELOW_NORMAL: Final = 0x00004000
"""BELOW_NORMAL_PRIORITY_CLASS"""
FLAGS: Final = _CREATE_NO_WINDOW | _BELOW_NORMAL


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """What programs are given: Windows' own places and nothing of the caller's."""
    wanted = {name.upper(): name for name in _KEPT}
    kept = {wanted[name.upper()]: v for name, v in given.items() if name.upper() in wanted}
    root = kept.get("SystemRoot", r"C:\Windows")
    kept["SystemRoot"] = kept["windir"] = root
    kept["PATH"] = ";".join([rf"{root}\System32", root, rf"{root}\System32\Wbem"])
    kept["PATHEXT"] = ".EXE"
    return kept


def found(program: str, environment: Mapping[str, str], system: paths.System) -> str:
    """The whole path of a program. Raises CannotLook."""
    root = environment["SystemRoot"]
    native = rf"{root}\System32"
    if environment.get("PROCESSOR_ARCHITECTURE") == "x86" and "ProgramW6432" in environment:
        native = rf"{root}\Sysnative"  # we are a 32-bit program on a 64-bit Windows
    path = program if ntpath.dirname(program) else rf"{native}\{program}"
    if not path.lower().endswith(".exe"):
        raise CannotLook("unsupported", f"not a program: {program[:80]}")
    # Sysnative is no folder that can be looked at: it is System32 by another name.
    seen = path.replace(rf"{root}\Sysnative", rf"{root}\System32", 1)
    info = paths.look(seen, system)
    if info is None or paths.is_link(info):
        raise CannotLook("tool-missing", program)
    safe = [native, rf"{root}\System32", rf"{root}\SysWOW64", *_installed(environment)]
    if not any(path.lower().startswith(f"{folder}\\".lower()) for folder in safe):
        raise CannotLook("denied", f"others than administrators can change {program[:200]}")
    return path


def _installed(environment: Mapping[str, str]) -> list[str]:
    data = environment.get("ProgramData", r"C:\ProgramData")
    names = ("ProgramFiles", "ProgramFiles(x86)", "ProgramW6432")
    places = [environment[name] for name in names if name in environment]
    # Defender updates itself into a place that only SYSTEM and administrators can change.
    return [*places, rf"{data}\Microsoft\Windows Defender\Platform"]


def run(argv: Sequence[str], timeout: float, environment: Mapping[str, str], program: str) -> Ran:
    """Run to the end or the timeout.

    Raises CannotLook: tool-missing, denied, timeout, too-large.
    """
    try:
        child = subprocess.Popen(
            [program, *argv[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ntpath.dirname(program) if os.name == "nt" else None,
            env=dict(environment),
            creationflags=FLAGS if os.name == "nt" else 0,
        )
    except PermissionError as error:
        raise CannotLook("denied", program) from error
    except OSError as error:
        raise CannotLook("tool-missing", program) from error
    out, err = bytearray(), bytearray()
    readers = [
        threading.Thread(target=_kept, args=(pipe, into, most, child), daemon=True)
        for pipe, into, most in ((child.stdout, out, OUTPUT_LIMIT), (child.stderr, err, 0))
    ]
    for reader in readers:
        reader.start()
    try:
        code = _waited(child, time.monotonic() + timeout)
    except subprocess.TimeoutExpired as error:
        raise CannotLook("timeout", program) from error
    finally:
        _end(child)
        for reader in readers:
            reader.join(1)  # a grandchild may hold the pipe; what was said until now is the answer
    if len(out) > OUTPUT_LIMIT:
        raise CannotLook("too-large", program)
    return Ran(code, bytes(out), bytes(err[:_ERRORS_KEPT]))


def _waited(child: "subprocess.Popen[bytes]", until: float) -> int:
    """Its exit code. In slices: Ctrl-C does not come through while Windows waits.

    Raises TimeoutExpired.
    """
    while True:
        left = until - time.monotonic()
        try:
            return child.wait(max(0.0, min(left, 1.0)))
        except subprocess.TimeoutExpired:
            if left <= 1.0:
                raise


def _kept(pipe: IO[bytes], into: bytearray, most: int, child: "subprocess.Popen[bytes]") -> None:
    """Read a pipe to its end; a program that says more than `most` (0: any) is ended."""
    try:
        while piece := os.read(pipe.fileno(), 65536):
            if most or len(into) < _ERRORS_KEPT:
                into += piece
            if most and len(into) > most:
                _end(child)
                return
    except (OSError, ValueError):
        return  # closed under us
    finally:
        pipe.close()


def _end(child: "subprocess.Popen[bytes]") -> None:
    """The program and all it started; without a job object, those whose parent it still is."""
    import psutil

    if child.poll() is not None:
        return
    try:
        family = psutil.Process(child.pid).children(recursive=True)
    except psutil.Error:
        family = []
    for one in family:
        try:
            one.kill()
        except psutil.Error:
            continue  # gone already
    child.kill()
    child.wait()
