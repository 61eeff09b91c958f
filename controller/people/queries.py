"""What other rooms may read of accounts: a name, for people who may see who did something."""

from collections.abc import Iterable

from controller.people.models import Membership, User


def names(ids: Iterable[str]) -> dict[str, str]:
    """Id → what other people call them; an account that was erased has no name any more."""
    found = User.objects.filter(id__in=set(ids))
    return {user.id: str(user) for user in found if user.erased_at is None}


def at_school(site: str) -> dict[str, str]:
    """Id → name of everybody with a role at a school, by name."""
    held = Membership.objects.filter(site=site, user__is_active=True, user__erased_at=None)
    found = {row.user_id: str(row.user) for row in held.select_related("user")}
    return dict(sorted(found.items(), key=lambda one: (one[1].casefold(), one[0])))


def roles_at(site: str, ids: Iterable[str]) -> dict[str, list[str]]:
    """Id → roles held at a school."""
    found: dict[str, list[str]] = {}
    for user, role in Membership.objects.filter(site=site, user__in=set(ids)).values_list(
        "user_id", "role"
    ):
        found.setdefault(user, []).append(role)
    return found
