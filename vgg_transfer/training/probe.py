"""The head solved exactly: regularised logistic regression on pooled features."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from vgg_transfer.images.batches import Shape, plain_batches
from vgg_transfer.images.image_set import ImageRecord
from vgg_transfer.network import Network, pooled

# Inverse strengths of the penalty on standardised features, strongest first.
STRENGTHS = tuple(10.0**power for power in range(-5, 2))


def solve_head(
    network: Network,
    train: Sequence[ImageRecord],
    validation: Sequence[ImageRecord],
    shape: Shape,
    class_weights: dict[int, float] | None,
    stepped: Callable[[], None],
) -> tuple[str, dict[str, float]]:
    """Put the best logistic regression into the head's output layer.

    The strength with the least validation loss wins. Return what was chosen, and its losses and
    accuracies under the names of a history.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 (a second to load)
    from sklearn.metrics import log_loss  # noqa: PLC0415
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415

    features = _features(network, train, shape, stepped)
    labels = np.array([record.label for record in train])
    unseen = _features(network, validation, shape, stepped)
    unseen_labels = np.array([record.label for record in validation])
    scaler = StandardScaler().fit(features)
    features, unseen = scaler.transform(features), scaler.transform(unseen)

    models = [
        LogisticRegression(C=strength, max_iter=1000, class_weight=class_weights).fit(
            features, labels
        )
        for strength in STRENGTHS
    ]
    losses = [
        float(log_loss(unseen_labels, model.predict_proba(unseen), labels=model.classes_))
        for model in models
    ]
    best = models[int(np.argmin(losses))]
    _set_output(network, best, scaler)
    return f"logistic regression, C = {best.C:g}", {
        "loss": float(log_loss(labels, best.predict_proba(features), labels=best.classes_)),
        "accuracy": float(best.score(features, labels)),
        "val_loss": min(losses),
        "val_accuracy": float(best.score(unseen, unseen_labels)),
    }


def _features(
    network: Network, records: Sequence[ImageRecord], shape: Shape, stepped: Callable[[], None]
) -> NDArray[np.float64]:
    """Return what the output layer receives for each image."""
    model = pooled(network)
    ticker = keras.callbacks.LambdaCallback(on_predict_batch_end=lambda *_: stepped())
    batches = plain_batches([record.path for record in records], shape)
    return np.asarray(model.predict(batches, verbose=0, callbacks=[ticker]), np.float64)


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
