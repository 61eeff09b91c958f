"""Policies by several signers, lists of keys, schools and crashes in any order: what is in force is
what the rules say, and nothing else (O20).
"""

import shutil
import tempfile
from pathlib import Path

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from agent import files
from agent.collect import ruling
from agent.state import State
from checks.policy import DEFAULT_POLICY
from tests.agent.school import School, joined
from tests.agent.simulator import NOW
from wire import dsse, keys

SITES = ("site_01JD9YBXRZ8QK2M4N6P8R0S2T4", "site_01JD9YBXRZ8QK2M4N6P8R0S2T5")
PEOPLE = {name: keys.generate() for name in ("head", "technician", "thief")}


class Made(msgspec.Struct, frozen=True):
    """One signed policy, and what it was made of."""

    envelope: bytes
    signer: str
    site: str
    version: int


class PowerCut(BaseException):
    """The computer was switched off."""


class Rulings(RuleBasedStateMachine):
    """A computer, and beside it the rules in a dozen lines."""

    offers = Bundle("offers")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        state = State(self.folder / "data")
        state.prepare()
        self.school: School = joined(state)
        self.listed = {"controller"}
        self.marks: dict[tuple[str, str], Made] = {}
        self.held: Made | None = None

    def teardown(self) -> None:
        files.step = files._nothing
        shutil.rmtree(self.folder)

    @rule(
        target=offers,
        signer=st.sampled_from(["controller", *PEOPLE]),
        site=st.sampled_from(SITES),
        version=st.integers(1, 4),
        edition=st.integers(0, 1),
    )
    def sign(self, signer: str, site: str, version: int, edition: int) -> Made:
        """Somebody signs a policy; two editions of one version differ in their bytes."""
        by = PEOPLE.get(signer)
        made = self.school.made(version, by, site=site, issued_at=NOW + edition)
        return Made(made, signer, site, version)

    @rule(offer=offers, cut=st.none() | st.integers(0, 7))
    def bring(self, offer: Made, cut: int | None) -> None:
        """A receipt names it and the sender brings it; perhaps the power goes in the middle."""
        self.school.name_in_receipt(offer.envelope)
        (self.school.state.spool / "policy.json").write_bytes(offer.envelope)
        if cut is not None:
            self._cut_after(cut)
        ruling.adopt(self.school.state)
        if self._may(offer):
            self.marks[offer.site, offer.signer] = offer
            self.held = offer

    @rule(offer=offers)
    def slip_in(self, offer: Made) -> None:
        """Somebody on the way brings one that no receipt names."""
        self.school.name_in_receipt(b"")
        (self.school.state.spool / "policy.json").write_bytes(offer.envelope)
        ruling.adopt(self.school.state)

    @rule(people=st.sets(st.sampled_from(sorted(PEOPLE)), max_size=3), delegated=st.booleans())
    def list_keys(self, people: set[str], delegated: bool) -> None:
        """The paper key says who may sign from now on."""
        publics = [keys.to_text(keys.public_bytes(PEOPLE[one])) for one in sorted(people)]
        self.school.controller.list_keys(delegated=delegated, policy_signers=publics)
        self.school.believe()
        self.listed = people | ({"controller"} if delegated else set())
        self.marks = {key: made for key, made in self.marks.items() if key[1] in self.listed}

    @rule(site=st.sampled_from(SITES))
    def move(self, site: str) -> None:
        """The computer is given to a school, or given back."""
        self.school.controller.site = site
        self.school.name_in_receipt(b"")

    @invariant()
    def what_is_in_force_is_what_the_rules_say(self) -> None:
        """Looked at after each step, and again after the computer forgot nothing."""
        vouched = self.held if self.held is not None and self.held.signer in self.listed else None
        mine = vouched if vouched and vouched.site == self.school.controller.site else None
        found = self.school.ruled()
        if mine is None:
            assert (found.policy, found.rules) == (DEFAULT_POLICY, None)
        else:
            assert found.rules is not None
            assert (found.rules.version, found.policy.name) == (
                mine.version,
                f"version {mine.version}",
            )
        identity = self.school.state.identity()
        assert identity is not None
        assert identity.policy == (dsse.digest(vouched.envelope) if vouched else "")

    def _may(self, offer: Made) -> bool:
        seen = self.marks.get((offer.site, offer.signer))
        newer = seen is None or offer.version > seen.version or offer.envelope == seen.envelope
        return offer.signer in self.listed and offer.site == self.school.controller.site and newer

    def _cut_after(self, steps: int) -> None:
        def step(_: str) -> None:
            nonlocal steps
            steps -= 1
            if steps < 0:
                raise PowerCut

        files.step = step
        try:
            ruling.adopt(self.school.state)
        except PowerCut:
            pass
        finally:
            files.step = files._nothing


TestRulings = Rulings.TestCase
TestRulings.settings = settings(max_examples=8, stateful_step_count=20, deadline=None)
