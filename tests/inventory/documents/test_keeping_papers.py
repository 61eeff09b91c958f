"""Papers are kept once by content, whatever dies in between, and each is an event of its entry."""

import stat
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from inventory.allocation import people
from inventory.allocation.letting_go import let_go
from inventory.allocation.services import Terms, allocate, take_back
from inventory.assets import services as assets
from inventory.assets.errors import RegisterError
from inventory.assets.folding import Change, fold
from inventory.assets.writing import By, values_of
from inventory.documents import queries, storage
from inventory.documents.letting_go import forget_signatures
from inventory.documents.services import MOST_PER_ENTRY, Kept, keep, remove
from inventory.documents.signatures import drawn, typed
from inventory.documents.storage import store
from inventory.identity.merging import merge, unmerge
from inventory.models import Asset, AssetEvent, Document, Event, StockTake
from inventory.places.services import create_site
from inventory.stocktake.letting_go import let_go as let_go_of_counts
from tests.inventory.documents import files

NOW = 1_795_400_000
BY = By("user_1", NOW)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of papers of this test's own."""
    monkeypatch.setattr(settings, "DOCUMENTS_FOLDER", tmp_path / "documents")
    return tmp_path / "documents"


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


@pytest.fixture
def laptop(site: str) -> str:
    return assets.add(site, {"tag": "HS-001"}, by=BY)


def invoice(site: str, asset_id: str | None, text: str = "Invoice 1") -> Kept:
    return keep(site, "document", "invoice.txt", text.encode(), asset_id=asset_id, by=BY)


def on_disk(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_paper_lies_by_its_content_for_its_owner_only(
    site: str, laptop: str, folder: Path
) -> None:
    data = files.PDF
    kept = keep(site, "document", "Invoice.pdf", data, asset_id=laptop, by=BY)
    path = folder / site / kept.sha256[:2] / kept.sha256
    assert path.read_bytes() == data
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(p.stat().st_mode) for p in (folder, *folder.rglob("*")) if p.is_dir()} == {
        0o700
    }
    whole = queries.read([site], kept.id)
    assert whole is not None
    assert (whole.data, whole.paper.name, whole.paper.size) == (
        files.PDF,
        "Invoice.pdf",
        len(files.PDF),
    )


def test_it_is_an_event_of_the_entry_and_two_lines_of_the_ledger(site: str, laptop: str) -> None:
    kept = invoice(site, laptop)
    event = AssetEvent.objects.filter(asset_id=laptop).latest("seq")
    assert (event.verb, event.actor) == ("asset.attach", "user_1")
    assert (event.before, event.after) == ({"papers": []}, {"papers": [kept.id]})
    verbs = list(Event.objects.filter(site_id=site).order_by("seq").values_list("verb", "subject"))
    assert verbs[-2:] == [("document.keep", kept.id), ("asset.attach", laptop)]
    row = Asset.objects.get(id=laptop)
    events = AssetEvent.objects.filter(asset_id=laptop).order_by("seq")
    assert fold(Change(e.seq, e.before, e.after) for e in events) == values_of(row)


def test_the_same_content_is_one_file_and_on_one_page_once(
    site: str, laptop: str, folder: Path
) -> None:
    other = assets.add(site, {"tag": "HS-002"}, by=BY)
    first, again, there = invoice(site, laptop), invoice(site, laptop), invoice(site, other)
    assert first == again
    assert there.id != first.id
    assert on_disk(folder) == [first.sha256]
    assert [paper.id for paper in queries.listed([site], laptop)] == [first.id]


def test_two_schools_share_no_file(site: str, folder: Path) -> None:
    elsewhere = create_site(name="Dale School", at=NOW)
    mine, theirs = invoice(site, None), invoice(elsewhere, None)
    assert on_disk(folder) == [mine.sha256, theirs.sha256]
    assert queries.read([elsewhere], mine.id) is None
    assert queries.names([elsewhere], [mine.id]) == {}


def test_taken_off_the_page_it_stays_in_the_history_and_on_the_disk(
    site: str, laptop: str, folder: Path
) -> None:
    kept = invoice(site, laptop)
    remove(site, laptop, kept.id, by=BY)
    assert queries.listed([site], laptop) == []
    assert on_disk(folder) == [kept.sha256]
    assert queries.names([site], [kept.id]) == {kept.id: "invoice.txt"}
    event = AssetEvent.objects.filter(asset_id=laptop).latest("seq")
    assert (event.verb, event.before, event.after) == (
        "asset.detach",
        {"papers": [kept.id]},
        {"papers": []},
    )
    with pytest.raises(RegisterError, match="not on this page"):
        remove(site, laptop, kept.id, by=BY)
    invoice(site, laptop)
    assert len(queries.listed([site], laptop)) == 1


def test_an_entry_has_twenty_and_no_more(site: str, laptop: str) -> None:
    made = [invoice(site, laptop, f"Invoice {n}") for n in range(MOST_PER_ENTRY)]
    with pytest.raises(RegisterError, match="20 papers"):
        invoice(site, laptop, "one more")
    assert invoice(site, laptop, "Invoice 3") == made[3]
    remove(site, laptop, made[0].id, by=BY)
    invoice(site, laptop, "one more")


def test_nothing_is_kept_for_another_schools_entry(site: str, laptop: str, folder: Path) -> None:
    elsewhere = create_site(name="Dale School", at=NOW)
    with pytest.raises(RegisterError, match="no such entry"):
        invoice(elsewhere, laptop)
    kept = invoice(site, laptop)
    with pytest.raises(RegisterError, match="no such entry"):
        remove(elsewhere, laptop, kept.id, by=BY)
    assert on_disk(folder) == [kept.sha256]


@pytest.mark.parametrize("point", ["written", "named"])
def test_a_crash_between_file_and_row_leaves_no_row_without_file(
    site: str, laptop: str, folder: Path, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    def crash(name: str) -> None:
        if name == point:
            raise KeyboardInterrupt

    monkeypatch.setattr(storage, "_step", crash)
    with pytest.raises(KeyboardInterrupt):
        invoice(site, laptop)
    assert not Document.objects.exists()
    monkeypatch.setattr(storage, "_step", lambda _name: None)
    kept = invoice(site, laptop)
    assert on_disk(folder) == [kept.sha256]


def test_a_row_that_is_rolled_back_leaves_only_a_file_that_a_sweep_takes(
    site: str, folder: Path
) -> None:
    with transaction.atomic():
        lost = invoice(site, None, "lost")
        transaction.set_rollback(True)
    kept = invoice(site, None, "kept")
    assert set(on_disk(folder)) == {lost.sha256, kept.sha256}
    assert store().sweep(site, {kept.sha256}, 0) == 0
    assert store().sweep(site, {kept.sha256}, 2**40) == 1
    assert on_disk(folder) == [kept.sha256]


def test_what_the_disk_spoilt_is_said_and_mended_by_the_same_file(
    site: str, laptop: str, folder: Path
) -> None:
    kept = invoice(site, laptop)
    path = store().path(site, kept.sha256)
    path.write_bytes(b"spoilt")
    with pytest.raises(RegisterError, match="damaged"):
        queries.read([site], kept.id)
    invoice(site, laptop)
    assert queries.read([site], kept.id) is not None


@pytest.mark.parametrize("digest", ["", "../x", "a" * 63, "A" * 64, "a" * 64 + "/"])
def test_only_a_digest_names_a_file(digest: str, site: str) -> None:
    with pytest.raises(ValueError, match="content"):
        store().path(site, digest)


def test_a_signature_belongs_to_no_page_and_is_found_by_its_digest(site: str) -> None:
    kept = keep(site, "signature", "", drawn(files.SIGNED), by=BY)
    found = queries.by_digest([site], kept.sha256)
    assert found is not None
    assert (found.id, found.kind, found.name) == (kept.id, "signature", "Signature.png")
    assert queries.by_digest([], kept.sha256) is None


def test_entries_that_are_made_one_show_both_their_papers_and_part_again(
    site: str, laptop: str
) -> None:
    other = assets.add(site, {"tag": "HS-002"}, by=BY)
    mine, theirs = invoice(site, laptop, "a"), invoice(site, other, "b")
    merge(site, laptop, other, by=BY)
    assert [paper.id for paper in queries.listed([site], laptop)] == [mine.id, theirs.id]
    unmerge(site, other, by=BY)
    assert [paper.id for paper in queries.listed([site], laptop)] == [mine.id]
    assert [paper.id for paper in queries.listed([site], other)] == [theirs.id]


def test_undoing_a_step_takes_the_paper_off_again(site: str, laptop: str) -> None:
    by = By("user_1", NOW, batch="batch_1")
    keep(site, "photo", "a.jpg", files.photograph(), asset_id=laptop, by=by)
    assets.undo(site, "batch_1", by=BY)
    assert queries.listed([site], laptop) == []


def test_a_signature_goes_with_the_person_and_only_then(
    site: str,
    laptop: str,
    folder: Path,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[object]]],
) -> None:
    maya = people.add_person(site, "Maya Jones", "staff", by=BY)
    signed = keep(site, "signature", "", drawn(files.SIGNED), by=BY)
    allocate(site, [laptop], maya, by=BY, terms=Terms(signature=signed.sha256))
    take_back(site, [laptop], by=BY)
    assert forget_signatures(site, [signed.sha256], NOW) == 0
    with django_capture_on_commit_callbacks(execute=True):
        people.erase(site, maya, by=BY)
    assert on_disk(folder) == []
    assert queries.by_digest([site], signed.sha256) is None
    with pytest.raises(RegisterError, match="erased"):
        queries.read([site], signed.id)
    assert Event.objects.filter(verb="document.erase", subject=signed.id).count() == 1
    assert keep(site, "signature", "", drawn(files.SIGNED), by=BY).id != signed.id


def test_signatures_of_loans_go_with_them_after_six_years_and_a_paper_alike_stays(
    site: str,
    laptop: str,
    folder: Path,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[object]]],
) -> None:
    maya = people.add_person(site, "Maya Jones", "staff", by=BY)
    words = typed("Maya Jones", ticked=True)
    signed = keep(site, "signature", "", words, by=BY)
    paper = keep(site, "document", "a.txt", words, asset_id=laptop, by=BY)
    allocate(site, [laptop], maya, by=BY, terms=Terms(signature=signed.sha256))
    take_back(site, [laptop], by=BY)
    with django_capture_on_commit_callbacks(execute=True):
        assert let_go(NOW + 6 * 365 * 86_400).loans == 0
        assert queries.read([site], signed.id) is not None
        assert let_go(NOW + 6 * 365 * 86_400 + 1).loans == 1
    assert on_disk(folder) == [paper.sha256]
    assert queries.read([site], paper.id) is not None


def test_a_signature_that_a_count_names_as_well_stays(site: str, laptop: str) -> None:
    maya = people.add_person(site, "Maya Jones", "staff", by=BY)
    signed = keep(site, "signature", "", typed("Maya Jones", ticked=True), by=BY)
    allocate(site, [laptop], maya, by=BY, terms=Terms(signature=signed.sha256))
    take_back(site, [laptop], by=BY)
    count = StockTake.objects.create(
        id="count_1", site_id=site, begun_at=NOW, begun_by="user_1", signature=signed.sha256
    )
    people.erase(site, maya, by=BY)
    assert queries.by_digest([site], signed.sha256) is not None
    assert let_go_of_counts(NOW + (StockTake.keep_for.days or 0) * 86_400 + 1) == 1
    assert not StockTake.objects.filter(id=count.id).exists()
    assert queries.by_digest([site], signed.sha256) is None
