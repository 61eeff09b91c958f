"""Whatever somebody sends as evidence is judged or refused: never a fault, never taken by luck."""

from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.disposal.proof import reading
from inventory.disposal.proof.judging import SENTENCES, Accepted, NeedsPerson, Refused, judged_file
from tests.checks.formats.nwipe_logs import LATER, log
from tests.checks.formats.test_erasure_formats import (
    HDPARM,
    SANITIZED,
    SANITIZED_JSON,
    blancco,
    erasure,
)
from tests.checks.formats.test_nwipe_pdf import pdf
from tests.inventory.disposal.proof.cases import RULES, WINDOW, medium

SEEDS = (
    *(log("zero"), log("one-failed"), log("quiet"), LATER.encode()),
    *(pdf(), blancco(erasure("CT24K7A0")), SANITIZED.encode(), SANITIZED_JSON.encode()),
    *(HDPARM.encode(), b"Serial,Status,Date\nCT24K7A0,Erased,22/11/2026\n"),
)
PIECES = (b"", b"\0", b"\n", b"9" * 30, b"-", b"\xff\xfe", b"<", b"(", b"/dev/loop0", b"   error: ")
EDIT = st.tuples(st.integers(0, 1 << 14), st.sampled_from((0, 1, 3, 80)), st.sampled_from(PIECES))


@settings(max_examples=120)
@given(seed=st.sampled_from(SEEDS), edits=st.lists(EDIT, max_size=4))
def test_any_bytes_are_judged_or_refused(seed: bytes, edits: list[tuple[int, int, bytes]]) -> None:
    data = seed
    for place, cut, piece in edits:
        at = place % (len(data) + 1)
        data = data[:at] + piece + data[at + cut :]
    found = reading.read(data)
    if not isinstance(found, reading.Reading):
        assert found.sentence.endswith(".")
        return
    said = judged_file(found.claims, medium("NEVER1NAMED"), RULES, WINDOW)
    assert isinstance(said, Refused | NeedsPerson)
    assert len(said.line) <= 300
    one = judged_file(found.claims, medium(), RULES, WINDOW)
    assert isinstance(one, Accepted | Refused | NeedsPerson)


def test_every_sentence_ends_and_blames_no_one() -> None:
    for sentence in SENTENCES.values():
        assert sentence.endswith(".")
        assert len(sentence) < 220
