"""The report in a browser, opened from disk: pressed, filtered, ticked, exported and examined."""

import csv

import pytest
from support.browser import chromium, opened

from vgg_transfer.report.html.write import write_report

pytestmark = pytest.mark.browser

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser():
    with chromium() as one:
        yield one


@pytest.fixture
def report(drawn_run, tmp_path):
    """Ten cats and ten dogs: one cat taken for a dog by 0.8, two dogs for cats by 0.7 and 0.6."""
    cats, dogs = [(0, (0.95, 0.05))] * 9, [(1, (0.1, 0.9))] * 8
    wrong = [(0, (0.2, 0.8)), (1, (0.7, 0.3)), (1, (0.6, 0.4))]
    return write_report(drawn_run([*cats, *dogs, *wrong]), tmp_path / "r.html", heatmaps=False).file


def exported(page, tmp_path):
    with page.expect_download() as coming:
        page.get_by_role("button", name="Export CSV").click()
    file = tmp_path / "exported.csv"
    coming.value.save_as(file)
    return file


def test_a_cell_opens_its_pictures_and_filters_narrow_them(browser, report):
    with opened(browser, report) as page:
        assert page.locator("#count").inner_text() == "3 pictures"
        page.get_by_role("button", name="2 of 10 dogs answered cats: show them").click()
        page.wait_for_function("document.activeElement.id === 'pictures'")
        assert page.locator("#count").inner_text() == "2 pictures"
        assert page.locator(".said").all_inner_texts() == [
            "dogs taken for cats 70%",
            "dogs taken for cats 60%",
        ]
        page.get_by_label("Sure from").fill("65")
        assert page.locator("#count").inner_text() == "1 picture"
        page.get_by_role("button", name="Clear").click()
        page.get_by_text("least sure").click()
        assert page.locator(".said").first.inner_text() == "dogs taken for cats 60%"
        page.locator("select[name=label]").select_option("cats")
        assert page.locator("#count").inner_text() == "10 pictures"


def test_what_is_ticked_is_exported_and_survives_a_reload(browser, report, tmp_path):
    with opened(browser, report) as page:
        first, second = page.locator(".tile").nth(0), page.locator(".tile").nth(1)
        first.get_by_label("label is wrong").check()
        second.get_by_label("label is wrong").check()
        second.get_by_label("leave out").check()
        page.reload()
        assert page.locator("#marked").inner_text() == "2 pictures marked"
        with exported(page, tmp_path).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        page.get_by_role("button", name="Unmark all").click()
        assert not page.locator("#marks").is_visible()
    assert [(one["path"], one["action"], one["label"]) for one in rows] == [
        ("0017.png", "relabel", "dogs"),
        ("0018.png", "leave out", ""),
    ]
    assert rows[0]["why"] == "marked in the report: answered dogs (80%)"
    assert {len(one["digest"]) for one in rows} == {64}


def test_hostile_names_are_text_everywhere(browser, hostile_run, tmp_path):
    """A script that ran would change the title, or be refused with a complaint."""
    report = write_report(hostile_run, tmp_path / "hostile.html", heatmaps=False).file
    with opened(browser, report, viewport=NARROW) as page:
        title = page.title()
        assert title.startswith("run: 0.0% right")
        shown = page.locator(".said b").all_inner_texts()
        assert sorted(shown) == sorted(hostile_run.class_names)
        assert page.locator("select[name=label] option").all_inner_texts() == [
            "any", *hostile_run.class_names,
        ]  # fmt: skip
        page.locator(".confusion button").first.click()
        page.locator(".tile").first.get_by_label("label is wrong").check()
        with exported(page, tmp_path).open(encoding="utf-8", newline="") as file:
            (row,) = csv.DictReader(file)
        assert row["label"] in hostile_run.class_names
        assert page.evaluate("document.querySelectorAll('script').length") == 2
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
        assert page.title() == title


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_checker_of_accessibility_finds_no_serious_fault(browser, report, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for viewport in (WIDE, NARROW):
        with opened(browser, report, viewport=viewport, color_scheme=scheme) as page:
            page.locator(".tile").first.get_by_label("label is wrong").check()
            found = axe.run(page).response["violations"]
            page.evaluate("localStorage.clear()")
        serious = [
            (one["id"], [node["html"] for node in one["nodes"]][:3])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == []


def test_it_can_be_used_without_a_mouse(browser, report):
    with opened(browser, report) as page:
        page.locator(".confusion button").nth(1).focus()
        page.keyboard.press("Enter")
        page.wait_for_function("document.activeElement.id === 'pictures'")
        page.locator(".tile input").first.focus()
        page.keyboard.press("Space")
        assert page.locator("#marked").inner_text() == "1 picture marked"
