"""One installed program as a report names it."""

import hashlib

import msgspec


class Program(msgspec.Struct, frozen=True):
    """One installed program as reported."""

    name: str
    version: str
    platform: str
    source: str
    id: str = ""
    maker: str = ""
    system: bool = False

    def digest(self) -> str:
        """What tells it from every other."""
        told = "\0".join(str(value) for value in msgspec.structs.astuple(self))
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]
