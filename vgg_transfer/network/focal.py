"""Focal loss on logits: cross-entropy in which what is known already counts for less."""

from typing import Any

import keras
from keras import ops

# The least share of uncertainty that is raised to a power: at 0 a gradient may be infinite.
_LEAST = 1e-7


class FocalLoss(keras.losses.Loss):  # type: ignore[misc]
    """The sum over classes of -target · (1 - p)^gamma · ln p (Lin et al., 2017).

    Not Keras's focal losses: the one for several classes cuts probabilities at 1e-7, so that an
    image that is confidently wrong, of all images, has no gradient, and multiplies by 0.25; the one
    for a single unit has the gradient NaN where an image is confidently right and gamma is below 1;
    and the two treat smoothed labels differently. Here one logit is the second of two classes whose
    first has the logit 0, and ``gamma`` 0 is cross-entropy. No class has a weight of its own.
    """

    def __init__(self, gamma: float, label_smoothing: float = 0.0) -> None:
        super().__init__(name="focal")
        self.gamma, self.label_smoothing = gamma, label_smoothing

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return the loss of each image, from targets and logits (image, unit)."""
        if y_pred.shape[-1] == 1:
            y_true = ops.concatenate([1 - y_true, y_true], axis=-1)
            y_pred = ops.concatenate([ops.zeros_like(y_pred), y_pred], axis=-1)
        smoothing = self.label_smoothing
        target = y_true * (1 - smoothing) + smoothing / y_pred.shape[-1]
        log_p = ops.log_softmax(y_pred, axis=-1)
        unknown = ops.power(ops.maximum(1 - ops.exp(log_p), _LEAST), self.gamma)
        return -ops.sum(target * unknown * log_p, axis=-1)
