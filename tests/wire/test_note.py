"""A checkpoint is C2SP's signed note: ours are read by others, theirs by us, and no byte may
change.
"""

import base64
import hashlib
import random
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from tests import needs
from tests.wire import samples
from tests.wire.refusals import ACCEPTED, code
from tests.wire.test_tamper import damaged
from wire import keys, limits, merkle, note
from wire.errors import WireError

KEY, PUBLIC = samples.CONTROLLER_KEY, samples.CONTROLLER_PUBLIC
NAME = "caretaker.site_01JD9YBXRZ8QK2M4N6P8R0S2T4/evidence"
ROOT = merkle.root([merkle.leaf(b"a line")])
CHECKPOINT = note.Checkpoint(NAME, 110_000, ROOT)
SIGNED = note.write(CHECKPOINT, NAME, KEY)
TEXT = f"{NAME}\n110000\n{base64.b64encode(ROOT).decode()}\n"


def opens(data: bytes | str, name: str = NAME, public: bytes = PUBLIC) -> str:
    """Say how a note was answered."""
    raw = data if isinstance(data, bytes) else data.encode()
    return code(lambda: note.open_note(raw, name, public))


def line(text: str, name: str = NAME, key: Ed25519PrivateKey = KEY) -> str:
    """Sign any text, checkpoint or not: one signature line."""
    blob = note.key_id(name, keys.public_bytes(key)) + key.sign(text.encode())
    return f"— {name} {base64.b64encode(blob).decode()}\n"


def test_a_checkpoint_is_three_lines_an_empty_one_and_a_signature() -> None:
    text, empty, signature = SIGNED.decode().partition("\n\n")
    assert (text + "\n", empty) == (TEXT, "\n\n")
    dash, name, encoded = signature.removesuffix("\n").split(" ")
    raw = base64.b64decode(encoded)
    assert (dash, name, len(raw)) == ("\u2014", NAME, 4 + 64)
    assert raw[:4] == hashlib.sha256(NAME.encode() + b"\n\x01" + PUBLIC).digest()[:4]
    KEY.public_key().verify(raw[4:], TEXT.encode())
    assert note.open_note(SIGNED, NAME, PUBLIC) == CHECKPOINT
    assert note.text(CHECKPOINT) == TEXT.encode()


def test_a_key_that_hands_over_and_the_next_one_sign_the_same_text() -> None:
    next_key, next_public = samples.STRANGER_KEY, samples.STRANGER_PUBLIC
    both = note.cosign(SIGNED, NAME, next_key)
    assert both.startswith(SIGNED)
    for public in (PUBLIC, next_public):
        assert note.open_note(both, NAME, public) == CHECKPOINT
    assert opens(SIGNED, public=next_public) == "bad_signature"
    full = SIGNED + line(TEXT).encode() * (limits.NOTE_SIGNATURES - 1)
    assert code(lambda: note.cosign(full, NAME, next_key)) == "too_large"
    for no_note in (b"", TEXT.encode(), SIGNED[:-1], SIGNED.replace(b"110000", b"0110000")):
        with pytest.raises(WireError, match=r"text, an empty line|signature|three lines"):
            note.cosign(no_note, NAME, next_key)
    assert [note.count(one.decode()) for one in (SIGNED, both, full)] == [1, 2, 16]


def test_what_a_note_says_can_be_read_without_a_key_and_nothing_else_can() -> None:
    assert note.read(SIGNED) == note.read(SIGNED + line("another text").encode()) == CHECKPOINT
    for no_note in (b"", TEXT.encode(), SIGNED[:-1], SIGNED.replace(b"110000", b"-1"), b"\xff"):
        with pytest.raises(WireError):
            note.read(no_note)


# Published by others: the key and note of golang.org/x/mod/sumdb/note, and signed tree heads of the
# Go checksum database, the second with a witness's signature of another kind below it.
GO_NAME, GO_ORIGIN = "sum.golang.org", "go.sum database tree"
GO_KEY = "033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
GO_HEADS = [  # size, root, signers and what they signed
    (
        6476701,
        "mb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=",
        """sum.golang.org
        Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+1xbFIGu95949rj4nPRYfvimWEPWL+o3GeoWwOoAw=""",
    ),
    (
        15067302,
        "gJyioq6dwR9n+NjEWORfYmH+ubeYm3kH42BBQ0bTpYI=",
        """sum.golang.org
        Az3grp1rvWOs5NKlr/xR4GLN/CDyzzakmt1o61uSxYKpK1SerqOP2ClbX/peKUZjYnyomH5Xz7GZG3TpB7OeKn4E2ww=
        test.example.com
        qTGhC/xIPQ0AXKHK6Y+9ypRfuvMZWPjRXM8NiOg5M1WREn07VQXyuIXM3NRNav3ieVFLUqDRK77PWDmL6w8w84UqeAw=""",
    ),
]
PETER_KEY = "c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SIGNED = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.
"""
PETER_SIGNATURES = """PeterNeumann
x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="""


def assembled(text: str, signatures: str) -> bytes:
    """Put a published note together from its text and what stands in its signature lines."""
    words = signatures.split()
    pairs = zip(words[::2], words[1::2], strict=True)
    return (f"{text}\n" + "".join(f"— {name} {raw}\n" for name, raw in pairs)).encode()


def published(key: str) -> tuple[str, bytes]:
    """Read the id and the public key of a published verifier key."""
    named, _, encoded = key.partition("+")
    raw = base64.b64decode(encoded)
    assert raw[:1] == note.ED25519
    return named, raw[1:]


@pytest.mark.parametrize(("size", "root", "signatures"), GO_HEADS, ids=["alone", "witnessed"])
def test_a_signed_head_of_the_go_checksum_database_opens(
    size: int, root: str, signatures: str
) -> None:
    named, public = published(GO_KEY)
    assert note.key_id(GO_NAME, public).hex() == named
    head = f"{GO_ORIGIN}\n{size}\n{root}\n"
    data = assembled(head, signatures)
    wanted = note.Checkpoint(GO_ORIGIN, size, base64.b64decode(root))
    assert note.open_note(data, GO_NAME, public, origin=GO_ORIGIN) == wanted
    assert note.text(wanted) == head.encode()
    assert opens(data, GO_NAME, public) == "bad_type"  # the origin is not the key's name
    altered = data.replace(str(size).encode(), str(size + 1).encode())
    assert opens(altered, GO_NAME, public) == "bad_signature"


def test_a_published_note_that_is_no_checkpoint_verifies_and_is_then_refused() -> None:
    named, public = published(PETER_KEY)
    assert note.key_id("PeterNeumann", public).hex() == named
    data = assembled(PETER_SIGNED, PETER_SIGNATURES)
    assert opens(data, "PeterNeumann", public) == "schema"
    assert opens(data.replace(b"your", b"my"), "PeterNeumann", public) == "bad_signature"


def test_openssl_verifies_the_text_of_a_checkpoint(tmp_path: Path) -> None:
    openssl = needs.program("openssl", package="openssl")
    (tmp_path / "log.pem").write_bytes(
        KEY.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    encoded = SIGNED.decode().rstrip("\n").rpartition(" ")[2]
    (tmp_path / "sig").write_bytes(base64.b64decode(encoded)[4:])

    def verifies(text: bytes) -> bool:
        (tmp_path / "text").write_bytes(text)
        verify = ["-verify", "-pubin", "-inkey", "log.pem", "-rawin", "-in", "text"]
        done = subprocess.run(
            [openssl, "pkeyutl", *verify, "-sigfile", "sig"],
            cwd=tmp_path,
            capture_output=True,
            check=False,
            timeout=60,
        )
        return done.returncode == 0 and b"Verified Successfully" in done.stdout

    assert verifies(TEXT.encode())
    assert not verifies(TEXT.replace("110000", "110001").encode())
    assert not verifies(TEXT.encode() + b"\n")


def test_no_damaged_checkpoint_opens() -> None:
    tried = 0
    for data in damaged(SIGNED):
        tried += 1
        assert opens(data) != ACCEPTED, data
    assert tried >= 10 * len(SIGNED)


def test_no_truncated_or_extended_checkpoint_opens() -> None:
    for length in range(len(SIGNED)):
        assert opens(SIGNED[:length]) != ACCEPTED
    for more in (b" ", b"\n", b"\0", b"\r\n", b"x", b"x\n", b"\n\n", TEXT.encode()):
        assert opens(SIGNED + more) != ACCEPTED
        assert opens(more + SIGNED) != ACCEPTED
    assert opens(SIGNED.replace(b"\n", b"\r\n")) == "malformed"
    assert opens(b"\xef\xbb\xbf" + SIGNED) != ACCEPTED


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (f"{NAME}\n0110000\n{base64.b64encode(ROOT).decode()}\n", "schema"),
        (f"{NAME}\n+110000\n{base64.b64encode(ROOT).decode()}\n", "schema"),
        (f"{NAME}\n-1\n{base64.b64encode(ROOT).decode()}\n", "schema"),
        (f"{NAME}\n11 0000\n{base64.b64encode(ROOT).decode()}\n", "schema"),
        (f"{NAME}\n1_000\n{base64.b64encode(ROOT).decode()}\n", "schema"),
        (f"{NAME}\n\N{FULLWIDTH DIGIT ONE}\n{base64.b64encode(ROOT).decode()}\n", "schema"),
        (f"{NAME}\n{'9' * 16}\n{base64.b64encode(ROOT).decode()}\n", "schema"),
        (f"{NAME}\n{'9' * 5000}\n{base64.b64encode(ROOT).decode()}\n", "schema"),
        (f"{NAME}\n00\n{base64.b64encode(merkle.EMPTY).decode()}\n", "schema"),
        (f"{NAME}\n0\n{base64.b64encode(merkle.EMPTY).decode()}\n", ACCEPTED),
        (f"{NAME}\n0\n{base64.b64encode(ROOT).decode()}\n", "schema"),
        (f"{NAME}\n\n{base64.b64encode(ROOT).decode()}\n", "schema"),
        (f"{NAME}\n1\n{base64.b64encode(ROOT[:-1]).decode()}\n", "schema"),
        (f"{NAME}\n1\n{base64.b64encode(ROOT + b'x').decode()}\n", "schema"),
        (f"{NAME}\n1\n{base64.b64encode(ROOT).decode()[:-1]}\n", "schema"),
        (f"{NAME}\n1\n{base64.b64encode(ROOT).decode()[:-2]}p=\n", "not_canonical"),
        (f"{NAME}\n1\n{base64.b64encode(ROOT).decode()}\nmore\n", "schema"),
        (f"{NAME}\n1\n{base64.b64encode(ROOT).decode()}\n\n", "schema"),
        (f"{NAME}\n1\n\n{base64.b64encode(ROOT).decode()}\n", "schema"),
        (f"\n1\n{base64.b64encode(ROOT).decode()}\n", "schema"),
        (f"{NAME}x\n1\n{base64.b64encode(ROOT).decode()}\n", "bad_type"),
        (f"{NAME}\u200b\n1\n{base64.b64encode(ROOT).decode()}\n", "schema"),
        (f"{NAME}\a\n1\n{base64.b64encode(ROOT).decode()}\n", "malformed"),
        (f"{NAME}\n1\n", "schema"),
        ("\n", "schema"),
    ],
    ids=[f"text-{place}" for place in range(25)],
)
def test_the_right_key_over_another_spelling_is_refused(text: str, answer: str) -> None:
    assert opens(f"{text}\n{line(text)}") == answer


STRANGER = line(TEXT, "stranger.example/witness", samples.STRANGER_KEY)
OTHERS = {
    "a stranger": STRANGER,
    "a stranger under our name": line(TEXT, NAME, samples.STRANGER_KEY),
    "our key under another name": line(TEXT, "other.example/log"),
    "our id under another name": (
        f"— other.example/log {base64.b64encode(note.key_id(NAME, PUBLIC) + bytes(64)).decode()}\n"
    ),
    "a longer signature": f"— witness.example {base64.b64encode(bytes(4 + 5_000)).decode()}\n",
    "the shortest signature": f"— w {base64.b64encode(bytes(5)).decode()}\n",
    "a name in Greek": f"— μάρτυρας {base64.b64encode(bytes(68)).decode()}\n",
    "fifteen strangers": STRANGER * 15,
}


@pytest.mark.parametrize("kind", OTHERS)
def test_signatures_of_others_are_passed_over_before_and_behind_ours(kind: str) -> None:
    other = OTHERS[kind]
    for signatures in (other + line(TEXT), line(TEXT) + other):
        assert note.open_note(f"{TEXT}\n{signatures}".encode(), NAME, PUBLIC) == CHECKPOINT
    assert opens(f"{TEXT}\n{other}") == "bad_signature"


@pytest.mark.parametrize(
    ("other", "answer"),
    [
        (line("another text\n"), "bad_signature"),  # the same key, over something else
        (f"— {NAME} {base64.b64encode(note.key_id(NAME, PUBLIC)).decode()}\n", "malformed"),
        (
            f"— {NAME} {base64.b64encode(note.key_id(NAME, PUBLIC) + b'x').decode()}\n",
            "bad_signature",
        ),
        (f"- {NAME} AAAAAAAA\n", "malformed"),
        ("— two words AAAAAAAA\n", "malformed"),
        ("— no-break\u00a0space AAAAAAAA\n", "malformed"),
        ("— plus+name AAAAAAAA\n", "malformed"),
        ("— bell\aname AAAAAAAA\n", "malformed"),
        ("—  AAAAAAAA\n", "malformed"),
        ("— name\n", "malformed"),
        ("— name \n", "malformed"),
        ("— name AAAAAAAA \n", "malformed"),
        ("— name AAAA\n", "malformed"),
        ("— name AAAAAAB\n", "malformed"),
        ("— name AAAAAAB=\n", "malformed"),  # stray bits
        ("— name AAAA-AAA\n", "malformed"),
        ("— name ÄÖÜÄÖÜÄÖ\n", "malformed"),
        ("—\tname AAAAAAAA\n", "malformed"),
        ("words\n", "malformed"),
        (STRANGER * 16, "too_large"),
        (f"— w {base64.b64encode(bytes(limits.NOTE)).decode()}\n", "too_large"),
    ],
    ids=[f"line-{place}" for place in range(21)],
)
def test_a_line_that_is_no_signature_or_a_false_one_of_ours_spoils_the_note(
    other: str, answer: str
) -> None:
    for signatures in (other + line(TEXT), line(TEXT) + other):
        assert opens(f"{TEXT}\n{signatures}") == answer


@pytest.mark.parametrize("length", [1, limits.STRING])
def test_names_and_sizes_may_be_as_short_and_as_large_as_their_limits(length: int) -> None:
    checkpoint = note.Checkpoint("o" * length, limits.INTEGER, ROOT)
    data = note.write(checkpoint, "n" * length, KEY)
    assert note.open_note(data, "n" * length, PUBLIC, origin="o" * length) == checkpoint


def test_a_note_is_utf_8() -> None:
    assert opens(SIGNED.replace(b"caretaker", b"caret\xffker")) == "malformed"


def test_signatures_without_a_text_are_no_note() -> None:
    assert opens(line("\n")) == "malformed"
    assert opens(line("\n") * 2) == "malformed"
    assert opens("\n" + line("")) == "malformed"


def test_a_note_may_be_as_large_as_the_limit_and_no_larger() -> None:
    frame = len(f"{TEXT}\n{line(TEXT)}— w \n".encode())
    filling = (limits.NOTE - frame) // 4 * 4
    for pad in range(8):
        other = f"— w{'w' * pad} {'A' * filling}\n"
        data = f"{TEXT}\n{line(TEXT)}{other}"
        fits = len(data.encode()) <= limits.NOTE
        assert opens(data) == (ACCEPTED if fits else "too_large")


def test_a_note_relabelled_for_another_school_of_the_same_key_is_refused() -> None:
    """The key's name is outside the signature; the origin is what counts."""
    other = "caretaker.site_01JD9YBXRZ8QK2M4N6P8R0S2T5/evidence"
    assert opens(f"{TEXT}\n{line(TEXT, other)}", other) == "bad_type"
    assert opens(SIGNED, other) == "bad_signature"


def test_another_key_of_the_same_name_opens_nothing() -> None:
    assert opens(SIGNED, public=samples.STRANGER_PUBLIC) == "bad_signature"
    collided = note.key_id(NAME, PUBLIC) + samples.STRANGER_KEY.sign(TEXT.encode())
    forged = f"— {NAME} {base64.b64encode(collided).decode()}\n"
    assert opens(f"{TEXT}\n{forged}") == "bad_signature"
    assert opens(f"{TEXT}\n{forged}{line(TEXT)}") == "bad_signature"


@pytest.mark.parametrize("y", [0, 1])
def test_a_key_of_small_order_opens_nothing(y: int) -> None:
    weak = y.to_bytes(32, "little")
    blob = note.key_id(NAME, weak) + weak + bytes(32)
    assert opens(f"{TEXT}\n— {NAME} {base64.b64encode(blob).decode()}\n", public=weak) == "bad_key"


@pytest.mark.parametrize(
    "checkpoint",
    [
        note.Checkpoint("", 1, ROOT),
        note.Checkpoint("two\nlines", 1, ROOT),
        note.Checkpoint("bell\a", 1, ROOT),
        note.Checkpoint("\ud800", 1, ROOT),
        note.Checkpoint("x" * (limits.STRING + 1), 1, ROOT),
        note.Checkpoint(NAME, -1, ROOT),
        note.Checkpoint(NAME, limits.INTEGER + 1, ROOT),
        note.Checkpoint(NAME, 1, ROOT[:-1]),
        note.Checkpoint(NAME, 1, ROOT + b"\0"),
        note.Checkpoint(NAME, 0, ROOT),
    ],
    ids=[f"checkpoint-{place}" for place in range(10)],
)
def test_what_is_no_checkpoint_is_not_signed(checkpoint: note.Checkpoint) -> None:
    assert code(lambda: note.write(checkpoint, NAME, KEY)) == "schema"


@pytest.mark.parametrize("name", ["", "two words", "plus+", "line\n", "no\u00a0break", "\ud800"])
def test_a_key_has_a_name_that_can_stand_in_a_signature_line(name: str) -> None:
    assert code(lambda: note.write(CHECKPOINT, name, KEY)) == "schema"
    assert code(lambda: note.cosign(SIGNED, name, KEY)) == "schema"
    assert opens(SIGNED, name) == "schema"


words = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=60)


@given(
    origin=words,
    name=words.map(lambda word: word.replace("+", "x")),
    size=st.integers(1, limits.INTEGER),
    root=st.binary(min_size=32, max_size=32),
)
def test_every_checkpoint_survives_signing_and_opening(
    origin: str, name: str, size: int, root: bytes
) -> None:
    checkpoint = note.Checkpoint(origin, size, root)
    data = note.write(checkpoint, name, KEY)
    assert note.open_note(data, name, PUBLIC, origin=origin) == checkpoint


@given(data=st.binary(max_size=400))
def test_any_bytes_are_refused(data: bytes) -> None:
    assert opens(data) != ACCEPTED


@given(text=st.text(max_size=200))
def test_any_text_rightly_signed_is_a_checkpoint_or_refused(text: str) -> None:
    data = f"{text}\n{line(text)}".encode("utf-8", "surrogatepass")
    if opens(data) == ACCEPTED:
        assert note.text(note.open_note(data, NAME, PUBLIC)) == text.encode()


@given(data=st.binary(max_size=60), seed=st.integers(0, 2**32))
def test_random_bytes_spliced_into_a_good_checkpoint_never_open(data: bytes, seed: int) -> None:
    at = random.Random(seed).randrange(len(SIGNED))
    spliced = SIGNED[:at] + data + SIGNED[at + len(data) :]
    if spliced != SIGNED:
        assert opens(spliced) != ACCEPTED
