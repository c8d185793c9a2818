"""Which recipe is recommended, and in which words."""

import pytest

from vgg_transfer.comparison.advice import recommend
from vgg_transfer.comparison.record import Standing
from vgg_transfer.evaluation import Interval, Pair


def standing(name, accuracy, seconds):
    return Standing(name, accuracy, Interval(0.9, 1.0), (accuracy,), None, seconds, 100.0)


def pair(first, second, distinguishable):
    share = Interval(-0.1, 0.1)
    return Pair(first, second, 0.01, share, 0.5, 0.5, 0.5, None, distinguishable)


FULL, STAGED, FROZEN = (
    standing("full", 0.981, 1200.0),
    standing("staged", 0.978, 600.0),
    standing("frozen", 0.975, 100.0),
)


def test_the_cheapest_of_those_not_shown_worse():
    pairs = [pair("staged", "frozen", False)]
    assert recommend([STAGED, FROZEN], pairs) == (
        "frozen",
        "recommended: frozen - not shown worse than staged (97.5% against 97.8%), at a sixth of "
        "its time; staged may still be up to 10.0 points better",
    )


def test_what_the_cheaper_one_may_cost_where_it_is_ahead_on_the_seeds_that_both_have():
    behind = Pair("frozen", "staged", 0.01, Interval(-0.04, 0.06), 0.5, 0.5, 0.5, None, False)
    name, sentence = recommend([STAGED, FROZEN], [behind])
    assert name == "frozen"
    assert sentence.endswith("; staged may still be up to 4.0 points better")


def test_one_that_is_shown_worse_than_the_best_is_not_recommended_however_cheap():
    pairs = [
        pair("full", "staged", False),
        pair("full", "frozen", True),
        pair("staged", "frozen", False),
    ]
    name, sentence = recommend([FULL, STAGED, FROZEN], pairs)
    assert name == "staged"
    assert "(97.8% against 98.1%), at half its time; full may still be" in sentence


def test_the_best_where_all_others_are_shown_worse():
    assert recommend([STAGED, FROZEN], [pair("staged", "frozen", True)]) == (
        "staged",
        "recommended: staged - shown better than every other (97.8%)",
    )


def test_the_best_where_it_is_also_the_cheapest():
    cheap = standing("probe", 0.99, 5.0)
    name, sentence = recommend([cheap, FROZEN], [pair("probe", "frozen", False)])
    assert name == "probe"
    assert sentence.endswith("the most accurate (99.0%), and the cheapest of those that are not "
                             "shown worse")  # fmt: skip


def test_no_pairs_no_recommendation():
    assert recommend([STAGED, FROZEN], []) == ("", "")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (50.0, "at half its time"),
        (33.0, "at a third of its time"),
        (40.0, "at 40% of its time"),
        (80.0, "at 80% of its time"),
        (10.0, "at a tenth of its time"),
        (4.0, "at 4% of its time"),
        (0.4, "at less than 1% of its time"),
    ],
)
def test_a_share_of_time_in_words(seconds, words):
    both = [standing("full", 0.9, 100.0), standing("frozen", 0.9, seconds)]
    assert (
        recommend(both, [pair("full", "frozen", False)])[1].split(", ")[1].startswith(f"{words};")
    )
