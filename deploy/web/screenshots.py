"""Take the pictures of docs/screenshots: every page, in real Chromium, on a desk and on a phone.

    caretaker simulate --devices 200 --nights 14 --data DIR     (prints the first password)
    caretaker serve --data DIR --port 8443 --allow-root &
    .venv/bin/python deploy/web/screenshots.py --password PASSWORD --out docs/screenshots

Run it on a demonstration only: pictures of a real school's pages do not belong in a repository. The
first password is changed to `NEW` on the way, so a second run takes that one.
"""

import argparse
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

NEW = "brass-otter-lantern-demo"
SIZES = {"": (1440, 1000), "-phone": (390, 844)}
"""What is added to the file name, and the window."""
PAGES = {
    "overview": "/",
    "area": "/areas/antivirus/",
    "checks": "/checks/",
    "check": "/checks/lock-idle-timeout/",
    "computers": "/computers/",
    "not-heard-from": "/computers/?state=silent&sort=heard",
    "waiting": "/waiting/",
    "join-codes": "/join-codes/",
    "policy": "/policy/",
    "evidence": "/evidence/",
    "register": "/register/",
    "new-entry": "/register/new/",
    "places": "/register/places/",
    "september": "/register/rollover/",
    "people": "/register/people/",
    "loans": "/register/loans/",
    "counts": "/register/counts/",
    "jobs": "/register/jobs/",
    "repairs": "/register/repairs/",
    "deliveries": "/register/deliveries/",
    "labels": "/register/labels/",
    "software": "/register/software/",
    "licences": "/register/licences/",
    "register-checks": "/register/checks/",
    "password": "/account/password/",
}


def main() -> None:
    """Sign in and photograph."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="https://127.0.0.1:8443")
    parser.add_argument("--user", default="admin")
    parser.add_argument("--password", required=True)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=asked.chromium, args=flags)
        for size in SIZES:
            photograph(browser, size, asked)


def photograph(browser: Browser, size: str, asked: argparse.Namespace) -> None:
    """Every page in one size."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, ignore_https_errors=True
    )
    page = context.new_page()
    page.goto(asked.address + "/")
    page.screenshot(path=asked.out / f"sign-in{size}.png")
    sign_in(page, asked)
    for name, path in PAGES.items():
        page.goto(asked.address + path)
        page.screenshot(path=asked.out / f"{name}{size}.png")
    page.goto(asked.address + "/computers/")
    page.locator("tbody a").first.click()
    page.screenshot(path=asked.out / f"computer{size}.png")
    context.close()


def sign_in(page: Page, asked: argparse.Namespace) -> None:
    """Sign in with the password given, or the one an earlier run chose; change a first one."""
    for password in (asked.password, NEW):
        page.fill("[name=login]", asked.user)
        page.fill("[name=password]", password)
        page.click("button[type=submit]")
        if "/sign-in/" not in page.url:
            break
    else:
        raise SystemExit("Neither the password given nor the demonstration's own is right.")
    if page.url.endswith("/account/password/"):
        page.fill("[name=old_password]", password)
        page.fill("[name=new_password1]", NEW)
        page.fill("[name=new_password2]", NEW)
        page.click("main button[type=submit]")


if __name__ == "__main__":
    main()
