"""Logs of nwipe for tests.

`nwipe/*.log` are recorded: Debian's nwipe 0.34-1+b1 (which says that it is 0.33) on loop devices of
a few megabytes, 22 November 2026, with a stand-in for smartctl that gives each a serial number.
`LATER` is constructed after the published source of 0.42 and a log of it: there is no package.
"""

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).with_name("nwipe")
SERIAL: Final = "CT24K7A0"
SIZE: Final = 4_194_304
"""Of the first drive in every recorded log but `flush-failed`."""


NAMES: Final = sorted(path.stem for path in FOLDER.glob("*.log"))


def log(name: str) -> bytes:
    """A recorded log."""
    return (FOLDER / f"{name}.log").read_bytes()


LATER: Final = (
    """\
[2026/11/22 01:16:13]    info: nwipe 0.42
[2026/11/22 01:16:13]    info: Linux version 6.18.44 (builder@bench) (gcc (GCC) 15
                               .3.0, GNU ld (GNU Binutils) 2.46) #1 SMP
[2026/11/22 01:16:19]  notice: Initialising AES-256-CTR (CSPRNG)
[2026/11/22 01:16:19]   error: aes_ctr_prng_init() failed
[2026/11/22 01:16:20] warning: Smartctl is unable to provide smart data for /dev/sda
[2026/11/22 01:16:20]  notice: Found /dev/sda, ATA     , Maker, model 5/A,   67 MB, S/N=WX1/2-3456
[2026/11/22 01:16:20]    info: /dev/sda, sector(logical)/block(physical) sizes 512/4096
[2026/11/22 01:16:20]    info: No hidden sectors on /dev/sda

[2026/11/22 01:16:20]    info:  no UUID available for it
[2026/11/22 01:16:20]  notice: Program options are set as follows...
[2026/11/22 01:16:20]  notice:   force        = 0 (off)
[2026/11/22 01:16:20]  notice:   do not perform a final blank pass
[2026/11/22 01:16:20]  notice:   banner       = nwipe 0.42
[2026/11/22 01:16:20]  notice:   method       = HMG IS5 Enhanced
[2026/11/22 01:16:20]  notice:   direction    = start -> end (forward)
[2026/11/22 01:16:20]  notice:   quiet        = 0
[2026/11/22 01:16:20]  notice:   rounds       = 1
[2026/11/22 01:16:20]  notice:   verify       = 1 (last pass)
[2026/11/22 01:16:20]  notice: /dev/sda: Device geometry is as follows...
[2026/11/22 01:16:20]  notice:   Total device bytes   = 67108864
[2026/11/22 01:16:20]  notice: Invoking method 'HMG IS5 Enhanced' on /dev/sda
[2026/11/22 01:16:20]  notice: Starting round 1 of 1 on /dev/sda
[2026/11/22 01:16:20]  notice: Starting pass 1/3, round 1/1, on /dev/sda
[2026/11/22 01:16:20]  notice: I/O direction on '/dev/sda' is start -> end (forward)
[2026/11/22 01:16:21]  notice: 67108864 bytes written to /dev/sda
[2026/11/22 01:16:21]  notice: Finished pass 1/3, round 1/1, on /dev/sda
[2026/11/22 01:16:21]  notice: Starting pass 2/3, round 1/1, on /dev/sda
[2026/11/22 01:16:22]  notice: 67108864 bytes written to /dev/sda
[2026/11/22 01:16:22]  notice: Finished pass 2/3, round 1/1, on /dev/sda
[2026/11/22 01:16:22]  notice: Starting pass 3/3, round 1/1, on /dev/sda
[2026/11/22 01:16:23]  notice: 67108864 bytes written to /dev/sda
[2026/11/22 01:16:23]  notice: Verifying pass 3 of 3, round 1 of 1, on /dev/sda
[2026/11/22 01:16:23]  notice: 67108864 bytes read from /dev/sda
[2026/11/22 01:16:23]  notice: Verified pass 3 of 3, round 1 of 1, on '/dev/sda'.
[2026/11/22 01:16:23]  notice: Finished pass 3/3, round 1/1, on /dev/sda
[2026/11/22 01:16:23]  notice: Finished final round 1 of 1 on /dev/sda

"""
    """\
******************************** Error Summary *********************************
!   Device | Pass Errors | Verifications Errors | Fdatasync I\\O Errors
--------------------------------------------------------------------------------
       sda |           0 |                    0 |                    0
********************************************************************************

******************************* Erasure Summary ********************************
!   Device |      Bytes Erased |      Bytes Total | Percentage Erased
--------------------------------------------------------------------------------
       sda |          67108864 |         67108864 |           100.00%
********************************************************************************

********************************* Drive Status *********************************
!   Device | Status | Thru-put | HH:MM:SS | Model/Serial Number
--------------------------------------------------------------------------------
       sda | Erased |  558 MB/s | 00:00:03 | Maker, model 5/A/WX1/2-3456
--------------------------------------------------------------------------------
[2026/11/22 01:16:23] Total Throughput  558 MB/s, HMG IS5 Enhanced, 1R+NB+VL
********************************************************************************

Creating PDF report in /root

[2026/11/22 01:16:23]    info: Nwipe successfully completed. See summary table for details.
"""
)
