"""Evaluating a run again on its own images, and on others."""

import dataclasses
import shutil

import pytest

from vgg_transfer.deploy import evaluate
from vgg_transfer.errors import ImageSetError, RunError


@pytest.fixture
def moved(tiny_run, tiny_folder, tmp_path):
    """The tiny run with a copy of its images, which a test may change."""
    root = tmp_path / "images"
    shutil.copytree(tiny_folder, root)
    return dataclasses.replace(
        tiny_run, image_set=dataclasses.replace(tiny_run.image_set, root=str(root))
    )


def test_the_same_images_give_the_same_numbers(tiny_run):
    evaluation = evaluate(tiny_run)
    assert evaluation.metrics == tiny_run.metrics
    assert (evaluation.judged_on, evaluation.cautions) == ("test", ())


def test_a_run_that_was_not_judged_is_judged_on_its_test_images(tiny_run):
    interrupted = dataclasses.replace(tiny_run, judged_on="", metrics=None, judged=())
    assert evaluate(interrupted).metrics == tiny_run.metrics


def test_a_result_on_validation_images_is_said_to_flatter(tiny_run):
    evaluation = evaluate(dataclasses.replace(tiny_run, judged_on="val"))
    assert evaluation.cautions == ("These images also chose the weights: the result flatters.",)


def test_missing_and_changed_images_are_named(moved, tmp_path):
    first, second, *_ = [row.path for row in moved.split("test")]
    (tmp_path / "images" / first).unlink()
    shutil.copy(tmp_path / "images" / "red" / "01.png", tmp_path / "images" / second)
    with pytest.raises(RunError) as error:
        evaluate(moved)
    assert f'1 missing ("{first}"), 1 changed ("{second}")' in str(error.value)
    assert "Put them back, or judge other images" in str(error.value)


def test_labels_are_matched_by_class_name(tiny_run, tiny_folder):
    # The same outputs under swapped names: what was right is wrong, and the other way round.
    swapped = dataclasses.replace(tiny_run, class_names=tiny_run.class_names[::-1])
    right = evaluate(tiny_run, tiny_folder).metrics
    wrong = evaluate(swapped, tiny_folder).metrics
    assert wrong.correct == right.images - right.correct


def test_images_that_were_trained_on_are_counted_by_content(tiny_run, tiny_folder, tmp_path):
    names = {name: tmp_path / "other" / name for name in tiny_run.class_names}
    for name, folder in names.items():
        shutil.copytree(tiny_folder / name, folder)
        for file in folder.iterdir():
            file.rename(folder / f"renamed {file.name}")
    rows = tiny_run.manifest
    seen = sum(row.split != "test" for row in rows)
    evaluation = evaluate(tiny_run, tmp_path / "other")
    assert evaluation.judged_on == "all"
    assert evaluation.metrics.images == len(rows)
    assert f"{seen} of these {len(rows)} images were trained on" in evaluation.cautions[0]


def test_in_a_folder_with_splits_only_the_test_images_are_judged(tiny_run, tiny_folder, tmp_path):
    for row in tiny_run.manifest:
        target = tmp_path / row.split / row.path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(tiny_folder / row.path, target)
    (tmp_path / "train" / "red" / "notes.txt").write_text("not judged, not mentioned")
    evaluation = evaluate(tiny_run, tmp_path)
    assert evaluation.metrics == tiny_run.metrics
    assert (evaluation.judged_on, evaluation.cautions) == ("test", ())


def test_files_that_are_no_images_are_mentioned(moved, tmp_path):
    (tmp_path / "images" / "red" / "notes.txt").write_text("a note")
    cautions = evaluate(moved, tmp_path / "images").cautions
    assert cautions[0] == 'Not readable as images, so left out: "notes.txt".'


def test_unknown_classes_are_named(tiny_run, tiny_folder, tmp_path):
    shutil.copytree(tiny_folder / "red", tmp_path / "other" / "red")
    shutil.copytree(tiny_folder / "blue", tmp_path / "other" / "bleu")
    with pytest.raises(ImageSetError) as error:
        evaluate(tiny_run, tmp_path / "other")
    assert 'has classes that the run does not know: "bleu". ' in str(error.value)
    assert 'The run knows "blue", "red". Did you mean "blue"?' in str(error.value)


def test_one_class_alone_gives_its_recall(tiny_run, tiny_folder, tmp_path):
    shutil.copytree(tiny_folder / "red", tmp_path / "other" / "red")
    both, red = evaluate(tiny_run, tiny_folder), evaluate(tiny_run, tmp_path / "other")
    recall = next(one.recall for one in both.metrics.per_class if one.name == "red")
    assert (red.judged_on, red.metrics.images) == ("all", 12)
    assert red.metrics.accuracy == pytest.approx(recall)
    assert red.metrics.roc_auc is None
    assert red.cautions[0] == (
        'All of these images are "red": the accuracy is the recall of this class alone. '
        "Precision, F1, ROC AUC and a majority to compare with need two classes."
    )


def test_one_class_that_the_run_does_not_know(tiny_run, tiny_folder, tmp_path):
    shutil.copytree(tiny_folder / "red", tmp_path / "other" / "rad")
    with pytest.raises(ImageSetError) as error:
        evaluate(tiny_run, tmp_path / "other")
    assert str(error.value) == (
        f'"{tmp_path}/other" has classes that the run does not know: "rad". '
        'The run knows "blue", "red". Did you mean "red"?'
    )


def test_given_the_parent_folder_the_image_folder_is_suggested(tiny_run, tiny_folder):
    with pytest.raises(ImageSetError) as error:
        evaluate(tiny_run, tiny_folder.parent)
    assert str(error.value).endswith(f'"blue", "red". Did you mean "{tiny_folder}"?')
