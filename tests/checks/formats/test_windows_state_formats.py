"""Windows' own programs that say how a computer stands: BitLocker, joins, devices set up."""

import pytest

from checks.formats import dsregcmd, manage_bde, setupapi_log, table
from checks.formats.errors import ParseError

ENGLISH = """BitLocker Drive Encryption: Configuration Tool version 10.0.22621
Copyright (C) 2013 Microsoft Corporation. All rights reserved.

Disk volumes that can be protected with
BitLocker Drive Encryption:
Volume C: [Windows: 1]
[OS Volume]

    Size:                 100.00 GB
    BitLocker Version:    2.0
    Conversion Status:    Used Space Only Encrypted
    Percentage Encrypted: 100.0%
    Encryption Method:    XTS-AES 128
    Protection Status:    Protection On
    Lock Status:          Unlocked
    Identification Field: Unknown
    Key Protectors:
        TPM
        Numerical Password

Volume D: []
[Data Volume]

    Size:                 1.00 TB
    BitLocker Version:    None
    Conversion Status:    Fully Decrypted
    Percentage Encrypted: 0.0%
    Encryption Method:    None
    Protection Status:    Protection Off
    Lock Status:          Unlocked
    Identification Field: None
    Automatic Unlock:     Disabled
    Key Protectors:       None Found
"""
GERMAN = """BitLocker-Laufwerkverschlüsselung: Konfigurationstool, Version 10.0.19041

Volume "C:" [Windows]
[Betriebssystemvolume]

    Größe:                        237,27 GB
    BitLocker-Version:            2.0
    Konvertierungsstatus:         Verschlüsselung wird durchgeführt
    Verschlüsselt (Prozent):      42,3 %
    Verschlüsselungsmethode:      AES 256
    Schutzstatus:                 Der Schutz ist deaktiviert.
    Sperrungsstatus:              Entsperrt
    ID-Feld:                      Unbekannt
    Schlüsselschutzvorrichtungen:
        TPM
        Numerisches Kennwort
        TPM und PIN
"""
JAPANESE = """ボリューム C: [Windows]
[OS ボリューム]

    サイズ:                      100.00 GB
    BitLocker のバージョン:      2.0
    変換状態:                    完全に暗号化されています
    暗号化された割合:            100.0%
    暗号化の方法:                XTS-AES 256
    保護状態:                    保護はオンです
    ロック状態:                  ロック解除
"""


def test_volumes_are_read_one_by_one() -> None:
    first, second = manage_bde.parse(ENGLISH.replace("\n", "\r\n").encode())
    assert first == manage_bde.Volume("C", 100 << 30, "2.0", 100, "xts-aes-128", True, 2)
    assert second == manage_bde.Volume("D", 1 << 40, None, 0, None, False, 0)


@pytest.mark.parametrize(
    ("text", "encoding", "state"),
    [
        (GERMAN, "cp850", ("2.0", 42, "aes-256", False, 3)),
        (GERMAN, "cp1252", ("2.0", 42, "aes-256", False, 3)),
        (GERMAN, "utf-16", ("2.0", 42, "aes-256", False, 3)),
        (JAPANESE, "cp932", ("2.0", 100, "xts-aes-256", True, 0)),
        (JAPANESE, "utf-8", ("2.0", 100, "xts-aes-256", True, 0)),
    ],
)
def test_other_languages_are_read_by_place(text: str, encoding: str, state: object) -> None:
    [one] = manage_bde.parse(text.encode(encoding))
    assert (one.version, one.percent, one.method, one.protected, one.protectors) == state
    assert one.letter == "C"


@pytest.mark.parametrize(
    ("said", "protected"),
    [
        ("Protection On", True),
        ("Protection Off", False),
        ("Der Schutz ist aktiviert.", True),
        ("Protection activée", True),
        ("Protection désactivée", False),
        ("Protección activada", True),
        ("Protección desactivada", False),
        ("Защита включена", True),
        ("Защита выключена", False),
        ("保護はオフです", False),
        ("Something Else", None),
        ("", None),
    ],
)
def test_protection_is_a_word_known_or_not(said: str, protected: bool | None) -> None:
    first = manage_bde.parse(ENGLISH.replace("Protection On", said).encode())[0]
    assert first.protected is protected


def test_no_recovery_password_comes_out() -> None:
    key = "-".join(["123456"] * 8)
    text = ENGLISH.replace(
        "Numerical Password", f"Numerical Password:\n      ID: {{0}}\n      {key}"
    )
    assert "123456" not in repr(manage_bde.parse(text.encode()))


@pytest.mark.parametrize(
    "data", [b"", b"ERROR: An attempt to access a required resource", b"\0" * 99]
)
def test_a_message_is_no_volume(data: bytes) -> None:
    with pytest.raises(ParseError):
        manage_bde.parse(data)


JOINED = """
+----------------------------------------------------------------------+
| Device State                                                         |
+----------------------------------------------------------------------+

             AzureAdJoined : YES
          EnterpriseJoined : NO
              DomainJoined : NO
               Device Name : LAPTOP-7

+----------------------------------------------------------------------+
| Device Details                                                       |
+----------------------------------------------------------------------+

                  DeviceId : 00000000-0000-0000-0000-000000000001
 DeviceCertificateValidity : [ 2026-01-02 03:04:05.000 UTC -- 2036-01-02 03:34:05.000 UTC ]
          DeviceAuthStatus : SUCCESS
                TenantName : A School
                  TenantId : 00000000-0000-0000-0000-000000000002
                    MdmUrl : https://enrollment.example/x
                 MdmTouUrl :

+----------------------------------------------------------------------+
| User State                                                           |
+----------------------------------------------------------------------+

                    NgcSet : NO
           WorkplaceJoined : NO
                AzureAdPrt : YES
    Executing Account Name : SCHOOL\\Canary, canary@school.example
      Attempt Status : 0xc000006d
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp850"])
def test_joins_are_read_without_anybodys_name(encoding: str) -> None:
    state = dsregcmd.parse(JOINED.replace("\n", "\r\n").encode(encoding))
    assert (state.entra_joined, state.domain_joined, state.workplace_joined) == (True, False, False)
    assert (state.primary_token, state.hello_set) == (True, False)
    assert (state.tenant_name, state.device_id) == (
        "A School",
        "00000000-0000-0000-0000-000000000001",
    )
    assert state.values["MdmTouUrl"] == ""
    assert "anary" not in repr(state)


def test_what_is_not_said_is_not_known() -> None:
    state = dsregcmd.parse(b"AzureAdJoined : MAYBE\r\nDomainJoined : YES\r\n")
    assert (state.entra_joined, state.domain_joined, state.mdm_url) == (None, True, None)


@pytest.mark.parametrize("data", [b"", b"Unknown command", b"A : B"])
def test_another_text_says_nothing_of_joins(data: bytes) -> None:
    with pytest.raises(ParseError):
        dsregcmd.parse(data)


LOG = """[Device Install Log]
     OS Version = 10.0.22631
     Service Pack = 0.0
     Architecture = amd64

[BeginLog]

[Boot Session: 2026/11/20 08:00:00.500]

>>>  [Device Install (Hardware initiated) - USBSTOR\\Disk&Ven_X&Prod_Y&Rev_1\\123&0]
>>>  Section start 2026/11/20 09:10:11.012
     ump: Creating Install Process: DrvInst.exe 09:10:11.020
<<<  Section end 2026/11/20 09:10:13.345
<<<  [Exit status: SUCCESS]


>>>  [Setup Import Driver Package - C:\\x.inf]
>>>  Section start 2026/11/20 09:11:00.000
<<<  Section end 2026/11/20 09:11:01.000
<<<  [Exit status: FAILURE(0xE0000203)]

[Boot Session: 2026/13/20 08:00:00.500]
>>>  [Delete Device - SWD\\1]
>>>  Section start 2026/11/21 07:00:00.000
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_sections_are_read_with_their_times(encoding: str) -> None:
    log = setupapi_log.parse(LOG.replace("\n", "\r\n").encode(encoding))
    assert (log.os_version, log.boots) == ("10.0.22631", ["2026-11-20T08:00:00"])
    first, second, third = log.sections
    assert first == setupapi_log.Section(
        "Device Install (Hardware initiated)",
        "USBSTOR\\Disk&Ven_X&Prod_Y&Rev_1\\123&0",
        "2026-11-20T09:10:11",
        "2026-11-20T09:10:13",
        "SUCCESS",
        None,
    )
    assert (second.status, second.code) == ("FAILURE", "0xe0000203")
    assert (third.started, third.ended, third.status) == ("2026-11-21T07:00:00", None, None)


@pytest.mark.parametrize(
    "data", [b"", b"[2004/05/05 12:00:00 123.4]\r\n#-019 Searching", b"\xff" * 99]
)
def test_another_log_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        setupapi_log.parse(data)


def test_a_log_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setupapi_log, "MOST_SECTIONS", 2)
    with pytest.raises(ParseError, match="too many sections"):
        setupapi_log.parse(LOG.encode())


@pytest.mark.parametrize(
    "name", ["manage-bde", "dsregcmd", "netsh-networks", "secedit", "auditpol"]
)
def test_more_than_any_answer_holds_is_refused_before_it_is_read(name: str) -> None:
    read = table.find(name)
    assert read is not None
    with pytest.raises(ParseError, match="longer than"):
        read(bytes((1 << 22) + 1))
