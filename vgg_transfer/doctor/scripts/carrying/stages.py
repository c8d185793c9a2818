"""The trainings of a script as stages of a recipe."""

from typing import Any, Literal

from vgg_transfer.doctor.scripts.story.models import Compiled, Fitted
from vgg_transfer.doctor.scripts.values.networks import Layer
from vgg_transfer.doctor.scripts.values.numbers import number
from vgg_transfer.recipe import Stage
from vgg_transfer.recipe.stage import BLOCKS, PlateauPlan, Stopping

_OPTIMIZERS = ("adam", "adamw", "sgd", "rmsprop")
_MONITORS: dict[str, Literal["val_loss", "val_accuracy"]] = {
    "val_acc": "val_accuracy",
    "accuracy": "val_accuracy",
    "loss": "val_loss",
    "acc": "val_accuracy",
    "val_loss": "val_loss",
    "val_accuracy": "val_accuracy",
}


def stage_of(
    fitted: Fitted, compiled: Compiled, blocks: tuple[str, ...], left_out: list[str]
) -> Stage:
    """Return the stage that a training is; what no stage does is added to ``left_out``."""
    found: dict[str, Any] = {"train": _trained_blocks(compiled, blocks, left_out)}
    if fitted.epochs is None or fitted.epochs < 1:
        left_out.append(f"the epochs of line {fitted.line}, which are unknown: 10 are taken")
    else:
        found["epochs"] = fitted.epochs
    _optimizer(compiled, found, left_out)
    for callback in fitted.callbacks or ():
        settings = callback.settings
        watched = settings.get("monitor", "val_loss")
        monitor = _MONITORS.get(watched if isinstance(watched, str) else "", "val_loss")
        if watched not in _MONITORS:
            left_out.append(f"the monitor {watched!r} of line {callback.line}")
        if callback.kind == "EarlyStopping":
            patience, delta = (
                number(settings.get("patience", 0)),
                number(settings.get("min_delta", 0)),
            )
            found["stopping"] = Stopping(
                monitor=monitor,
                patience=max(1, int(patience or 1)),
                min_delta=float(abs(delta or 0)),
            )
            restores = settings.get("restore_best_weights", False) is True
            if not restores and not any(one.keeps_best for one in fitted.callbacks or ()):
                found["keep"] = "last"
        elif callback.kind == "ReduceLROnPlateau":
            found["plan"] = PlateauPlan(
                monitor=monitor,
                factor=float(number(settings.get("factor", 0.1)) or 0.1),
                patience=int(number(settings.get("patience", 10)) or 10),
                minimum=float(number(settings.get("min_lr", 0.0)) or 0.0),
            )
        elif callback.kind not in ("ModelCheckpoint", "TensorBoard", "CSVLogger", "History"):
            left_out.append(f"{callback.kind} of line {callback.line}")
    if fitted.callbacks is None:
        left_out.append(f"the callbacks of line {fitted.line}, which are unknown")
    return Stage(**found)


def _trained_blocks(
    compiled: Compiled, blocks: tuple[str, ...], left_out: list[str]
) -> tuple[str, ...]:
    """Return the blocks that learn; one of which a part learns is named whole, and told."""
    found = []
    for block in blocks:
        values = [value for layer, value in compiled.trains.items() if _in(layer, block)]
        learning = sum(value is True for value in values)
        if learning:
            found.append(block)
        if 0 < learning < len(values):
            left_out.append(
                f"{learning} of {len(values)} layers of {block} learn on line {compiled.line}: a "
                "stage trains the block whole"
            )
    own = [value for layer, value in compiled.trains.items() if layer.owner is None]
    if not found or any(value is not False for value in own):
        found.append("head")
    return tuple(one for one in BLOCKS if one in found)


def _in(layer: Layer, block: str) -> bool:
    return layer.owner is not None and layer.name.startswith(f"{block}_")


def _optimizer(compiled: Compiled, found: dict[str, Any], left_out: list[str]) -> None:
    optimizer = compiled.optimizer
    if optimizer is None:
        left_out.append(f"the optimizer of line {compiled.line}, which is unknown: adam is taken")
        return
    if optimizer.kind not in _OPTIMIZERS:
        left_out.append(f"{optimizer.kind} of line {optimizer.line}: adam is taken")
    else:
        found["optimizer"] = optimizer.kind
    rate = number(optimizer.rate)
    if rate is not None and rate > 0:
        found["rate"] = float(rate)
    else:
        left_out.append(f"the rate of line {optimizer.line}, which is unknown or goes by a plan")
    momentum = number(optimizer.settings.get("momentum", 0.0))
    if optimizer.kind == "sgd" and momentum is not None and momentum != 0.9 and 0 <= momentum < 1:
        found["momentum"] = float(momentum)
    decay = number(optimizer.settings.get("weight_decay"))
    if decay:
        found["weight_decay"] = float(decay)
