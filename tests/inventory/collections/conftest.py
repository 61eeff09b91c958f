"""A collection that drove away."""

import pytest

from inventory.places.services import create_site
from tests.inventory.collections.collected import DAY, LATER, Away, away
from tests.inventory.collections.paperwork import THINGS


@pytest.fixture
def gone(db: None) -> Away:
    """A laptop with two drives and one with a stick."""
    return away(create_site(name="Hill School", at=LATER - 3 * DAY), THINGS)
