"""What PowerShell is asked and answers (constructed: no PowerShell is at hand; a stand-in speaks
its side of the lines)."""

import base64
import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hosts.windows import answers
from agent.hosts.windows.powershell import STARTS, PowerShell, script
from checks.host import CannotLook

# Answers as the script would, with what each class asks for; dies, hangs or talks too much on wish.
STAND_IN = r"""
import json, sys, time
print(json.dumps({"mode": "ConstrainedLanguage", "version": "5.1.22621.1"}), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    cls = asked["query"].split(" FROM ")[1].split(" ")[0]
    if cls == "Dies":
        sys.exit(1)
    if cls == "Hangs":
        time.sleep(4242)
    if cls == "Endless":
        print("x" * (9 << 20), flush=True)
        continue
    rows = [{name: f"{cls} \u00fc" for name in asked["properties"]}]
    print(json.dumps({"id": asked["id"], "rows": rows}), flush=True)
"""


def stand_in() -> "subprocess.Popen[bytes]":
    argv = [sys.executable, "-I", "-c", STAND_IN]
    pipe = subprocess.PIPE
    return subprocess.Popen(argv, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)


def test_one_process_answers_all_questions() -> None:
    starts: list[None] = []

    def start() -> "subprocess.Popen[bytes]":
        starts.append(None)
        return stand_in()

    shell = PowerShell(start)
    for cls in ("Win32_Bios", "Win32_Battery", "Win32_Bios"):
        assert shell.wmi(cls, "root/cimv2", ["Name"]) == [{"Name": f"{cls} ü"}]
    shell.close()
    assert len(starts) == 1
    assert shell.mode.mode == "ConstrainedLanguage"


def test_one_that_dies_or_hangs_costs_one_question_and_not_the_round() -> None:
    shell = PowerShell(stand_in, seconds=5)
    with pytest.raises(CannotLook, match="crashed"):
        shell.wmi("Dies", "root/cimv2", ["Name"])
    assert shell.wmi("Win32_Bios", "root/cimv2", ["Name"])
    shell._seconds = 0.1
    with pytest.raises(CannotLook, match="timeout"):
        shell.wmi("Hangs", "root/cimv2", ["Name"])
    shell._seconds = 5
    with pytest.raises(CannotLook, match="too-large"):
        shell.wmi("Endless", "root/cimv2", ["Name"])
    assert shell._starts == STARTS
    with pytest.raises(CannotLook, match="stopped too often"):
        shell.wmi("Win32_Bios", "root/cimv2", ["Name"])
    shell.close()


def test_a_program_that_is_no_powershell_is_not_believed() -> None:
    def start() -> "subprocess.Popen[bytes]":
        argv = ["/bin/echo", "Windows PowerShell"]
        return subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    shell = PowerShell(start)
    with pytest.raises(CannotLook, match="parse-error"):
        shell.wmi("Win32_Bios", "root/cimv2", ["Name"])
    shell.close()


def test_a_question_is_one_line_of_ascii() -> None:
    line = answers.question(
        7, "Win32_Group WHERE SID='S-1-5-32-544'", r"root\cimv2", ["Name", "SID"]
    )
    assert line.isascii()
    assert line.count(b"\n") == 1
    asked = json.loads(line)
    assert asked["query"] == "SELECT Name,SID FROM Win32_Group WHERE SID='S-1-5-32-544'"
    assert asked["all"] == "SELECT * FROM Win32_Group WHERE SID='S-1-5-32-544'"
    assert asked["namespace"] == "root/cimv2"


@pytest.mark.parametrize(
    ("cls", "namespace", "properties"),
    [
        ("Win32_Bios; Remove-Item C:\\", "root/cimv2", ["Name"]),
        ("Win32_Bios\n", "root/cimv2", ["Name"]),
        ("Win32_Bios", "root/cimv2$(x)", ["Name"]),
        ("Win32_Bios", "root/cimv2", ["Name FROM x"]),
        ("Win32_Bios", "root/cimv2", []),
        ("Win32_Bios WHERE Name='ü'", "root/cimv2", ["Name"]),
    ],
)
def test_what_is_no_class_is_not_asked(cls: str, namespace: str, properties: list[str]) -> None:
    with pytest.raises(CannotLook, match="unsupported"):
        answers.question(1, cls, namespace, properties)


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (None, None),
        (True, True),
        (900, 900),
        (18446744073709551615, 18446744073709551615),
        (5.0, 5),
        (5.9, "5.9"),
        ("text", "text"),
        ("2026-11-21T08:00:00.0000000Z", "2026-11-21T08:00:00.0000000Z"),
        ("/Date(1717488387000)/", "2024-06-04T08:06:27+00:00"),
        ([1, 2], [1, 2]),
        ([], []),
        (["a", None, "b"], ["a", "b"]),
        ([1, "b"], ["1", "b"]),
        ({"value": [1], "Count": 1}, [1]),
        ("\ud83d", "\ufffd"),
    ],
)
def test_every_value_has_one_form(given: object, value: object) -> None:
    line = json.dumps({"id": 1, "rows": [{"A": given}]}).encode()
    assert answers.rows(line, 1, ["A"]) == [{"A": value}]


@pytest.mark.parametrize(
    "rows", [[{"A": 1}], {"A": 1}, {"value": [{"A": 1}], "Count": 1}], ids=["list", "one", "5.1"]
)
def test_one_row_is_a_list_of_one_however_it_is_written(rows: object) -> None:
    line = json.dumps({"id": 1, "rows": rows}).encode()
    assert answers.rows(line, 1, ["A", "Missing"]) == [{"A": 1, "Missing": None}]


def test_no_row_is_an_empty_list() -> None:
    nothing: tuple[object, ...] = ([], None)
    for rows in nothing:
        assert answers.rows(json.dumps({"id": 1, "rows": rows}).encode(), 1, ["A"]) == []


@pytest.mark.parametrize(
    ("error", "why"),
    [
        ("HRESULT 0x80041003,Microsoft.Management.Infrastructure.CimCmdlets", "denied"),
        ("HRESULT 0x80041010,Microsoft.Management.Infrastructure.CimCmdlets", "unsupported"),
        ("HRESULT 0x8004100e,Microsoft.Management.Infrastructure.CimCmdlets", "unsupported"),
        ("HRESULT 0x80041069,Microsoft.Management.Infrastructure.CimCmdlets", "timeout"),
        ("HRESULT 0x80041001,Microsoft.Management.Infrastructure.CimCmdlets", "crashed"),
        ("CommandNotFoundException", "tool-missing"),
        ("Zugriff verweigert", "crashed"),
    ],
)
def test_an_error_is_told_by_its_number_and_never_by_its_words(error: str, why: str) -> None:
    with pytest.raises(CannotLook, match=why):
        answers.rows(json.dumps({"id": 1, "error": error}).encode(), 1, ["A"])


@pytest.mark.parametrize(
    "line",
    [
        *(b"", b"#< CLIXML", b"[]", b'{"id":2,"rows":[]}', b'{"id":1,"rows":[1]}'),
        *(b'{"id":1,"rows":5}', b'{"id":1,"rows":[{"A":{"B":1}}]}', b"[" * 100_000, b"\xff\xfe{"),
    ],
)
def test_what_is_no_answer_is_no_empty_answer(line: bytes) -> None:
    with pytest.raises(CannotLook, match="parse-error"):
        answers.rows(line, 1, ["A"])


@given(st.binary(max_size=200))
def test_any_bytes_are_rows_or_a_reason(line: bytes) -> None:
    try:
        answers.rows(line, 1, ["A"])
    except CannotLook:
        pass


def test_the_script_fits_the_command_line_and_needs_no_other_code_page() -> None:
    text = script()
    assert text.isascii()
    assert base64.b64decode(answers.encoded(text)).decode("utf-16-le") == text
    assert len(answers.encoded(text)) + 300 < 32_767


@pytest.mark.parametrize("word", ["Add-Type", "New-Object", "[Console]", "[System.", "ScriptBlock"])
def test_the_script_uses_nothing_that_constrained_language_forbids(word: str) -> None:
    code = [line for line in script().splitlines() if not line.startswith("#")]
    assert not any(word.lower() in line.lower() for line in code if "System.Array" not in line)
