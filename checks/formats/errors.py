"""What every parser raises for bytes it cannot read."""


class ParseError(Exception):
    """The bytes do not follow the format; the reader makes it `Unseen("parse-error")`."""
