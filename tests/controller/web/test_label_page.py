"""The page a label opens: for anybody, saying nothing private, bounded, and forged by nobody."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from controller.config import current, use
from controller.labels import public
from controller.labels.public import bucket
from controller.people.models import User
from inventory.allocation import people
from inventory.allocation.services import allocate
from inventory.assets import services
from inventory.assets.writing import By
from inventory.labels.services import codes_for, void
from inventory.models import Job
from inventory.places.services import add_room
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn, waiting

BY = By("system", school.NOW)
HOSTILE = "<script>alert(1)</script>\u202egnp"


@pytest.fixture(autouse=True)
def nobody_came_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "bounds", public.Bounds())


@pytest.fixture
def laptop(place: Place) -> str:
    told = {"tag": "WB-0001", "kind": "laptop", "name": "HEAD-LAPTOP", "serial": "5CGSECRET1"}
    return services.add(place.site.id, {**told, "notes": "combination 1234"}, by=BY)


@pytest.fixture
def page(place: Place, laptop: str) -> str:
    return f"/l/{codes_for(place.site.id, [laptop], by=BY)[laptop]}/"


def test_anybody_sees_the_school_the_kind_and_the_tag_and_nothing_private(
    place: Place, laptop: str, page: str
) -> None:
    room = add_room(place.site.id, "Vault", by=BY)
    services.change(place.site.id, laptop, {"room": room}, by=BY)
    teacher = people.add_person(place.site.id, "Maya Jones", "staff", by=BY)
    allocate(place.site.id, [laptop], teacher, by=BY)
    answer = Client().get(page)
    body = answer.content.decode()
    assert answer.status_code == 200
    for said in (place.site.name, "Laptop", "WB-0001"):
        assert said in body
    for private in ("HEAD-LAPTOP", "5CGSECRET1", "Vault", "Maya", "1234", laptop, place.site.id):
        assert private not in body
    assert not answer.cookies


def test_what_is_told_lands_as_a_job(
    place: Place, laptop: str, page: str, technician: User, signed_in: SignedIn
) -> None:
    answer = Client().post(page, {"kind": "broken", "said": "Lid is loose", "contact": "6B"})
    assert answer.status_code == 302
    assert not answer.cookies
    assert "Thank you" in Client().get(answer.headers["Location"]).content.decode()
    client = signed_in(technician)
    listed = client.get("/register/jobs/")
    (row,) = listed.context["rows"]
    assert (row.told.short, row.entry, row.said, row.contact) == (
        "Broken",
        laptop,
        "Lid is loose",
        "6B",
    )
    assert waiting(listed)["jobs"] == 1
    client.post(f"/register/jobs/{row.id}/done/", {"note": "glued"})
    assert client.get("/register/jobs/").context["rows"] == []
    (done,) = client.get("/register/jobs/?state=done").context["rows"]
    assert (done.note, done.done_by) == ("glued", "Tariq Aziz")
    assert waiting(client.get("/register/jobs/"))["jobs"] == 0


def test_every_code_that_leads_nowhere_is_answered_with_the_same_bytes(
    place: Place, laptop: str, page: str
) -> None:
    gone = services.add(place.site.id, {"tag": "X"}, by=BY)
    withdrawn = codes_for(place.site.id, [gone], by=BY)[gone]
    services.withdraw(place.site.id, gone, by=BY)
    void(place.site.id, [laptop], by=BY)
    wrong = [page, f"/l/{withdrawn}/", "/l/0000000000/", "/l/x/", f"/l/{'9' * 500}/", "/l/a b'c/"]
    answers = [Client().get(path) for path in wrong]
    answers += [Client().post(path, {"kind": "broken"}) for path in wrong]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert Job.objects.count() == 0


def test_whoever_tries_codes_is_stopped_also_for_good_ones(place: Place, page: str) -> None:
    client = Client(REMOTE_ADDR="198.51.100.7")
    statuses = [client.get(f"/l/{n:010d}/").status_code for n in range(41)]
    assert statuses == [404] * 40 + [429]
    assert client.get(page).status_code == 429
    assert Client(REMOTE_ADDR="198.51.100.8").get(page).status_code == 200


def test_an_address_tells_so_much_and_no_more(
    place: Place, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public, "TELLS", ((3_600, 2),))
    monkeypatch.setattr(public, "bounds", public.Bounds())
    client = Client(REMOTE_ADDR="2001:db8::1")
    told = [client.post(page, {"kind": "found", "said": str(n)}).status_code for n in range(2)]
    assert told == [302, 302]
    neighbour = Client(REMOTE_ADDR="2001:db8::99")
    assert neighbour.post(page, {"kind": "found", "said": "3"}).status_code == 429
    assert Job.objects.count() == 2


def test_enough_of_one_thing_is_said_to_be_enough(place: Place, page: str) -> None:
    answers = [Client().post(page, {"kind": "found", "said": str(n)}) for n in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 4 + [429] * 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_on_another_sites_page_tells_nothing(
    headers: dict[str, str], page: str, technician: User
) -> None:
    for client in (Client(headers=headers), Client(headers=headers, enforce_csrf_checks=True)):
        client.force_login(technician)
        assert client.post(page, {"kind": "broken"}).status_code == 403
    assert Job.objects.count() == 0


def test_who_is_signed_in_tells_as_anonymously_as_anybody(
    laptop: str, page: str, technician: User, signed_in: SignedIn, stranger: User
) -> None:
    client = signed_in(technician)
    assert f'href="/register/{laptop}/"' in client.get(page).content.decode()
    assert laptop not in signed_in(stranger).get(page).content.decode()
    client.post(page, {"kind": "broken"})
    job = Job.objects.get()
    assert technician.id not in [str(getattr(job, field.attname)) for field in job._meta.fields]


def test_what_cannot_be_told_comes_back_as_it_was_typed(page: str) -> None:
    answer = Client().post(page, {"said": "It is <b>hot</b>", "contact": "6B"})
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "Choose what you want to tell." in body
    assert "It is &lt;b&gt;hot&lt;/b&gt;" in body
    assert 'value="6B"' in body


def test_what_was_told_is_text_in_the_inbox(
    page: str, technician: User, signed_in: SignedIn
) -> None:
    Client().post(page, {"kind": "broken", "said": HOSTILE, "contact": HOSTILE})
    body = signed_in(technician).get("/register/jobs/").content.decode()
    assert "<script>alert" not in body
    assert "\u202e" not in body


def test_another_schools_jobs_show_nowhere(page: str, stranger: User, signed_in: SignedIn) -> None:
    Client().post(page, {"kind": "broken", "said": "OURS-ALONE"})
    for query in ("", "?school=all"):
        answer = signed_in(stranger).get(f"/register/jobs/{query}")
        assert "OURS-ALONE" not in answer.content.decode()
        assert waiting(answer)["jobs"] == 0


def test_addresses_of_one_network_are_one_and_a_proxys_word_counts_only_where_it_is_ours() -> None:
    assert bucket("2001:db8::1") == bucket("2001:db8::ffff:1") != bucket("2001:db8:0:1::1")
    assert bucket("192.0.2.1") != bucket("192.0.2.2")
    assert bucket("::ffff:192.0.2.1") == bucket("192.0.2.1") != bucket("::ffff:192.0.2.2")
    assert bucket("nonsense") == bucket("") == "unknown"


def test_a_proxy_of_ours_is_believed_and_nobody_else(page: str) -> None:
    lied = {f"/l/{n:010d}/": f"203.0.113.{n}" for n in range(41)}
    statuses = [Client(headers={"X-Forwarded-For": a}).get(p).status_code for p, a in lied.items()]
    assert statuses[-1] == 429
    before = current()
    use(type(before)(data=before.data, trusted_proxies=1))
    try:
        answer = Client(headers={"X-Forwarded-For": "10.0.0.1, 203.0.113.9"}).get(page)
    finally:
        use(before)
    assert answer.status_code == 200


def test_the_inbox_costs_the_same_whatever_its_length(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, counted = signed_in(technician), []
    for round_ in range(2):
        rows = [{"tag": f"R{round_}-{n}"} for n in range(1 + 30 * round_)]
        for one in services.add_many(place.site.id, rows, by=BY):
            Job.objects.create(
                id=f"job_{one[6:]}",
                site_id=place.site.id,
                asset_id=one,
                kind="found",
                told_at=school.NOW,
            )
        client.get("/register/jobs/")
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/register/jobs/").status_code == 200
        counted.append(len(caught))
    assert counted[0] == counted[1]
