"""Classes that are too few, too uneven or one and the same."""

import pytest

from vgg_transfer.doctor.images.classes import find_class_faults


def found(**numbers):
    return [(one.code, one.seen) for one in find_class_faults(numbers)]


def test_even_classes_with_names_of_their_own_are_fine():
    assert found(cats=40, dogs=60, cat_fish=50) == []


def test_three_times_as_many_is_uneven():
    assert found(cats=119, dogs=40) == []
    text = '"cats" has 120 train pictures and "dogs" 40, 3.0 times fewer'
    assert found(cats=120, dogs=40) == [("imbalance", text)]


def test_nine_pictures_are_a_tiny_class():
    text = '1 class with fewer than 10 train pictures: "dogs (9)"'
    assert found(cats=20, dogs=9) == [("tiny-class", text)]


def test_a_class_without_train_pictures_is_tiny_and_divides_nothing():
    assert [code for code, _ in found(cats=20, dogs=0)] == ["tiny-class"]
    assert found() == []


@pytest.mark.parametrize("twin", ["cats", "CAT", "Cat ", "c-a_t", "cat."])
def test_names_that_differ_in_writing_only_are_twins(twin):
    (finding,) = find_class_faults({"cat": 30, "dog": 30, twin: 30})
    assert finding.code == "twin-classes"
    assert finding.seen == f'classes with nearly the same name: "cat" and "{twin}"'


def test_numbers_and_signs_are_names_of_their_own():
    assert found(**{"1": 20, "1s": 20, "+": 20, "-": 20}) == []
