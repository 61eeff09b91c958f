"""Fuzz one target, or each for a while: `python -m tests.fuzz TARGET|all [SECONDS]`.

Needs atheris, which is no part of the development packages (130 MB): `pip install atheris` into an
environment of its own together with the base install, and run from the checkout. Each target runs
in a process of its own, with two seconds of processor time and 512 MB for one input; a find is left
as `TARGET-crash-…` in the folder and should become a test.
"""

import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

SECONDS: Final = 60
SLOW_SECONDS: Final = 2
"""Of processor time for one input: libFuzzer's own clock goes on while a busy machine waits."""
LIMITS: Final = ("-timeout=900", "-rss_limit_mb=512", "-max_len=8192", "-print_final_stats=1")


def fuzz(name: str, seconds: int, folder: Path) -> int:
    """Hand over to libFuzzer; it ends the process. 64 if there is no such target.

    Trap: what was imported before this is not instrumented, and then the fuzzer sees nothing and
    tries at random (`corp: 1/1b` in its last line).
    """
    import atheris  # type: ignore[import-not-found]  # not among the development packages

    atheris.enabled_hooks.add("str")
    with atheris.instrument_imports(include=["wire", "checks"]):
        from tests.fuzz import targets
    if name not in targets.TARGETS:
        print(f"Targets: all, {', '.join(targets.TARGETS)}", file=sys.stderr)
        return 64

    def stop(number: int, frame: object) -> None:
        raise TimeoutError(f"one input took {SLOW_SECONDS} seconds")

    signal.signal(signal.SIGVTALRM, stop)

    def one(data: bytes) -> None:
        signal.setitimer(signal.ITIMER_VIRTUAL, SLOW_SECONDS)
        targets.run(name, data)

    corpus = folder / name
    corpus.mkdir(parents=True, exist_ok=True)
    for place, seed in enumerate(targets.seeds(name)):
        (corpus / f"seed-{place}").write_bytes(seed)
    known = "".join(f'"{_escaped(word)}"\n' for word in targets.words(name))
    (folder / f"{name}.words").write_text(known, "ascii")
    found = [
        f"-dict={folder}/{name}.words",
        f"-max_total_time={seconds}",
        f"-artifact_prefix={folder}/{name}-",
    ]
    atheris.Setup([sys.argv[0], str(corpus), *found, *LIMITS], one)
    atheris.Fuzz()
    return 0


def _escaped(word: bytes) -> str:
    """As libFuzzer reads a dictionary."""
    return "".join(f"\\x{one:02x}" for one in word)


def main(words: list[str]) -> int:
    """One target here, or all of them one after the other."""
    name = words[0] if words else ""
    seconds = int(words[1]) if len(words) > 1 else SECONDS
    if name != "all":
        return fuzz(name, seconds, Path(words[2]) if len(words) > 2 else Path(tempfile.mkdtemp()))
    from tests.fuzz import targets

    folder = Path(words[2]) if len(words) > 2 else Path(tempfile.mkdtemp(prefix="caretaker-fuzz-"))
    failed = []
    for target in targets.TARGETS:
        command = [sys.executable, "-m", "tests.fuzz", target, str(seconds), str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        stats = [line for line in done.stderr.splitlines() if "number_of_executed" in line]
        print(f"{target}: {stats[0].split()[-1] if stats else '?'} runs, exit {done.returncode}")
        if done.returncode:
            failed.append(target)
            print(done.stderr[-2_000:])
    print(f"finds in {folder}: {', '.join(failed) or 'none'}")
    return 2 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
