"""An exported model answers for any number of pictures: in order, and few are in memory."""

from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image

from vgg_transfer.artefacts import answer_each
from vgg_transfer.events import nobody
from vgg_transfer.images.pictures import Given


@dataclass
class Brightness:
    """Tells bright from dark, and how many squares it saw at once."""

    class_names = ("dark", "bright")
    size = 4
    resize = "squash"

    def __post_init__(self):
        self.batches = []

    def probabilities(self, squares):
        self.batches.append(len(squares))
        bright = squares.mean(axis=(1, 2, 3)) / 255
        return np.stack([1 - bright, bright], axis=1)


def grey(value):
    return np.full((6, 5, 3), value, np.uint8)


def test_answers_come_in_the_order_given_and_what_cannot_be_read_is_among_them(tmp_path):
    Image.fromarray(grey(204)).save(tmp_path / "bright.png")
    pictures = [
        Given(tmp_path / "bright.png"),
        Given("no picture", b"text"),
        Given("dark", grey(51)),
    ]
    heard = []
    found = list(answer_each(Brightness(), pictures, heard.append))
    assert [one.label for one in found] == ["bright", None, "dark"]
    assert found[0].probabilities == pytest.approx({"bright": 0.8, "dark": 0.2})
    assert list(found[2].probabilities) == ["dark", "bright"]
    assert found[1].error == "not an image"
    assert [(one.done, one.total) for one in heard] == [(1, 3), (2, 3), (3, 3)]


def test_a_batch_in_which_nothing_can_be_read_asks_nobody():
    model = Brightness()
    found = list(answer_each(model, [Given("one", b"x")] * 3, nobody))
    assert [one.error for one in found] == ["not an image"] * 3
    assert model.batches == []


def test_few_pictures_are_drawn_ahead():
    drawn = []

    def endless():
        while True:
            drawn.append(1)
            yield Given("grey", grey(100))

    model = Brightness()
    answers = answer_each(model, endless(), nobody)
    for _ in range(100):
        next(answers)
    answers.close()
    assert set(model.batches) == {16}
    assert len(drawn) <= 100 + 3 * 16
