"""How fast predict is beside Keras's own, over the same files, in turns.

    python benchmarks/predict.py RUN DATA [--artefact exports/first/openvino-int8]

prints one JSON object. DATA is a folder of pictures. Keras's own is ``keras.Model.predict`` in fp32
over ``keras.utils.image_dataset_from_directory``, which brings the files to the run's size. What is
loaded and built for the first batch counts for nobody: every way goes over a few files first.
"""

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import measuring  # before Keras, which it keeps quiet

# isort: split

import keras
import numpy as np
from numpy.typing import NDArray

from vgg_transfer.artefacts import open_artefact
from vgg_transfer.deploy.predict import answering
from vgg_transfer.events import nobody
from vgg_transfer.images.pictures import given
from vgg_transfer.network.probabilities import of_all_classes
from vgg_transfer.run import Run, read

Way = Callable[[Path], NDArray[np.floating]]


def main() -> None:
    """Measure and print the result as JSON."""
    parser = measuring.parser(__doc__)
    parser.add_argument("run", type=Path, help="a run, as vgg-transfer train wrote it")
    parser.add_argument("data", type=Path, help="a folder of pictures")
    parser.add_argument(
        "--artefact", type=Path, action="append", default=[], help="exported models"
    )
    parser.add_argument("--images", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    run = read(arguments.run)
    # The first is what the others are compared with.
    ways: list[tuple[str, Way]] = [
        ("Keras, fp32", _keras_way(run)),
        (f"predict, {run.environment.precision}", _our_way(run)),
        *((f"predict, {place.name}", _exported_way(place)) for place in arguments.artefact),
    ]
    with tempfile.TemporaryDirectory() as place:
        few, all_files = Path(place, "few"), Path(place, "all")
        _link(arguments.data, few, run.recipe.batch_size)
        images = _link(arguments.data, all_files, arguments.images)
        for _, way in ways:
            way(few)
        speeds: dict[str, list[float]] = {name: [] for name, _ in ways}
        answers: dict[str, NDArray[np.floating]] = {}
        for _ in range(arguments.rounds):
            for name, way in ways:
                began = time.perf_counter()
                answers[name] = way(all_files)
                speeds[name].append(images / (time.perf_counter() - began))
            measuring.tell("images a second", {name: each[-1] for name, each in speeds.items()})
    found = {"machine": measuring.machine(), "size": run.recipe.size, "images": images}
    measuring.answer(found | _compared(speeds, answers))


def _compared(
    speeds: dict[str, list[float]], answers: dict[str, NDArray[np.floating]]
) -> dict[str, object]:
    """Return each way's images a second, beside the first way's of the same round."""
    first = next(iter(speeds))
    found: dict[str, object] = {}
    for name, each in speeds.items():
        ratios = [ours / theirs for ours, theirs in zip(each, speeds[first], strict=True)]
        found[name] = {
            "images_a_second": _spread(each),
            "times_as_fast": _spread(ratios),
            "largest_difference": float(np.abs(answers[name] - answers[first]).max()),
            "same_class": float(
                np.mean(answers[name].argmax(axis=1) == answers[first].argmax(axis=1))
            ),
        }
    return found


def _spread(each: list[float]) -> dict[str, float]:
    return {"median": statistics.median(each), "least": min(each), "most": max(each)}


def _link(data: Path, folder: Path, most: int) -> int:
    """Put pictures into a new folder in which Keras finds them; return how many."""
    files = [Path(one.path) for one in given(data)]
    number = min(most, len(files))
    (folder / "pictures").mkdir(parents=True)
    for place in range(number):
        file = files[place * len(files) // number]
        shutil.copy(file, folder / "pictures" / f"{place:06}{file.suffix.lower()}")
    return number


def _keras_way(run: Run) -> Way:
    """Return what people write: the run's model in fp32, over Keras's own reader of folders."""
    saved = keras.saving.load_model(run.model_file, compile=False)
    config = _in_fp32(saved.get_config())
    model = saved.__class__.from_config(config)
    model.set_weights(saved.get_weights())
    side = (run.recipe.size, run.recipe.size)

    def predict(folder: Path) -> NDArray[np.floating]:
        images = keras.utils.image_dataset_from_directory(
            folder, labels=None, image_size=side, shuffle=False, verbose=False
        )
        return of_all_classes(model.predict(images, verbose=0))

    return predict


def _in_fp32(config: object) -> object:
    """Return a model's configuration with every layer's policy of precision set to fp32."""
    if isinstance(config, list | tuple):
        return [_in_fp32(one) for one in config]
    if not isinstance(config, dict):
        return config
    if config.get("class_name") == "DTypePolicy":
        return config | {"config": {"name": "float32"}}
    return {name: _in_fp32(one) for name, one in config.items()}


def _our_way(run: Run) -> Way:
    answer = answering(run, None, nobody, False, None, False)

    def predict(folder: Path) -> NDArray[np.floating]:
        found = [each.probabilities for each in answer(given(folder))]
        return np.array([[each[name] for name in run.class_names] for each in found])

    return predict


def _exported_way(place: Path) -> Way:
    exported = open_artefact(place)

    def predict(folder: Path) -> NDArray[np.floating]:
        found = [each.probabilities for each in exported.predict(folder)]
        return np.array([[each[name] for name in exported.class_names] for each in found])

    return predict


if __name__ == "__main__":
    main()
