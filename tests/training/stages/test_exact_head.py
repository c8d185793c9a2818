"""The exact head, compared with scikit-learn's own solution on the same features."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.preprocessing import StandardScaler

from vgg_transfer.network import build_network
from vgg_transfer.recipe import Base, Head, Recipe, Stage
from vgg_transfer.training.stages.cross_validation import folds_of, held_out_probabilities
from vgg_transfer.training.stages.exact_head import STRENGTHS, solve_head, solve_head_on_all

FEATURES = 13  # filters of block2 at this width: round(128 * 0.1)


def tiny_network(classes, output="auto"):
    recipe = Recipe(
        size=16,
        precision="fp32",
        base=Base(weights="none", blocks=2, width=0.1),
        head=Head(output=output),
        stage=(Stage(train=("head",), optimizer="exact"),),
    )
    return build_network(recipe, classes, None, seed=0)


def labelled(classes, count, seed, spread=1.0):
    """Return noisy features whose means differ by class, of very different sizes and offsets."""
    drawn = np.random.default_rng(seed)
    labels = np.arange(count) % classes
    means = np.random.default_rng(99).normal(size=(classes, FEATURES))
    features = means[labels] + spread * drawn.normal(size=(count, FEATURES))
    return (5 + features * np.logspace(-2, 2, FEATURES)).astype(np.float32), labels


def logits(network, features):
    return network.blocks["head"][-1](features).numpy().astype(np.float64)


def all_models(train, class_weight=None):
    """Return a fitted scaler, and scikit-learn's regression of every strength on what it scales."""
    scaler = StandardScaler().fit(train[0].astype(np.float64))
    features = scaler.transform(train[0].astype(np.float64))
    settings = {"max_iter": 1000, "class_weight": class_weight}
    return scaler, {
        strength: LogisticRegression(C=strength, **settings).fit(features, train[1])
        for strength in STRENGTHS
    }


@pytest.mark.parametrize(
    ("classes", "output"), [(2, "auto"), (2, "softmax"), (3, "auto"), (3, "softmax")]
)
def test_the_head_answers_as_scikit_learn_does(classes, output):
    network = tiny_network(classes, output)
    train, validation = labelled(classes, 60, 1), labelled(classes, 30, 2)
    chosen, scores = solve_head(network, train, validation, None)

    scaler, models = all_models(train)
    unseen = scaler.transform(validation[0].astype(np.float64))
    losses = {c: log_loss(validation[1], m.predict_proba(unseen)) for c, m in models.items()}
    best = min(losses, key=losses.__getitem__)
    assert chosen == f"logistic regression, C = {best:g}"
    expected = models[best].predict_proba(unseen)

    found = logits(network, validation[0])
    if found.shape[1] == 1:  # a sigmoid
        second = 1 / (1 + np.exp(-found))
        probabilities = np.concatenate([1 - second, second], axis=1)
    else:
        exponents = np.exp(found - found.max(axis=1, keepdims=True))
        probabilities = exponents / exponents.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(probabilities, expected, atol=1e-4)

    seen = models[best].predict_proba(scaler.transform(train[0].astype(np.float64)))
    assert scores == pytest.approx(
        {
            "loss": log_loss(train[1], seen),
            "accuracy": (seen.argmax(axis=1) == train[1]).mean(),
            "val_loss": losses[best],
            "val_accuracy": (expected.argmax(axis=1) == validation[1]).mean(),
        }
    )


def test_validation_chooses_the_strength():
    """Features that say nothing want the strongest penalty, clear ones a weak one."""
    train, clear = labelled(2, 60, 1, spread=0.3), labelled(2, 30, 2, spread=0.3)
    said, _ = solve_head(tiny_network(2), train, clear, None)
    assert said == "logistic regression, C = 10"
    turned = (clear[0], 1 - clear[1])  # whatever was learned is wrong there
    said, _ = solve_head(tiny_network(2), train, turned, None)
    assert said == "logistic regression, C = 1e-05"


def test_class_weights_reach_the_solution():
    train, validation = labelled(2, 60, 1, spread=3.0), labelled(2, 30, 2, spread=3.0)
    plain, weighted = tiny_network(2), tiny_network(2)
    solve_head(plain, train, validation, None)
    solve_head(weighted, train, validation, {0: 1.0, 1: 50.0})
    shares = [(logits(one, validation[0]) > 0).mean() for one in (plain, weighted)]
    assert shares[0] < 0.7
    assert shares[1] > 0.8


def test_a_feature_that_never_changes_does_no_harm():
    """Dead filters give constant zeros; their scale must not become a division by zero."""
    network = tiny_network(2)
    train, validation = labelled(2, 60, 1), labelled(2, 30, 2)
    for features, _ in (train, validation):
        features[:, 3] = 0.0
    solve_head(network, train, validation, None)
    weights = network.blocks["head"][-1].get_weights()
    assert all(np.isfinite(one).all() for one in weights)
    assert weights[0][3, 0] == 0.0


@pytest.mark.parametrize("classes", [2, 3])
def test_a_head_chosen_by_cross_validation_is_fitted_on_all_images(classes):
    images, network = labelled(classes, 60, 1), tiny_network(classes)
    digests = [f"{number:02}" for number in range(60)]
    chosen, scores = solve_head_on_all(network, images, digests, None)

    scaler, models = all_models(images)
    features = scaler.transform(images[0].astype(np.float64))
    best = next(c for c in STRENGTHS if f"C = {c:g}," in chosen)
    assert chosen == (
        f"logistic regression, C = {best:g}, by cross-validation, fitted on training and "
        "validation images"
    )
    expected = models[best].decision_function(features)
    found = logits(network, images[0])
    if classes == 2:  # a sigmoid
        np.testing.assert_allclose(found[:, 0], expected, atol=1e-4)
    else:
        np.testing.assert_allclose(found, expected, atol=1e-4)
    seen = models[best].predict_proba(features)
    assert scores["loss"] == pytest.approx(log_loss(images[1], seen))
    assert scores["accuracy"] == (seen.argmax(axis=1) == images[1]).mean()


def test_what_is_said_of_validation_is_of_images_held_out():
    features, labels = labelled(3, 60, 1)
    digests = [f"{number:02}" for number in range(60)]
    _, scores = solve_head_on_all(tiny_network(3), (features, labels), digests, None)
    folds = folds_of(labels.tolist(), digests)
    found = held_out_probabilities(features.astype(np.float64), labels, folds, STRENGTHS, None)
    losses = [log_loss(labels, one) for one in found]
    best = int(np.argmin(losses))
    assert scores["val_loss"] == pytest.approx(losses[best])
    assert scores["val_accuracy"] == (found[best].argmax(axis=1) == labels).mean()
    assert scores["loss"] < scores["val_loss"]


def test_the_strength_is_what_does_best_on_images_held_out():
    """Clear features want a weak penalty; twins of both classes are misled by any fit."""
    features, labels = labelled(2, 60, 1, spread=0.3)
    twins = np.concatenate([features[:30]] * 2), np.repeat([0, 1], 30)
    digests = [f"{number:02}" for number in range(60)]
    for images, strength in (((features, labels), "10"), (twins, "1e-05")):
        chosen, _ = solve_head_on_all(tiny_network(2), images, digests, None)
        assert f"C = {strength}," in chosen
