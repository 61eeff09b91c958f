"""A survey reaches the school in one report of the chain, with its bodies; then it is told."""

from agent import surveys
from agent.state import State
from checks.surveys.lan import LanSurvey, SurveyRun
from tests.agent.cli import agent_here
from tests.agent.simulator import Controller
from wire import sections

RUN = SurveyRun("sha256:" + "0" * 64, "", 1, 2, 3, 4, [], 0)
LAN = LanSurvey(RUN.scope, 1, 2, [])


def told(controller: Controller) -> list[set[str]]:
    """Which of a survey's sections each report named."""
    found = []
    for one in controller.reports:
        digest = one.content if isinstance(one.content, str) else ""
        content = controller.contents[digest] if digest else one.content
        assert not isinstance(content, str)
        found.append({ref.section for ref in content.sections} & {*surveys.KINDS})
    return found


def test_the_school_hears_of_it_once(enrolled: State, controller: Controller) -> None:
    surveys.keep(enrolled.key, [LAN, RUN], 2)
    for _ in range(2):
        assert agent_here("run", data=enrolled.root.parent).returncode == 0
    assert told(controller) == [{"lan", "survey"}, set()]
    assert {sections.pack(LAN), sections.pack(RUN)} <= {*controller.sections.values()}
    assert surveys.waiting(enrolled.key) is None
