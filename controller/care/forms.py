"""What people fill in about care."""

from collections.abc import Mapping
from typing import Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from inventory.care.doing import File, Mark, Told
from inventory.care.kinds import Wanted
from inventory.documents.contents import MOST_BYTES

_DIGITS: Final = 9
_LONGEST: Final = 4_000


def told(typed: Mapping[str, str]) -> Told:
    """Who did it, when, and a note."""
    return Told(*(typed.get(name, "")[:_LONGEST] for name in ("who", "on", "note")))


def marks(typed: Mapping[str, str]) -> dict[str, Mark]:
    """What came of each thing; what was not done is left out."""
    return {
        name: Mark(result, number(typed.get(f"seen-{name}", "")) or 0)
        for name, result in typed.items()
        if name.startswith("care_") and len(name) <= 32 and result
    }


def seen(typed: HttpRequest) -> dict[str, int | None]:
    """Entries that were ticked, and which event of each was the last on the screen."""
    pairs = (one.partition(":") for one in typed.POST.getlist("thing"))
    return {id_[:32]: number(seq) or 0 for id_, _, seq in pairs}


def certificate(request: HttpRequest) -> File | None:
    """The file that was chosen, if one was."""
    given = request.FILES.get("certificate")
    if not isinstance(given, UploadedFile):
        return None
    return File(given.name or "", given.read(MOST_BYTES + 1))


def kind(typed: Mapping[str, str]) -> Wanted:
    """A kind of care as it was typed; 0 for what is no number."""
    return Wanted(
        typed.get("name", "")[:_LONGEST],
        number(typed.get("every", "").strip()) or 0,
        typed.get("unit", "")[:16],
        bool(typed.get("certificate")),
    )


def number(text: str) -> int | None:
    """A whole number that was typed; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None
