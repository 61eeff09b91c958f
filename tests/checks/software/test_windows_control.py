"""AppLocker by its rules: a mode alone stops nothing, nor does a rule that lets everybody in."""

import pytest

from checks.software.windows_control import starting
from checks.unseen import Maybe
from tests.checks.windows_host import Given, WindowsHost

EXE = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\SrpV2\Exe"


class Windows(WindowsHost):
    """Without rules by MDM."""

    def list(self, path: str) -> None:
        assert path.endswith("MDM")


def rule(path: str, who: str = "S-1-1-0", action: str = "Allow", but: str = "") -> str:
    return (
        f'<FilePathRule Id="a" Name="a" Description="" UserOrGroupSid="{who}" Action="{action}">'
        f'<Conditions><FilePathCondition Path="{path}"/></Conditions>{but}</FilePathRule>'
    )


def applocker(mode: dict[str, Given], *rules: str) -> Maybe[str]:
    keys: dict[str, dict[str, Given]] = {EXE: mode}
    keys |= {rf"{EXE}\{{{number}}}": {"Value": one} for number, one in enumerate(rules)}
    found = starting(Windows(keys))  # type: ignore[arg-type]  # as far as it is asked
    (told,) = (one.strength for one in found if one.control == "applocker")
    return told


PROGRAMS = rule(r"%PROGRAMFILES%\*")
ADMINISTRATORS = rule("*", who="S-1-5-32-544")


@pytest.mark.parametrize(
    ("mode", "rules", "strength"),
    [
        ({"EnforcementMode": 1}, [], "off"),
        ({}, [], "off"),
        ({}, [PROGRAMS], "enforcing"),
        ({"EnforcementMode": 1}, [PROGRAMS, ADMINISTRATORS], "enforcing"),
        ({"EnforcementMode": 0}, [PROGRAMS], "watching"),
        ({"EnforcementMode": 1}, [PROGRAMS, rule("*")], "off"),
        ({"EnforcementMode": 1}, [PROGRAMS, rule("*", who="S-1-5-32-545")], "off"),
        ({"EnforcementMode": 1}, [PROGRAMS, rule("*", action="Deny")], "enforcing"),
        ({"EnforcementMode": 1}, [rule("*", but="<Exceptions><x/></Exceptions>")], "enforcing"),
    ],
)
def test_what_holds_is_said_by_the_rules_and_not_by_the_mode_alone(
    mode: dict[str, Given], rules: list[str], strength: str
) -> None:
    assert applocker(mode, *rules) == strength
