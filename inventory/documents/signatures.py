"""Signatures: a line drawn on a screen, or a name typed and a tick set where none can be drawn.

`from_form` reads what the template `parts/sign.html` sends; what it gives goes to `services.keep`
as kind `signature`.
"""

import base64
import binascii
import io
from collections.abc import Mapping
from typing import Final

from PIL import Image

from checks.words import clean
from inventory.assets.errors import RegisterError
from inventory.documents import pictures

DRAWN: Final = "signature"
TYPED: Final = "signature_name"
TICKED: Final = "signature_agreed"
"""Names of the form's fields."""
MOST_CHARACTERS: Final = 200_000
"""Of the drawing as it is sent; Django takes 256 KB of form in all."""
LONGEST_NAME: Final = 120
_HEAD: Final = "data:image/png;base64,"
_MOST_POINTS: Final = 4_000_000
_SIDE: Final = 800
_DARK: Final = 160
"""Of 255: paler is paper."""
_LEAST_LONG: Final = 1 / 12
"""A line reaches over so much of the pad's longer side, or it is a slip of the finger."""
_MOST_INK: Final = 0.4
"""More of the pad than this is a blot, or a picture of something else."""


def from_form(form: Mapping[str, str]) -> bytes:
    """The signature of a form that was sent; a drawing goes before a typed name. Raises
    RegisterError, whose `field` is the one to fill in."""
    if given := form.get(DRAWN, ""):
        return drawn(given)
    return typed(form.get(TYPED, ""), ticked=bool(form.get(TICKED)))


def typed(name: str, *, ticked: bool) -> bytes:
    """A name as a signature. Raises RegisterError unless there is one and the tick is set."""
    plain = clean(name, LONGEST_NAME).strip()
    if sum(c.isalpha() for c in plain) < 2:
        raise RegisterError("no_signature", "Sign first: draw, or type your name.", TYPED)
    if not ticked:
        raise RegisterError("no_signature", "Tick that the typed name is your signature.", TICKED)
    return f"Signed by typing a name: {plain}\n".encode()


def drawn(field: str) -> bytes:
    """A drawing, black on white, cut to the line. `field`: a PNG as a data address. Raises
    RegisterError for what is no drawn line."""
    ink = _ink(field)
    box = ink.getbbox()
    if box is None:
        raise _refused("Nothing was drawn. Sign again.")
    across, down = box[2] - box[0], box[3] - box[1]
    if max(across, down) < max(ink.size) * _LEAST_LONG:
        raise _refused("That is a dot, not a signature. Sign again.")
    if ink.histogram()[255] > ink.width * ink.height * _MOST_INK:
        raise _refused("That is a blot, not a signature. Clear it and sign again.")
    line = ink.crop(box)
    line.thumbnail((_SIDE, _SIDE))
    paper = Image.new("L", (line.width + 16, line.height + 16), 255)
    paper.paste(0, (8, 8), line)
    out = io.BytesIO()
    paper.save(out, "PNG", optimize=True)
    return out.getvalue()


def _ink(field: str) -> Image.Image:
    """255 where a line is, 0 where paper is."""
    if len(field) > MOST_CHARACTERS or not field.startswith(_HEAD):
        raise _refused("The drawing did not arrive. Clear it and sign again.")
    try:
        data = base64.b64decode(field.removeprefix(_HEAD), validate=True)
        with Image.open(io.BytesIO(data), formats=("PNG",)) as picture:
            if picture.width * picture.height > _MOST_POINTS:
                raise _refused("The drawing is too large. Clear it and sign again.")
            clear = picture.convert("RGBA")
    except (binascii.Error, *pictures.BROKEN) as error:
        raise _refused("The drawing did not arrive whole. Clear it and sign again.") from error
    paper = Image.new("RGBA", clear.size, "white")
    paper.alpha_composite(clear)
    return paper.convert("L").point(lambda level: 255 if level < _DARK else 0)


def _refused(sentence: str) -> RegisterError:
    return RegisterError("no_signature", sentence, DRAWN)
