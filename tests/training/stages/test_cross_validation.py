"""Cross-validation: which pictures share a fold, and scikit-learn's own answer on the folds."""

from collections import Counter

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import PredefinedSplit, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from vgg_transfer.training.stages.cross_validation import folds_of, held_out_probabilities

pytestmark = pytest.mark.usefixtures("step_by_step")

DIGESTS = [f"{number * 7919 % 1009:04}" for number in range(46)]


def test_every_class_is_spread_evenly_over_five_folds():
    labels = [0] * 23 + [1] * 10 + [2] * 13
    folds = folds_of(labels, DIGESTS)
    assert sorted(Counter(folds.tolist()).values()) == [9, 9, 9, 9, 10]
    for label, share in ((0, (4, 5)), (1, (2,)), (2, (2, 3))):
        counts = Counter(folds[np.array(labels) == label].tolist())
        assert len(counts) == 5
        assert set(counts.values()) <= set(share)


def test_the_order_of_the_pictures_plays_no_part():
    labels = [0, 1] * 23
    mixed = np.random.default_rng(0).permutation(46)
    again = folds_of([labels[i] for i in mixed], [DIGESTS[i] for i in mixed])
    assert again.tolist() == folds_of(labels, DIGESTS)[mixed].tolist()


def test_copies_of_a_picture_share_a_fold():
    labels, digests = [0] * 9 + [1] * 9, DIGESTS[:6] + DIGESTS[:3] + DIGESTS[20:29]
    folds = folds_of(labels, digests)
    assert folds[6:9].tolist() == folds[:3].tolist()


@pytest.mark.parametrize("few", [2, 3, 4])
def test_the_pictures_of_a_small_class_lie_in_different_folds(few):
    folds = folds_of([0] * (46 - few) + [1] * few, DIGESTS)
    assert len(set(folds[-few:].tolist())) == few


@pytest.mark.parametrize("class_weights", [None, {0: 1.0, 1: 3.0, 2: 0.5}])
def test_each_image_is_judged_by_a_fit_that_has_not_seen_its_fold(class_weights):
    drawn, labels = np.random.default_rng(3), np.arange(60) % 3
    features = drawn.normal(size=(60, 7)) * 5 + labels[:, np.newaxis]
    folds, strengths = folds_of(labels.tolist(), [f"{n:02}" for n in range(60)]), (0.01, 0.1, 1.0)
    found = held_out_probabilities(features, labels, folds, strengths, class_weights)
    for strength, probabilities in zip(strengths, found, strict=True):
        model = LogisticRegression(C=strength, max_iter=1000, class_weight=class_weights)
        expected = cross_val_predict(
            make_pipeline(StandardScaler(), model),
            features,
            labels,
            cv=PredefinedSplit(folds),
            method="predict_proba",
        )
        np.testing.assert_allclose(probabilities, expected, atol=1e-9)
