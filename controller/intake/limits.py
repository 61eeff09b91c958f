"""Sizes of a running intake; the sizes of messages are in `wire.limits`."""

from typing import Final

REQUEST_THREADS: Final = 64
"""Threads, at most, that read bodies and wait for the writer; they come and go with need. They hold
no lock and do no work, so many are cheap."""
