"""Who may send more than a page's worth, where, how much, how long, and how many at once."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from django.test import Client as Browser

from controller.people.models import User
from controller.people.sessions import is_somebodys
from controller.serving import uploads
from controller.serving.patience import (
    BODY_BYTES,
    CROWDED,
    CROWDED_SECONDS,
    ORDINARY,
    Allowance,
    LargeError,
    Patience,
)
from controller.serving.uploads import (
    AT_ONCE,
    PAPERS,
    SHEETS,
    BusyError,
    FullError,
    Uploads,
    asked_for,
)
from tests.controller.clients import Client, Gone, Head

ENTRY = "/register/asset_01KTESTTESTTESTTESTTESTTES/papers/add/"


@pytest.mark.parametrize(
    ("method", "path", "most"),
    [
        ("POST", ENTRY, PAPERS),
        ("POST", "/register/import/", SHEETS),
        ("POST", "/register/import/imp_1/map/", SHEETS),
        ("POST", "/register/people/import/", SHEETS),
        ("POST", "/register/licences/new/", PAPERS),
        ("GET", ENTRY, None),
        ("POST", "/register/", None),
        ("POST", "/sign-in/", None),
        ("POST", ENTRY + "x", None),
        ("POST", "/x" + ENTRY, None),
        ("POST", ENTRY.replace("asset_", "ASSET_"), None),
    ],
)
def test_only_addresses_that_take_files_take_more(
    method: str, path: str, most: Allowance | None
) -> None:
    assert asked_for(method, path) == most


def allowed(
    folder: Path, signed_in: Callable[[str], bool], cookie: str = "a=b", path: str = ENTRY
) -> Allowance:
    async def story() -> Allowance:
        head = Head(path=path, headers={"cookie": cookie})
        async with Uploads(signed_in, folder).begin(head) as allowance:
            return allowance

    return asyncio.run(story())


def test_a_stranger_has_what_everybody_has(tmp_path: Path) -> None:
    assert allowed(tmp_path, lambda _: False) == ORDINARY
    assert allowed(tmp_path, lambda cookie: cookie == "a=b") == PAPERS


def test_nobody_is_asked_who_they_are_for_a_page(tmp_path: Path) -> None:
    assert allowed(tmp_path, lambda _: pytest.fail("asked"), path="/register/") == ORDINARY


def test_so_many_at_once_and_those_that_end_make_room(tmp_path: Path) -> None:
    async def story() -> None:
        front = Uploads(lambda _: True, tmp_path)
        async with AsyncExitStack() as under_way:
            for _ in range(AT_ONCE):
                await under_way.enter_async_context(front.begin(Head(path=ENTRY)))
            with pytest.raises(BusyError):
                await under_way.enter_async_context(front.begin(Head(path=ENTRY)))
            ordinary = await under_way.enter_async_context(front.begin(Head(path="/")))
            assert ordinary == ORDINARY
        assert front.running == 0

    asyncio.run(story())


def test_a_full_disk_takes_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "SPARE_BYTES", 1 << 60)
    with pytest.raises(FullError):
        allowed(tmp_path, lambda _: True)


@pytest.mark.parametrize("size", [BODY_BYTES + 1, PAPERS.most_bytes])
def test_an_upload_has_its_own_bytes(size: int) -> None:
    async def story(extra: int) -> int:
        pieces = [bytes(1 << 20)] * (size >> 20) + [bytes((size & 0xFFFFF) + extra)]
        client = Client([one for one in pieces if one])
        body = Patience(Gone).guard(Head(), client, PAPERS)
        got, more = 0, True
        while more:
            part, more = await body.part()
            got += len(part)
        return got

    assert asyncio.run(story(0)) == size
    if size == PAPERS.most_bytes:
        with pytest.raises(LargeError):
            asyncio.run(story(1))


@pytest.mark.parametrize("late", [-0.01, 0.5])
def test_an_upload_has_its_own_seconds_and_no_crowd_shortens_them(late: float) -> None:
    async def story() -> list[int]:
        patience = Patience(Gone)
        one = patience.guard(Head(), Client(waits=True), PAPERS)
        others = [patience.guard(Head(), Client(waits=True)) for _ in range(CROWDED)]
        tasks = [asyncio.create_task(body.part()) for body in (one, *others)]
        await asyncio.sleep(0)
        patience.end_overdue(one.since + CROWDED_SECONDS + 1)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        crowd = len([task for task in tasks[1:] if task.done()])
        patience.end_overdue(one.since + PAPERS.seconds + late)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        ended = [crowd, int(tasks[0].done())]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return ended

    assert asyncio.run(story()) == [CROWDED, int(late > 0)]


def test_what_a_killed_server_left_is_gone_when_the_next_begins(tmp_path: Path) -> None:
    folder = tmp_path / "incoming"
    uploads.prepare(folder)
    (folder / "tmpabc.upload").write_bytes(b"half a photograph")
    uploads.prepare(folder)
    assert list(folder.iterdir()) == []
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.django_db(transaction=True)
def test_a_cookie_is_somebodys_only_while_they_are_signed_in() -> None:
    browser = Browser()
    browser.force_login(User.objects.create_user("maya", "a long passphrase"))
    cookie = f"other=1; __Host-caretaker={browser.cookies['__Host-caretaker'].value}"
    assert is_somebodys(cookie)
    browser.logout()
    assert not is_somebodys(cookie)
    for wrong in (
        "",
        "__Host-caretaker=",
        "__Host-caretaker=" + "x" * 65,
        "\x00=;;;=",
        cookie[:-1],
    ):
        assert not is_somebodys(wrong)
