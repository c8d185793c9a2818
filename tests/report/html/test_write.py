"""The report as text: what it says, what is missing, how large it is."""

import json
import re
from dataclasses import replace
from html import unescape
from types import SimpleNamespace

import numpy as np
import pytest
from support.drawn import Engine, images_of, recipe_of, write_run

from vgg_transfer.comparison import compare_runs
from vgg_transfer.errors import RunError
from vgg_transfer.evaluation import Calibration
from vgg_transfer.explanations import faithfulness, heatmaps
from vgg_transfer.explanations.heatmaps import Heatmap
from vgg_transfer.report.html.write import write_report
from vgg_transfer.run import Filled

SURE, UNSURE, WRONG = (0, (0.9, 0.1)), (1, (0.4, 0.6)), (0, (0.2, 0.8))


def report_of(subject, tmp_path):
    """Return what was written, the text that a reader sees, and the data of the page."""
    written = write_report(subject, tmp_path / "report.html", heatmaps=False)
    page = written.file.read_text(encoding="utf-8")
    assert written.size == len(page.encode())
    data = json.loads(page.partition('id="data">')[2].partition("</script>")[0])
    body = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    return written, " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split()), data


def test_the_headline_is_the_number_with_its_interval_and_what_it_has_to_beat(drawn_run, tmp_path):
    run = drawn_run([SURE] * 60 + [(1, (0.1, 0.9))] * 38 + [WRONG] * 2)
    _, text, _ = report_of(run, tmp_path)
    assert "98.0 % of 100 test images were named correctly" in text
    assert "between 93.0% and 99.4% will be (95% interval)" in text
    assert "Always answering “cats” would be right in 62.0%: the network has clearly" in text
    assert "2 of 62 cats taken for dogs" in text


def test_what_is_not_told_from_one_answer_is_said(drawn_run, tmp_path):
    _, text, _ = report_of(drawn_run([SURE, UNSURE, WRONG]), tmp_path)
    assert "That is not told from always answering “cats”" in text
    assert "Images evaluated: only 3." in text


def test_wrong_answers_come_first_the_surest_ahead_and_then_the_least_sure(drawn_run, tmp_path):
    less = (0, (0.3, 0.7))
    _, _, data = report_of(drawn_run([SURE, UNSURE, less, WRONG]), tmp_path)
    assert [(one["label"], one["answer"], one["sure"]) for one in data["images"]] == [
        (0, 1, 0.8), (0, 1, 0.7), (1, 1, 0.6), (0, 0, 0.9),
    ]  # fmt: skip
    assert [one["proposed"] for one in data["images"]] == [1, 1, None, None]
    assert all(one["src"].startswith("data:image/webp;base64,") for one in data["images"])


def test_pictures_that_have_moved_or_changed_have_placeholders(drawn_run, tmp_path):
    run = drawn_run([SURE, UNSURE, WRONG])
    (tmp_path / "pictures" / "0000.png").unlink()
    (tmp_path / "pictures" / "0001.png").write_bytes(
        (tmp_path / "pictures" / "0002.png").read_bytes()
    )
    written, _, data = report_of(run, tmp_path)
    assert (written.pictures, written.moved) == (1, 2)
    assert [one["missing"] for one in data["images"]] == ["", "moved", "moved"]


def test_where_the_time_went_and_what_the_store_saved(drawn_run, tmp_path):
    run = drawn_run([SURE], filled=(Filled("key", 100, 50, 0.5),))
    run = replace(run, image_set=replace(run.image_set, counts={"train": {"cats": 100}}))
    _, text, _ = report_of(run, tmp_path)
    assert "0.5 s frozen blocks, once" in text
    assert "0.5 s training and validating" in text
    assert "1.0 s preparing, judging, saving" in text
    assert "50 times; without the store it would have been 100 times. That saved about 1 s." in text


def test_how_far_probabilities_are_from_their_promises_before_and_after(drawn_run, tmp_path):
    answers = [SURE] * 7 + [(0, (0.1, 0.9))] * 3
    _, text, _ = report_of(drawn_run(answers), tmp_path)
    assert "its answers were 90.0% sure and 70.0% right" in text
    assert "differs from how often it is right by 20.0 points" in text
    assert "Its temperature is" not in text
    run = drawn_run(answers, calibration=Calibration(2.0, 1500))
    _, text, _ = report_of(run, tmp_path)
    # The odds of 9 to 1 become 3 to 1: 75% sure.
    assert "temperature is 2.00 , fitted on 1,500 validation images" in text
    assert "With --calibrated the difference is 5.0 points" in text


def test_heat_is_shown_only_where_it_explains_something(drawn_run, tmp_path, monkeypatch):
    run, found = drawn_run([SURE, WRONG]), SimpleNamespace(explains=True, sentence="on 2 pictures")
    monkeypatch.setattr(faithfulness, "faithfulness", lambda *_, **__: found)
    warm = np.ones((4, 4), np.float32)
    monkeypatch.setattr(
        heatmaps,
        "heatmaps",
        lambda _, files, **__: (Heatmap(file, "cats", 0.9, warm) for file in files),
    )
    page = write_report(run, tmp_path / "a.html").file.read_text(encoding="utf-8")
    assert page.count('"heat":"data:image/webp') == 2
    assert "what stays bright decided the answer (Grad-CAM). Tried on 2 pictures." in page
    found.explains = False
    page = write_report(run, tmp_path / "a.html").file.read_text(encoding="utf-8")
    assert page.count('"heat":""') == 2
    assert "No heatmaps are shown: on 2 pictures." in page


def test_a_run_without_a_model_has_a_report_without_heat(drawn_run, tmp_path):
    page = write_report(drawn_run([SURE]), tmp_path / "a.html").file.read_text(encoding="utf-8")
    assert "There are no heatmaps: the run folder" in page


def test_how_to_repeat_it_can_be_pasted(drawn_run, tmp_path):
    _, text, _ = report_of(drawn_run([SURE]), tmp_path)
    folder = tmp_path / "run"
    assert (
        f"vgg-transfer train {tmp_path}/pictures --recipe {folder}/recipe.toml --splits "
        f"{folder}/images.csv --seed 0" in text
    )


def test_a_training_that_was_not_judged_has_a_report_too(drawn_run, tmp_path):
    run = drawn_run([SURE], status="failed", metrics=None, judged=(), judged_on="")
    _, text, data = report_of(run, tmp_path)
    assert "This training is failed, and was not judged all epochs done." in text
    assert data["images"] == []


def test_names_are_never_markup_and_data_never_ends_its_element(hostile_run, tmp_path):
    written, text, data = report_of(hostile_run, tmp_path)
    page = written.file.read_text(encoding="utf-8")
    assert page.count("<script") == page.count("</script>") == 2
    assert "<img src" not in page
    assert "<script>document.title = 'taken'</script>" in text
    assert data["labels"] == list(hostile_run.class_names)


def test_names_that_are_no_text_can_be_written(drawn_run, tmp_path):
    _, text, data = report_of(drawn_run([SURE, WRONG], names=("bad\udcff", "two\nlines")), tmp_path)
    assert "bad\\udcff" in text
    assert data["classes"] == ["bad\\udcff", "two\\nlines"]
    assert data["labels"] == ["bad\udcff", "two\nlines"]


def test_many_classes_are_drawn_as_a_square(drawn_run, tmp_path):
    names = [f"kind {number}" for number in range(30)]
    answers = [(n, np.roll(np.eye(30)[n], n == 3).tolist()) for n in range(30)]
    written, text, _ = report_of(drawn_run(answers, names), tmp_path)
    assert 'data-label="3" data-answer="4"' in written.file.read_text(encoding="utf-8")
    assert "1 of 1 kind 3 taken for kind 4" in text


def test_a_comparison_shows_verdicts_and_where_recipes_disagree(tmp_path):
    images = images_of()
    engine = Engine(wrong={"good": 2, "bad": 30})
    folders = []
    for name, wrong in engine.wrong.items():
        for seed in (0, 1):
            folders.append(tmp_path / f"{name}-{seed}")
            recipe = recipe_of(name, size=16 if name == "good" else 24)
            write_run(recipe, seed, images, folders[-1], wrong)
    comparison = compare_runs(folders)
    _, text, data = report_of(comparison, tmp_path)
    assert "good is recommended, of 2 recipes, on 60 test images" in text
    assert comparison.verdicts[0] in text
    assert data["recipes"] == ["good", "bad"]
    assert data["images"][0]["right"] == [1.0, 0.0]
    assert {one["missing"] for one in data["images"]} == {"moved"}


def test_without_a_folder_a_place_must_be_named(a_comparison):
    with pytest.raises(RunError, match=r"has no folder to write report.html into: give out="):
        write_report(a_comparison(("one", 0.9, 10.0)))
