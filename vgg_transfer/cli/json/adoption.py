"""What ``adopt --json`` prints."""

from dataclasses import dataclass
from pathlib import PurePath

from vgg_transfer.adoption import Adopted
from vgg_transfer.adoption.inputs import Input
from vgg_transfer.adoption.racing import Tried
from vgg_transfer.evaluation import Metrics
from vgg_transfer.evaluation.intervals import Interval
from vgg_transfer.finding import Finding


@dataclass(frozen=True)
class TriedInput:
    """How well the model does with one input; ``decided``: the best is certainly better."""

    input: Input
    images: int
    accuracy: float
    accuracy_interval: Interval
    log_loss: float
    decided: bool

    @classmethod
    def of(cls, tried: Tried) -> "TriedInput":
        """Return what there is to tell of an input."""
        return cls(
            tried.given, tried.images, tried.accuracy, tried.interval, tried.loss, tried.decided
        )


@dataclass(frozen=True)
class AdoptAnswer:
    """An adopted run: how pixels are given to it, and what was tried, the best first."""

    run: PurePath
    classes: tuple[str, ...]
    input: Input
    tried: tuple[TriedInput, ...]
    verdict: tuple[str, ...]
    is_order_repaired: bool
    metrics: Metrics | None
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, adopted: Adopted) -> "AdoptAnswer":
        """Return what there is to tell of an adopted model."""
        race, run = adopted.race, adopted.run
        return cls(
            run=run.folder,
            classes=run.class_names,
            input=adopted.given,
            tried=tuple(map(TriedInput.of, race.tried)) if race else (),
            verdict=adopted.sentences,
            is_order_repaired=race is not None and race.is_repaired,
            metrics=run.metrics,
            findings=run.findings,
        )
