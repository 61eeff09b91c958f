"""The signed bytes of every message are what they were, and every released golden file still
opens.
"""

import pytest

from tests.wire import golden, samples
from wire import dsse, frame, merkle, note, sshsig, types


def test_every_golden_file_is_what_the_code_writes_today() -> None:
    written = {path.name: path.read_bytes() for path in golden.FOLDER.iterdir() if path.is_file()}
    wanted = golden.expected().keys() | {*golden.FRAMES.values(), golden.FROZEN.name}
    assert written.keys() == wanted
    changed = [name for name, data in golden.expected().items() if written[name] != data]
    assert changed == []


def test_version_1_is_frozen() -> None:
    """Every agent in a school would be refused: a change takes a new version of a payload type."""
    assert golden.digests() == golden.frozen()


@pytest.mark.parametrize("name", samples.SAMPLES)
def test_a_golden_message_opens_to_its_struct(name: str) -> None:
    data = (golden.FOLDER / f"{name}.dsse.json").read_bytes()
    sample = samples.SAMPLES[name]
    assert sample.open(dsse.parse(data)) == sample.message


@pytest.mark.parametrize("version", golden.FRAMES)
def test_a_frame_written_once_unpacks_for_ever(version: int) -> None:
    packed = (golden.FOLDER / golden.FRAMES[version]).read_bytes()
    assert packed[0] == version
    assert frame.unpack(packed) == samples.SAMPLES["report-unchanged"].envelope


def test_a_golden_checkpoint_opens_fits_its_lines_and_bears_its_ssh_signature() -> None:
    data, signature, lines = (
        (golden.FOLDER / name).read_bytes()
        for name in ("checkpoint", "checkpoint.sig", "entries.txt")
    )
    opened = note.open_note(data, samples.LOG_NAME, samples.LOG_PUBLIC)
    assert opened == samples.CHECKPOINT
    assert opened.root == merkle.root([merkle.leaf(line) for line in lines.splitlines()])
    sshsig.check(data, signature, samples.SSH_NAMESPACE, samples.LOG_PUBLIC)


def test_every_payload_type_in_use_has_a_golden_message() -> None:
    in_use = {types.REPORT, types.ENROL, types.ENROLMENT, types.HELLO, types.RECEIPT, types.PROBLEM}
    in_use |= {
        types.ROOTS,
        types.REKEY,
        types.READMIT,
        types.POLICY,
        types.SCOPE,
        types.CREDENTIALS,
    }
    assert {sample.kind for sample in samples.SAMPLES.values()} == in_use
