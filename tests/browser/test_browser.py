"""What a real browser makes of an archive in Datasette; run by `pytest tests/browser`, with Chromium and the extra `browser`.

With NEWSARCHIVE_SHOTS=FOLDER it leaves pictures there, to be looked at.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from analysts import MIXED, browsed
from newsarchive.datasette.queries import QUERIES

CHART = next(query.fragment for query in QUERIES if query.name == "mentions_by_month")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# The direction of an element, and how far its text is from its left and its right side.
STANDS = """element => {
    const box = element.getBoundingClientRect(), range = document.createRange();
    range.selectNodeContents(element);
    const text = range.getBoundingClientRect(), style = getComputedStyle(element);
    return [style.direction, style.textAlign, text.left - box.left, box.right - text.right];
}"""
# The most bars, of the colour that Vega gives them, that any row of a chart's pixels crosses.
BARS = """() => {
    const chart = document.querySelector("canvas.marks"), {width, height} = chart;
    const pixels = chart.getContext("2d").getImageData(0, 0, width, height).data;
    const bar = (x, y) => [76, 120, 168].every((shade, at) => pixels[4 * (y * width + x) + at] === shade);
    const rows = Array.from({length: height}, (_, y) => Array.from({length: width}, (_, x) => bar(x, y)));
    return Math.max(...rows.map(row => row.filter((here, x) => here && !row[x - 1]).length));
}"""
HARM_TRIED = "() => document.title === 'harmed' || document.querySelector('a[href^=\"javascript\" i], img, [onclick*=harmed]') !== null"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    db = browsed(tmp_path_factory.mktemp("browser") / "news.db")
    command = [sys.executable, "-m", "newsarchive", "serve", "--db", str(db), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        address = process.stderr.readline().split()[1]
        for line in process.stderr:
            if "running" in line:
                break
        yield address.removesuffix("/articles")
        process.terminate()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses its sandbox to root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=alone)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page on which no script may fail."""
    errors: list[str] = []
    page = chromium.new_page(viewport=WIDE)
    page.set_default_timeout(10_000)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert errors == []


def shoot(page: Page, name: str) -> None:
    if folder := os.environ.get("NEWSARCHIVE_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def right_to_left(page: Page, selector: str) -> None:
    direction, align, left, right = page.locator(selector).first.evaluate(STANDS)
    assert (direction, align) == ("rtl", "start")
    assert right < 2 < left


def test_headline_body_and_search_box_stand_on_the_right(base: str, page: Page) -> None:
    page.goto(f"{base}/articles?_search=الزيتون")
    shoot(page, "list")
    right_to_left(page, ".col-headline .newsarchive-text")
    right_to_left(page, ".col-lede .newsarchive-text")
    direction, align, _, _ = page.locator(".col-body .newsarchive-text").first.evaluate(STANDS)
    assert (direction, align) == ("rtl", "start")
    box = page.locator("#_search")
    assert box.evaluate(STANDS)[:2] == ["rtl", "start"]
    box.fill("Homs")
    assert box.evaluate(STANDS)[0] == "ltr"


def test_an_article_stands_on_the_right_paragraph_by_paragraph(base: str, page: Page) -> None:
    page.goto(f"{base}/articles/1")
    shoot(page, "row")
    assert page.locator("td.col-body p").count() == 6
    for number in range(6):
        right_to_left(page, f"td.col-body p >> nth={number}")


def test_a_mixed_headline_keeps_its_order(base: str, page: Page) -> None:
    page.goto(f"{base}/articles/32")
    shoot(page, "mixed")
    cell = "td.col-headline p"
    assert page.locator(cell).inner_text() == MIXED
    right_to_left(page, cell)


def test_a_search_in_another_spelling_marks_what_is_printed(base: str, page: Page) -> None:
    page.goto(f"{base}/articles")
    page.locator("#_search").fill("الإرهاب سوريا")
    page.locator("#_search").press("Enter")
    expect(page.locator("td.col-lede mark").first).to_have_text("سورية")
    expect(page.locator("td.col-body mark").first).to_have_text("الارهاب")
    expect(page.locator("#_search")).to_have_value("الإرهاب سوريا")


def test_the_charts_draw(base: str, page: Page) -> None:
    page.goto(base)
    page.get_by_role("link", name="Articles a month").first.click()
    drawn(page, bars=5)
    page.goto(f"{base}/mentions_by_month#{CHART}")
    page.locator("input[name=q]").fill("تشجير")
    page.locator("input[name=q]").press("Enter")
    drawn(page, bars=4)
    shoot(page, "chart")


def drawn(page: Page, *, bars: int) -> None:
    """Wait until a chart shows this many bars."""
    page.wait_for_selector("canvas.marks")
    page.wait_for_function(f"({BARS})() === {bars}")


@pytest.mark.parametrize(
    "address",
    [
        "/articles",
        "/articles/36",
        "/articles?_search=قافلة",
        "/best_matches?q=قافلة",
        "/sources",
        "/who_copied_whom#g.mark=bar&g.x_column=then_told_by&g.x_type=ordinal&g.y_column=stories&g.y_type=quantitative",
        "/articles#g.mark=bar&g.x_column=headline&g.x_type=ordinal&g.y_column=id&g.y_type=quantitative",
    ],
)
def test_other_peoples_scripts_and_addresses_do_nothing(base: str, page: Page, address: str) -> None:
    page.goto(f"{base}{address}")
    page.wait_for_load_state("networkidle")
    for shown in page.get_by_text("javascript:").or_(page.locator("mark")).all()[:4]:
        shown.click(force=True)
    assert not page.evaluate(HARM_TRIED)
    assert page.url.startswith(base)


def test_a_telephone_needs_no_scrolling_to_the_side(base: str, page: Page) -> None:
    page.set_viewport_size(NARROW)
    for name, address in {"narrow": "/articles?_search=سوريا", "narrow-row": "/articles/1"}.items():
        page.goto(f"{base}{address}")
        shoot(page, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
        right_to_left(page, "td.col-headline [dir=auto]")
