"""``vgg-transfer report`` and ``plot``, and what ``train`` leaves to look at."""

import pytest
from PIL import Image
from support.answers import checked
from support.browser import chromium, opened
from support.killed import drawn_run


def test_a_training_leaves_pictures_and_a_report(ran, recipe_file, tiny_folder, tmp_path):
    out = tmp_path / "run"
    told = ran("train", tiny_folder, "--recipe", recipe_file, "--out", out, "--report")
    for name in ("history.png", "confusion.png"):
        with Image.open(out / name) as picture:
            assert picture.format == "PNG"
    assert f"report    {out / 'report.html'}\n" in told
    assert "4 pictures, 1 MB\n" in told
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "No heatmaps are shown: on 4 pictures" in page
    answer = checked("report", ran("report", out, "--no-heatmaps", "--json"))
    assert (answer["file"], answer["pictures"], answer["moved"]) == (str(out / "report.html"), 4, 0)
    assert answer["size"] == (out / "report.html").stat().st_size


def test_a_report_is_a_new_file_where_one_is_named(ran, tmp_path):
    run, out = drawn_run(tmp_path / "run"), tmp_path / "page.html"
    told = ran("report", run.folder, "--out", out, "--no-heatmaps")
    assert told.splitlines()[1].strip().endswith("; 40 lie no longer where they were")
    assert "exists already, and nothing is overwritten" in ran(
        "report", run.folder, "--out", out, "--no-heatmaps", code=1
    )
    assert "known endings are .html" in ran(
        "report", run.folder, "--out", tmp_path / "page.pdf", code=1
    )


def test_what_was_never_trained_has_no_report(ran, tmp_path):
    assert f'"{tmp_path}" has no run.json' in ran("report", tmp_path, code=1)


@pytest.mark.parametrize("figure", ["history", "confusion"])
def test_a_figure_is_drawn(ran, tmp_path, figure):
    run, out = drawn_run(tmp_path / "run"), tmp_path / "figure.svg"
    answer = checked("plot", ran("plot", run.folder, "--figure", figure, "--out", out, "--json"))
    assert answer == {"file": str(out), "figure": figure}
    assert "<svg" in out.read_text(encoding="utf-8")


def test_the_sheet_of_a_run_is_of_its_own_images(ran, tiny_run, tmp_path):
    out = tmp_path / "sheet.png"
    ran("plot", tiny_run.folder, "--figure", "contact-sheet", "--out", out)
    with Image.open(out) as sheet:
        assert sheet.format == "PNG"


def test_a_figure_that_there_is_not_is_named_with_those_there_are(ran, tmp_path):
    run = drawn_run(tmp_path / "run")
    message = ran("plot", run.folder, "--figure", "confusoin", "--out", tmp_path / "f.png", code=1)
    assert message == (
        'error: no figure of a run is called "confusoin": there are history, confusion, '
        'contact-sheet. Did you mean "confusion"?\n'
    )


@pytest.mark.browser
def test_what_is_ticked_in_the_report_is_fixed_in_the_next_training(
    ran, tiny_run, recipe_file, tiny_folder, tmp_path
):
    page_file, fixes = tmp_path / "report.html", tmp_path / "fixes.csv"
    ran("report", tiny_run.folder, "--out", page_file, "--no-heatmaps")
    with chromium() as browser, opened(browser, page_file) as page:
        page.get_by_text("all", exact=True).click()
        page.locator(".tile").nth(0).get_by_label("label is wrong").check()
        page.locator(".tile").nth(1).get_by_label("leave out").check()
        with page.expect_download() as coming:
            page.get_by_role("button", name="Export CSV").click()
        coming.value.save_as(fixes)
    told = ran(
        "train", tiny_folder, "--recipe", recipe_file, "--out", tmp_path / "again",
        "--fixes", fixes,
    )  # fmt: skip
    assert "leave out 1 image and relabel 1." in told
