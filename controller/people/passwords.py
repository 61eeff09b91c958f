"""How passwords are hashed: Argon2id at OWASP's figures, a few at a time.

Anybody may ask to sign in, and each attempt costs what a hash costs. At Django's own figures
(100 MiB each) fifty attempts at once took 1.6 GB and 40 s of a small server, from which all pages
and all reports suffered. So hashes take turns, and wait for theirs without memory.
"""

import threading
from typing import Final

from django.contrib.auth.hashers import Argon2PasswordHasher

AT_ONCE: Final = 2
_turn: Final = threading.BoundedSemaphore(AT_ONCE)


class TurnsHasher(Argon2PasswordHasher):
    """Argon2id with 46 MiB, one pass, one lane (OWASP Password Storage, first choice)."""

    time_cost = 1
    memory_cost = 46 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Hash in turn."""
        with _turn:
            encoded: str = super().encode(password, salt)
            return encoded

    def verify(self, password: str, encoded: str) -> bool:
        """Compare in turn."""
        with _turn:
            fits: bool = super().verify(password, encoded)
            return fits
