"""A run folder of format 1, as version 0.1.0 wrote it, is still read."""

from pathlib import Path

import pytest

from vgg_transfer.finding import Finding
from vgg_transfer.run import (
    Channels,
    Environment,
    ImagesUsed,
    Judged,
    ManifestRow,
    StageOutcome,
    StartingWeights,
    read,
)

FILES = {
    "run.json": """{
  "format": 1,
  "status": "complete",
  "seed": 4,
  "class_names": ["blue", "red"],
  "image_set": {
    "source": "folder \\"pets\\"",
    "root": "/data/pets",
    "digest": "f00d",
    "counts": {
      "train": {"blue": 2, "red": 1}, "val": {"blue": 1, "red": 1}, "test": {"blue": 1, "red": 0}
    },
    "skipped": [{"path": "/data/pets/notes.txt", "reason": "not an image"}],
    "notes": ["Of every class, 15% is val and 15% is test", "1 file is there twice"]
  },
  "weights": {"source": "drawn at random", "digest": "", "published": false},
  "environment": {
    "python": "3.11.9", "platform": "Linux", "backend": "tensorflow", "device": "CPU",
    "precision": "fp32", "packages": {"keras": "3.15.0"}
  },
  "stages": [
    {
      "stage": 1, "title": "head", "epochs": 1, "best_epoch": 1, "monitor": "val_loss",
      "best": 0.5, "ended": "all epochs done", "seconds": 2.5
    }
  ],
  "seconds": 3.5,
  "judged_on": "test",
  "channels": {"mean": [1.0, 2.0, 3.0], "deviation": [4.0, 5.0, 6.0]},
  "filled": [],
  "advice": []
}
""",
    "recipe.toml": """name = "tiny"
size = 16
base = { weights = "none", blocks = 2, width = 0.05 }
[[stage]]
train = ["head", "block2"]
""",
    "images.csv": "path,split,class,digest,width,height\r\nblue/1.png,test,blue,abc,24,32\r\n",
    "history.csv": (
        "stage,epoch,loss,accuracy,val_loss,val_accuracy,seconds,images_per_second,waiting_share,"
        "peak_memory_mb,rate_block1,rate_block2,rate_head\r\n"
        "1,1,0.5,0.75,0.625,0.5,1.5,20.0,0.25,512.0,,0.0001,0.001\r\n"
    ),
    "metrics.json": "{}\n",
    "predictions.csv": (
        "path,split,class,predicted,blue,red\r\nblue/1.png,test,blue,red,0.25,0.75\r\n"
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, newline="")
    return tmp_path


def test_everything_in_it_is_read(folder: Path) -> None:
    run = read(folder)
    assert (run.status, run.seed, run.class_names) == ("complete", 4, ("blue", "red"))
    assert run.image_set == ImagesUsed(
        source='folder "pets"',
        root="/data/pets",
        digest="f00d",
        counts={
            "train": {"blue": 2, "red": 1},
            "val": {"blue": 1, "red": 1},
            "test": {"blue": 1, "red": 0},
        },
        skipped={"/data/pets/notes.txt": "not an image"},
    )
    assert run.weights == StartingWeights("drawn at random", "", published=False)
    packages = {"keras": "3.15.0"}
    assert run.environment == Environment("3.11.9", "Linux", "tensorflow", "CPU", "fp32", packages)
    assert run.stages == (StageOutcome(1, "head", 1, 1, "val_loss", 0.5, "all epochs done", 2.5),)
    assert run.history[0].rates == {"block2": 1e-4, "head": 1e-3}
    assert (run.seconds, run.judged_on, run.metrics) == (3.5, "test", None)
    assert run.judged == (Judged("blue/1.png", "test", "blue", "red", (0.25, 0.75)),)
    assert run.manifest == (ManifestRow("blue/1.png", "test", "blue", "abc", 24, 32),)
    assert run.channels == Channels(mean=(1.0, 2.0, 3.0), deviation=(4.0, 5.0, 6.0))


def test_its_notes_are_findings(folder: Path) -> None:
    assert read(folder).findings == (
        Finding("images", "note", "images", "Of every class, 15% is val and 15% is test"),
        Finding("images", "note", "images", "1 file is there twice"),
    )
