"""Jobs told by labels: bounded, let go of in time, done once."""

import pytest

from inventory.assets import services as assets
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.jobs import letting_go, queries, services
from inventory.jobs.services import FullError, finish, tell
from inventory.models import Event, Job
from inventory.places.services import create_site

NOW = 1_795_400_000
DAY = 86_400
BY = By("user_1", NOW)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


@pytest.fixture
def laptop(site: str) -> str:
    return assets.add(site, {"tag": "HS-1", "kind": "laptop"}, by=BY)


def test_what_is_told_is_open_until_it_is_done_once(site: str, laptop: str) -> None:
    tell(site, laptop, "broken", at=NOW, said="The lid\nis loose", contact="6B")
    (row,) = queries.jobs([site], done=False)
    assert (row["said"], row["contact"], row["thing_tag"]) == ("The lid\nis loose", "6B", "HS-1")
    assert queries.open_count([site]) == 1
    assert finish(site, row["id"], "glued", by=BY)
    assert not finish(site, row["id"], "again", by=By("user_2", NOW + 1))
    (done,) = queries.jobs([site], done=True)
    assert (done["done_by"], done["note"]) == ("user_1", "glued")
    assert Event.objects.filter(verb="job.done", actor="user_1").count() == 1


def test_the_same_said_again_while_it_is_open_is_noted_once(site: str, laptop: str) -> None:
    for _ in range(10):
        tell(site, laptop, "broken", at=NOW, said="screen")
    tell(site, laptop, "broken", at=NOW, said="keys")
    assert queries.open_count([site]) == 2


def test_one_thing_is_told_of_so_often_an_hour_and_so_often_a_day(site: str, laptop: str) -> None:
    for n in range(services.PER_THING_AN_HOUR):
        tell(site, laptop, "broken", at=NOW, said=str(n))
    with pytest.raises(FullError):
        tell(site, laptop, "broken", at=NOW + services.HOUR - 1, said="more")
    told, at = services.PER_THING_AN_HOUR, NOW
    while told < services.PER_THING_A_DAY:
        at += services.HOUR
        tell(site, laptop, "broken", at=at, said=f"later {told}")
        told += 1
    with pytest.raises(FullError):
        tell(site, laptop, "broken", at=at + services.HOUR, said="too much")
    tell(site, laptop, "broken", at=at + DAY + services.HOUR, said="next day")


def test_a_school_takes_so_many_a_day_and_another_is_not_touched(
    site: str, laptop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "PER_SCHOOL_A_DAY", 3)
    rows = [{"tag": f"T-{n}"} for n in range(4)]
    made = assets.add_many(site, rows, by=BY)
    for one in made[:3]:
        tell(site, one, "found", at=NOW)
    with pytest.raises(FullError):
        tell(site, made[3], "found", at=NOW)
    other = create_site(name="Dale School", at=NOW)
    tell(other, assets.add(other, {"tag": "D-1"}, by=BY), "found", at=NOW)


@pytest.mark.parametrize(
    ("kind", "said", "contact"),
    [
        ("", "", ""),
        ("stolen", "", ""),
        ("found", "x" * 501, ""),
        ("found", "x" * 100_000, ""),
        ("found", "", "x" * 121),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_noted(
    site: str, laptop: str, kind: str, said: str, contact: str
) -> None:
    with pytest.raises(RegisterError):
        tell(site, laptop, kind, at=NOW, said=said, contact=contact)
    assert Job.objects.count() == 0


def test_invisible_characters_are_not_kept(site: str, laptop: str) -> None:
    tell(site, laptop, "found", at=NOW, said="a\u202eb\0c", contact="x\ny")
    (row,) = queries.jobs([site], done=False)
    assert row["said"] == "abc"


def test_words_and_names_go_sixty_days_after_it_was_done_and_the_job_after_a_year(
    site: str, laptop: str
) -> None:
    tell(site, laptop, "found", at=NOW, said="in the hall", contact="Sam, 4B")
    (row,) = queries.jobs([site], done=False)
    letting_go.let_go(NOW + 100 * DAY)
    assert Job.objects.get().contact == "Sam, 4B"
    finish(site, row["id"], "back", by=By("user_1", NOW + 10 * DAY))
    letting_go.let_go(NOW + 70 * DAY)
    assert Job.objects.get().contact == "Sam, 4B"
    letting_go.let_go(NOW + 70 * DAY + 1)
    kept = Job.objects.get()
    assert (kept.said, kept.contact, kept.note) == ("", "", "")
    assert letting_go.let_go(NOW + 365 * DAY) == 0
    assert letting_go.let_go(NOW + 365 * DAY + 1) == 1


def test_another_schools_job_is_not_there(site: str, laptop: str) -> None:
    tell(site, laptop, "found", at=NOW)
    other = create_site(name="Dale School", at=NOW)
    job = Job.objects.get().id
    assert queries.site_of([other], job) == ""
    with pytest.raises(RegisterError):
        finish(other, job, "", by=BY)
