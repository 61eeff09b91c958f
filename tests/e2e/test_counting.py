"""A room is counted on a phone: by a real camera that sees a film of a label, by a photograph, by
typing, with the network gone in between, and without scripts."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import segno
from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from controller.people.roles import Role
from inventory.assets import services as register
from inventory.assets.writing import By
from inventory.models import Asset, CountedRoom, CountScan, Site, StockTake
from inventory.places.services import add_room
from inventory.stocktake import services
from tests import needs
from tests.controller.web import school
from tests.e2e.conftest import FLAGS, PHONE, Doorman, Visit
from tests.e2e.test_pages import barriers

BY = By("system", school.NOW)
MOBILE: dict[str, Any] = {"viewport": PHONE, "is_mobile": True, "has_touch": True}
FILMED = "OAK-003"


def picture(text: str, wide: int, high: int) -> Image.Image:
    """A label held before a camera."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="png", scale=8, border=4)
    label = Image.open(out).convert("RGB")
    side = round(min(wide, high) * 0.6)
    label = label.resize((side, side), Image.Resampling.BILINEAR)
    whole = Image.new("RGB", (wide, high), (120, 110, 100))
    whole.paste(label, ((wide - side) // 2, (high - side) // 2))
    return whole


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One whose camera films a label."""
    film = tmp_path_factory.mktemp("film") / "label.mjpeg"
    frame = io.BytesIO()
    picture(FILMED, 640, 480).save(frame, "JPEG", quality=90)
    film.write_bytes(frame.getvalue() * 5)
    flags = [*FLAGS, "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    flags.append(f"--use-file-for-fake-video-capture={film}")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        program = needs.program("chromium", package="chromium")
        opened = playwright.chromium.launch(executable_path=program, args=flags)
        yield opened
        opened.close()


@pytest.fixture
def willowbrook(transactional_db: None) -> Site:
    """A school with two people who count and two rooms; the first is begun."""
    site = school.make_site()
    school.make_person(site, Role.TECHNICIAN, "technician")
    school.make_person(site, Role.BUSINESS_MANAGER, "manager")
    school.make_person(site, Role.SLT, "head")
    oak, elm = (add_room(site.id, name, by=BY) for name in ("Oak", "Elm"))
    rows: list[dict[str, object]] = [
        {
            "tag": f"OAK-00{n}",
            "kind": "laptop",
            "name": f"Laptop {n}",
            "room": oak,
            "serial": f"5CD00{n}XY",
        }
        for n in range(1, 5)
    ]
    rows.append({"tag": "ELM-001", "kind": "tablet", "name": "Tablet 1", "room": elm})
    register.add_many(site.id, rows, by=BY)
    take = services.begin(site.id, "Autumn count", [oak, elm], by=BY)
    services.begin_room(site.id, counted(oak), by=BY)
    assert StockTake.objects.get().id == take
    return site


def counted(room: str) -> str:
    return CountedRoom.objects.get(room=room).id


def oak() -> str:
    return f"/register/counts/rooms/{CountedRoom.objects.get(room__name='Oak').id}/"


def on_a_phone(doorman: Doorman, who: str = "technician") -> Visit:
    visit = doorman.open(who, **MOBILE)
    visit.go(oak())
    return visit


def type_in(visit: Visit, text: str) -> None:
    visit.page.fill("#text", text)
    visit.page.tap("text=Count it")


def test_the_camera_reads_a_label_and_counts_it_once(doorman: Doorman) -> None:
    visit = on_a_phone(doorman)
    page = visit.page
    page.tap("[data-camera]")
    expect(page.locator("[data-head]")).to_have_text("Found")
    expect(page.locator("[data-say]")).to_contain_text("Laptop 3")
    expect(page.locator("#found + ul")).to_contain_text("Laptop 3")
    expect(page.locator(".count-sum")).to_contain_text("1 of 4")
    assert list(CountScan.objects.values_list("text", "how")) == [(FILMED, "camera")]
    page.tap("[data-camera]")
    expect(page.locator("[data-eye]")).to_be_hidden()
    assert barriers(page) == []
    assert visit.trouble == []


@pytest.mark.looks
def test_a_photograph_is_read_on_the_phone_and_never_leaves_it(
    doorman: Doorman, tmp_path: Path
) -> None:
    visit = on_a_phone(doorman)
    sent: list[int] = []
    visit.page.on("request", lambda asked: sent.append(len(asked.post_data_buffer or b"")))
    photo = tmp_path / "label.jpg"
    picture("5CD001XY", 3000, 2000).rotate(90, expand=True).save(photo, "JPEG")
    visit.page.set_input_files("#photo", photo)
    expect(visit.page.locator("[data-say]")).to_contain_text("Laptop 1")
    blank = tmp_path / "blank.png"
    Image.new("RGB", (400, 300), "white").save(blank)
    visit.page.set_input_files("#photo", blank)
    expect(visit.page.locator("[data-head]")).to_have_text("Nothing was read")
    assert max(sent) < 1_000
    assert visit.trouble == []


def test_what_is_amber_twice_or_not_known_is_said_and_one_tap_moves_it_at_the_end(
    doorman: Doorman,
) -> None:
    visit = on_a_phone(doorman)
    page, head = visit.page, visit.page.locator("[data-head]")
    for text, said in (
        ("elm-001", "Belongs elsewhere"),
        ("ELM-001", "Counted already"),
        ("<b>4711</b>", "Not in the register"),
    ):
        type_in(visit, text)
        expect(head).to_have_text(said)
    expect(page.locator("#moved + ul")).to_contain_text("Belongs in Elm")
    page.tap("text=It lives here now")
    expect(page.locator("#moved + ul")).to_contain_text("lives here from now on")
    expect(page.locator("#strange + ul")).to_contain_text("<b>4711</b>")
    page.tap("text=Add to the register")
    page.select_option("#kind", "laptop")
    page.tap("text=Add and count it")
    expect(page.locator(".note")).to_contain_text("in the register now")
    page.tap("text=Done with this room")
    page.tap("text=Finish the count")
    page.tap("section >> button:has-text('Finish')")
    expect(page.locator(".hero-line")).to_contain_text("0 of 4 things found, 4 missing")
    assert Asset.objects.get(tag="ELM-001").room == Asset.objects.get(tag="OAK-001").room
    assert visit.trouble == []


def test_scans_wait_for_the_network_and_count_once(doorman: Doorman) -> None:
    visit = on_a_phone(doorman)
    page = visit.page
    visit.context.set_offline(True)
    type_in(visit, "OAK-001")
    type_in(visit, "OAK-002")
    expect(page.locator("[data-queue]")).to_contain_text("2 scans are not sent yet")
    assert not CountScan.objects.exists()
    visit.context.set_offline(False)
    expect(page.locator(".count-sum")).to_contain_text("2 of 4")
    expect(page.locator("[data-queue]")).to_be_hidden()
    assert CountScan.objects.count() == 2
    # An answer that is lost on its way is asked for again, and nothing counts twice.
    page.route("**/scan/", lambda route: (route.fetch(), route.abort()), times=1)
    type_in(visit, "OAK-003")
    expect(page.locator(".count-sum")).to_contain_text("3 of 4")
    assert CountScan.objects.count() == 3


def test_two_people_count_one_room_and_the_head_signs(doorman: Doorman) -> None:
    first, second = on_a_phone(doorman), on_a_phone(doorman, "manager")
    type_in(first, "OAK-001")
    expect(first.page.locator("#found + ul")).to_contain_text("Laptop 1")
    type_in(second, "OAK-001")
    expect(second.page.locator("[data-say]")).to_contain_text("Tariq Aziz counted it here")
    type_in(second, "OAK-002")
    expect(second.page.locator(".count-sum")).to_contain_text("2 of 4")
    first.page.evaluate("refresh()")  # as it does by itself every few seconds
    expect(first.page.locator("#found + ul")).to_contain_text("Laptop 2")


def test_without_scripts_the_tag_is_typed_and_the_page_says_what_came_of_it(
    doorman: Doorman,
) -> None:
    visit = doorman.open("technician", java_script_enabled=False, **MOBILE)
    page = visit.go(oak())
    expect(page.locator("[data-camera]")).to_be_hidden()
    page.fill("#text", "OAK-001")
    page.click("text=Count it")
    expect(page.locator(".note")).to_contain_text("Found: Laptop 1")
    page.locator("#missing + ul li", has_text="Laptop 2").locator("text=I see it").click()
    expect(page.locator(".count-sum")).to_contain_text("2 of 4")
    page.click("text=Done with this room")
    page.locator("button", has_text="Finish").click()
    expect(page.locator(".hero-line")).to_contain_text("2 of 4 things found, 2 missing")
    head = doorman.open("head", java_script_enabled=False)
    head.go(f"/register/counts/{StockTake.objects.get().id}/")
    head.page.fill("#signature_name", "Helen Marsh")
    head.page.check("[name=signature_agreed]")
    head.page.click(".count-sign button[type=submit]")
    expect(head.page.locator(".hero-side")).to_contain_text("Helen Marsh")


@pytest.mark.looks
def test_where_the_camera_is_refused_the_page_says_what_to_do_instead(doorman: Doorman) -> None:
    visit = on_a_phone(doorman)
    visit.page.evaluate(
        "navigator.mediaDevices.getUserMedia = async () => "
        "{ throw new DOMException('', 'NotAllowedError') }; 0"
    )
    visit.page.tap("[data-camera]")
    expect(visit.page.locator("[data-say]")).to_contain_text("photograph of the label")
    expect(visit.page.locator("[data-camera]")).to_be_hidden()


@pytest.mark.looks
def test_no_other_page_may_ask_for_the_camera(doorman: Doorman, live_server: LiveServer) -> None:
    visit = doorman.open("technician")
    asked = "navigator.permissions.query({name: 'camera'}).then((now) => now.state)"
    assert visit.page.evaluate(asked) == "denied"
    visit.go(oak())
    assert visit.page.evaluate(asked) == "granted"
