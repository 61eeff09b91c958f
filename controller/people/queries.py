"""What other rooms may read of accounts: a name, for people who may see who did something."""

from collections.abc import Iterable

from controller.people.models import User


def names(ids: Iterable[str]) -> dict[str, str]:
    """Id → what other people call them; an account that was erased has no name any more."""
    found = User.objects.filter(id__in=set(ids))
    return {user.id: str(user) for user in found if user.erased_at is None}
