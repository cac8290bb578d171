"""Takes the pictures of the editor's guide, and the README's, from a demo that is being served.

    python -m tests.browser.guide_pictures http://klaten.localhost:8000

Everything they show is the demo's; run it again whenever a screen changes.
"""

import io
import os
import shutil
import sys
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parents[2] / "site/website/static/website/guide"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PASSWORD = os.environ.get("DEMO_PASSWORD", "lindungi-contoh-2026")
# Drawn on a usual screen, kept at four fifths: 1000 × 625.
SCREEN = {"width": 1250, "height": 782}
SCALE = 0.8
SIZE = (1000, 625)
GUIDE_BYTES = 60_000
README_BYTES = 150_000
CAMPAIGN = "Stop Kekerasan terhadap Anak"


def save(picture: Image.Image, name: str, limit: int) -> None:
    """Write as WebP, as finely as the limit of bytes allows; raise if none does."""
    for quality in range(90, 20, -5):
        stored = io.BytesIO()
        picture.save(stored, "WEBP", quality=quality, method=6)
        if stored.tell() <= limit:
            (FOLDER / f"{name}.webp").write_bytes(stored.getvalue())
            sys.stdout.write(f"{name}.webp  {picture.size}  {stored.tell() // 1024} KB\n")
            return
    raise ValueError(f"{name}: more than {limit} bytes at the lowest quality")


def shot(page: Page) -> Image.Image:
    page.wait_for_load_state("networkidle")
    return Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")


def keep(page: Page, name: str) -> None:
    save(shot(page).resize(SIZE, Image.Resampling.LANCZOS), name, GUIDE_BYTES)


def sign_in(browser: Browser, base: str, role: str) -> Page:
    slug = base.split("//")[1].split(".")[0]
    page = browser.new_context(
        viewport=SCREEN, device_scale_factor=SCALE, locale="id-ID", color_scheme="light"
    ).new_page()
    page.goto(f"{base}/masuk/")
    page.locator("[name=login]").fill(f"{role}.{slug}@contoh.invalid")
    page.locator("[name=password]").fill(PASSWORD)
    return page


def admin_screens(browser: Browser, base: str) -> None:
    page = sign_in(browser, base, "editor")
    keep(page, "masuk")
    page.locator("main form button").click()
    page.goto(f"{base}/admin/")
    keep(page, "beranda")
    page.goto(f"{base}/admin/pages/search/?q={CAMPAIGN}")
    page.locator("main a[href$='/edit/']", has_text=CAMPAIGN).first.click()
    page.goto(page.url.replace("/edit/", "/"))
    keep(page, "halaman")
    page.locator("main a[href$='/edit/']").last.click()
    toggle = page.locator("footer .w-dropdown__toggle").last
    if toggle.count():
        toggle.click()
    keep(page, "sunting")
    page.goto(f"{base}/admin/saluran/")
    keep(page, "saluran")
    page = sign_in(browser, base, "admin")
    page.locator("main form button").click()
    page.goto(f"{base}/ruang/tim/")
    keep(page, "tim")


def rounded(picture: Image.Image, radius: int) -> Image.Image:
    mask = Image.new("L", picture.size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, *picture.size), radius, fill=255)
    picture.putalpha(mask)
    return picture


def readme_picture(browser: Browser, base: str) -> None:
    """The home page on a desk with the help page on a phone before it, on warm paper."""
    desk = browser.new_page(viewport={"width": 1280, "height": 832}, locale="id-ID")
    desk.goto(f"{base}/")
    phone = browser.new_page(
        viewport={"width": 360, "height": 640}, device_scale_factor=1.05, locale="id-ID"
    )
    phone.goto(f"{base}/bantuan/")
    sheet = Image.new("RGB", (1660, 930), "#e9dfce")
    home = rounded(shot(desk), 14)
    help_page = shot(phone)
    frame = Image.new("RGB", (help_page.width + 24, help_page.height + 24), "#1f1a14")
    frame.paste(rounded(help_page, 22), (12, 12), help_page)
    frame = rounded(frame, 34)
    sheet.paste(home, (48, 48), home)
    sheet.paste(frame, (sheet.width - frame.width - 48, sheet.height - frame.height - 24), frame)
    save(sheet, "situs", README_BYTES)


def main(base: str) -> None:
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        admin_screens(browser, base)
        readme_picture(browser, base)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
