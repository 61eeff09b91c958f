"""Why a request was not answered: `application/problem+json`, one sentence that says what to do."""

import json
from typing import Any, Final

from django.http import HttpResponse

from inventory.assets.errors import RegisterError

KIND: Final = "application/problem+json"
_STATUS: Final = {"not_found": 404, "tag_taken": 409, "name_taken": 409}
"""Of what the register refuses; anything else is 422."""


class ProblemError(Exception):
    """One answer that is no success; `more` are further members of it."""

    def __init__(self, status: int, code: str, detail: str, **more: Any) -> None:
        """`code` is stable, `detail` one sentence for people."""
        super().__init__(detail)
        self.status, self.code, self.detail, self.more = status, code, detail, more
        self.headers: dict[str, str] = {}

    def answer(self) -> HttpResponse:
        """As it is sent."""
        body = {"status": self.status, "code": self.code, "detail": self.detail, **self.more}
        return HttpResponse(json.dumps(body), KIND, status=self.status, headers=self.headers)


def of(refused: RegisterError) -> ProblemError:
    """What the register refused."""
    status = (
        422 if refused.field and refused.code == "not_found" else _STATUS.get(refused.code, 422)
    )
    more = {"field": refused.field} if refused.field else {}
    return ProblemError(status, refused.code, refused.sentence, **more)
