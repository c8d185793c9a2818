"""What curves of deletion and insertion say."""

import numpy as np
import pytest

from vgg_transfer.errors import ImageSetError
from vgg_transfer.explanations.faithfulness import faithfulness, summary

ALL, NOTHING = 0.9, 0.1


def curves(pictures, falls_early):
    """Curves of five steps of pictures whose hot cells hold the answer, or hold nothing of it."""
    early = [ALL, NOTHING, NOTHING, NOTHING, NOTHING]
    even = np.linspace(ALL, NOTHING, 5).tolist()
    rises = [NOTHING, ALL, ALL, ALL, ALL]
    evenly = even[::-1]
    one = [early, even, rises, evenly] if falls_early else [even, even, evenly, evenly]
    noise = np.random.default_rng(0).normal(0, 0.01, (pictures, 4, 5))
    return np.array([one] * pictures) + noise


def test_heat_that_holds_the_answer_explains():
    found = summary(curves(20, falls_early=True))
    assert found.explains
    # Between the ends: 0.8 lost in each of three steps, against 0.2, 0.4 and 0.6.
    assert found.times == pytest.approx(2.0, abs=0.05)
    assert found.deleting.low < 0.4 < found.deleting.high
    assert found.inserting.low < 0.4 < found.inserting.high
    assert found.shares == (0.0, 0.25, 0.5, 0.75, 1.0)
    assert found.sentence.startswith(
        "on 20 pictures, blurring the hottest places first takes 80.0 points from the probability"
    )
    assert found.sentence.endswith("what is hot matters")


def test_heat_as_good_as_chance_explains_nothing():
    found = summary(curves(20, falls_early=False))
    assert not found.explains
    assert found.sentence.endswith("not shown to be better than chance, so nothing is shown of it")


def test_a_few_pictures_prove_nothing():
    found = summary(curves(3, falls_early=True))
    assert not found.explains
    assert found.sentence.endswith("too few pictures to say whether heatmaps are to be trusted")


def test_pictures_are_taken_apart_the_same_way_each_time(tiny_run, tiny_folder):
    files = sorted((tiny_folder / "red").iterdir())[:3]
    found = faithfulness(tiny_run, files)
    assert found == faithfulness(tiny_run, files)
    assert (found.images, len(found.deletion)) == (3, 11)
    # Nothing is blurred at first and everything in the end, whatever the order.
    assert found.deletion[0] == pytest.approx(found.deletion_at_random[0], abs=1e-5)
    assert found.deletion[-1] == pytest.approx(found.insertion[0], abs=1e-5)
    assert found.insertion[-1] == pytest.approx(found.deletion[0], abs=1e-5)


def test_without_a_picture_nothing_can_be_tried(tiny_run, tmp_path):
    (tmp_path / "0.png").write_bytes(b"")
    with pytest.raises(ImageSetError, match="none of the files is an image"):
        faithfulness(tiny_run, tmp_path)
