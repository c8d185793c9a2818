"""Which images judge, and what is shown by their answers."""

from dataclasses import replace

import pytest
from support.drawn import CLASSES, images_of, recipe_of, write_run

from vgg_transfer.doctor.treatment.judging import images_for_trials, judge
from vgg_transfer.doctor.treatment.remedies import Remedy
from vgg_transfer.errors import ComparisonError
from vgg_transfer.images import ImageSet
from vgg_transfer.images.image_set import ImageRecord


def remedy(name):
    return Remedy(name, f"{name} changed", (), recipe_of(name))


def runs(tmp_path, name, wrong, images, seeds=3):
    return {
        seed: write_run(recipe_of(name), seed, images, tmp_path / f"{name}{seed}", wrong=wrong)
        for seed in range(seeds)
    }


def test_validation_images_judge_and_a_fifth_of_train_chooses():
    images = images_of(test=60, val=40)
    many = tuple(
        ImageRecord(one.path.with_name(f"t{n}.png"), n % 2, "train", f"more{n:02}", 16, 16)
        for n, one in enumerate(images.records[:1] * 40)
    )
    found = images_for_trials(replace(images, records=images.records + many))
    was_val = {one.digest for one in images.split("val")}
    assert {one.digest for one in found.split("test")} == was_val
    assert not {one.digest for one in images.split("test")} & {o.digest for o in found.records}
    assert len(found.split("val")) == 8  # of 24 of each class, the 5th, 10th, 15th and 20th
    assert {one.label for one in found.split("val")} == {0, 1}


def test_copies_of_a_picture_stay_together():
    base = images_of(val=30).records
    copies = tuple(
        ImageRecord(one.path.with_name(f"c{n}.png"), 0, "train", f"d{n // 3}", 16, 16)
        for n, one in enumerate(base[:1] * 30)
    )
    found = images_for_trials(ImageSet("drawn", CLASSES, base + copies))
    split_of = {}
    for one in found.records:
        assert split_of.setdefault((one.label, one.digest), one.split) == one.split
    assert sum(one.split == "val" and one.digest.startswith("d") for one in found.records) == 6


def test_too_few_judges_are_refused():
    with pytest.raises(ComparisonError, match="has 10: at least 30 are needed"):
        images_for_trials(images_of(val=10))


def test_a_clear_gain_helps_and_the_same_answers_do_not(tmp_path):
    images = images_of(test=100, val=40)
    before = runs(tmp_path, "unchanged", 30, images)
    trained = {
        "good": runs(tmp_path, "good", 5, images),
        "same": before,
        "bad": runs(tmp_path, "bad", 60, images),
    }
    remedies = [remedy(name) for name in trained]
    score, (good, same, bad) = judge(before, trained, remedies, "accuracy", images)
    assert score == pytest.approx(0.7)
    assert (good.helps, same.helps, bad.helps) == (True, False, False)
    assert bad.harms
    assert good.gain == pytest.approx(0.25)
    assert good.interval.low > 0
    assert good.sentence.startswith("good changed: +25.0 points [")
    assert good.sentence.endswith("], helps")
    assert same.sentence == "same changed: +0.0 points [-2.0, 2.0], no effect shown"
    assert bad.sentence.endswith("], worse")


def test_a_training_that_failed_counts_as_if_nothing_was_right(tmp_path):
    images = images_of(test=100, val=40)
    after = runs(tmp_path, "good", 5, images)
    _, (good,) = judge(dict.fromkeys(after), {"good": after}, [remedy("good")], "accuracy", images)
    assert good.gain == pytest.approx(0.95)
    assert good.helps
    _, (worse,) = judge(after, {"good": dict.fromkeys(after)}, [remedy("good")], "accuracy", images)
    assert worse.failed == 3
    assert worse.sentence.endswith("worse (3 of its trainings failed)")


def test_of_uneven_classes_each_counts_as_much(tmp_path):
    """80 blue and 20 red, all taken for blue, then all right: 80% as accuracy, 50% balanced."""
    drawn = images_of(test=100, val=40)
    number = iter(range(1000))
    records = tuple(
        replace(one, label=int(next(number) >= 80)) if one.split == "test" else one
        for one in drawn.records
    )
    images = replace(drawn, records=records)
    right = runs(tmp_path, "right", 0, images)
    blue = {seed: all_blue(run) for seed, run in right.items()}
    for measure, score in (("accuracy", 0.8), ("balanced accuracy", 0.5)):
        found, (one,) = judge(blue, {"right": right}, [remedy("right")], measure, images)
        assert found == pytest.approx(score)
        assert one.score == pytest.approx(1.0)
        assert one.gain == pytest.approx(1 - score)
        assert one.interval.low > 0


def all_blue(run):
    return replace(run, judged=tuple(replace(o, probabilities=(0.9, 0.1)) for o in run.judged))
