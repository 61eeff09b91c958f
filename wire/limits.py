"""Every size limit that both ends keep (trust §4.4), in bytes unless a comment says otherwise.

A sender checks a limit before it signs, a receiver before it works: the cheapest check first, so
that refusing costs a stranger more than it costs us.
"""

from typing import Final

BODY_COMPRESSED: Final = 256 * 1024
BODY_INFLATED: Final = 1024 * 1024
PAYLOAD: Final = 64 * 1024
ENVELOPE: Final = (
    4 * ((PAYLOAD + 2) // 3) + 512
)  # base64 of the payload, two short strings, one signature
SECTION: Final = 512 * 1024
NOW_SECTION: Final = 16 * 1024
NOW_TOTAL: Final = 24 * 1024
"""All drifting sections of one report. Escaping at most doubles them, so a report that names its
content by digest always fits a payload."""

SECTIONS: Final = 64  # per report, twice as many as there will be domains
RESULTS: Final = 512  # per report
ROWS: Final = 5_000  # items in any one list of a section
DEPTH: Final = 16  # nested objects and lists
STRING: Final = 1_024  # characters in any one string, except an inlined NowSection body
INTEGER: Final = 2**53 - 1  # largest magnitude: what every JSON reader holds exactly
LATEST: Final = 253_402_300_799  # 9999-12-31T23:59:59Z: later seconds have no calendar date

CARRIED: Final = 16 * 1024
"""Characters of one envelope that travels as text inside another message."""

ADDRESSES: Final = 8  # of a controller, in a hello or in roots
ROOT_KEYS: Final = 16  # of one kind, in roots
FACTORS: Final = 16  # hardware facts in one enrolment
NOTE: Final = 128 * 1024  # a checkpoint with everybody's signatures; some kinds have 5 kB each
NOTE_SIGNATURES: Final = 16  # on one checkpoint; C2SP asks for as many
JOIN_CODE: Final = 512  # characters looked at when a person pastes one
