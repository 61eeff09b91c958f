"""`repomd.xml` of an rpm repository: which lists it has and when its maker made each."""

from typing import Final

from checks.formats.errors import ParseError

_NAMES: Final = "{http://linux.duke.edu/metadata/repo}"


def parse(data: bytes) -> dict[str, int]:
    """Kind of list (`primary`, `updateinfo`, …) → epoch seconds; 0 where it says no time.

    Raises ParseError.
    """
    from xml.etree import ElementTree  # loaded on a machine with rpm repositories only

    if b"<!" in data.replace(b"<!--", b""):
        raise ParseError("a document type or entity")
    try:
        root = ElementTree.fromstring(data)  # noqa: S314  (no document type gets here: no entities)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise ParseError(str(error)) from error
    if root.tag != f"{_NAMES}repomd":
        raise ParseError("not a repository's list of lists")
    return {
        kind: _seconds(part.findtext(f"{_NAMES}timestamp") or "")
        for part in root.iter(f"{_NAMES}data")
        if (kind := part.get("type", ""))
    }


def _seconds(text: str) -> int:
    """Some makers write a fraction."""
    whole = text.strip().partition(".")[0]
    return int(whole) if whole.isascii() and whole.isdigit() and len(whole) < 12 else 0
