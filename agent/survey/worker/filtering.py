"""What the kernel lets through to the worker: a classic packet filter, made for the task.

So other people's traffic never reaches this program, whatever a card delivers: only ARP, and, where
the task asks for it, DHCP, mDNS, SSDP and two kinds of ICMPv6. Frames of this computer's own, those
of another VLAN on the same card, and pieces of datagrams are left out.
"""

import struct
from typing import Final

from agent.survey.worker.task import Task

SNAP: Final = 1_514
"""Bytes of a frame at most: one of Ethernet's."""

# linux/bpf_common.h: class, size and mode of each instruction.
_LD_H, _LD_B, _LD_W = 0x28, 0x30, 0x20
_LDX_IP_HEAD: Final = 0xB1  # ldxb 4*([k]&0xf)
_LD_H_X: Final = 0x48
_JUMP_EQ, _JUMP_SET, _RETURN = 0x15, 0x45, 0x06
# linux/filter.h: what is no byte of the frame.
_OWN_KIND: Final = 0xFFFFF004
_VLAN_PRESENT: Final = 0xFFFFF030
_OUTGOING: Final = 4

Row = tuple[int, int, str, str]
"""Code, value, and where to go if so and if not; "" is the next row."""


def rows(task: Task) -> list[tuple[str, Row]]:
    """The filter, each row with its name or ""."""
    ports = _ports(task)
    six = bool(task.six_sources)
    return [
        ("", (_LD_W, _OWN_KIND, "", "")),
        ("", (_JUMP_EQ, _OUTGOING, "no", "")),
        ("", (_LD_W, _VLAN_PRESENT, "", "")),
        ("", (_JUMP_EQ, 0, "", "no")),
        ("", (_LD_H, 12, "", "")),
        ("", (_JUMP_EQ, 0x0806, "yes", "")),
        ("", (_JUMP_EQ, 0x86DD, "six" if six else "no", "")),
        ("", (_JUMP_EQ, 0x0800 if ports else 0xFFFF, "", "no")),
        ("", (_LD_B, 23, "", "")),
        ("", (_JUMP_EQ, 17, "", "no")),
        ("", (_LD_H, 20, "", "")),
        ("", (_JUMP_SET, 0x3FFF, "no", "")),
        ("", (_LDX_IP_HEAD, 14, "", "")),
        ("", (_LD_H_X, 16, "", "")),
        *[("", (_JUMP_EQ, port, "yes", "")) for port in ports],
        ("", (_LD_H_X, 14, "", "")),
        ("", (_JUMP_EQ, 1900 if task.names else 0xFFFFF, "yes", "no")),
        ("six", (_LD_B, 20, "", "")),
        ("", (_JUMP_EQ, 58, "", "datagram")),
        ("", (_LD_B, 54, "", "")),
        ("", (_JUMP_EQ, 129, "yes", "")),
        ("", (_JUMP_EQ, 136, "yes", "no")),
        ("datagram", (_JUMP_EQ, 17 if task.names else 0xFFFF, "", "no")),
        ("", (_LD_H, 56, "", "")),
        ("", (_JUMP_EQ, 5353, "yes", "no")),
        ("yes", (_RETURN, SNAP, "", "")),
        ("no", (_RETURN, 0, "", "")),
    ]


def assembled(task: Task) -> bytes:
    """`struct sock_filter`s, one behind the other."""
    made = rows(task)
    places = {name: number for number, (name, _) in enumerate(made) if name}
    out = []
    for number, (_, (code, value, then, otherwise)) in enumerate(made):
        jumps = [places[to] - number - 1 if to else 0 for to in (then, otherwise)]
        out.append(struct.pack("=HBBI", code, *jumps, value))
    return b"".join(out)


def _ports(task: Task) -> list[int]:
    """Whither a datagram must be sent to be heard."""
    ports = [68] if task.offers else []
    ports += [67] if task.clients else []
    return [*ports, 5353, 1900] if task.names else ports
