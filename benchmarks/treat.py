"""Does the doctor's treatment find what helps, and nothing where nothing helps?

    python benchmarks/treat.py DATA --out FOLDER --healthy 20

Three planted cases on small parts of dogs_cats in DATA: a head that learns its images by heart,
wrong labels among them; foreign preprocessing; uneven classes. And the default recipe on other
parts, again and again, where nothing may be said to help; dropout and a penalty are tried there
too. No test image is read. What is trained already is not trained again.
"""

import argparse
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import measuring
import numpy as np

from vgg_transfer.doctor import Diagnosis, Treatment, diagnose, treat
from vgg_transfer.finding import Finding
from vgg_transfer.images import ImageSet, load_images
from vgg_transfer.recipe import Recipe, named

_SIZE = 96
_JUDGES = 150  # of a class


def main() -> None:
    """Treat every case, and print what came of it."""
    arguments = _arguments()
    os.environ["VGG_TRANSFER_CACHE"] = str(arguments.out / "activations")
    whole = load_images(arguments.data / "dogs_cats")
    cases = {} if arguments.cases == "healthy" else _planted(whole)
    found = {}
    for name, (images, recipe) in cases.items():
        if arguments.case not in ("", name):
            continue
        treatment = treat(images, recipe, 60.0, folder=arguments.out / name)
        found[name] = treatment.in_words
        measuring.tell(name, {"said": treatment.in_words.splitlines()})
    healthy = 0 if arguments.cases == "planted" else arguments.healthy
    helped = []
    for number in range(healthy):
        treatment = _treat_healthy(whole, number, arguments.out / f"healthy-{number}")
        helped += [] if treatment.best is None else [f"{number}: {treatment.best.sentence}"]
        measuring.tell(f"healthy {number}", {"said": treatment.in_words.splitlines()})
    measuring.answer({"planted": found, "healthy": healthy, "said to help there": helped})


def _arguments() -> argparse.Namespace:
    parser = measuring.parser(__doc__)
    parser.add_argument("data", type=Path, help="folder with dogs_cats")
    parser.add_argument("--out", type=Path, required=True, help="folder of the trainings")
    parser.add_argument("--healthy", type=int, default=20, help="parts with nothing planted")
    parser.add_argument("--case", default="", help="of the planted ones this alone")
    parser.add_argument("--cases", choices=("all", "planted", "healthy"), default="all")
    return parser.parse_args()


def _planted(whole: ImageSet) -> dict[str, tuple[ImageSet, Recipe]]:
    """Return the images and the recipe of each planted case."""
    probe = named("probe").changed(size=_SIZE)
    by_heart = named("frozen").changed(
        size=_SIZE,
        views="plain",
        augmentation="none",
        head={"pooling": "flatten", "dense": (256,), "dropout": 0.0},
        stage_1={"epochs": 40, "keep": "last", "stopping": None},
    )
    return {
        "overfitting": (_mislabelled(_part(whole, 0, {"cats": 250, "dogs": 250})), by_heart),
        "preprocessing": (
            _part(whole, 1, {"cats": 100, "dogs": 100}),
            probe.changed(preprocess="rescale"),
        ),
        "imbalance": (_part(whole, 2, {"cats": 20, "dogs": 160}), probe),
    }


def _mislabelled(images: ImageSet) -> ImageSet:
    """Return the images with every third training image under the other label."""
    train = sorted(one.digest for one in images.split("train"))[::3]
    records = tuple(
        replace(one, label=1 - one.label) if one.digest in train else one for one in images.records
    )
    return replace(images, records=records)


def _treat_healthy(whole: ImageSet, number: int, folder: Path) -> Treatment:
    """Treat the default recipe, as if its probabilities were found to promise too much."""
    images = _part(whole, 100 + number, {"cats": 100, "dogs": 100})
    recipe = named("exact-first").changed(size=_SIZE)
    found: Diagnosis = diagnose(images, recipe, model=False)
    said = Finding("overconfident", "note", "answers", "said by the benchmark")
    found = replace(found, findings=(*found.findings, said))
    return treat(images, recipe, 60.0, folder=folder, diagnosis=found)


def _part(whole: ImageSet, seed: int, train: Mapping[str, int]) -> ImageSet:
    """Return a random part: so many training images of each class, and others that judge."""
    rng, records = np.random.default_rng([seed, 2]), []
    for label, name in enumerate(whole.class_names):
        own = [one for one in whole.records if one.label == label and one.split != "test"]
        mixed = [own[place] for place in rng.permutation(len(own))]
        learn, judges = train[name], train[name] + _JUDGES
        records += [replace(one, split="train") for one in mixed[:learn]]
        records += [replace(one, split="val") for one in mixed[learn:judges]]
    place_of = {record.path: place for place, record in enumerate(whole.records)}
    return replace(whole, records=tuple(sorted(records, key=lambda one: place_of[one.path])))


if __name__ == "__main__":
    main()
