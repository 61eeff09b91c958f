"""The shape of a sample, and who opens it."""

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from wire import dsse, policy, roots, scope


class Sample(NamedTuple):
    """A signed message, the struct inside, and the function that opens it under the right key."""

    kind: str
    message: msgspec.Struct
    envelope: bytes
    open: Callable[[dsse.Parsed], msgspec.Struct]


def by(
    opener: Callable[[dsse.Parsed, bytes], msgspec.Struct], key: bytes
) -> Callable[[dsse.Parsed], msgspec.Struct]:
    """As who holds that key opens it."""
    return lambda parsed: opener(parsed, key)


def by_roots(held: roots.Roots) -> Callable[[dsse.Parsed], policy.Rules]:
    """As an agent reads a policy that holds these roots."""
    return lambda parsed: policy.open_rules(dsse.write(parsed), held)[0]


def scoped_by(held: roots.Roots) -> Callable[[dsse.Parsed], scope.Scope]:
    """As a scanner reads a scope that holds these roots."""
    return lambda parsed: scope.open_scope(dsse.write(parsed), held)[0]
