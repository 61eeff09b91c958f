"""A genuine refusal of nobody's request in particular moves nobody to give up who they are (O1)."""

import pytest

from agent import keyfile
from agent.deliver.answers import DeliveryError
from agent.enrolling import enrol_machine
from agent.state import State
from tests.agent.conftest import machine
from tests.agent.simulator import Controller, Reply, Request


@pytest.mark.parametrize("code", ["already_enrolled", "bad_key", "bad_nonce", "refused"])
def test_a_refusal_that_names_no_request_costs_no_key(
    state: State, controller: Controller, code: str
) -> None:
    def unbound(request: Request, reply: Reply) -> Reply:
        return controller.refuse(code, "") if request.path == "/v1/enrol" else reply

    controller.faults = [unbound] * 4
    with pytest.raises(DeliveryError) as refused:
        enrol_machine(state, machine(), controller.url, controller.code())
    assert refused.value.code == "wrong_request"
    assert keyfile.load(state.key) is not None
    assert list(state.orphan.iterdir()) == []
