"""What both command lines do about where their words go: a pipe that was closed, a full disk, a
terminal of another alphabet.

None of that is worth a traceback, and none of it may turn help into an error of the program.
"""

import io
import os
import sys
from collections.abc import Callable
from typing import Final

COULD_NOT: Final = 1


def spoken(run: Callable[[], int]) -> int:
    """Run a whole command line; the exit code is returned, SystemExit passes through.

    Letters the terminal does not have become `?`. Whoever stops reading (`| head`) ends it quietly.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        try:
            return run()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        return _gave_up()
    except OSError as error:
        sys.stderr.write(f"This could not be written out: {error.strerror or error}.\n")
        return _gave_up()
    except KeyboardInterrupt:  # before or after the command itself, which says it in its own words
        sys.stderr.write("stopped\n")
        return COULD_NOT


def _gave_up() -> int:
    """Let Python's own last flush go nowhere, or it would complain once more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return COULD_NOT
