"""Photographs, papers and signatures in a real browser, on a telephone and on a desk."""

from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Browser, FilePayload, Page, expect

from controller.people.models import User
from inventory.assets import services
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.documents.queries import listed
from inventory.documents.signatures import drawn
from inventory.models import Site
from tests.controller.web import school
from tests.e2e.conftest import DESKTOP, PHONE, Doorman
from tests.e2e.test_pages import barriers
from tests.inventory.documents import files

STATIC = Path(__file__).parents[2] / "controller" / "static"
SIZES = {"desk": DESKTOP, "phone": PHONE}


@pytest.mark.looks
@pytest.mark.parametrize(("size", "script"), [("phone", True), ("desk", False)])
def test_a_photograph_and_a_paper_are_added_and_taken_off(
    size: str, *, script: bool, willowbrook: Site, doorman: Doorman
) -> None:
    by = By(User.objects.get(username="technician").id, school.NOW)
    asset = services.add(willowbrook.id, {"tag": "WB-9", "name": "Hall projector"}, by=by)
    visit = doorman.open("technician", viewport=SIZES[size], java_script_enabled=script)
    page = visit.go(f"/register/{asset}/")
    photo: FilePayload = {
        "name": "side.jpg",
        "mimeType": "image/jpeg",
        "buffer": files.photograph(size=(1600, 1200)),
    }
    page.get_by_label("Take a photograph").set_input_files(photo)
    page.get_by_role("button", name="Add the photograph").click()
    paper: FilePayload = {"name": "Invoice.pdf", "mimeType": "application/pdf", "buffer": files.PDF}
    page.get_by_label("Choose a paper or a picture").set_input_files(paper)
    page.get_by_role("button", name="Add the paper").click()
    expect(page.get_by_role("img", name="side.jpg")).to_be_visible()
    expect(page.get_by_role("link", name="Invoice.pdf")).to_be_visible()
    if script:
        expect(page.locator(".photos img")).to_have_js_property("naturalWidth", 180)
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]
        assert barriers(page) == []
        large: FilePayload = {
            "name": "l.pdf",
            "mimeType": "application/pdf",
            "buffer": bytes(10485761),
        }
        page.get_by_label("Choose a paper or a picture").set_input_files(large)
        assert "larger than 10 MB" in page.locator("#paper-file").evaluate(
            "e => e.validationMessage"
        )
    page.get_by_role("button", name="Take off side.jpg").click()
    expect(page.get_by_role("img", name="side.jpg")).to_have_count(0)
    assert [one.name for one in listed([willowbrook.id], asset)] == ["Invoice.pdf"]
    assert visit.trouble == []


def pad(browser: Browser, size: str, *, script: bool = True) -> Page:
    """A page that is nothing but the pad."""
    viewport: Any = SIZES[size]
    page = browser.new_context(viewport=viewport, java_script_enabled=script).new_page()
    part = render_to_string("parts/sign.html", {"sign_label": "I have received the laptop."})
    css = [STATIC / "vendor/tabler.min.css", STATIC / "caretaker/app.css"]
    style = "".join(one.read_text("utf-8") for one in [*css, STATIC / "caretaker/sign.css"])
    page.set_content(
        f"<!doctype html><html lang=en-GB><title>Sign</title><style>{style}</style>"
        f"<body><main class=container-xl><h1>Sign</h1><form>{part}</form></main></body></html>"
    )
    if script:
        page.add_script_tag(path=STATIC / "caretaker" / "sign.js")
    return page


@pytest.mark.looks
@pytest.mark.parametrize("size", sorted(SIZES))
def test_a_line_drawn_on_the_pad_is_a_signature_and_clearing_takes_it_back(
    size: str, browser: Browser
) -> None:
    page = pad(browser, size)
    box = page.locator("canvas").bounding_box()
    assert box is not None
    assert box["width"] <= SIZES[size]["width"]
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + 30 + step * 30, box["y"] + 60 - (step % 2) * 40)
    page.mouse.up()
    field = page.locator("[name=signature]")
    assert drawn(field.input_value())
    assert page.get_by_role("status").inner_text() == "Signed."
    assert barriers(page) == []
    page.get_by_role("button", name="Clear").click()
    with pytest.raises(RegisterError):
        drawn(field.input_value())
    page.get_by_text("Type the name instead").click()
    expect(page.get_by_label("Full name")).to_be_visible()
    page.context.close()


@pytest.mark.looks
def test_without_scripts_a_name_can_be_typed_and_no_pad_is_shown(browser: Browser) -> None:
    page = pad(browser, "phone", script=False)
    expect(page.locator("canvas")).to_be_hidden()
    page.get_by_label("Full name").fill("Maya Jones")
    page.get_by_label("This typed name is my signature").check()
    page.context.close()
