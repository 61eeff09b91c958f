"""What comes of trying a test page of the school's: a closed set, and when (ADR 22)."""

from typing import Literal

import msgspec

Answered = Literal[
    "open",
    "block-page",
    "sinkhole",
    "proxy-refused",
    "no-name",
    "refused",
    "reset",
    "stranger",
    "refusal",
    "elsewhere",
    "silent",
    "no-line",
]
"""What came of trying a test page (ADR 22).

`open`: the site answered itself. `block-page`: words that the school says stand on its filter's
page. `sinkhole`: a public name with an address that is none. `proxy-refused`: the proxy would not.
`no-name`, `refused`, `reset`: no such name, nobody there, hung up. `stranger`: a certificate that
is not the site's. `refusal`: a status of refusal, whose is unknown. `elsewhere`: sent to another
site. `silent`: no answer in time. `no-line`: nothing could be tried.
"""


class Try(msgspec.Struct, frozen=True):
    """One test page by its host name."""

    name: str
    found: Answered


class Tried(msgspec.Struct, frozen=True):
    """The school's test pages, when they were last tried (epoch seconds UTC)."""

    at: int
    pages: list[Try]
