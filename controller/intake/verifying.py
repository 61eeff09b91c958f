"""The verifying process: framed reports in on stdin, what they say out on stdout.

Started as `python -m controller.intake.verifying`; ends when its stdin does. It knows no secret and
opens no file.
"""

import sys

import msgspec

from controller.intake.verified import Question, read
from controller.pipes import framing


def main() -> None:
    """Verify until nothing more comes."""
    decoder = msgspec.msgpack.Decoder(list[Question])
    while (frame := framing.receive(sys.stdin.buffer)) is not None:
        framing.send(sys.stdout.buffer, [read(question) for question in decoder.decode(frame)])


if __name__ == "__main__":
    main()
