"""Windows' listings in languages and code pages not seen elsewhere; every text is constructed."""

# ruff: noqa: RUF001  (letters of other alphabets are what is tested)

import pytest

from checks.formats import (
    auditpol,
    dsregcmd,
    manage_bde,
    netsh_interfaces,
    netsh_networks,
    netsh_profiles,
    powershell_json,
    secedit,
    setupapi_log,
    windows_text,
    windows_words,
    wlan_profile_xml,
)
from checks.formats.errors import ParseError

WRITTEN = {
    "Kullanıcı profilleri: Okul Ağı, şifre değiştir": ("cp1254", "cp857"),
    "接口名称: 无线网络, 身份验证: 个人, 配置文件": ("cp936",),
    "介面名稱: 無線網路, 驗證: 個人, 設定檔": ("cp950",),
    "인터페이스 이름: 무선, 인증: 개인, 프로필": ("cp949",),
    "Κατάσταση: προφίλ χρήστη, δίκτυο": ("cp1253", "cp737"),
    "Réseau désactivé, clé de sécurité": ("cp1252", "cp850", "cp437"),
    "Ünïcode": ("cp850",),
}


@pytest.mark.parametrize(
    ("text", "page"), [(text, page) for text, pages in WRITTEN.items() for page in pages]
)
def test_words_of_a_listing_tell_its_code_page(text: str, page: str) -> None:
    assert windows_text.decode(text.encode(page)) == text


def test_words_that_tell_a_code_page_are_not_ascii() -> None:
    assert all(len(word) > 1 and not word.isascii() for word in windows_words.foreign())


CARD = """
Sistemde 1 arabirim var:

    Ad                     : Wi-Fi
    Açıklama               : Example Wi-Fi 6E
    GUID                   : 0b7a9f5e-1234-4a5b-9c0d-aabbccddeeff
    Fiziksel adres         : 00:11:22:33:44:55
    Arabirim türü          : Birincil
    Durum                  : bağlandı
    SSID                   : Okul: Ağı
    AP BSSID               : 66:77:88:99:aa:bb
    Bant                   : 5 GHz
    Kanal                  : 36
    Bağlı Akm şifresi      : [ akm = 00-0f-ac:02, cipher = 00-0f-ac:04 ]
    Ağ türü                : Altyapı
    Radyo türü             : 802.11ax
    Kimlik Doğrulama       : WPA2-Kişisel
    Şifre                  : CCMP
    Bağlantı modu          : Otomatik
    Alma hızı\uff08Mb/sn\uff09     : 1201
    İletim hızı (Mb/sn)    : 866,7
    Sinyal                 : %99
    Rssi                   : -45
    Profil                 : Okul: Ağı
    QoS MSCS               : 0
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_share_may_begin_with_its_sign_and_a_bracket_may_be_wide(encoding: str) -> None:
    [card] = netsh_interfaces.parse(CARD.replace("\n", "\r\n").encode(encoding))
    link = card.link
    assert link is not None
    assert (link.ssid, link.bssid) == ("Okul: Ağı", "66:77:88:99:aa:bb")
    assert (link.signal_percent, link.profile, link.security) == (99, "Okul: Ağı", "wpa2-psk")
    assert (link.channel, link.band_ghz) == (36, 5.0)
    assert (link.receive_mbps, link.transmit_mbps) == (1201.0, 866.7)


def test_an_access_point_tells_its_load_in_any_brackets() -> None:
    text = (
        "接口名称 : WLAN\n当前有 1 个网络可见。\n\nSSID 1 : 学校\n    网络类型 : 结构\n"
        "    身份验证 : WPA2 - 个人\n    加密 : CCMP\n    BSSID 1 : 11:22:33:44:55:66\n"
        "         信号 : %42\n         无线电类型 : 802.11ax\n         频道 : 36\n"
        "         Bss 负载:\n             已连接的站: 7\n             利用率: 104\uff08%41\uff09\n"
    )
    for encoding in ("utf-8", "utf-16"):
        [network] = netsh_networks.parse(text.encode(encoding))
        assert (network.ssid, network.security) == ("学校", "wpa2-psk")
        [point] = network.points
        assert (point.signal_percent, point.stations, point.utilization_percent) == (42, 7, 41)


PROFILES = """
Wi-Fi arabirimindeki profiller:

Grup ilkesi profilleri (salt okunur)
---------------------------------
    <Yok>

Kullanıcı profilleri
-------------
    Tüm Kullanıcı Profili     : Okul: Ağı
    Geçerli Kullanıcı Profili : ev
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp857", "cp1254"])
def test_names_of_profiles_keep_their_letters(encoding: str) -> None:
    found = netsh_profiles.parse(PROFILES.replace("\n", "\r\n").encode(encoding))
    assert [(one.name, one.source) for one in found] == [("Okul: Ağı", "user"), ("ev", "user")]


VOLUME = """C: []
    1:  237,46 GB
    2:  2.0
    3:  4
    5:  100,0%
    6:  XTS-AES 128
    7:  {}
"""


@pytest.mark.parametrize(
    ("said", "protected"),
    [
        ("Protezione attivata", True),
        ("Protezione inattiva", False),
        ("Suojaus käytössä", True),
        ("Suojaus ei käytössä", False),
        ("Protection suspendue", False),
        ("保護開啟", True),
        ("保護關閉", False),
        ("Η προστασία είναι ενεργοποιημένη", True),
        ("Η προστασία είναι απενεργοποιημένη", False),
        ("Zaštita uključena", True),
        ("Zaštita isključena", False),
        ("Protection Off (1 reboots left)", False),
        ("Segelvård", None),
    ],
)
def test_no_language_says_off_where_on_is_read(said: str, protected: bool | None) -> None:
    [volume] = manage_bde.parse(VOLUME.format(said).encode())
    assert (volume.percent, volume.protected) == (100, protected)


def test_an_address_of_somebody_is_taken_out_of_any_line() -> None:
    text = "AzureAdJoined : YES\n  Server Message : User a.b@school.example is not licensed\n"
    assert dsregcmd.parse(text.encode()).values["Server Message"] == (
        "User removed is not licensed"
    )


def test_a_text_of_several_lines_keeps_its_commas() -> None:
    notice = 'MACHINE\\Software\\LegalNoticeText=7,Pupils"," staff,Visitors'
    text = f"[Unicode]\nUnicode=yes\n[Registry Values]\n{notice}\n"
    [setting] = secedit.parse(text.encode("utf-16")).registry_values.values()
    assert setting.data == ["Pupils, staff", "Visitors"]


def test_services_and_files_of_a_policy_are_kept() -> None:
    rows = '"RemoteRegistry",4,"D:(A;;GA;;;BA)"\nW32Time,2,""\n"C:\\a=b",0,"D:P"\n; a,b\n'
    text = f"[Unicode]\nUnicode=yes\n[Service General Setting]\n{rows}"
    assert secedit.parse(text.encode()).other["service general setting"] == {
        "RemoteRegistry": '4,"D:(A;;GA;;;BA)"',
        "W32Time": '2,""',
        "C:\\a=b": '0,"D:P"',
    }


XP = """[SetupAPI Log]
OS Version = 5.1.2600 Service Pack 3
Platform ID = 2 (NT)
[2009/08/05 14:11:29 744.3 Driver Install]
#-166 Fonction : DIF_SELECTBESTCOMPATDRV.
#I123 Installation de "USB\\VID_0001&PID_0002\\0000161511".
@ 14:11:30.123 #I121 L'installation de "USB\\VID_0001&PID_0002\\0000161511" est terminée.
[2009/08/05 14:12:29 744.9]
#E122 Échec. Erreur 0xE0000203 : aucun pilote.
[2009/13/05 14:12:29 744.9]
"""


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_a_log_of_windows_xp_tells_by_number_what_was_set_up(encoding: str) -> None:
    log = setupapi_log.parse(XP.replace("\n", "\r\n").encode(encoding))
    assert log.os_version == "5.1.2600"
    assert log.sections == [
        setupapi_log.Section(
            "Driver Install",
            "USB\\VID_0001&PID_0002\\0000161511",
            *("2009-08-05T14:11:29", None, "SUCCESS", None),
        ),
        setupapi_log.Section("", "", "2009-08-05T14:12:29", None, "FAILURE", "0xe0000203"),
        setupapi_log.Section("", "", None, None, None, None),
    ]


def test_an_old_log_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setupapi_log, "MOST_SECTIONS", 2)
    with pytest.raises(ParseError, match="too many sections"):
        setupapi_log.parse(XP.encode())


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('{"a":1}\r\n{"a":2}\r\n', [{"a": 1}, {"a": 2}]),
        ('[INFO] starting\r\n[{"a":1}]', [{"a": 1}]),
        ('[\r\n  {"a":1},\r\n  {"a":2}\r\n]', [{"a": 1}, {"a": 2}]),
        ('[{"a":1},\r\n{"a":2}', None),
        ('{"a":1}\r\n{"a":', None),
    ],
)
def test_rows_are_read_whole_or_not_at_all(text: str, rows: list[dict[str, int]] | None) -> None:
    if rows is None:
        with pytest.raises(ParseError):
            powershell_json.parse(text.encode())
    else:
        assert powershell_json.parse(text.encode()) == rows


SUBCATEGORY = "PC{0}System{0}Logon{0}{{0CCE9215-69AE-11D9-BED3-505054503030}}{0}{1}{0}\r\n"


@pytest.mark.parametrize("between", [",", ";"])
def test_a_spreadsheet_may_have_parted_the_fields_anew(between: str) -> None:
    said = "Opération réussie et échec"
    [one] = auditpol.parse(SUBCATEGORY.format(between, said).encode("cp1252"))
    assert (one.name, one.setting, one.guid[:9]) == ("Logon", "both", "{0CCE9215")


TABLE = """Système d'audit
Catégorie/Sous-catégorie                  Paramètre
Système
  Extension système de sécurité           Aucun audit
  Intégrité du système                    Succès et échec
Ouverture/Fermeture de session
  Ouvrir la session                       Réussite
"""


@pytest.mark.parametrize("encoding", ["utf-8", "cp850", "utf-16"])
def test_a_table_of_what_is_written_names_no_guid(encoding: str) -> None:
    found = auditpol.parse(TABLE.replace("\n", "\r\n").encode(encoding))
    assert [(one.guid, one.setting) for one in found] == [
        ("", "none"),
        ("", "both"),
        ("", "success"),
    ]
    assert found[1].name == "Intégrité du système"


@pytest.mark.parametrize(
    ("said", "cipher", "security"),
    [
        ("WPA3SAE", "GCMP256", "wpa3-sae"),
        ("WPA2PSK", "GCMP256", "wpa2-psk"),
        ("OWE", "GCMP256", "owe"),
        ("WPA3SAE", "TKIP", "unknown"),
    ],
)
def test_newer_ciphers_of_a_profile_are_known(said: str, cipher: str, security: str) -> None:
    text = (
        "<WLANProfile><MSM><security><authEncryption>"
        f"<authentication>{said}</authentication><encryption>{cipher}</encryption>"
        "</authEncryption></security></MSM></WLANProfile>"
    )
    assert wlan_profile_xml.parse(text.encode()).security == security
