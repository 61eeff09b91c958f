"""Meet every type once before threads do.

msgspec works out what a struct looks like when the first message of it is read, and puts the struct
into its cache before it is done. A second thread that reads one at that moment ends the whole
process (a null pointer, seen with msgspec 0.22.0 on CPython 3.11). So whoever starts threads calls
`prepare` first, with everything imported that they will read.
"""

import msgspec


def prepare() -> int:
    """Work out every struct that is imported by now; how many there are."""
    seen: set[type] = set()
    left: list[type] = [msgspec.Struct]
    while left:
        for kind in left.pop().__subclasses__():
            if kind not in seen:
                seen.add(kind)
                left.append(kind)
                _work_out(kind)
    return len(seen)


def _work_out(kind: type) -> None:
    try:
        msgspec.json.Decoder(kind)
    except (TypeError, NameError):
        return  # only ever written, or half of another type: nobody reads it
