"""Keras's optimizers with a rate per block, whose state follows its variable between stages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras
from keras import ops
from numpy.typing import NDArray

from vgg_transfer.recipe import Stage

_NAME, _SCALE = "optimizer", "scale"
_OWN_STATE = (f"{_NAME}/iteration", f"{_NAME}/learning_rate")
_ADAMW_DECAY = 0.004
# Keras's own, 2 ** 15, is too much for gradients beside VGG16's activations of some thousands: the
# first ten steps of each stage would be thrown away.
_FIRST_SCALE = 256.0


@dataclass(frozen=True)
class OptimizerState:
    """What optimizers have learnt over the stages so far.

    Args:
        kind: the optimizer it is of (``adam``, ``sgd``, ``rmsprop``); empty before the first stage.
        slots: its averages, by their variable's path.
        steps: how many steps each variable has had, by its path.
    """

    kind: str = ""
    slots: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    steps: Mapping[str, int] = field(default_factory=dict)


def build_optimizer(
    stage: Stage,
    variables: Sequence[Any],
    rate_shares: Sequence[float],
    state: OptimizerState,
) -> keras.Optimizer:
    """Return the stage's optimizer for these variables, with what earlier stages have learnt.

    Args:
        stage: says which optimizer, and its settings.
        variables: those that train, in the model's order.
        rate_shares: a factor on the rate for each variable.
        state: what the stages before have learnt; used where their optimizer is of the same kind.
    """
    kind = _kind(stage)
    known = state.steps if state.kind == kind else {}
    optimizer = _by_block(_CLASSES[kind])(
        shares=rate_shares,
        ages=[known.get(variable.path, 0) for variable in variables],
        decay=_decay(stage),
        pull=stage.pull,
        starts=[ops.copy(variable.value) if stage.pull else None for variable in variables],
        learning_rate=stage.rate,
        name=_NAME,
        **_settings(stage),
    )
    optimizer.build(variables)
    if state.kind == kind:
        for slot in optimizer.variables:
            if slot.path in state.slots and slot.path not in _OWN_STATE:
                slot.assign(state.slots[slot.path])
    return optimizer


def scaling_the_loss(optimizer: keras.Optimizer, variables: Sequence[Any]) -> keras.Optimizer:
    """Return an optimizer that scales the loss up and gradients down, and takes no step over inf.

    Args:
        optimizer: takes the steps.
        variables: those that train, in the model's order.
    """
    scaling = keras.optimizers.LossScaleOptimizer(
        optimizer, initial_scale=_FIRST_SCALE, name=_SCALE
    )
    scaling.build(variables)
    return scaling


def state_after(
    stage: Stage, optimizer: keras.Optimizer, variables: Sequence[Any], before: OptimizerState
) -> OptimizerState:
    """Return the state after a stage; that of variables that were frozen in it is kept.

    The scale of a loss is not part of it: each stage finds its own.
    """
    optimizer = getattr(optimizer, "inner_optimizer", optimizer)
    kind = _kind(stage)
    same = before.kind == kind
    steps = dict(before.steps) if same else {}
    for variable in variables:
        steps[variable.path] = steps.get(variable.path, 0) + int(optimizer.iterations)
    slots = dict(before.slots) if same else {}
    slots |= {
        slot.path: ops.convert_to_numpy(slot).copy()
        for slot in optimizer.variables
        if slot.path not in _OWN_STATE
    }
    return OptimizerState(kind, slots, steps)


_CLASSES: Mapping[str, Any] = {
    "adam": keras.optimizers.Adam,
    "sgd": keras.optimizers.SGD,
    "rmsprop": keras.optimizers.RMSprop,
}


def _kind(stage: Stage) -> str:
    return "adam" if stage.optimizer == "adamw" else stage.optimizer


def _decay(stage: Stage) -> float:
    if stage.weight_decay is not None:
        return stage.weight_decay
    return _ADAMW_DECAY if stage.optimizer == "adamw" else 0.0


def _settings(stage: Stage) -> dict[str, float]:
    if stage.optimizer == "sgd":
        return {"momentum": 0.9 if stage.momentum is None else stage.momentum}
    settings: dict[str, float] = {} if stage.epsilon is None else {"epsilon": stage.epsilon}
    if stage.optimizer == "rmsprop":
        settings["momentum"] = stage.momentum or 0.0
    return settings


def _by_block(kind: Any) -> Any:
    """Return a subclass of a Keras optimizer that scales each variable's step.

    Keras has no rate per layer (its MultiOptimizer knows no learning-rate callbacks), and applies
    weight decay with the unscaled rate: so decay is done here, on kernels only, and so is the pull
    towards the weights that a stage began with (L2-SP).
    """

    class ByBlock(kind):  # type: ignore[misc]
        def __init__(
            self,
            shares: Sequence[float],
            ages: Sequence[int],
            decay: float,
            pull: float,
            starts: Sequence[Any],
            **settings: Any,
        ) -> None:
            super().__init__(**settings)
            self.shares, self.ages, self.decay = tuple(shares), tuple(ages), decay
            self.pull, self.starts = pull, tuple(starts)

        def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
            index = self._get_variable_index(variable)
            rate = learning_rate * self.shares[index]
            if len(variable.shape) > 1:
                self._draw_back(variable, self.starts[index], rate)
            if kind is keras.optimizers.Adam and self.ages[index]:
                rate = rate * self._correction(self.ages[index])
            super().update_step(gradient, variable, rate)

        def _draw_back(self, kernel: Any, start: Any, rate: Any) -> None:
            """Take a kernel nearer to zero (decay) and to where it began (pull)."""
            steps = []
            if self.decay:
                steps.append(kernel * ops.cast(rate * self.decay, kernel.dtype))
            if self.pull:
                steps.append((kernel - start) * ops.cast(rate * self.pull, kernel.dtype))
            for step in steps:  # both from the same place
                self.assign_sub(kernel, step)

        def _correction(self, age: int) -> Any:
            """Correct Adam's bias correction for a variable that is older than this optimizer.

            Adam divides by what its averages lack in their first steps. Carried averages lack
            nothing, so the division is taken back and the right one for their age is made.
            """
            young = ops.cast(self.iterations + 1, self.learning_rate.dtype)
            return _adam_bias(self, young + float(age)) / _adam_bias(self, young)

    return ByBlock


def _adam_bias(optimizer: Any, step: Any) -> Any:
    return ops.sqrt(1 - ops.power(optimizer.beta_2, step)) / (1 - ops.power(optimizer.beta_1, step))
