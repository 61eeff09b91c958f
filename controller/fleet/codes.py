"""Join codes as a page shows them: good, used up, out of date or withdrawn."""

from dataclasses import dataclass
from typing import Literal

from django.db.models import QuerySet

from controller.fleet.models import JoinCode
from controller.wording.shown import shown

CodeState = Literal["good", "used", "expired", "revoked"]
MOST: int = 200


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One join code; its secret is shown once, on its own page."""

    id: str
    site: str
    label: str
    profile: str
    state: CodeState
    uses: int
    max_uses: int | None
    expires_at: int | None
    created_at: int


def code_rows(rows: QuerySet[JoinCode], now: int) -> list[CodeRow]:
    """Newest first."""
    return [_row(code, now) for code in rows.order_by("-created_at", "-id")[:MOST]]


def _row(code: JoinCode, now: int) -> CodeRow:
    return CodeRow(
        id=code.id,
        site=code.site_id,
        label=shown(code.label) or "No label",
        profile=code.profile,
        state=_state(code, now),
        uses=code.uses,
        max_uses=code.max_uses,
        expires_at=code.expires_at,
        created_at=code.created_at,
    )


def _state(code: JoinCode, now: int) -> CodeState:
    if code.revoked_at is not None:
        return "revoked"
    if code.expires_at is not None and code.expires_at <= now:
        return "expired"
    if code.max_uses is not None and code.uses >= code.max_uses:
        return "used"
    return "good"
