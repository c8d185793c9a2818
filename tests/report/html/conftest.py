"""Runs whose pictures are there, with names that a careless page breaks on."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from support.origins import WEIGHTS, environment, images_used

from vgg_transfer.evaluation import evaluate
from vgg_transfer.recipe import Recipe, Stage
from vgg_transfer.run import Epoch, Judged, ManifestRow, Run, StageOutcome

HOSTILE = (
    "<script>document.title = 'taken'</script>",
    '"><img src=x onerror="document.title = \'taken\'">',
    "</script><!-- ' 猫 &amp; {{ 7 * 7 }}",
    "a" * 200,
)


@pytest.fixture
def drawn_run(tmp_path):
    """Return a function that makes a run of (label, probabilities) whose pictures lie on disk."""

    def make(answers, names=("cats", "dogs"), files=None, **changes):
        root = tmp_path / "pictures"
        root.mkdir(exist_ok=True)
        judged, manifest = [], []
        rng = np.random.default_rng(0)
        for number, (label, probabilities) in enumerate(answers):
            path = files[number] if files else f"{number:04}.png"
            pixels = rng.integers(0, 256, (24, 32, 3), np.uint8)
            Image.fromarray(pixels).save(root / path, "PNG")
            digest = hashlib.sha256((root / path).read_bytes()).hexdigest()
            answer = names[int(np.argmax(probabilities))]
            judged.append(Judged(path, "test", names[label], answer, tuple(probabilities)))
            manifest.append(ManifestRow(path, "test", names[label], digest, 32, 24))
        labels = np.array([label for label, _ in answers])
        facts = {
            "folder": tmp_path / "run",
            "status": "complete",
            "seed": 0,
            "recipe": Recipe(name="tiny", stage=(Stage(train=("head",)),)),
            "class_names": tuple(names),
            "image_set": replace(images_used(), root=str(root)),
            "weights": WEIGHTS,
            "environment": environment(),
            "stages": (StageOutcome(1, "head", 1, 1, "val_loss", 0.5, "all epochs done", 1.0),),
            "history": (Epoch(1, 1, 0.5, 0.7, 0.5, 0.7, {"head": 1e-3}, 1.0, 10.0, 0.0, 500.0),),
            "seconds": 2.0,
            "judged_on": "test",
            "metrics": evaluate(labels, np.array([row for _, row in answers]), names),
            "judged": tuple(judged),
            "manifest": tuple(manifest),
        }
        (tmp_path / "run").mkdir(exist_ok=True)
        return Run(**facts | changes)

    return make


@pytest.fixture
def hostile_run(drawn_run):
    """A run whose classes and files have hostile names; each picture is taken for the next."""
    rows = np.eye(len(HOSTILE)) * 0.6 + 0.1
    answers = [(one, np.roll(rows[one], 1).tolist()) for one in range(len(HOSTILE))]
    files = [f"{name.replace('/', '-')}.png"[-200:] for name in HOSTILE]
    return drawn_run(answers, HOSTILE, files)
