"""No judge: a computer alone cannot tell whose an access point is."""

from typing import Final

from checks.judging import Judge

JUDGES: Final[tuple[Judge, ...]] = ()
