"""A switch's command line for a test: started by a real SSH server for whoever logs in.

Run as a program: `command_line.py FOLDER`. In FOLDER lie `prompt`, answers (`show version` → the
file `show_version`), and, where it has one, `banner` (shown before any key is pressed) and `page`
(lines of a page until paging is switched off). What was typed is written down in `typed`.
"""

import sys
import termios
import tty
from pathlib import Path

MORE = "\x1b[7m--More--\x1b[m"


def main(folder: Path) -> None:
    """Answer until somebody hangs up."""
    sys.stdin.reconfigure(newline="\n")  # type: ignore[union-attr]  # a text file over a terminal
    _quiet_terminal()
    prompt, page = _text(folder, "prompt"), int(_text(folder, "page") or 0)
    if banner := _text(folder, "banner"):
        _say(banner)
        sys.stdin.read(1)
    while True:
        _say(f"\r\n{prompt}")
        line = sys.stdin.readline()
        if not line:
            return
        command = line.strip()
        _say(f"{command}\r\n")
        with (folder / "typed").open("a") as typed:
            typed.write(command + "\n")
        if command in ("terminal length 0", "no page"):
            page = 0
        else:
            _show(_text(folder, command.replace(" ", "_")) or "% Invalid input detected", page)


def _show(text: str, page: int) -> None:
    if text == "for ever":
        while True:
            _say("x" * 70 + "\r\n")
    for at, line in enumerate(text.splitlines(), 1):
        _say(line + "\r\n")
        if page and at % page == 0:
            _say(MORE)
            sys.stdin.read(1)
            _say("\r" + " " * 12 + "\r")


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _text(folder: Path, name: str) -> str:
    path = folder / name
    return path.read_text() if path.exists() else ""


def _quiet_terminal() -> None:
    """Every key at once and no echo but ours, as a switch does it."""
    if sys.stdin.isatty():
        tty.setcbreak(sys.stdin.fileno())
        settings = termios.tcgetattr(sys.stdin.fileno())
        settings[3] &= ~termios.ECHO
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, settings)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
