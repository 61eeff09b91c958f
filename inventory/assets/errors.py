"""Why the register does not do what was asked; each says in a sentence what to do instead."""

from typing import Final


class RegisterError(Exception):
    """Refused; nothing was changed. `code` is stable, `field` names what was wrong, if one was."""

    def __init__(self, code: str, sentence: str, field: str = "") -> None:
        """`sentence` is for people."""
        super().__init__(sentence)
        self.code: Final = code
        self.sentence: Final = sentence
        self.field: Final = field


class StaleError(RegisterError):
    """Somebody else changed the entry since it was read; `fields` both of them touched."""

    def __init__(self, fields: list[str]) -> None:
        """`fields` may be empty where only the version differs."""
        super().__init__(
            "stale", "Somebody else changed this entry meanwhile. Look at it again, then save."
        )
        self.fields: Final = fields
