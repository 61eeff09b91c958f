"""The only way from a page to the tokens: `queries(actor)` (O11)."""

from dataclasses import dataclass
from typing import Literal

from controller import clock
from controller.api.models import Token
from controller.api.scopes import TOLD, Scope
from controller.people.actor import Actor
from controller.people.roles import Ability
from controller.wording.shown import shown

State = Literal["good", "ended", "expired", "left"]
MOST = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One token; every string may be shown as it is."""

    id: str
    name: str
    may: list[str]
    who: str
    state: State
    created_at: int
    expires_at: int
    last_used_at: int | None


@dataclass(frozen=True, slots=True)
class TokenQueries:
    """What one person may see of tokens."""

    actor: Actor
    now: int

    def rows(self, site: str) -> list[Row]:
        """Those of one school: the good ones first, then newest first."""
        found = Token.objects.filter(site_id__in=self._sites() & {site}).select_related("user")
        rows = [self._row(token) for token in found.order_by("-created_at", "-id")[:MOST]]
        return sorted(rows, key=lambda row: row.state != "good")

    def site_of(self, token_id: str) -> str | None:
        """The school of a token this person may end; None where there is none."""
        found = Token.objects.filter(site_id__in=self._sites(), id=token_id)
        return found.values_list("site_id", flat=True).first()

    def _sites(self) -> frozenset[str]:
        return self.actor.sites(Ability.MANAGE_TOKENS)

    def _row(self, token: Token) -> Row:
        return Row(
            id=token.id,
            name=shown(token.name),
            may=[TOLD[scope] for scope in Scope if scope in token.scopes],
            who=shown(token.user),
            state=self._state(token),
            created_at=token.created_at,
            expires_at=token.expires_at,
            last_used_at=token.last_used_at,
        )

    def _state(self, token: Token) -> State:
        if token.ended_at is not None:
            return "ended"
        if not token.user.is_active or token.user.erased_at is not None:
            return "left"
        return "good" if token.expires_at > self.now else "expired"


def queries(actor: Actor) -> TokenQueries:
    """Tokens as this person may see them, now."""
    return TokenQueries(actor, clock.now())
