"""Windows' security policy, audit policy and what PowerShell prints as JSON."""

import json

import pytest

from checks.formats import auditpol, powershell_json, secedit
from checks.formats.errors import ParseError

POLICY = """[Unicode]
Unicode=yes
[System Access]
MinimumPasswordAge = 1
MaximumPasswordAge = -1
MinimumPasswordLength = 12
ClearTextPassword = 0
NewAdministratorName = "Chef"
[Event Audit]
AuditLogonEvents = 3
AuditSystemEvents = 9
[Registry Values]
MACHINE\\System\\CurrentControlSet\\Control\\Lsa\\LimitBlankPasswordUse=4,1
MACHINE\\Software\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon\\CachedLogonsCount=1,"10"
MACHINE\\Software\\Test\\Paths=7,a\\b,c\\d
MACHINE\\Software\\Test\\DefaultPassword=1,"Canary1"
[Privilege Rights]
SeDenyInteractiveLogonRight = *S-1-5-32-546,Gast
[Version]
signature="$CHICAGO$"
Revision=1
"""


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "utf-8-sig", "cp1252"])
def test_a_policy_is_read_in_any_encoding(encoding: str) -> None:
    policy = secedit.parse(POLICY.replace("Chef", "Büro").replace("\n", "\r\n").encode(encoding))
    assert policy.system_access == {
        "MinimumPasswordAge": 1,
        "MaximumPasswordAge": -1,
        "MinimumPasswordLength": 12,
        "ClearTextPassword": 0,
        "NewAdministratorName": "Büro",
    }
    assert policy.event_audit == {"AuditLogonEvents": 3}
    assert policy.privilege_rights == {"SeDenyInteractiveLogonRight": ["S-1-5-32-546", "Gast"]}
    assert policy.other["version"]["Revision"] == "1"


def test_registry_values_have_their_types_and_no_password() -> None:
    values = secedit.parse(POLICY.encode()).registry_values
    plain = {path.rpartition("\\")[2]: (one.type, one.data) for path, one in values.items()}
    assert plain == {
        "LimitBlankPasswordUse": ("dword", 1),
        "CachedLogonsCount": ("sz", "10"),
        "Paths": ("multi_sz", ["a\\b", "c\\d"]),
        "DefaultPassword": ("sz", "removed"),
    }


@pytest.mark.parametrize(
    "data",
    [b"", b"[Other]\r\na=1", b"The task has completed with an error.", b"\n" * 30_000],
    ids=["empty", "other", "message", "long"],
)
def test_another_file_is_no_policy(data: bytes) -> None:
    with pytest.raises(ParseError):
        secedit.parse(data)


LOCKOUT = "{0CCE9217-69AE-11D9-BED3-505054503030}"
HEAD = "Machine Name,Policy Target,Subcategory,Subcategory GUID,Inclusion Setting,Exclusion Setting"


@pytest.mark.parametrize(
    ("said", "setting"),
    [
        ("No Auditing", "none"),
        ("Success", "success"),
        ("Failure", "failure"),
        ("Success and Failure", "both"),
        ("Keine Überwachung", "none"),
        ("Erfolg und Fehler", "both"),
        ("Succès et échec", "both"),
        ("Aciertos y errores", "both"),
        ("Operazioni riuscite e non riuscite", "both"),
        ("成功および失敗", "both"),
        ("Sehr viel", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_settings_are_read_by_words_or_not_at_all(
    said: str, setting: str | None, encoding: str
) -> None:
    text = f"{HEAD}\r\nPC,System,Sperrung,{LOCKOUT},{said},\r\n\r\n"
    [row] = auditpol.parse(text.encode(encoding))
    assert (row.guid, row.setting, row.user) == (LOCKOUT, setting, None)


@pytest.mark.parametrize(("encoding", "said"), [("cp850", "Erfolg und Fehler"), ("cp932", "成功")])
def test_code_pages_of_old_are_read(encoding: str, said: str) -> None:
    text = f"PC,System,Kontosperrung für {said},{LOCKOUT},{said},\r\n"
    [row] = auditpol.parse(text.encode(encoding, "replace"))
    assert row.setting in {"both", "success"}


@pytest.mark.parametrize(
    ("number", "setting"), [(0, "none"), (1, "success"), (2, "failure"), (3, "both")]
)
def test_a_backup_has_the_setting_as_a_number(number: int, setting: str) -> None:
    text = (
        f"{HEAD},Setting Value\n"
        f"PC,System,x,{LOCKOUT},Qualcosa,,{number}\n"
        f"PC,S-1-5-21-1-2-3-1001,x,{LOCKOUT.lower()},Qualcosa,,{number}\n"
        "PC,,Option:CrashOnAuditFail,,Disabled,,0\n"
    )
    everybody, one = auditpol.parse(text.encode())
    assert everybody == auditpol.Subcategory(LOCKOUT, "x", setting, None)  # type: ignore[arg-type]  # a literal, by its place
    assert (one.guid, one.user) == (LOCKOUT, "S-1-5-21-1-2-3-1001")


@pytest.mark.parametrize(
    "data", [b"", b"Error 0x00000522 occurred:", HEAD.encode(), b'"' + b"x" * 200_000]
)
def test_a_message_is_no_audit_policy(data: bytes) -> None:
    with pytest.raises(ParseError):
        auditpol.parse(data)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", []),
        ("\r\n", []),
        ("[]", []),
        ("null", []),
        ('{"A":1}', [{"A": 1}]),
        ('[{"A":1},{"A":null}]', [{"A": 1}, {"A": None}]),
        ('{"value":[1,2],"Count":2}', [[1, 2]]),
        ('WARNING: x\r\n{"A":true}', [{"A": True}]),
        ('#< CLIXML\r\n<Objs Version="1.1">[]</Objs>{"A":1}', [{"A": 1}]),
        ('{"At":"\\/Date(1717488387000)\\/"}', [{"At": "2024-06-04T08:06:27Z"}]),
        ('{"At":"/Date(1717488387123+0100)/"}', [{"At": "2024-06-04T08:06:27.123000Z"}]),
        ('{"At":"/Date(-11644473600000)/"}', [{"At": None}]),
        ('{"At":"/Date(-62135596800000)/"}', [{"At": None}]),
        ('{"At":"/Date(99999999999999999)/"}', [{"At": None}]),
        (
            '{"At":{"value":"\\/Date(1717488387000)\\/","DisplayHint":2,"DateTime":"x"}}',
            [{"At": "2024-06-04T08:06:27Z"}],
        ),
        ('{"At":"2024-06-04T09:06:27.1234567+01:00"}', [{"At": "2024-06-04T08:06:27.1234567Z"}]),
        ('{"At":"0001-01-01T00:00:00Z"}', [{"At": None}]),
        ('{"At":"1601-01-01T00:00:00Z"}', [{"At": None}]),
        ('{"At":"2024-13-04T09:06:27Z"}', [{"At": "2024-13-04T09:06:27Z"}]),
        ('{"A":"\\ud800x"}', [{"A": "\ufffdx"}]),
        ('{"A":NaN}', [{"A": None}]),
        ('{"Password":"Canary1","PasswordRequired":true}', [{"Password": "removed"}]),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_rows_come_out_whichever_powershell_printed_them(
    text: str, rows: list[object], encoding: str
) -> None:
    found = powershell_json.parse(text.encode(encoding))
    if "Canary" in text:
        assert "Canary" not in repr(found)
        assert found[0]["PasswordRequired"] is True
        return
    assert found == rows


def test_text_of_a_code_page_is_text() -> None:
    assert powershell_json.parse('{"A":"Élève"}'.encode("cp850")) == [{"A": "Élève"}]


@pytest.mark.parametrize(
    "data",
    [
        b"Get-Thing : Access denied",
        b'{"A":',
        b"[" * 100_000,
        json.dumps([0] * (powershell_json.MOST + 1)).encode(),
        b'{"A":' * 40 + b"1" + b"}" * 40,
    ],
    ids=["message", "cut", "deep", "many", "deeper"],
)
def test_what_is_no_json_or_too_much_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        powershell_json.parse(data)
