"""How the stages of a training went."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Epoch:
    """One epoch of one stage.

    ``seconds`` cover training and validation, ``images_per_second`` training alone;
    ``waiting_share`` is the share of the training in which the next batch was not there yet. Where
    a stage keeps an average of its weights, ``val_loss`` and ``val_accuracy`` are the average's.
    """

    stage: int
    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    rates: Mapping[str, float]
    seconds: float
    images_per_second: float
    waiting_share: float
    peak_memory_mb: float


@dataclass(frozen=True)
class StageOutcome:
    """How a stage went and why it ended.

    ``best_epoch`` 0 means it kept what it started with; of a stage that keeps an average it is the
    epoch up to which weights were averaged. ``best`` is the monitored value of the
    weights it leaves, None where it was never measured. ``views`` is what it saw of an image:
    ``plain`` always the same picture, ``4 stored views`` so many in turn, ``fresh`` another one in
    every epoch; empty in runs from before that was recorded.
    """

    stage: int
    title: str
    epochs: int
    best_epoch: int
    monitor: str
    best: float | None
    ended: str
    seconds: float
    views: str = ""


@dataclass(frozen=True)
class Advice:
    """What a short probe predicted for a stage that opens lower blocks, and whether it was run.

    ``expected`` is the gain in points of validation accuracy, ``margin`` half of its 95% interval,
    ``minutes`` what the whole stage takes at most; None where the probe failed. ``said`` is the
    sentence that a person was told.
    """

    stage: int
    expected: float | None
    margin: float | None
    minutes: float | None
    goes_on: bool
    said: str


@dataclass(frozen=True)
class Filled:
    """What a training read from a store of frozen activations, and what filling it took.

    ``rows`` renderings were wanted; ``computed`` of them were not stored yet and took ``seconds``.
    ``int8`` says that they are computed in int8, whatever the precision of the training.
    """

    store: str
    rows: int
    computed: int
    seconds: float
    int8: bool = False
