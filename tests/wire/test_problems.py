"""A signed no: each code has its status, its action and its sentence, and doubt always keeps."""

import typing

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire import samples
from tests.wire.refusals import ACCEPTED, code
from wire import dsse, errors, problem
from wire.errors import WireError

AGREED = {
    "malformed": (400, "dead"),
    "not_canonical": (400, "dead"),
    "bad_type": (400, "keep"),
    "unknown_key": (401, "stop"),
    "revoked": (403, "wait"),
    "pending": (403, "wait"),
    "refused": (403, "stop"),
    "bad_token": (403, "stop"),
    "bad_nonce": (403, "resend"),
    "not_found": (404, "keep"),
    "fork": (409, "wait"),
    "rolled_back": (409, "resend"),
    "copied": (409, "set_aside"),
    "gap": (409, "resend"),
    "already_enrolled": (409, "stop"),
    "not_needed": (409, "resend"),
    "too_large": (413, "dead"),
    "schema": (422, "dead"),
    "bad_key": (422, "stop"),
    "bad_digest": (422, "send_sections"),
    "clock": (422, "keep"),
    "slow_down": (429, "wait"),
    "busy": (503, "wait"),
}


def test_the_codes_are_those_agents_in_the_field_know() -> None:
    assert problem.CODES == AGREED


def test_every_code_has_a_sentence_and_a_known_action() -> None:
    assert problem.SENTENCES.keys() == problem.CODES.keys()
    assert {one.action for one in problem.CODES.values()} == set(typing.get_args(problem.Action))
    assert all(one.endswith(".") and len(one) <= 300 for one in problem.SENTENCES.values())


@pytest.mark.parametrize("name", problem.CODES)
def test_every_code_can_be_signed(name: str) -> None:
    said = problem.Problem(code=name, request="", sentence=problem.SENTENCES[name], at=samples.AT)
    data = problem.sign_problem(said, samples.CONTROLLER_KEY)
    assert problem.open_problem(dsse.parse(data), samples.CONTROLLER_PUBLIC) == said


def test_a_code_of_a_newer_controller_loses_nothing() -> None:
    assert problem.action_for("moved_house") == "keep"
    assert problem.action_for("malformed") == "dead"
    newer = msgspec.structs.replace(samples.PROBLEM, code="moved_house")
    data = problem.sign_problem(newer, samples.CONTROLLER_KEY)
    assert problem.open_problem(dsse.parse(data), samples.CONTROLLER_PUBLIC).code == "moved_house"


def test_a_stranger_learns_nothing_from_a_signature_that_does_not_fit() -> None:
    assert (
        problem.code_for(WireError("bad_signature", "The signature does not fit.")) == "unknown_key"
    )


@pytest.mark.parametrize("name", sorted(errors.CODES))
def test_every_refusal_of_a_parser_has_a_code_a_stranger_may_be_told(name: str) -> None:
    told = problem.code_for(WireError(name, "Some sentence."))
    assert told in problem.CODES


def test_only_the_controller_can_say_no() -> None:
    forged = problem.sign_problem(samples.PROBLEM, samples.STRANGER_KEY)
    opened = code(lambda: problem.open_problem(dsse.parse(forged), samples.CONTROLLER_PUBLIC))
    assert opened == "bad_signature"
    mine = problem.sign_problem(samples.PROBLEM, samples.DEVICE_KEY)
    assert code(lambda: problem.open_problem(dsse.parse(mine), samples.DEVICE_PUBLIC)) == ACCEPTED


@given(st.text(st.characters() | st.sampled_from("\ud800\x1b\u0301\u0344\u202e"), max_size=400))
def test_whatever_a_refusal_quotes_its_sentence_can_be_signed(quoted: str) -> None:
    said = WireError("schema", quoted).sentence
    refusal = msgspec.structs.replace(samples.PROBLEM, sentence=said)
    data = problem.sign_problem(refusal, samples.CONTROLLER_KEY)
    assert problem.open_problem(dsse.parse(data), samples.CONTROLLER_PUBLIC).sentence == said


def test_a_wire_error_is_clean_and_short_whatever_it_quotes() -> None:
    hostile = "a\x1b[31mb\u202ec\u2028d\ud800e\U000e0041f" + "x" * 9_999
    error = WireError("schema", hostile)
    assert error.sentence.isprintable()
    assert str(error) == error.sentence
    assert len(error.sentence) == 300
    with pytest.raises(AssertionError):
        WireError("no_such_code", "x")
