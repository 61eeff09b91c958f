"""What drives say of their own erasing, and Blancco's reports."""

import pytest

from checks.formats import blancco_xml, hdparm, nvme_sanitize_log
from checks.formats.errors import ParseError

SANITIZED = """\
Sanitize Progress                      (SPROG) :  65535
Sanitize Status                        (SSTAT) :  0x101
Sanitize Command Dword 10 Information (SCDW10) :  0x2
Estimated Time For Overwrite                   :  4294967295 (No time period reported)
Estimated Time For Block Erase                 :  90
Estimated Time For Crypto Erase                :  13
"""
SANITIZED_JSON = """\
{"nvme0": {"sprog": 65535, "sstat": {"global_erased": 1, "no_cmplted_passes": 0,
 "status": "(1) Most Recent Sanitize Command Completed Successfully."},
 "cdw10_info": 4, "time_over_write": 4294967295}}
"""


def test_a_sanitize_log_says_how_it_ended_and_that_nothing_was_written_since() -> None:
    read = nvme_sanitize_log.parse(SANITIZED.encode())
    assert (read.state, read.action, read.global_erased) == ("completed", "block_erase", True)
    assert read.places == {"progress": 1, "status": 2, "action": 3}
    same = nvme_sanitize_log.parse(SANITIZED_JSON.encode())
    assert (same.device, same.state, same.action) == ("nvme0", "completed", "crypto_erase")
    assert same.global_erased is True


@pytest.mark.parametrize(
    ("status", "state", "erased"),
    [
        ("0x0", "never", None),
        ("0x1", "completed", None),
        ("0x2", "in_progress", None),
        ("0x3", "failed", None),
        ("0x104", "completed_no_deallocate", True),
        ("0x5", "", None),
        ("257", "completed", True),
    ],
)
def test_the_states_of_a_sanitize_log(status: str, state: str, *, erased: bool | None) -> None:
    read = nvme_sanitize_log.parse(SANITIZED.replace("0x101", status).encode())
    assert (read.state, read.global_erased) == (state, erased)


@pytest.mark.parametrize(
    ("line", "erased"),
    [
        (
            "\t  [8]\tGlobal Data Erased set: no NS LB in the NVM subsystem has been written to",
            True,
        ),
        ("          [8]   Global Data Erased cleared: a NS LB has been written to", False),
        ("  [8:8] : Global Data Erased         : 0\tUser data has been written", False),
    ],
)
def test_what_h_spells_out_counts_before_the_number(line: str, *, erased: bool) -> None:
    text = SANITIZED.replace("0x101\n", f"0x1\n{line}\n")
    assert nvme_sanitize_log.parse(text.encode()).global_erased is erased


@pytest.mark.parametrize(
    "text",
    [
        "",
        SANITIZED * 2,
        SANITIZED.replace("SSTAT", "STAT"),
        SANITIZED.replace("65535", "65536"),
        SANITIZED_JSON.replace("(1)", "done"),
        SANITIZED_JSON.replace("65535", '"done"'),
        SANITIZED_JSON.replace('{"nvme0"', '{"nvme1": {}, "nvme0"'),
        "{}",
        "[" * 10_000,
    ],
)
def test_a_sanitize_log_with_less_or_more_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        nvme_sanitize_log.parse(text.encode())


HDPARM = """\

/dev/sdb:

ATA device, with non-removable media
\tModel Number:       TOSHIBA MK3252GSX
\tSerial Number:      Y8I9COUQT
\tFirmware Revision:  LV010M
Configuration:
\tLBA    user addressable sectors:  268435455
\tLBA48  user addressable sectors:  625142448
\tLogical  Sector size:                   512 bytes
Commands/features:
\t   *\tSANITIZE feature set
\t   *\tBLOCK_ERASE_EXT command
\t    \tCRYPTO_SCRAMBLE_EXT command
Security:\x20
\tMaster password revision code = 65534
\t\tsupported
\tnot\tenabled
\tnot\tlocked
\t\tfrozen
\tnot\texpired: security count
\t\tsupported: enhanced erase
\tSecurity level high
\t28min for SECURITY ERASE UNIT. 28min for ENHANCED SECURITY ERASE UNIT.
Checksum: correct

/dev/sdb:
 max sectors   = 625142448/625142448, HPA is disabled
Real max sectors: 625142448

/dev/sdb:
Issuing SANITIZE_STATUS command
Sanitize status:
    State:    SD0 Sanitize Idle
    Last Sanitize Operation Completed Without Error
"""


def test_hdparm_says_who_a_drive_is_and_whether_it_hides_sectors() -> None:
    read = hdparm.parse(HDPARM.encode())
    assert (read.serial, read.size_bytes) == ("Y8I9COUQT", 625_142_448 * 512)
    assert read.security == {
        "supported": True,
        "enabled": False,
        "locked": False,
        "frozen": True,
        "expired": False,
        "enhanced_erase": True,
    }
    assert read.features["BLOCK_ERASE_EXT command"]
    assert not read.features["CRYPTO_SCRAMBLE_EXT command"]
    assert (read.hidden, read.sanitize_state, read.sanitize_done) == (False, "idle", True)
    copied = hdparm.parse(HDPARM.replace("\t", "    ").encode())
    assert copied.security == read.security


@pytest.mark.parametrize(
    ("old", "new", "hidden"),
    [
        ("625142448/625142448, HPA is disabled", "625140000/625142448, HPA is enabled", True),
        ("Real max sectors: 625142448", "Real max sectors: 700000000", True),
        ("/625142448, HPA is disabled", "/1(625142448?), HPA is disabled", False),
        ("HPA is disabled", "HPA setting seems invalid", None),
        (" max sectors   =", " sectors =", None),
    ],
)
def test_hidden_sectors_are_none_only_where_all_numbers_agree(
    old: str, new: str, *, hidden: bool | None
) -> None:
    assert old in HDPARM
    assert hdparm.parse(HDPARM.replace(old, new).encode()).hidden is hidden


def test_two_drives_in_one_file_are_refused() -> None:
    with pytest.raises(ParseError, match="more than one"):
        hdparm.parse((HDPARM + HDPARM.replace("Y8I9COUQT", "OTHER123")).encode())
    with pytest.raises(ParseError):
        hdparm.parse(b"nothing of a drive")


def erasure(serial: str, state: str = "Successful", more: str = "") -> str:
    return f"""\
<entries name="erasure">
 <entry name="timestamp" type="string">2026-11-22T11:00:00+0000</entry>
 <entry name="state" type="string">{state}</entry>
 <entry name="erasure_standard_name" type="string">NIST 800-88 Clear</entry>
 <entry name="overwriting_rounds" type="uint">1</entry>
 <entry name="firmware_rounds" type="uint">0</entry>
 <entry name="failed_sectors" type="uint">0</entry>{more}
 <entries name="target">
  <entry name="model" type="string">CARETAKER TEST</entry>
  <entry name="serial" type="string">{serial}</entry>
  <entry name="capacity" type="uint">4194304</entry>
 </entries>
</entries>
"""


def blancco(*erasures: str) -> bytes:
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<root><report><blancco_data>
<description><document_id>d-1</document_id><document_log><log_entry><author>
<product_name>Blancco Drive Eraser</product_name><product_version>7.9.0</product_version>
</author></log_entry></document_log></description>
<blancco_erasure_report><entries name="erasures">
{"".join(erasures)}</entries></blancco_erasure_report>
<blancco_hardware_report><entries name="system"><entry name="serial">HOST</entry></entries>
</blancco_hardware_report></blancco_data></report></root>
""".encode()


BLANCCO = """<root><report><blancco_data><blancco_erasure_report><entries name="erasures">
<entries name="erasure"><entry name="state">Successful</entry><entries name="target">
<entry name="serial">A1B2C3D4</entry></entries></entries></entries></blancco_erasure_report>
</blancco_data></report></root>"""


def test_every_erasure_of_a_file_is_read() -> None:
    serials = [f"SER{number:05}" for number in range(40)]
    read = blancco_xml.parse(blancco(*(erasure(one) for one in serials)))
    assert [one.values["target.serial"][0].text for one in read] == serials
    assert {(one.product, one.version, one.document) for one in read} == {
        ("Blancco Drive Eraser", "7.9.0", "d-1")
    }
    assert read[0].values["target.serial"][0].place == 16
    assert len(blancco_xml.parse(BLANCCO.encode())) == 1


def test_names_may_be_the_elements_own() -> None:
    text = "<r><blancco_erasure_report><erasures><erasure><state>Failed</state><target>"
    text += "<serial>A1B2C3</serial></target></erasure></erasures></blancco_erasure_report></r>"
    (read,) = blancco_xml.parse(text.encode())
    assert {name: one[0].text for name, one in read.values.items()} == {
        "state": "Failed",
        "target.serial": "A1B2C3",
    }


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<root/>",
        b"<blancco_data>",
        b'<!DOCTYPE r [<!ENTITY a "b">]><blancco_data>&a;</blancco_data>',
        b'<!DOCTYPE r SYSTEM "file:///etc/passwd"><blancco_data/>',
        b"<blancco_data>" + b"<a>" * 100,
        b"<blancco_data>" + b"<a/>" * 500_001 + b"</blancco_data>",
    ],
)
def test_what_is_no_report_of_blancco_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        blancco_xml.parse(data)
