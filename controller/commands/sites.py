"""Which school a command means, when nobody said."""

from controller.commands import shared
from inventory import queries


def one_site(asked: str | None) -> str:
    """The id of the school asked for, or of the only one. Raises UsageError."""
    known = queries.site_ids()
    if asked is not None:
        if asked not in known:
            raise shared.UsageError(f"There is no school {asked}; there is: {', '.join(known)}.")
        return asked
    if len(known) != 1:
        raise shared.UsageError(f"Say which school with --site: {', '.join(known)}.")
    return known[0]
