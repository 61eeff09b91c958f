"""Evidence never goes early: not while a disposal runs, nor in its last year's last hour."""

import datetime
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from hypothesis import example, given
from hypothesis import strategies as st

from inventory.assets import services as assets
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.disposal import letting_go as nightly
from inventory.disposal.proof import storing
from inventory.disposal.proof.letting_go import ERASE, kept_until, let_go
from inventory.documents.services import keep as keep_paper
from inventory.documents.storage import store
from inventory.models import Disposal, DisposalEvidence, Event
from inventory.places.services import create_site
from tests.inventory.disposal import journey

LONDON = ZoneInfo("Europe/London")
Commits = Callable[..., AbstractContextManager[object]]


def moment(year: int, month: int = 1, day: int = 1, hour: int = 0) -> int:
    return int(datetime.datetime(year, month, day, hour, tzinfo=LONDON).timestamp())


@given(at=st.integers(946_684_800, 3_786_912_000))
@example(at=1_835_438_400)
def test_nothing_goes_before_six_years_are_over(at: int) -> None:
    """Also from the 29th of February 2028, which has no sixth anniversary."""
    until = datetime.datetime.fromtimestamp(kept_until(at, "Europe/London"), LONDON)
    assert (until.month, until.day, until.hour) == (1, 1, 0)
    local = datetime.datetime.fromtimestamp(at, LONDON)
    after = datetime.datetime(local.year + 6, local.month, min(local.day, 28), tzinfo=LONDON)
    assert after < until <= after + datetime.timedelta(days=367)


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder of papers of this test's own."""
    monkeypatch.setattr(settings, "DOCUMENTS_FOLDER", tmp_path / "documents")


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=journey.NOW)


@pytest.mark.django_db
def test_a_file_goes_and_its_digest_stays(
    site: str, django_capture_on_commit_callbacks: Commits
) -> None:
    at = moment(2026, 12, 31, 23)
    kept = storing.keep(site, "receipt", "a.txt", b"a receipt", by=By("user_1", at))
    assert let_go(moment(2032, 12, 31, 23)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert nightly.let_go(moment(2033)) == 1
    assert let_go(moment(2040)) == 0
    gone = storing.by_digest([site], kept.sha256)
    assert gone is not None
    assert (gone.erased, gone.sha256, gone.size) == (True, kept.sha256, kept.size)
    assert gone.name == ""  # people write names of people there
    assert not store().sound(site, kept.sha256)
    with pytest.raises(RegisterError, match="past its keeping"):
        storing.original(gone)
    assert Event.objects.filter(verb=ERASE).count() == 1


@pytest.mark.django_db
def test_a_paper_of_the_same_content_keeps_its_file(
    site: str, django_capture_on_commit_callbacks: Commits
) -> None:
    by = By("user_1", moment(2026))
    kept = storing.keep(site, "receipt", "a.txt", b"a receipt", by=by)
    keep_paper(site, "document", "a.txt", b"a receipt", by=by)
    with django_capture_on_commit_callbacks(execute=True):
        assert let_go(moment(2040)) == 1
    assert store().sound(site, kept.sha256)


@pytest.mark.django_db
def test_evidence_stays_while_a_disposal_that_names_it_runs_and_six_years_more(site: str) -> None:
    laptop = assets.add(site, {"tag": "HS-1"}, by=By(journey.TECHNICIAN, journey.NOW))
    one = journey.ready(site, laptop)
    assert let_go(moment(2060)) == 0
    ended = moment(2059, 3, 1)
    Disposal.objects.filter(id=one).update(closed_at=ended)
    assert let_go(moment(2065, 12, 31, 23)) == 0
    assert let_go(moment(2066)) == 1
    assert DisposalEvidence.objects.get().erased_at == moment(2066)
