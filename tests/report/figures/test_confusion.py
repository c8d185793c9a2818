"""The square of true classes and answers: its numbers, its colours, its names."""

import numpy as np
import pytest

from vgg_transfer.errors import RunError
from vgg_transfer.report.figures.confusion import confusion

# Four cats, one of them taken for a dog, and two dogs.
LABELS, ANSWERS = (0, 0, 0, 0, 1, 1), (0, 0, 0, 1, 1, 1)


def square_of(figure):
    return figure.paper.images[0]


def test_counts_and_shares_stand_in_their_cells(a_run, words_on, faults_of):
    figure = confusion(a_run(labels=LABELS, predicted=ANSWERS))
    words = words_on(figure)
    assert words[:2] == ["Accuracy 83.3% [43.6, 97.0]", "on 6 test images  ·  run run"]
    assert words[2:10] == ["3", "75%", "1", "25%", "0", "0%", "2", "100%"]
    assert words[10:16] == ["answer", "true class", "cats", "cats", "dogs", "dogs"]
    said = "Blue in frames: right. Orange: wrong. Colours and percent are shares of a row."
    assert " ".join(words[16:]) == said
    np.testing.assert_array_equal(square_of(figure).get_array(), [[0.75, 0.25], [0.0, 1.0]])
    assert faults_of(figure) == []


def test_right_and_wrong_have_colours_of_their_own(a_run):
    """Half wrong does not look like half right, and the frames are the diagonal."""
    figure = confusion(a_run(labels=LABELS, predicted=ANSWERS))
    right, wrong = figure.paper.images
    assert (right.get_cmap().name, wrong.get_cmap().name) == ("Blues", "Oranges")
    assert np.ma.getmaskarray(wrong.get_array()).tolist() == [[True, False], [False, True]]
    frames = [patch.get_xy() for patch in figure.paper.patches]
    left, _, _, top = right.get_extent()
    assert frames[0] == (left, top)
    assert len(frames) == 2


def test_the_page_is_no_wider_than_its_square_needs(a_run):
    assert confusion(a_run()).get_figwidth() < 5


def test_a_cell_stands_in_the_row_of_its_class_and_the_column_of_its_answer(a_run):
    figure = confusion(a_run(labels=LABELS, predicted=ANSWERS))
    left, right, end, top = square_of(figure).get_extent()
    assert right - left == pytest.approx(end - top)
    places = {text.get_text(): text.get_position() for text in figure.paper.texts}
    middle = (left + right) / 2
    assert places["3"][0] < middle < places["1"][0]
    assert places["3"][1] == places["1"][1] < (top + end) / 2 < places["2"][1]


def test_rare_mistakes_are_not_rounded_to_none(a_run, words_on):
    figure = confusion(a_run(labels=[0] * 500 + [1], predicted=[0] * 498 + [1, 1] + [1]))
    assert "0.4%" in words_on(figure)


def test_all_but_one_is_not_rounded_to_all(a_run, words_on):
    figure = confusion(a_run(labels=[0] * 250 + [1], predicted=[0] * 249 + [1, 1]))
    assert "99.6%" in words_on(figure)


def test_a_class_without_images_is_grey_and_has_no_numbers(a_run, words_on):
    figure = confusion(a_run(labels=(0, 0), predicted=(0, 1)))
    assert words_on(figure)[2:6] == ["1", "50%", "1", "50%"]
    assert " ".join(words_on(figure)).endswith("Grey rows: classes without images.")
    assert np.ma.getmaskarray(square_of(figure).get_array()).tolist() == [
        [False, False],
        [True, True],
    ]


def test_many_classes_have_colours_a_scale_and_mistakes_in_words(a_run, words_on, faults_of):
    names = [f"kind {number}" for number in range(100)]
    labels = np.repeat(np.arange(100), 3)
    predicted = labels.copy()
    predicted[:2] = 7
    predicted[30] = 9
    figure = confusion(a_run(labels=labels, predicted=predicted, names=names))
    words = words_on(figure)
    assert square_of(figure).get_array().shape == (100, 100)
    assert not {"3", "33%"} & set(words)
    assert words.count("kind 0") == words.count("kind 4") == 2
    assert "kind 1" not in words
    assert [word for word in words if word in ("0%", "5%", "25%", "50%", "100%")] != []
    assert words[-4] == (
        "Blue: right. Orange: wrong. Colours are shares of a row. One class in 4 is named."
    )
    assert words[-3:] == [
        "Most frequent mistakes:",
        "2 of 3 kind 0 taken for kind 7",
        "1 of 3 kind 10 taken for kind 9",
    ]
    assert faults_of(figure) == []


def test_many_classes_without_a_mistake(a_run, words_on):
    labels = range(50)
    figure = confusion(a_run(labels=labels, predicted=labels, names=[str(n) for n in range(50)]))
    assert words_on(figure)[-1] == "No image was taken for another class."


@pytest.mark.parametrize("classes", [2, 3, 8, 20, 41, 150])
def test_everything_stays_on_the_page_and_squares_are_square(a_run, faults_of, classes):
    names = [f"a rather long name for the class {number}" for number in range(classes)]
    labels = range(classes)
    figure = confusion(a_run(labels=labels, predicted=labels, names=names))
    assert faults_of(figure) == []
    box = square_of(figure).get_window_extent()
    assert box.width == pytest.approx(box.height)


def test_names_are_drawn_as_they_are(a_run, hostile_names, words_on, faults_of):
    labels = range(len(hostile_names))
    figure = confusion(a_run(labels=labels, predicted=labels, names=hostile_names))
    words = words_on(figure)
    assert words.count("$\\frac{1}{2}$") == words.count("two\\nlines") == 2
    assert words.count("bad\\udcff") == 2
    assert faults_of(figure) == []


def test_large_counts_never_lose_digits(a_run, words_on):
    labels = [0] * 123_456 + list(range(1, 12))
    figure = confusion(
        a_run(labels=labels, predicted=labels, names=[f"k{number}" for number in range(12)])
    )
    assert not any("…" in word for word in words_on(figure))


def test_a_run_that_was_not_judged_has_nothing_to_draw(a_run):
    with pytest.raises(RunError) as caught:
        confusion(a_run(status="failed", metrics=None))
    assert str(caught.value).endswith(
        '/run" has no answers to draw: it was failed before it was judged; train again'
    )
