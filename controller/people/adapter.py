"""allauth's decisions that differ from its defaults: nobody signs up, accounts are made by the
school.
"""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Sign-in only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def add_message(self, *_args: object, **_options: object) -> None:
        """Say nothing: who signs in sees that they are in, and ours are the only messages."""
