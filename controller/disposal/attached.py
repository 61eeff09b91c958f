"""The files that came with a form: kept by their digest, unchanged, before the step names them."""

from typing import Any, Final

from django.http import HttpRequest

from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.disposal.proof import storing

MOST_FILES: Final = 8
MOST_BYTES: Final = 10 * 1024 * 1024


class Attached:
    """Those of one request, kept when somebody asks for their digests."""

    def __init__(self, site_id: str, request: HttpRequest, by: By) -> None:
        """Nothing is read yet."""
        self._site_id, self._request, self._by = site_id, request, by

    def read(self, name: str = "evidence") -> list[tuple[str, bytes]]:
        """Names and contents. Raises RegisterError for too many or too large ones."""
        given: list[Any] = self._request.FILES.getlist(name)
        if len(given) > MOST_FILES:
            raise RegisterError("too_many", f"Add {MOST_FILES} files at most in one step.", name)
        found = []
        for one in given:
            data = one.read(MOST_BYTES + 1)
            if len(data) > MOST_BYTES:
                sentence = f"A file may have {MOST_BYTES >> 20} MB at most; one is larger."
                raise RegisterError("too_large", sentence, name)
            found.append((one.name or "", data))
        return found

    def kept(self, kind: str, name: str = "evidence") -> tuple[str, ...]:
        """Keep them; their digests. Raises RegisterError."""
        return tuple(
            storing.keep(self._site_id, kind, called, data, by=self._by).sha256
            for called, data in self.read(name)
        )
