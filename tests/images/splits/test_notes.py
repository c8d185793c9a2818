"""What is said of a drawing, with its numbers."""

from vgg_transfer.images.image_set import Split
from vgg_transfer.images.splits.drawing import DrawingPlan
from vgg_transfer.images.splits.notes import memory_notes, plan_notes


def found(label: str, train: int, val: int, test: int) -> list[tuple[str, Split]]:
    numbers: dict[Split, int] = {"train": train, "val": val, "test": test}
    return [(label, split) for split, number in numbers.items() for _ in range(number)]


def said(
    plan: DrawingPlan,
    given: set[Split],
    pictures: list[tuple[str, Split]],
    grouped: bool = False,
) -> list[str]:
    return [one.seen for one in plan_notes(plan, given, 3, grouped, pictures)]


def test_the_shares_and_their_numbers() -> None:
    assert said(DrawingPlan(0.15, 0.2), set(), found("cats", 13, 3, 4)) == [
        "Of every class, 15% is val and 20% is test, drawn by file contents and seed 3: 13 train, "
        "3 val, 4 test."
    ]
    assert said(DrawingPlan(0.15), {"test"}, found("cats", 17, 3, 0), grouped=True) == [
        "Of every class, 15% is val, drawn by group and seed 3: 17 train, 3 val."
    ]
    assert said(DrawingPlan(0.1, fold=2, folds=5, fold_is="test"), set(), found("a", 15, 2, 3)) == [
        "Fold 2 of 5 is test; of every class, 10% is val, drawn by file contents and seed 3: "
        "15 train, 2 val, 3 test."
    ]
    assert said(DrawingPlan(fold=2, folds=5, fold_is="val"), {"test"}, found("a", 15, 5, 0)) == [
        "Fold 2 of 5 is val, drawn by file contents and seed 3: 15 train, 5 val."
    ]
    assert said(DrawingPlan(), set(), found("a", 9, 0, 0)) == ["All images are train."]
    assert said(DrawingPlan(), {"val"}, found("a", 9, 0, 0)) == []


def test_classes_that_are_further_off_than_an_image_are_named() -> None:
    plan = DrawingPlan(0.15, 0.15)
    within = found("dogs", 29, 5, 6)
    off = found("cats", 36, 4, 2)  # of 42 images 6.3 are wanted
    assert said(plan, set(), [*within, *off]) == [
        "Of every class, 15% is val and 15% is test, drawn by file contents and seed 3: 65 train, "
        '9 val, 8 test. More than one image off: "cats" (36 train, 4 val, 2 test).'
    ]
    many = [one for label in "abcde" for one in found(label, 20, 0, 0)]
    assert said(plan, set(), many)[0].endswith(
        '"a" (20 train, 0 val, 0 test), "b" (20 train, 0 val, 0 test), '
        '"c" (20 train, 0 val, 0 test) and 2 more.'
    )


def test_what_is_kept_and_what_is_not_remembered() -> None:
    assert memory_notes(0, 40, "") == memory_notes(40, 0, "") == []
    assert [one.seen for one in memory_notes(40, 1, "")] == [
        "40 images keep the split of an earlier drawing; 1 is new."
    ]
    assert [one.seen for one in memory_notes(1, 2, "")] == [
        "1 image keeps the split of an earlier drawing; 2 are new."
    ]
    assert [one.seen for one in memory_notes(0, 40, "no space")] == [
        "This drawing is not remembered (no space): when images are added, others may change "
        "their split. `vgg-transfer images DATA --save FILE.csv` keeps it, for --splits FILE.csv."
    ]
