"""The history: one axis of epochs, lines broken at stages, rings where weights were kept."""

import math
import warnings

import pytest

from vgg_transfer.errors import RunError
from vgg_transfer.report.figures.history import history
from vgg_transfer.run import Advice

TWO_STAGES = (
    (
        "head",
        3,
        [
            {"loss": 1.0, "val_loss": 1.2, "accuracy": 0.5, "val_accuracy": 0.4},
            {"loss": 0.8, "val_loss": 1.0, "accuracy": 0.6, "val_accuracy": 0.5},
            {"loss": 0.6, "val_loss": 0.9, "accuracy": 0.7, "val_accuracy": 0.6},
        ],
    ),
    (
        "head + block5",
        1,
        [
            {"loss": 0.5, "val_loss": 0.7, "accuracy": 0.8, "val_accuracy": 0.7, "rate": 1e-4},
            {"loss": 0.3, "val_loss": 0.8, "accuracy": 0.9, "val_accuracy": 0.6, "rate": 1e-4},
        ],
    ),
)


def lines_of(panel):
    return [(list(line.get_xdata()), list(line.get_ydata())) for line in panel.lines]


def panels_of(figure):
    return figure.axes[1:]  # the first is the paper


def ticks_of(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


def test_all_stages_stand_on_one_axis_and_lines_break_between_them(a_run):
    loss, accuracy, rate = panels_of(history(a_run(TWO_STAGES)))
    assert lines_of(loss) == [
        ([1, 2, 3], [1.0, 0.8, 0.6]),
        ([1, 2, 3], [1.2, 1.0, 0.9]),
        ([3], [0.9]),  # the ring
        ([4, 5], [0.5, 0.3]),
        ([4, 5], [0.7, 0.8]),
        ([4], [0.7]),
    ]
    assert lines_of(accuracy)[1:3] == [([1, 2, 3], [0.4, 0.5, 0.6]), ([3], [0.6])]
    # Each epoch has the width of one; the rate falls where the second stage begins.
    assert lines_of(rate) == [
        ([0.5, 1.5, 2.5, 3.5], [1e-3] * 4),
        ([3.5, 4.5, 5.5], [1e-4] * 3),
    ]
    assert {panel.get_xlim() for panel in (loss, accuracy, rate)} == {(0.5, 5.5)}


def test_stages_and_lines_have_their_words(a_run, words_on, faults_of):
    figure = history(a_run(TWO_STAGES, predicted=(0, 0)))
    assert words_on(figure) == [
        "Training of tiny",
        "Accuracy 50.0% [9.5, 90.5] on 2 test images  ·  run run",
        "stage 1",
        "head",
        "○ kept epoch 3 of 3",
        "stage 2",
        "head + block5",
        "○ kept epoch 1 of 2",
        "loss",
        "accuracy",
        "rate",
        *"12345",
        "epochs, counted through all stages",
        *["training", "validation"] * 2,
    ]
    assert faults_of(figure) == []


def test_a_boundary_is_drawn_where_a_stage_begins(a_run):
    figure = history(a_run(TWO_STAGES))
    (boundary,) = figure.paper.lines
    left, right = boundary.get_xdata()
    assert left == right
    loss = panels_of(figure)[0]
    assert left == pytest.approx(loss.transData.transform((3.5, 0.5))[0] / figure.dpi)


def test_a_stage_that_kept_what_it_began_with_has_no_ring(a_run, words_on):
    figure = history(a_run((("head", 0, [{}, {}]),)))
    loss = panels_of(figure)[0]
    assert lines_of(loss) == [([1, 2], [1.0, 1.0]), ([1, 2], [1.1, 1.1])]
    assert "kept what it began with" in words_on(figure)


def test_a_head_that_was_solved_has_no_epoch_to_be_kept(a_run, words_on):
    figure = history(a_run((("head", 1, [{"rate": None}]), ("head + block5", 2, [{}] * 2))))
    words = words_on(figure)
    assert "○ solved" in words
    assert not any("epoch 1 of 1" in one for one in words)


def test_many_stages_have_numbers_and_their_words_below(a_run, words_on, faults_of):
    stages = [(f"head + block{5 - n % 5}", 1, [{}] * 2) for n in range(14)]
    figure = history(a_run(stages))
    words = words_on(figure)
    assert [str(number) for number in range(1, 15)] == words[2:16]
    assert words[-5 - 13 : -4] != []
    listed = " ".join(words)
    assert "1 head + block5: ○ kept epoch 1 of 2  ·  2 head + block4: ○ kept" in listed
    assert faults_of(figure) == []


def test_a_rate_that_never_changes_is_said_and_not_drawn(a_run, words_on):
    figure = history(a_run((("head", 1, [{}, {}]),)))
    assert len(panels_of(figure)) == 2
    assert "The rate was 0.001 in every epoch." in words_on(figure)


def test_a_rate_that_falls_to_nothing_is_drawn_as_it_is(a_run):
    epochs = [{"rate": 1e-3}, {"rate": 5e-4}, {"rate": 1e-9}]
    rate = panels_of(history(a_run((("head", 1, epochs),))))[2]
    assert rate.get_yscale() == "linear"
    assert ticks_of(rate.yaxis) == ["0", "0.001"]


def test_every_line_of_what_was_kept_has_one_colour(a_run):
    stages = ((f"head + block{5 - n % 5}", 1, [{}] * 4) for n in range(4))
    figure = history(a_run(tuple(stages)))
    texts = figure.paper.texts
    kept = [text for text in texts if text.get_text() in ("○ kept", "epoch 1", "of 4")]
    assert len({text.get_color() for text in kept}) <= 1


def test_rounding_is_no_change_of_the_rate(a_run):
    figure = history(a_run((("head", 1, [{"rate": 1e-3}, {"rate": 0.0010000000474974513}]),)))
    assert len(panels_of(figure)) == 2


def test_a_head_that_was_solved_has_no_rate(a_run, words_on):
    figure = history(a_run((("head", 1, [{"rate": None}]),)))
    assert len(panels_of(figure)) == 2
    assert not any("rate" in word for word in words_on(figure))


def test_the_rate_is_that_of_the_highest_block(a_run):
    run = a_run((("head + block5", 1, [{}, {"rate": 1e-4}]),))
    for epoch in run.history:
        epoch.rates["block5"] = epoch.rates["head"] / 10
    rate = panels_of(history(run))[2]
    assert lines_of(rate) == [([0.5, 1.5, 2.5], [1e-3, 1e-4, 1e-4])]
    assert ticks_of(rate.yaxis) == ["0.0001", "0.001"]


@pytest.mark.parametrize(("last", "scale"), [(0.1, "linear"), (0.01, "log"), (0.0, "linear")])
def test_a_loss_over_a_wide_range_is_drawn_by_its_logarithm(a_run, last, scale):
    figure = history(a_run((("head", 1, [{"loss": 1.0}, {"loss": last}]),)))
    assert panels_of(figure)[0].get_yscale() == scale


def test_shares_are_percent_up_to_all(a_run):
    accuracy = panels_of(history(a_run(TWO_STAGES)))[1]
    assert accuracy.get_ylim() == (pytest.approx(0.4), 1.0)
    assert ticks_of(accuracy.yaxis) == ["40%", "60%", "80%", "100%"]


def test_values_that_are_no_numbers_are_left_out(a_run, words_on):
    epochs = [{"val_loss": 1.0}, {"val_loss": math.nan, "loss": math.inf}]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = history(a_run((("head", 1, epochs),)))
        figure.draw_without_rendering()
    low, high = panels_of(figure)[0].get_ylim()
    assert (low, high) == (0.0, pytest.approx(1.05))


def test_what_was_not_run_and_why_is_said(a_run, words_on):
    stopped = Advice(2, 0.1, 0.6, 11.0, False, "opening block5: expected +0.1 points; stopped")
    went_on = Advice(1, 3.0, 0.6, 1.0, True, "opening the head: worth it")
    figure = history(a_run(advice=(went_on, stopped)))
    assert stopped.said in words_on(figure)
    assert went_on.said not in words_on(figure)


def test_an_interrupted_run_says_so(a_run, words_on):
    figure = history(a_run(status="interrupted", metrics=None))
    said = "The training was interrupted: its result was not judged  ·  run run"
    assert said in words_on(figure)


def test_without_an_epoch_there_is_nothing_to_draw(a_run):
    with pytest.raises(RunError) as caught:
        history(a_run(stages=(), status="interrupted"))
    assert str(caught.value).endswith(
        '/run" has no history to draw: no epoch was finished before it was interrupted; train again'
    )


def test_any_name_can_stand_in_the_title(a_run, hostile_names, words_on, faults_of):
    for name in hostile_names:
        run = a_run()
        figure = history(a_run(recipe=run.recipe.changed(name=name)))
        assert words_on(figure)[0].startswith("Training of ")
        assert faults_of(figure) == []
