"""Focal loss on logits: cross-entropy that gives less weight to images already learnt."""

from typing import Any

import keras
from keras import ops

# The least share of uncertainty that is raised to a power: at 0 a gradient may be infinite.
_LEAST = 1e-7


class FocalLoss(keras.losses.Loss):  # type: ignore[misc]
    """The sum over classes of -target · (1 - p)^gamma · ln p (Lin et al., 2017).

    Why not Keras's own: its loss for several classes clips probabilities at 1e-7, so that
    confidently wrong images have no gradient, and multiplies by 0.25; its loss for a single unit
    has NaN for a gradient where an image is confidently right and gamma is below 1; and the two
    treat smoothed labels differently. Here a single logit is that of the second class, the first
    having the logit 0, and classes have no weights of their own.

    Args:
        gamma: how strongly learnt images lose weight, 0 or more; 0 is cross-entropy.
        label_smoothing: the share of each target that is spread over all classes, 0 to 1.
            Default: 0.
    """

    def __init__(self, gamma: float, label_smoothing: float = 0.0) -> None:
        super().__init__(name="focal")
        self.gamma, self.label_smoothing = gamma, label_smoothing

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return the loss of each image from targets and logits, both of shape (image, unit)."""
        if y_pred.shape[-1] == 1:
            y_true = ops.concatenate([1 - y_true, y_true], axis=-1)
            y_pred = ops.concatenate([ops.zeros_like(y_pred), y_pred], axis=-1)
        smoothing = self.label_smoothing
        target = y_true * (1 - smoothing) + smoothing / y_pred.shape[-1]
        log_p = ops.log_softmax(y_pred, axis=-1)
        unknown = ops.power(ops.maximum(1 - ops.exp(log_p), _LEAST), self.gamma)
        return -ops.sum(target * unknown * log_p, axis=-1)
