"""The list of approved software inside a policy."""

from typing import Final

from controller.policy.lists import PolicyList

APPROVED: Final = PolicyList("software-unapproved", "approved")
