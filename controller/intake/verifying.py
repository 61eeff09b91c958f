"""The verifying process: framed reports in on stdin, what they say out on stdout.

Started as `python -m controller.intake.verifying`; ends when its stdin does. It knows no secret and
opens no file.
"""

from controller.intake.verified import Question, Reading, read
from controller.pipes.answering import answer_all


def answer(questions: list[Question]) -> list[Reading]:
    """Verify each."""
    return [read(question) for question in questions]


if __name__ == "__main__":
    answer_all(list[Question], answer)
