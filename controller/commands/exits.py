"""What a command's exit code says."""

from typing import Final

OK: Final = 0
"""Done, and nothing failed."""
COULD_NOT: Final = 1
"""Could not run."""
FAILED: Final = 2
"""Done, and a check failed."""
USAGE: Final = 64
"""Called wrongly."""
