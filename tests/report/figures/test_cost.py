"""Accuracy against cost: points, intervals, seeds, the scale of time, and names that fit."""

import pytest

from vgg_transfer.errors import ComparisonError
from vgg_transfer.report.figures.cost import accuracy_against_cost

THREE = (("full", 0.96, 1500.0), ("frozen", 0.94, 40.0), ("staged", 0.97, 250.0))


def lines_of(figure):
    return [
        ([float(x) for x in line.get_xdata()], [float(y) for y in line.get_ydata()])
        for line in figure.axes[1].lines
    ]


def times_of(figure):
    return [label.get_text() for label in figure.axes[1].get_xticklabels()]


def test_each_recipe_has_its_interval_its_seeds_and_its_point(a_comparison):
    figure = accuracy_against_cost(a_comparison(("frozen", 0.94, 40.0)))
    interval, seeds, point = lines_of(figure)
    assert interval == ([40.0, 40.0], [pytest.approx(0.92), pytest.approx(0.96)])
    assert seeds == ([40.0] * 3, pytest.approx([0.936, 0.94, 0.944]))
    assert point == ([40.0], [0.94])


def test_names_stand_beside_points_and_the_recommended_one_says_so(
    a_comparison, words_on, faults_of
):
    figure = accuracy_against_cost(a_comparison(*THREE, recommended="staged"))
    assert words_on(figure) == [
        "Accuracy against training time",
        "frozen",
        "staged (recommended)",
        "full",
        "time of one training, with an empty store of activations",
        "500 test images, 3 seeds. Point and bar: mean and 95% interval; small dots: single seeds.",
        "Bars that overlap do not say that recipes are equal: the verdict compares them image by "
        "image.",
    ]
    assert faults_of(figure) == []
    points = [line for line in figure.axes[1].lines if line.get_markersize() == 8]
    filled = [line.get_markerfacecolor() != "white" for line in points]
    assert filled == [False, True, False]  # by time


def test_one_seed_is_one(a_comparison, words_on):
    figure = accuracy_against_cost(a_comparison(*THREE, seeds=1))
    assert any(word.startswith("500 test images, 1 seed. ") for word in words_on(figure))


@pytest.mark.parametrize(("slowest", "scale"), [(49.0, "linear"), (51.0, "log")])
def test_times_that_differ_by_more_than_five_stand_on_a_logarithmic_axis(
    a_comparison, slowest, scale
):
    figure = accuracy_against_cost(a_comparison(("a", 0.9, 10.0), ("b", 0.9, slowest)))
    assert figure.axes[1].get_xscale() == scale


def test_times_are_said_in_their_unit(a_comparison):
    assert times_of(accuracy_against_cost(a_comparison(*THREE))) == [
        "30 s",
        "1 min",
        "2 min",
        "5 min",
        "10 min",
        "20 min",
    ]
    assert times_of(accuracy_against_cost(a_comparison(("a", 0.9, 40.0)))) == [
        "0 s",
        "10 s",
        "20 s",
        "30 s",
        "40 s",
        "50 s",
    ]


@pytest.mark.parametrize(
    "recipes",
    [
        [(f"recipe-{n}", 0.9, 100.0) for n in range(5)],  # all at one place
        [(f"recipe-{n}", 0.9 + 0.002 * n, 100.0 + 3 * n) for n in range(8)],
        [(f"recipe-{n}", 0.8 + 0.01 * (n * 7 % 12), 10.0 * 1.5**n) for n in range(12)],
        [("perfect", 1.0, 5.0), ("never right", 0.02, 1e6)],
        [("no time at all", 0.9, 0.0)],
    ],
)
def test_names_never_cover_each_other(a_comparison, faults_of, recipes):
    assert faults_of(accuracy_against_cost(a_comparison(*recipes, recommended="recipe-2"))) == []


def test_any_name_can_be_drawn(a_comparison, hostile_names, words_on, faults_of):
    recipes = [(name, 0.8 + 0.02 * n, 10.0 * 2**n) for n, name in enumerate(hostile_names)]
    figure = accuracy_against_cost(a_comparison(*recipes, recommended=hostile_names[-1]))
    words = words_on(figure)
    assert "$\\frac{1}{2}$" in words
    assert any("…" in word and word.endswith(" (recommended)") for word in words)
    assert faults_of(figure) == []


def test_without_a_finished_trial_there_is_nothing_to_draw(a_comparison):
    with pytest.raises(ComparisonError) as caught:
        accuracy_against_cost(a_comparison())
    assert str(caught.value) == (
        "a comparison of 0 trials has nothing to draw: none of them came to its end; their "
        "reasons are in its `trials`"
    )
