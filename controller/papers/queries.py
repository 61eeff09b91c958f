"""The only way from a page to a paper: `queries(actor)` (O11)."""

from dataclasses import dataclass

from controller.people.actor import Actor
from controller.people.roles import Ability
from inventory.assets import queries as assets
from inventory.documents import queries as documents
from inventory.documents.pictures import thumbnail
from inventory.documents.queries import Paper, Whole


@dataclass(frozen=True, slots=True)
class PaperQueries:
    """What one person may see of papers."""

    actor: Actor

    def paper(self, asset_id: str, document_id: str) -> Whole | None:
        """A paper on the page of an entry this person may see. Raises RegisterError where its
        content is gone."""
        sites = self.actor.sites(Ability.SEE_COMPUTERS)
        if all(one.id != document_id for one in documents.listed(sites, asset_id)):
            return None
        return documents.read(sites, document_id)

    def small(self, asset_id: str, document_id: str) -> bytes | None:
        """A photograph as a thumbnail. Raises RegisterError likewise."""
        whole = self.paper(asset_id, document_id)
        return thumbnail(whole.data) if whole and whole.paper.is_picture else None

    def signature(self, sha256: str) -> Whole | None:
        """A signature, by its digest as a loan or a count holds it. Raises RegisterError
        likewise."""
        sites = self.actor.sites(Ability.SEE_COMPUTERS)
        found: Paper | None = documents.by_digest(sites, sha256)
        if found is None or found.kind != "signature":
            return None
        return documents.read(sites, found.id)

    def site_to_change(self, asset_id: str) -> str | None:
        """The school of an entry whose papers this person may change; None where there is none."""
        found = assets.one(self.actor.sites(Ability.EDIT_REGISTER), asset_id)
        return found["site"] if found else None


def queries(actor: Actor) -> PaperQueries:
    """Papers as this person may see them."""
    return PaperQueries(actor)
