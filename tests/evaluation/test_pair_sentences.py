"""Verdicts in words."""

from dataclasses import replace

import pytest

from vgg_transfer.evaluation import Interval, Pair, verdicts

BEATS = Pair(
    first="staged",
    second="frozen",
    difference=0.013,
    interval=Interval(0.004, 0.022),
    p_value=0.005,
    adjusted_p=0.01,
    mcnemar_p=0.02,
    images_needed=700,
    distinguishable=True,
)
OPEN = Pair(
    first="staged",
    second="full",
    difference=0.003,
    interval=Interval(-0.006, 0.012),
    p_value=0.5,
    adjusted_p=0.5,
    mcnemar_p=0.6,
    images_needed=4187,
    distinguishable=False,
)


def test_a_verdict_on_each_pair():
    assert verdicts([BEATS, OPEN], images=500, seeds=3) == (
        "staged beats frozen by 1.3 points [0.4, 2.2]",
        "staged and full are not distinguishable with 500 test images (0.3 points [-0.6, 1.2]): "
        "about 4,200 would be needed",
    )
    assert verdicts([], images=500, seeds=1) == ()


@pytest.mark.parametrize(
    ("needed", "said"),
    [(99, "99"), (101, "110"), (640, "640"), (4_101, "4,200"), (126_163, "130,000")],
)
def test_images_needed_are_rounded_up_to_two_digits(needed, said):
    (verdict,) = verdicts([replace(OPEN, images_needed=needed)], images=80, seeds=3)
    assert verdict.endswith(f": about {said} would be needed")


def test_where_no_number_of_images_would_do_it_says_why():
    lost = replace(OPEN, difference=0.021, interval=Interval(-0.03, 0.072), images_needed=None)
    assert verdicts([lost], images=1500, seeds=3) == (
        "staged and full are not distinguishable with 1,500 test images "
        "(2.1 points [-3.0, 7.2]): 3 seeds differ too much for any number of images; train more "
        "seeds",
    )
    equal = replace(lost, difference=0.0, interval=Interval(-0.0001, 0.0001))
    assert verdicts([equal], images=500, seeds=3) == (
        "staged and full are not distinguishable with 500 test images (0.0 points [0.0, 0.0]): "
        "there is no difference to speak of",
    )


def test_one_of_several_pairs_needs_more_than_its_own_interval():
    nearly = replace(OPEN, interval=Interval(0.001, 0.005), p_value=0.02, adjusted_p=0.06)
    assert verdicts([BEATS, nearly, OPEN], images=500, seeds=3)[1] == (
        "staged and full are not distinguishable with 500 test images (0.3 points [0.1, 0.5], "
        "which is not enough for one of 3 pairs): about 4,200 would be needed"
    )


def test_one_seed_says_what_it_leaves_open():
    verdict, caution = verdicts([BEATS], images=500, seeds=1)
    assert verdict == "staged beats frozen by 1.3 points [0.4, 2.2]"
    assert caution == (
        "with one seed the spread over seeds is unknown: these intervals are about other images "
        "only, and another seed may turn a verdict"
    )


def test_two_seeds_are_few():
    assert verdicts([BEATS], images=500, seeds=2)[1] == (
        "with two seeds the spread over seeds is hardly known: up to 10 in 100 equal recipes "
        "would be told apart, where 5 are meant; three seeds hold that"
    )
