"""Which addresses take more than a page's worth, from whom, and how many at once (T9).

Somebody who is signed in may send a sheet or a photograph; that takes more bytes and more time than
any form. A session is looked up before the body is read, one short question to the database, so a
stranger has only what everybody has. What comes is written to the disk, never held.
"""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from controller.serving.patience import ORDINARY, Allowance, Scope

AT_ONCE: Final = 8
"""Uploads that are under way; a whole school's office is fewer."""
SPARE_BYTES: Final = 512 * 1024 * 1024
"""What must stay free on the disk beside what is announced: reports go before papers."""
_COPIES: Final = 3
"""A file lies on the disk as the body, as Django's body, and as the part of the form it is."""
_MEGABYTE: Final = 1024 * 1024

SHEETS: Final = Allowance(64 * _MEGABYTE + 64 * 1024, 600.0, to_disk=True)
"""The largest sheet an import takes and the form around it, at 110 kB/s."""
PAPERS: Final = Allowance(12 * _MEGABYTE, 180.0, to_disk=True)
"""A paper or photograph of 10 MB and the form around it, at 70 kB/s: a telephone at the far end of
the school."""
ADDRESSES: Final = (
    (re.compile(r"/register/(?:people/)?import/(?:.*/)?"), SHEETS),
    (re.compile(r"/register/care/done/"), PAPERS),
    (re.compile(r"/register/care/steps/batch_[0-9A-Z]{26}/certificate/"), PAPERS),
    (re.compile(r"/register/licences/[\w-]+/"), PAPERS),
    (re.compile(r"/register/collections/coll_[0-9A-Z]{26}/(?:receipt|certificate)/"), PAPERS),
    (re.compile(r"/register/contractors/contr_[0-9A-Z]{26}/papers/[\w-]+/"), PAPERS),
    (re.compile(r"/register/asset_[0-9A-Z]{26}/papers/add/"), PAPERS),
    (re.compile(r"/register/disposal/disp_[0-9A-Z]{26}/(?:drives/[A-Z0-9]{1,64}/)?\w+/"), PAPERS),
    (re.compile(r"/register/licences/(?:new|lic_[0-9A-Z]{26})/"), PAPERS),
)
"""Whoever adds a page that takes a file adds its address."""

SignedIn = Callable[[str], bool]


class BusyError(Exception):
    """As many uploads are under way as there may be."""


class FullError(Exception):
    """The disk has no room for it."""


class Uploads:
    """Those of one process."""

    def __init__(self, signed_in: SignedIn, folder: Path) -> None:
        """`signed_in`: whether a request's `Cookie` is somebody's; `folder`: where bodies are
        written, on the disk that must keep room."""
        self._signed_in = signed_in
        self._folder = folder
        self.running = 0

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncIterator[Allowance]:
        """What this request may send. Raises BusyError and FullError."""
        allowance = asked_for(scope.method, scope.path)
        if allowance is None or not await self._may(scope):
            yield ORDINARY
            return
        if self.running >= AT_ONCE:
            raise BusyError
        if shutil.disk_usage(self._folder).free < SPARE_BYTES + _COPIES * allowance.most_bytes:
            raise FullError
        self.running += 1
        try:
            yield allowance
        finally:
            self.running -= 1

    def _may(self, scope: Scope) -> Awaitable[bool]:
        return asyncio.to_thread(self._signed_in, scope.headers.get("cookie", ""))


def asked_for(method: str, path: str) -> Allowance | None:
    """What an address takes beyond the ordinary; None for most."""
    if method != "POST":
        return None
    return next((most for address, most in ADDRESSES if address.fullmatch(path)), None)


def prepare(folder: Path) -> None:
    """Make the folder for bodies under way; what a killed server left in it goes."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.iterdir():
        left.unlink(missing_ok=True)
