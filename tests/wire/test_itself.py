"""What an agent says of itself travels as sections that any reader may pass over."""

import msgspec
import pytest

from tests.wire import samples
from wire import itself, report
from wire.itself import Cost, Leaving

COST = Cost(cpu_ms=412, wall_ms=2_210, peak_mb=41)


def section(body: str, name: str = Leaving.section) -> report.NowSection:
    return report.NowSection(section=name, schema=1, body=body)


def test_what_was_said_is_heard() -> None:
    now = [*samples.NOW, itself.say(COST), itself.say(Leaving(how="sealed"))]
    assert itself.heard(now, Cost) == COST
    assert itself.heard(now, Leaving) == Leaving(how="sealed")
    assert itself.heard(samples.NOW, Cost) is None


def test_a_newer_release_may_say_more_and_say_it_in_new_words() -> None:
    said = section('{"by":"a person","how":"sold"}')
    assert itself.heard([said], Leaving) == Leaving(how="sold")


@pytest.mark.parametrize(
    "body",
    ["{}", "[]", '{"how":1}', '{"how":""}', '{"how":"<b>"}', '{"how": "sealed"}', "nonsense"],
)
def test_what_cannot_be_read_was_not_said(body: str) -> None:
    assert itself.heard([section(body)], Leaving) is None


def test_numbers_that_cannot_be_are_not_heard() -> None:
    for body in ('{"cpu_ms":-1,"peak_mb":1,"wall_ms":1}', '{"cpu_ms":1e9,"peak_mb":1,"wall_ms":1}'):
        assert itself.heard([section(body, Cost.section)], Cost) is None


def test_the_fields_stand_for_good() -> None:
    assert msgspec.to_builtins(COST) == {"cpu_ms": 412, "wall_ms": 2210, "peak_mb": 41}
