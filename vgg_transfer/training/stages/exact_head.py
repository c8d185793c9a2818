"""The head solved exactly: regularised logistic regression on pooled features."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.network import Network

# Inverse strengths of the penalty on standardised features, strongest first.
STRENGTHS = tuple(10.0**power for power in range(-5, 2))

Labelled = tuple[NDArray[np.float32], NDArray[np.integer[Any]]]


def solve_head(
    network: Network, train: Labelled, validation: Labelled, class_weights: dict[int, float] | None
) -> tuple[str, dict[str, float]]:
    """Put the best logistic regression into the head's output layer.

    ``train`` and ``validation`` are what the output layer receives, with labels. The strength with
    the least validation loss wins. Return what was chosen, and its losses and accuracies under
    the names of a history.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import log_loss
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(train[0].astype(np.float64))
    features, unseen = (scaler.transform(x.astype(np.float64)) for x, _ in (train, validation))
    models = [
        LogisticRegression(C=strength, max_iter=1000, class_weight=class_weights).fit(
            features, train[1]
        )
        for strength in STRENGTHS
    ]
    losses = [
        float(log_loss(validation[1], model.predict_proba(unseen), labels=model.classes_))
        for model in models
    ]
    best = models[int(np.argmin(losses))]
    _set_output(network, best, scaler)
    return f"logistic regression, C = {best.C:g}", {
        "loss": float(log_loss(train[1], best.predict_proba(features), labels=best.classes_)),
        "accuracy": float(best.score(features, train[1])),
        "val_loss": min(losses),
        "val_accuracy": float(best.score(unseen, validation[1])),
    }


def _set_output(network: Network, model: Any, scaler: Any) -> None:
    """Write the solution, with the scaling folded in, into the output layer."""
    kernel = (model.coef_ / scaler.scale_).T
    bias = model.intercept_ - scaler.mean_ @ kernel
    output = network.blocks["head"][-1]
    if kernel.shape[1] == 1 and output.units == 2:
        # Two classes as softmax: all of the difference goes to the second logit.
        kernel = np.concatenate([np.zeros_like(kernel), kernel], axis=1)
        bias = np.concatenate([np.zeros_like(bias), bias])
    output.set_weights([kernel.astype(np.float32), bias.astype(np.float32)])
