"""The exact head, compared with scikit-learn's own solution on the same features."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.preprocessing import StandardScaler

from vgg_transfer.network import build_network
from vgg_transfer.recipe import Base, Head, Recipe, Stage
from vgg_transfer.training.stages.exact_head import STRENGTHS, solve_head

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
