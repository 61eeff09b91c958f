"""The one exception that everything in `wire` raises: a stable code and one clear sentence.

Traps: the sentence may reach a terminal, a log line or a page, or be signed into a problem, so text
quoted from a stranger's bytes is cleaned and cut here, once, and callers need not think of it.
"""

import unicodedata

_SENTENCE = 300


class WireError(ValueError):
    """Bytes or values that both ends have agreed to refuse.

    A `ValueError`, so that a check made while a struct is being built keeps its meaning when
    msgspec reports it as a validation error.

    `code` is one of `CODES` and never changes its meaning; `sentence` says what is wrong and, where
    a person can help, what to do. Intake answers `problem.code_for(error)`, which hides from a
    stranger what only the owner of a key may learn.
    """

    def __init__(self, code: str, sentence: str) -> None:
        if code not in CODES:
            raise AssertionError(f"{code!r} is not a code that wire may raise")
        self.code = code
        shown = "".join(
            one if one.isprintable() else "\N{REPLACEMENT CHARACTER}"
            for one in sentence[:_SENTENCE]
        )
        self.sentence = unicodedata.normalize("NFC", shown)[:_SENTENCE]
        super().__init__(self.sentence)


CODES = frozenset(
    {
        "bad_digest",  # bytes that do not hash to the name they came under
        "bad_join_code",  # a join code that cannot be read
        "bad_key",  # a public key that must not be used
        "bad_signature",  # a signature that does not fit; strangers are told unknown_key
        "bad_token",  # the proof that a join code is held does not fit
        "bad_type",  # signed, but as another kind of message
        "malformed",  # not the envelope, the gzip or the JSON it should be
        "not_canonical",  # the right values in bytes that are not the one agreed spelling
        "old_roots",  # a list of keys older than the one held, or another under its number
        "schema",  # the right JSON with a field missing, unknown or out of bounds
        "unproven",  # no proof that a controller let this computer in; told as unknown_key
        "too_large",  # over a limit of wire/limits.py
        "wrong_controller",  # a controller key that the join code does not name
    }
)
