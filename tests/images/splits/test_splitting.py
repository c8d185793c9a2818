"""What can be asked for, and what is refused because it could have no effect."""

import pytest

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.image_set import Split
from vgg_transfer.images.splits.drawing import DrawingPlan
from vgg_transfer.images.splits.splitting import Fold, Shares, Splitting, plan_drawing

USUAL = Splitting()


def refusal(given: set[Split], splitting: Splitting, all_given: bool = False) -> str:
    with pytest.raises(ImageSetError) as error:
        plan_drawing(given, splitting, all_given)
    text = str(error.value)
    assert text.endswith("\nLeave out what has no effect.")
    return text.removesuffix("\nLeave out what has no effect.")


@pytest.mark.parametrize("wrong", [(-0.1, 0.1), (0.1, -0.1), (0.5, 0.5), (float("nan"), 0.1)])
def test_impossible_shares(wrong: tuple[float, float]) -> None:
    with pytest.raises(ImageSetError) as error:
        Shares(*wrong)
    assert str(error.value) == (
        f"The shares are {wrong[0]} for val and {wrong[1]} for test. "
        "Give numbers from 0 on that leave a part for train: together less than 1."
    )


def test_a_share_that_leaves_nothing_beside_the_usual_other_one() -> None:
    with pytest.raises(ImageSetError, match=r"The shares are 0\.9 for val and 0\.15 for test"):
        Shares(validation=0.9)


@pytest.mark.parametrize("wrong", [(0, 5), (6, 5), (1, 1), (1, 0)])
def test_impossible_folds(wrong: tuple[int, int]) -> None:
    with pytest.raises(ImageSetError) as error:
        Fold(*wrong)
    assert str(error.value) == (
        f"Fold {wrong[0]} of {wrong[1]} does not exist. Give at least 2 folds, and a number from 1 "
        "to that: 1/5 is the first of five."
    )


def test_what_is_drawn_beside_what_is_given() -> None:
    assert plan_drawing(set(), USUAL) == DrawingPlan(0.15, 0.15)
    assert plan_drawing({"test"}, USUAL) == DrawingPlan(0.15, 0)
    assert plan_drawing({"val"}, USUAL) == DrawingPlan(0, 0)
    assert plan_drawing({"val"}, Splitting(Shares(test=0.2))) == DrawingPlan(0, 0.2)
    assert plan_drawing({"val", "test"}, USUAL) == DrawingPlan(0, 0)
    assert plan_drawing({"train"}, USUAL, all_given=True) == DrawingPlan(0, 0)
    assert plan_drawing({"val"}, Splitting(Shares(0, 0))) == DrawingPlan(0, 0)


def test_a_fold_is_test_or_beside_a_given_test_val() -> None:
    splitting = Splitting(fold=Fold(2, 5))
    is_test = DrawingPlan(0.15, fold=2, folds=5, fold_is="test")
    assert plan_drawing(set(), splitting) == is_test
    assert is_test.drawn == {"val", "test"}
    is_val = DrawingPlan(fold=2, folds=5, fold_is="val")
    assert plan_drawing({"test"}, splitting) == is_val
    assert is_val.drawn == {"val"}
    assert plan_drawing({"val"}, splitting) == DrawingPlan(0, fold=2, folds=5, fold_is="test")


def test_what_has_no_effect_is_refused() -> None:
    shares = Splitting(Shares(validation=0.2, test=0.1))
    assert refusal({"val"}, shares) == (
        "The share of 0.2 for val has no effect: the images have a val split already."
    )
    assert refusal({"test"}, shares) == (
        "The share of 0.1 for test has no effect: the images have a test split already."
    )
    assert refusal({"val", "test"}, shares).splitlines() == [
        "The share of 0.2 for val has no effect: the images have their splits already.",
        "The share of 0.1 for test has no effect: the images have their splits already.",
    ]
    fold = Splitting(fold=Fold(1, 5))
    assert refusal({"train", "test"}, fold, all_given=True) == (
        "The fold has no effect: the images have their splits already."
    )
    assert refusal({"val", "test"}, Splitting(kept={"d": "val"})) == (
        "The split file has no effect: the images have their splits already."
    )
    assert refusal(set(), Splitting(Shares(test=0.1), Fold(1, 5))) == (
        "The share of 0.1 for test has no effect: the fold is the test split."
    )
    assert refusal({"test"}, Splitting(Shares(validation=0.1), Fold(1, 5))) == (
        "The share of 0.1 for val has no effect: the fold is the val split."
    )


def test_a_fold_that_leaves_no_train() -> None:
    with pytest.raises(ImageSetError) as error:
        plan_drawing(set(), Splitting(Shares(validation=0.6), Fold(1, 2)))
    assert str(error.value) == (
        "A fold of 2 takes 0.5 for test, and 0.6 is for val: nothing is left for train. "
        "Give a smaller share for val, or more folds."
    )


def test_a_fold_and_a_split_file() -> None:
    with pytest.raises(ImageSetError) as error:
        Splitting(fold=Fold(1, 5), kept={"d": "val"})
    assert str(error.value) == (
        "A fold and a split file both say which images are test. Give one of them."
    )


def test_groups_of_paths() -> None:
    assert Splitting().group_of("cats/p1.png") is None
    inner = Splitting(group=r"p(\d+)")
    assert inner.group_of("cats/p12_3.png") == "12"
    assert inner.group_of("cats/x.png") is None
    assert Splitting(group=r"p\d+").group_of("cats/p12_3.png") == "p12"
    optional = Splitting(group=r"p(\d+)?")
    assert optional.group_of("cats/p.png") is None


def test_a_group_that_is_no_expression() -> None:
    with pytest.raises(ImageSetError) as error:
        Splitting(group="p(")
    assert str(error.value) == (
        'The group "p(" is not a regular expression: missing ), unterminated subpattern at '
        "position 1."
    )
