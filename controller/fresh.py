"""How old a computer's last report may be: one number for pages, commands and the closing night."""

from typing import Final

FRESH_SECONDS: Final = 36 * 3_600
"""A report no older than this closes the night (DESIGN §5)."""
