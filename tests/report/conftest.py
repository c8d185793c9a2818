"""Runs and comparisons made of numbers alone, and what lies on a figure."""

import numpy as np
import pytest
from support.origins import WEIGHTS, environment, images_used

from vgg_transfer.comparison.record import Comparison, Standing
from vgg_transfer.evaluation import Interval, evaluate
from vgg_transfer.recipe import Recipe, Stage
from vgg_transfer.report.figures.lettering import any_letters
from vgg_transfer.run import Epoch, Run, StageOutcome

_HOSTILE = (
    "$\\frac{1}{2}$",
    "two\nlines",
    "猫の写真",
    "bad\udcff",
    "קטן",
    "🐈",
    "<b>x</b> & 5% \\alpha_1^2",
    "a name that is much too long for any place on a figure of this size, and then some",
)


def an_epoch(stage, number, **values):
    facts = {"loss": 1.0, "accuracy": 0.6, "val_loss": 1.1, "val_accuracy": 0.5, "rate": 1e-3}
    facts |= values
    rate = facts.pop("rate")
    return Epoch(
        stage=stage,
        epoch=number,
        rates={} if rate is None else {"head": rate},
        seconds=1.0,
        images_per_second=10.0,
        waiting_share=0.0,
        peak_memory_mb=500.0,
        **facts,
    )


@pytest.fixture
def hostile_names():
    """Return names that a careless figure breaks on."""
    return _HOSTILE


@pytest.fixture
def a_run(tmp_path):
    """Return a function that makes a run of stages (title, kept epoch, values of its epochs)."""

    def make(stages=(("head", 1, [{}]),), labels=(0, 1), predicted=(0, 1), names=None, **changes):
        names = names or ("cats", "dogs")
        probabilities = np.eye(len(names))[list(predicted)]
        facts = {
            "folder": tmp_path / "run",
            "status": "complete",
            "seed": 0,
            "recipe": Recipe(name="tiny", stage=(Stage(train=("head",)),)),
            "class_names": tuple(names),
            "image_set": images_used(),
            "weights": WEIGHTS,
            "environment": environment(),
            "stages": tuple(
                StageOutcome(n, title, len(epochs), kept, "val_loss", 0.5, "all epochs done", 1.0)
                for n, (title, kept, epochs) in enumerate(stages, start=1)
            ),
            "history": tuple(
                an_epoch(n, number, **values)
                for n, (_, _, epochs) in enumerate(stages, start=1)
                for number, values in enumerate(epochs, start=1)
            ),
            "seconds": 1.0,
            "judged_on": "test",
            "metrics": evaluate(np.array(labels), probabilities, names),
        }
        return Run(**facts | changes)

    return make


@pytest.fixture
def a_comparison():
    """Return a function that makes a comparison of (name, accuracy, seconds)."""

    def make(*recipes, recommended="", seeds=3, **changes):
        standings = tuple(
            Standing(
                name=name,
                accuracy=accuracy,
                interval=Interval(accuracy - 0.02, min(1.0, accuracy + 0.02)),
                by_seed=tuple(accuracy + 0.004 * (seed - seeds // 2) for seed in range(seeds)),
                deviation=0.004,
                seconds=seconds,
                peak_memory_mb=1000.0,
            )
            for name, accuracy, seconds in recipes
        )
        facts = {
            "folder": None,
            "image_set": images_used(),
            "judged_on": "test",
            "test_images": 500,
            "seeds": tuple(range(seeds)),
            "standings": standings,
            "recommended": recommended,
        }
        return Comparison(**facts | changes)

    return make


@pytest.fixture
def words_on():
    """Return a function that gives the texts of a figure, as they were written."""
    return lambda figure: [text.get_text() for axes in figure.axes for text in axes.texts]


@pytest.fixture
def faults_of():
    """Return a function that lists texts off the page, read as mathematics, or over each other."""

    def faults(figure):
        with any_letters():
            figure.draw_without_rendering()
        texts = [text for axes in figure.axes for text in axes.texts if text.get_text()]
        boxes = [text.get_window_extent() for text in texts]
        found = [f"{t.get_text()}: mathematics" for t in texts if t.get_parse_math()]
        found += [
            f"{text.get_text()}: off the page"
            for text, box in zip(texts, boxes, strict=True)
            if box.x0 < 0 or box.y0 < 0 or box.x1 > figure.bbox.x1 or box.y1 > figure.bbox.y1
        ]
        straight = [n for n, text in enumerate(texts) if not text.get_rotation()]
        found += [
            f"{texts[one].get_text()} over {texts[other].get_text()}"
            for place, one in enumerate(straight)
            for other in straight[place + 1 :]
            if boxes[one].padded(-2).overlaps(boxes[other].padded(-2))
        ]
        return found

    return faults
