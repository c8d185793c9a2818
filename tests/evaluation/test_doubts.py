"""Labels that may be wrong, by probabilities alone."""

import numpy as np

from vgg_transfer.evaluation.doubts import doubted


def test_a_label_is_doubted_where_another_class_is_as_likely_as_its_own_images_find_it():
    labels = np.array([0, 0, 1, 1, 1, 1])
    sure = np.array([0.9, 0.9, 0.1, 0.1, 0.95, 0.55])
    chances = np.stack([sure, 1 - sure], axis=1)
    # Class 0 finds itself with 0.9 on average: the fifth image reaches that, the last does not.
    assert doubted(labels, chances) == {4: 0}


def test_the_surest_comes_first_and_a_class_without_images_is_no_trouble():
    chances = np.array([[0.05, 0.95, 0.0], [0.02, 0.98, 0.0], [0.9, 0.1, 0.0], [0.1, 0.9, 0.0]])
    found = doubted(np.array([0, 0, 0, 1]), chances)
    assert list(found.items()) == [(1, 1), (0, 1)]
