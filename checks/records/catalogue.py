"""The checks of the controller's own records; apart from the catalogue that agents judge by, so
that a new one here is no new release there.

An id may stand in both where the question is the same and only the source differs: `mdm-enrolled`
of a tablet comes from a sheet, of a laptop from the laptop. A school's settings for it hold for
both.
"""

import functools
import hashlib
from typing import Final

from checks.catalogue import Catalogue, catalogue, load

DOMAINS: Final = ("records/entries", "records/tablets", "records/licences", "records/network")
"""Every folder, in the order people read them."""


@functools.cache
def records() -> Catalogue:
    """Load and validate all of them once. Raises CatalogueError."""
    digest = hashlib.sha256()
    domains = tuple(load(name, digest) for name in DOMAINS)
    return Catalogue(domains, "sha256:" + digest.hexdigest())


@functools.cache
def every() -> Catalogue:
    """Both catalogues, for whoever looks a check or a setting up by its id: a school's policy asks
    without saying which. Of an id in both the agents' comes first; what both call a setting is one.
    """
    return Catalogue((*catalogue().domains, *records().domains), "")
